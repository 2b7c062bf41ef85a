// Reads a calendar with a second library, as a person's calendar application would.

import ICAL from 'ical.js';

export interface ParsedEvent {
  uid: string;
  sequence: number;
  status: string;
  summary: string;
  location: string;
  description: string;
  url: string | null;
  categories: string[];
  /** UTC, by way of the VTIMEZONE in the text. */
  start: string;
  end: string;
  startZone: string;
  /** The wall-clock time as it stands in the text. */
  startLocal: string;
  stamp: string;
  organizer: string | null;
  attendees: { address: string; name: string; rsvp: string }[];
}

export interface ParsedCalendar {
  value(name: string): string | null;
  zones: string[];
  events: ParsedEvent[];
}

/** Throws when the text is no iCalendar. */
export function parseCalendar(text: string): ParsedCalendar {
  const root = new ICAL.Component(ICAL.parse(text));
  const zones = root.getAllSubcomponents('vtimezone').map((component) => new ICAL.Timezone(component));
  const utc = (time: ICAL.Time) => time.convertToZone(ICAL.Timezone.utcTimezone).toString();
  return {
    value: (name) => root.getFirstPropertyValue(name)?.toString() ?? null,
    zones: zones.map((zone) => zone.tzid),
    events: root.getAllSubcomponents('vevent').map((component) => {
      const event = new ICAL.Event(component);
      const text = (name: string) => component.getFirstPropertyValue(name)?.toString() ?? null;
      return {
        uid: event.uid,
        sequence: event.sequence,
        status: text('status') ?? '',
        summary: event.summary,
        location: event.location,
        description: event.description,
        url: text('url'),
        categories: (component.getFirstProperty('categories')?.getValues() ?? []).map(String),
        start: utc(event.startDate),
        end: utc(event.endDate),
        startZone: event.startDate.zone?.tzid ?? '',
        startLocal: event.startDate.toString(),
        stamp: text('dtstamp') ?? '',
        organizer: text('organizer'),
        attendees: component.getAllProperties('attendee').map((property) => ({
          address: String(property.getFirstValue()),
          name: String(property.getParameter('cn')),
          rsvp: String(property.getParameter('rsvp')),
        })),
      };
    }),
  };
}

/** The longest line in octets, without its line end. */
export function longestLine(text: string): number {
  return Math.max(...text.split('\r\n').map((line) => Buffer.byteLength(line)));
}
