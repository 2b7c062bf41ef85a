// Odd and even weeks of a term: counted from its first, Monday to Sunday, and the first is odd.
import { DateTime } from 'luxon';
import type { Week } from '../timetabling/university.ts';

/** Which kind of week a day (YYYY-MM-DD) is in, for a term that starts on another; also before that and after the term. */
export function weekParity(startsOn: string, date: string): 'odd' | 'even' {
  const monday = (day: string) => DateTime.fromISO(day, { zone: 'utc' }).startOf('week');
  const weeks = monday(date).diff(monday(startsOn), 'weeks').weeks;
  return weeks % 2 === 0 ? 'odd' : 'even';
}

/** Whether what is held in some weeks is held in a week of this kind. */
export function isHeldIn(week: Week, parity: 'odd' | 'even'): boolean {
  return week === 'every' || week === parity;
}

/** Whether there are weeks in which both are held. */
export function weeksMeet(one: Week, other: Week): boolean {
  return one === 'every' || other === 'every' || one === other;
}
