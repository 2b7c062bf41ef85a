// A day and time as somebody writes it in a chat ("27 Nov 16:00", "Friday 4 pm"), with what they wrote behind it.

import { en } from 'chrono-node';
import { DateTime } from 'luxon';

const MOST_WORDS = 10;

export interface SpokenTime {
  readonly at: DateTime;
  /** The words that don't belong to the time. */
  readonly rest: readonly string[];
}

/**
 * Reads the time that the words begin with: as many of them as make one. Where no day is named it is the next such time; a
 * weekday is the next one; 3/2 is 3 February. Null when there is no time of day.
 * @param now in the zone that the words mean where they name none
 */
export function readSpokenTime(words: readonly string[], now: DateTime): SpokenTime | null {
  for (let count = Math.min(words.length, MOST_WORDS); count > 0; count -= 1) {
    const text = words.slice(0, count).join(' ');
    const at = timeOf(text, now);
    if (at) return { at, rest: words.slice(count) };
  }
  return null;
}

/** The time that the whole text is. */
function timeOf(text: string, now: DateTime): DateTime | null {
  const [result, ...others] = en.GB.parse(text, { instant: now.toJSDate(), timezone: now.offset }, { forwardDate: true });
  if (!result || others.length > 0 || result.text !== text || !result.start.isCertain('hour')) return null;
  const { start } = result;
  if (start.isCertain('timezoneOffset')) return DateTime.fromJSDate(start.date(), { zone: now.zone });
  const [year, month, day, hour] = [start.get('year')!, start.get('month')!, start.get('day')!, start.get('hour')!];
  return DateTime.fromObject({ year, month, day, hour, minute: start.get('minute') ?? 0, second: start.get('second') ?? 0 }, { zone: now.zone });
}
