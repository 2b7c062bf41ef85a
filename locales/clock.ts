// Times of day as the attendance system that came before writes them: part of its answers, the same in every language.
import { DateTime } from 'luxon';

const padded = (value: number): string => String(value).padStart(2, '0');

/** The wall clock of a zone: HH:mm, and such as 08:30 AM. */
function clockTimes(at: Date, zone: string): { time: string; twelveHours: string } {
  // Not by toFormat, which takes ten times as long: a timetable has many times.
  const { hour, minute } = DateTime.fromJSDate(at, { zone });
  return { time: `${padded(hour)}:${padded(minute)}`, twelveHours: `${padded(hour % 12 || 12)}:${padded(minute)} ${hour < 12 ? 'AM' : 'PM'}` };
}

/** A span with its ends, such as 08:30 AM - 09:30 AM. */
export function clockSpan(from: Date, to: Date, zone: string): { start: string; end: string; span: string } {
  const [start, end] = [clockTimes(from, zone), clockTimes(to, zone)];
  return { start: start.time, end: end.time, span: `${start.twelveHours} - ${end.twelveHours}` };
}
