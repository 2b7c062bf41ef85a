// A time as a student writes it to the bot ("25 Nov 10:00–11:30", "tomorrow 3 pm") → when the interview is.
import { DateTime } from 'luxon';
import { isAppointment, usualMinutes } from './busy-window.ts';
import { findMoments } from './moments.ts';

/** A sentence about a time is short; more is a mail. */
export const LONGEST_SAID_TIME = 200;
/** Placement seasons are planned for a year at the most: what seems further away was misread. */
const FURTHEST_DAYS = 366;

/** After a date written with its year, "10:00-11:30" is also ISO 8601's 10:00 with an offset; people don't write that. */
const SPAN = /(?<![\dT:])(\d{1,2}[:.]\d{2}) ?[-–—] ?(\d{1,2}[:.]\d{2})(?![\d:])/g;

export interface SaidTimeContext {
  /** ISO 8601. */
  now: string;
  /** Where the text names no zone. */
  zone: string;
  /** BCP 47: decides how 03/02 is read. */
  locale: string;
  /** The interview's day (YYYY-MM-DD): meant where only a time is said. */
  day?: string;
  round: string | null;
}

export type SaidTime =
  | { start: Date; end: Date }
  /** unclear: no time, or several; past: not ahead of now, or more than a year; long: a window to come within. */
  | { wrong: 'unclear' | 'past' | 'long' };

/** Reads a time that a student says. Never throws, and never gives one in the past. */
export function readSaidTime(text: string, { now, zone, locale, day, round }: SaidTimeContext): SaidTime {
  if (text.length > LONGEST_SAID_TIME) return { wrong: 'unclear' };
  const here = DateTime.fromISO(now).setZone(zone).toISO()!;
  const read = (words: string) => findMoments(words, { reference: here, zone, dayFirst: isDayFirst(locale) }, true).filter((moment) => moment.hasTime);
  const plain = text.replaceAll(SPAN, '$1 to $2');
  const said = read(plain);
  // A time alone is one of the interview's own day.
  const moments = said.length === 0 && day !== undefined ? read(`${day} ${plain}`) : said;
  const [moment, another] = moments;
  if (!moment || another) return { wrong: 'unclear' };
  const start = DateTime.fromISO(moment.start);
  const end = moment.end === null || moment.end.length === 10 ? start.plus({ minutes: usualMinutes(round) }) : DateTime.fromISO(moment.end);
  if (!start.isValid || !end.isValid || end <= start) return { wrong: 'unclear' };
  if (!isAhead(start, DateTime.fromISO(now))) return { wrong: 'past' };
  const times = { startsAt: start.toJSDate(), endsAt: end.toJSDate() };
  return isAppointment(times) ? { start: times.startsAt, end: times.endsAt } : { wrong: 'long' };
}

/** Whether an interview may begin then: ahead of now, within a year. */
export function isAhead(start: DateTime, now: DateTime): boolean {
  return start > now && start.diff(now, 'days').days <= FURTHEST_DAYS;
}

function isDayFirst(locale: string): boolean {
  const parts = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'numeric' }).formatToParts().map(({ type }) => type);
  return parts.indexOf('day') < parts.indexOf('month');
}
