// Dates and times of a text put together: which time belongs to which day, in which zone → instants.
import * as chrono from 'chrono-node';
import { DateTime } from 'luxon';
import { findWrittenDates } from './written-dates.ts';
import type { WrittenDate } from './written-dates.ts';
import { findWrittenTimes } from './written-times.ts';
import type { WrittenTime } from './written-times.ts';

/** `reference` is the mail's own date (ISO with offset); `zone` stands in where the text names none; `dayFirst` reads 03/02 as 3 February. */
export interface DateContext { reference: string; zone: string; dayFirst: boolean }

/** A point in time found in a text: `start` is ISO with offset, or a bare date where no time belongs to it. */
export interface Moment {
  index: number;
  length: number;
  start: string;
  end: string | null;
  day: string;
  hasTime: boolean;
  zone: string;
}

/** The local day and time of a mail: in its own offset, unless that is UTC, which machines write. */
export function localReference(reference: string, zone: string): DateTime {
  const written = DateTime.fromISO(reference, { setZone: true });
  const base = written.isValid ? written : DateTime.fromMillis(0, { zone: 'utc' });
  return base.offset === 0 ? base.setZone(zone) : base;
}

/** A day (YYYY-MM-DD) and minutes since midnight in `zone` → ISO with offset. */
export function toInstant(day: string, minutes: number, zone: string): string {
  const wall = DateTime.fromISO(day, { zone }).set({ hour: Math.floor(minutes / 60), minute: minutes % 60 });
  return wall.toISO({ suppressMilliseconds: true }) ?? day;
}

const dayAfter = (day: string) => DateTime.fromISO(day).plus({ days: 1 }).toISODate() ?? day;
const lineOf = (text: string, index: number) => text.lastIndexOf('\n', index - 1) + 1;

/** Which date a time belongs to: on its line before or right after it, else the nearest above, else the nearest below. */
function dateFor(time: WrittenTime, dates: WrittenDate[], text: string): WrittenDate | null {
  const from = lineOf(text, time.index);
  const lineEnd = text.indexOf('\n', time.index);
  const to = lineEnd < 0 ? text.length : lineEnd;
  const before = dates.filter((date) => date.index < time.index).at(-1) ?? null;
  const after = dates.find((date) => date.index >= time.index + time.length) ?? null;
  const onLine = (date: WrittenDate | null) => date !== null && date.index >= from && date.index < to;
  if (onLine(after) && after) {
    const between = text.slice(time.index + time.length, after.index);
    const close = /^[\s,(|]{0,3}(?:on|of|am|,)?[\s,(]{0,2}$/i.test(between);
    const gapBefore = before && onLine(before) ? text.slice(before.index + before.length, time.index) : null;
    if (close && (gapBefore === null || !/^[\s,|(@:–-]{0,4}(?:at|by|from|um)?\s?$/i.test(gapBefore))) return after;
    if (!onLine(before) && between.length < 60) return after;
  }
  if (onLine(before)) return before;
  return before ?? after;
}

function chronoDates(text: string, today: DateTime): WrittenDate[] {
  const found: WrittenDate[] = [];
  const results = chrono.casual.parse(text.slice(0, 2000), { instant: today.toJSDate(), timezone: today.offset }, { forwardDate: true });
  for (const result of results) {
    const certain = result.start.isCertain('day') || result.start.isCertain('weekday') || result.tags().has('result/relativeDate');
    const [year, month, day] = [result.start.get('year'), result.start.get('month'), result.start.get('day')];
    if (!certain || !year || !month || !day || result.start.isCertain('hour') || /^\d+$/.test(result.text)) continue;
    const made = DateTime.utc(year, month, day);
    if (made.isValid && made.toISODate() >= (today.toISODate() ?? '')) found.push({ index: result.index, length: result.text.length, day: made.toISODate(), lastDay: null, how: 'relative' });
  }
  return found;
}

/** All moments of `text`, in their order. With `joinPairs`, "A to B" is one moment that ends at B; a rescheduling keeps both. */
export function findMoments(text: string, context: DateContext, joinPairs: boolean): Moment[] {
  const today = localReference(context.reference, context.zone);
  let dates = findWrittenDates(text, { today, dayFirst: context.dayFirst });
  if (dates.length === 0) dates = chronoDates(text, today);
  const overlaps = (index: number, length: number) => dates.some((date) => index < date.index + date.length && index + length > date.index);
  const times = findWrittenTimes(text, overlaps);
  const byDate = new Map<WrittenDate, WrittenTime[]>(dates.map((date) => [date, []]));
  for (const time of times) {
    const date = dateFor(time, dates, text);
    if (date) byDate.get(date)?.push(time);
  }
  const moments: Moment[] = [];
  for (const date of dates) {
    const own = byDate.get(date) ?? [];
    const nearby = own.filter((time) => Math.abs(time.index - date.index) < 400);
    const groups: WrittenTime[] = nearby.length > 0 ? nearby : own.slice(0, 1);
    if (groups.length === 0) {
      moments.push({ index: date.index, length: date.length, start: date.day, end: date.lastDay, day: date.day, hasTime: false, zone: context.zone });
      continue;
    }
    moments.push(...momentsOfDate(date, groups, text, context.zone));
  }
  moments.sort((x, y) => x.index - y.index);
  return joinPairs ? joinRanges(moments, text) : moments;
}

function momentsOfDate(date: WrittenDate, times: WrittenTime[], text: string, fallbackZone: string): Moment[] {
  const moments: Moment[] = [];
  for (const time of times) {
    const previous = moments.at(-1);
    const said = text.slice(Math.max(0, time.index - 25), time.index);
    const ends = /(?:\b(?:till|until|ends?(?: at| by)?|done by|finish(?:es)? by|over by|end time)\W{0,3}(?:at |by )?)$/i.test(said);
    if (previous && ends && !previous.end) {
      const end = toInstant(date.day, time.start, previous.zone);
      if (end > previous.start) { previous.end = end; continue; }
    }
    const zone = time.zone ?? times.find((other) => other.zone)?.zone ?? fallbackZone;
    const lastDay = time.end !== null && time.end <= time.start ? dayAfter(date.day) : date.day;
    const index = Math.min(date.index, time.index);
    moments.push({
      index: previous ? time.index : index,
      length: previous ? time.length : Math.max(date.index + date.length, time.index + time.length) - index,
      start: toInstant(date.day, time.start, zone), end: time.end === null ? null : toInstant(lastDay, time.end, zone),
      day: date.day, hasTime: true, zone,
    });
  }
  return moments;
}

function joinRanges(moments: Moment[], text: string): Moment[] {
  const joined: Moment[] = [];
  for (const moment of moments) {
    const previous = joined.at(-1);
    const between = previous ? text.slice(previous.index + previous.length, moment.index) : '';
    if (previous && !previous.end && previous.hasTime === moment.hasTime && between.length < 16 && moment.start >= previous.start && /^[^\p{L}\d]{0,4}(?:hrs)?[^\p{L}\d]{0,3}(?:to|till|until|–|-|and|&)[^\p{L}\d]{0,4}$/iu.test(between)) {
      previous.end = moment.start;
      previous.length = moment.index + moment.length - previous.index;
      // The zone is often written once, at the end of the range.
      if (previous.zone !== moment.zone && previous.hasTime) {
        const wall = DateTime.fromISO(previous.start, { setZone: true }).setZone(moment.zone, { keepLocalTime: true });
        previous.start = wall.toISO({ suppressMilliseconds: true }) ?? previous.start;
        previous.zone = moment.zone;
      }
      continue;
    }
    if (previous && !previous.hasTime && moment.hasTime && between.length < 10 && /^[^\p{L}\d]{0,3}(?:to|and|&|,|-|–)[^\p{L}\d]{0,3}$/iu.test(between)) {
      // "on 18 and 19 June by 9 AM": the hour holds for the first day too.
      const time = DateTime.fromISO(moment.start, { setZone: true });
      previous.start = toInstant(previous.day, time.hour * 60 + time.minute, moment.zone);
      previous.hasTime = true;
      previous.zone = moment.zone;
      previous.end = null;
      continue;
    }
    joined.push({ ...moment });
  }
  return joined;
}
