// What feeds and invitations share: a VCALENDAR with its VTIMEZONE components, and an event of ours as its VEVENT.

import ical, { ICalEventStatus, ICalEventTransparency, type ICalCalendar, type ICalEvent } from 'ical-generator';
import { DateTime, IANAZone } from 'luxon';
import { tzlib_get_ical_block } from 'timezones-ical-library';

/** Something in a person's calendar: a class, makeup, interview, exam or meeting. Times are luxon or ISO 8601 with an offset. */
export interface FeedEvent {
  /** The same for the life of the thing; printable ASCII without spaces. */
  readonly uid: string;
  /** Rises with every change of it. */
  readonly sequence: number;
  readonly status: 'confirmed' | 'tentative' | 'cancelled';
  readonly start: DateTime | string;
  readonly end: DateTime | string;
  /** IANA zone in which its times are shown. */
  readonly zone: string;
  readonly summary: string;
  readonly location?: string;
  readonly description?: string;
  /** Left out of the calendar unless it is http or https. */
  readonly url?: string;
  /** When it was last changed; also its DTSTAMP, so that the same event is always the same text. */
  readonly lastModified: DateTime | string;
  readonly categories: readonly string[];
}

const STATUS = { confirmed: ICalEventStatus.CONFIRMED, tentative: ICalEventStatus.TENTATIVE, cancelled: ICalEventStatus.CANCELLED };

/** A calendar without events, which will describe every zone that its events use. */
export function emptyCalendar(): ICalCalendar {
  // No zone for the calendar as a whole: ical-generator would write DTSTAMP in it, which RFC 5545 wants in UTC.
  return ical({ prodId: { company: 'Beadle', product: 'Beadle' }, scale: 'GREGORIAN', timezone: { name: null, generator: vtimezone } });
}

/** Adds an event. Throws RangeError when its uid, a time or its zone isn't usable. */
export function addEvent(calendar: ICalCalendar, event: FeedEvent): ICalEvent {
  if (!/^[\x21-\x7e]+$/.test(event.uid)) throw new RangeError(`no uid for a calendar: ${JSON.stringify(event.uid)}`);
  const zone = zoneId(event.zone);
  const lastModified = utc(event.lastModified);
  return calendar.createEvent({
    id: event.uid,
    sequence: event.sequence,
    status: STATUS[event.status],
    transparency: event.status === 'cancelled' ? ICalEventTransparency.TRANSPARENT : ICalEventTransparency.OPAQUE,
    start: utc(event.start),
    end: utc(event.end),
    timezone: zone,
    summary: printable(event.summary),
    location: event.location === undefined ? null : { title: printable(event.location) },
    description: event.description === undefined ? null : { plain: printable(event.description) },
    url: webAddress(event.url),
    categories: event.categories.map((name) => ({ name: printable(name) })),
    stamp: lastModified,
    lastModified,
  });
}

/** The calendar as text: CRLF, folded at 75 octets, with the line end that ical-generator leaves out after the last line. */
export function calendarText(calendar: ICalCalendar): string {
  return `${calendar.toString()}\r\n`;
}

/** Text without the control characters that RFC 5545 forbids and without half surrogates; line breaks and tabs stay. */
export function printable(text: string): string {
  return text.toWellFormed().replace(/\p{Cc}/gu, (character) => ('\n\r\t'.includes(character) ? character : ''));
}

/** The zone's name as its VTIMEZONE has it: Asia/Calcutta is Asia/Kolkata there. */
export function zoneId(zone: string): string {
  if (zone === 'UTC') return zone;
  const [, line] = timeZoneBlock(zone);
  return line.replace(/^TZID=/, '');
}

function vtimezone(zone: string): string {
  return timeZoneBlock(zone)[0];
}

function timeZoneBlock(zone: string): [block: string, line: string] {
  // Asked for a zone that it doesn't know, the library would also write to the console.
  const [block, line] = IANAZone.isValidZone(zone) ? tzlib_get_ical_block(zone) : [];
  if (block === undefined || line === undefined) throw new RangeError(`no time zone: ${JSON.stringify(zone)}`);
  return [block, line];
}

/** An event's time in UTC. Throws RangeError when it is none. */
export function utc(time: DateTime | string): DateTime {
  const instant = typeof time === 'string' ? DateTime.fromISO(time, { zone: 'utc' }) : time.toUTC();
  if (!instant.isValid) throw new RangeError(`no time for a calendar: ${JSON.stringify(time)}`);
  return instant;
}

/** The address in its canonical form (in which nothing can end the line), or null. Links come out of mails. */
function webAddress(url: string | undefined): string | null {
  const parsed = url === undefined ? null : URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) return null;
  // ical-generator escapes addresses as if they were text, with backslashes that would become part of the address.
  return parsed.href.replace(/[,;\\]/g, encodeURIComponent);
}
