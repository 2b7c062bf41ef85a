// What a sheet of weekly classes changes: each row stands for what its class has at that time in the weeks that it names.
import { weeksMeet } from '../calendar/term-weeks.ts';
import type { Week } from '../timetabling/university.ts';

/** Times are HH:mm on the wall clock. */
export interface WeeklyPlace { assignmentId: number; weekday: number; start: string; week: Week }
interface Wanted extends WeeklyPlace { roomId: number; end: string }
interface Known extends Wanted { id: number; active: boolean }

const timeKey = ({ assignmentId, weekday, start }: WeeklyPlace) => `${assignmentId} ${weekday} ${start}`;
export const weeklyKey = (place: WeeklyPlace) => `${timeKey(place)} ${place.week}`;

/** Tells whether a class is in the rows' place: the same assignment's, beginning then, in a week in which one of them is. */
export function inPlaceOf(rows: readonly WeeklyPlace[]): (one: WeeklyPlace) => boolean {
  const byTime = Map.groupBy(rows, timeKey);
  return (one) => byTime.get(timeKey(one))?.some(({ week }) => weeksMeet(week, one.week)) ?? false;
}

/**
 * The rows against all classes that there are or were. Each becomes the class of its own weeks, else one in whose place it is; what else
 * is in the rows' place ends. Carried out, the same rows change nothing.
 */
export function weeklyChanges<Row extends Wanted>(
  known: readonly Known[], rows: readonly Row[],
): { created: Row[]; changed: Pick<Known, 'id' | 'roomId' | 'end' | 'week'>[]; ended: number[] } {
  const exact = new Map(known.map((one) => [weeklyKey(one), one]));
  const taken = new Set(rows.flatMap((row) => exact.get(weeklyKey(row))?.id ?? []));
  const inPlace = Map.groupBy(known.filter(({ active }) => active), timeKey);
  const created: Row[] = [];
  const changed: Pick<Known, 'id' | 'roomId' | 'end' | 'week'>[] = [];
  for (const row of rows) {
    const before = exact.get(weeklyKey(row)) ?? inPlace.get(timeKey(row))?.find(({ id, week }) => !taken.has(id) && weeksMeet(week, row.week));
    if (!before) {
      created.push(row);
      continue;
    }
    taken.add(before.id);
    if (!before.active || before.roomId !== row.roomId || before.end !== row.end || before.week !== row.week) {
      changed.push({ id: before.id, roomId: row.roomId, end: row.end, week: row.week });
    }
  }
  const isReplaced = inPlaceOf(rows);
  return { created, changed, ended: known.filter((one) => one.active && !taken.has(one.id) && isReplaced(one)).map(({ id }) => id) };
}
