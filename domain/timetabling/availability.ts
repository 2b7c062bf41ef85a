// When the people of a class are all there, and where its meetings could begin on that account.

import type { StudentGroup } from './groups.ts';
import { isUnbroken, slotNumber, slotNumbers, weeksOf, type Part, type University } from './university.ts';

/** Of each class, by its id, the slot numbers in which its faculty or students are elsewhere. */
export function awayTimes(university: University, groups: readonly StudentGroup[]): Map<string, Set<number>> {
  const away = new Map(university.classes.map(({ id }) => [id, new Set<number>()]));
  const add = (id: string, numbers: Iterable<number>) => { for (const number of numbers) away.get(id)?.add(number); };
  const faculty = new Map(university.faculty.map(({ id, unavailable }) => [id, slotNumbers(university, unavailable)]));
  for (const taught of university.classes) for (const id of taught.faculty) add(taught.id, faculty.get(id) ?? []);
  for (const { classes, unavailable } of groups) for (const id of classes) add(id, unavailable);
  return away;
}

/** Slots (day · periods + period) in which a meeting could begin: within the day, no break in it, nobody away in any of its weeks. */
export function possibleStarts(university: University, { length, week }: Pick<Part, 'length' | 'week'>, away: ReadonlySet<number>): number[] {
  const { days, periods, weeks } = university;
  return Array.from({ length: days * periods }, (_, slot) => slot).filter((slot) => isUnbroken(university, slot % periods, length)
    && slotsFrom(university, slot, length, weeksOf(week, weeks)).every((number) => !away.has(number)));
}

/** Slot numbers of `length` periods from a slot (day · periods + period) on, in some weeks. */
export function slotsFrom(university: Pick<University, 'days' | 'periods'>, slot: number, length: number, weeks: readonly number[]): number[] {
  return weeks.flatMap((week) => Array.from({ length }, (_, offset) => slotNumber(university, week, 0, slot + offset)));
}
