// How much there is to teach and to attend, and what a day's fair share of it is.

import { weeksOf, type Faculty, type TaughtClass, type University } from './university.ts';

/** Periods that classes take together in each week of the cycle. */
export function periodsPerWeek({ weeks }: Pick<University, 'weeks'>, classes: readonly TaughtClass[]): number[] {
  const sums = Array.from({ length: weeks }, () => 0);
  for (const { parts } of classes) {
    for (const { count, length, week } of parts) for (const each of weeksOf(week, weeks)) sums[each] = (sums[each] ?? 0) + count * length;
  }
  return sums;
}

/** The classes that each member of the faculty teaches, by their id. */
export function classesOfFaculty({ faculty, classes }: University): Map<string, TaughtClass[]> {
  const taught = new Map<string, TaughtClass[]>(faculty.map(({ id }) => [id, []]));
  for (const each of classes) for (const id of new Set(each.faculty)) taught.get(id)?.push(each);
  return taught;
}

/** Days on which somebody can teach: those with a period that is not closed to them in every week. */
export function daysPresent({ days, periods }: University, { unavailable }: Faculty): number {
  const away = new Set(unavailable.filter(({ week }) => week === 'every').map(({ day, period }) => day * periods + period));
  return Array.from({ length: days }, (_, day) => day)
    .filter((day) => Array.from({ length: periods }, (_, period) => day * periods + period).some((slot) => !away.has(slot))).length;
}

/** Periods a day from which on it is too much: what would be even over the days present, and never more than `maxPerDay`. */
export function facultyDailyLimit(university: University, member: Faculty, taught: readonly TaughtClass[]): number {
  return Math.min(member.maxPerDay, Math.ceil(Math.max(...periodsPerWeek(university, taught)) / Math.max(1, daysPresent(university, member))));
}

/** Meetings in progress at once from which on there is a peak: what would be even over the fuller week. */
export function peakLimit(university: University): number {
  return Math.ceil(Math.max(...periodsPerWeek(university, university.classes)) / (university.days * university.periods));
}
