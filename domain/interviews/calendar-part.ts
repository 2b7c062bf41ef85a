// Calendar parts of a mail (iTIP, RFC 5546) → the interview that they ask for, move or call off.
import ICAL from 'ical.js';
import { DateTime } from 'luxon';
import { EVENT_WORDS } from './vocabulary.ts';
import { zoneFromWords } from './zones.ts';

/** A calendar event, before it is known whether it is an interview. Times are ISO with offset, or a bare date. */
export interface CalendarEvent {
  method: string;
  uid: string;
  sequence: number;
  cancelled: boolean;
  recurring: boolean;
  summary: string;
  description: string;
  location: string;
  organizer: string;
  start: string;
  end: string | null;
  timeZone: string;
}

const MAX_CALENDAR = 300_000;

function property(event: ICAL.Component, name: string): string {
  const value = event.getFirstPropertyValue(name);
  return value === null || value === undefined ? '' : String(value);
}

/** A date-time property in the zone its TZID names (IANA or Windows), else the calendar's own VTIMEZONE, else `fallback`. */
function instantOf(found: ICAL.Property | null, fallback: string): { iso: string; zone: string } | null {
  const time = found?.getFirstValue();
  if (!(time instanceof ICAL.Time)) return null;
  const { year, month, day, hour, minute, second } = time;
  if (time.isDate) {
    const date = DateTime.utc(year, month, day);
    return date.isValid ? { iso: date.toFormat('yyyy-MM-dd'), zone: fallback } : null;
  }
  const tzid = found?.getFirstParameter('tzid') ?? '';
  const named = time.zone === ICAL.Timezone.utcTimezone ? 'UTC' : zoneFromWords(tzid.replace(/^"|"$/g, ''));
  const offset = !named && tzid && time.zone && time.zone !== ICAL.Timezone.localTimezone ? time.utcOffset() / 60 : null;
  const zone = named ?? fallback;
  const wall = DateTime.fromObject({ year, month, day, hour, minute, second }, { zone: offset === null ? zone : `UTC${offset < 0 ? '-' : '+'}${Math.floor(Math.abs(offset) / 60)}:${String(Math.abs(offset) % 60).padStart(2, '0')}` });
  const shown = named === 'UTC' ? wall.setZone(fallback) : wall;
  return wall.isValid ? { iso: shown.toISO({ suppressMilliseconds: true }) ?? '', zone: named === 'UTC' ? fallback : zone } : null;
}

/** The first event of a calendar part, or null when it holds none that can be read. Never throws. `fallback` is the zone of floating times. */
export function readCalendarPart(source: string, fallback: string): CalendarEvent | null {
  try {
    const calendar = new ICAL.Component(ICAL.parse(source.slice(0, MAX_CALENDAR).trim()) as unknown[]);
    const event = calendar.getFirstSubcomponent('vevent');
    if (!event) return null;
    const start = instantOf(event.getFirstProperty('dtstart'), fallback);
    if (!start) return null;
    const duration = event.getFirstPropertyValue('duration');
    const end = instantOf(event.getFirstProperty('dtend'), fallback)?.iso
      ?? (duration instanceof ICAL.Duration ? DateTime.fromISO(start.iso, { setZone: true }).plus({ seconds: duration.toSeconds() }).toISO({ suppressMilliseconds: true }) : null);
    const organizer = event.getFirstProperty('organizer');
    const method = property(calendar, 'method').toUpperCase();
    const status = property(event, 'status').toUpperCase();
    const summary = property(event, 'summary');
    return {
      method, uid: property(event, 'uid'), sequence: Number(property(event, 'sequence')) || 0,
      // Some schedulers call off with METHOD:REQUEST and say so only in the title.
      cancelled: method === 'CANCEL' || status === 'CANCELLED' || /^\s*cancel(?:l)?ed\b/i.test(summary),
      recurring: event.getFirstProperty('rrule') !== null,
      summary, description: property(event, 'description').slice(0, 20_000), location: property(event, 'location'),
      organizer: organizer?.getFirstParameter('cn') ?? '', start: start.iso, end, timeZone: start.zone,
    };
  } catch {
    return null;
  }
}

const OTHER_EVENT = /\b(?:sync|stand-?up|webinar|retro(?:spective)?|birthday|lunch|dinner|party|workshop|lecture|class|tutorial|office hours|tech talk|info session|hackathon (?:sync|team)|mock|practice|demo day|townhall|town hall|all[- ]hands|dentist|doctor|appointment|flight|movie|project review|thesis|pre-?placement talk|user (?:research|interview|study)|usability|onboarding|orientation|induction)\b/i;

/** True when the event is an interview by its own words; recurring ones have to say so in their title. */
export function isInterviewEvent(event: CalendarEvent, mailText: string): boolean {
  const titled = EVENT_WORDS.test(event.summary);
  if (OTHER_EVENT.test(event.summary) && !/\b(?:interview|assessment|group discussion)\b/i.test(event.summary)) return false;
  if (OTHER_EVENT.test(event.summary) && /\b(?:mock|practice|user|workshop|webinar|prep)/i.test(event.summary)) return false;
  if (titled) return true;
  if (event.recurring) return false;
  const words = `${event.description}\n${mailText}`.slice(0, 20_000);
  return EVENT_WORDS.test(words) && !OTHER_EVENT.test(words);
}
