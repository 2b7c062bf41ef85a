// Says what stands against a time: against the nearest when a search found none, and against one that somebody has in mind.
// Runs for a few times only, so it reads plainly.

import { overlaps, type Interval } from '../calendar/slots.ts';
import { dayHolding, dayLoads } from './coverage.ts';
import { isAdequate } from './score.ts';
import type { Blocked, BlockReason, Day, SlotSearchProblem, Surroundings } from './types.ts';

const EXPLAINED = 3;

/** The 3 times nearest to the original one and everything that stands against each. `days` and `starts` ascend, starts are distinct. */
export function explainBlocked(problem: SlotSearchProblem, days: readonly Day[], starts: Int32Array): Blocked[] {
  return nearestTimes(problem, days, starts).map((time) => ({ ...time, reasons: blockReasons(problem, days, time) }));
}

/** The 3 nearest times: those on teaching days first (that a holiday is none helps nobody), then by distance, then the earlier. */
export function nearestTimes(
  { durationSlots, original }: Pick<SlotSearchProblem, 'durationSlots' | 'original'>, days: readonly Day[], starts: Int32Array,
): Interval[] {
  const times = Array.from(starts, (start) => {
    const end = start + durationSlots;
    const closed = days[dayHolding(days, start, end)]?.teaching === true ? 0 : 1;
    return { start, end, away: Math.abs(start - original.start), closed };
  });
  times.sort((a, b) => a.closed - b.closed || a.away - b.away || a.start - b.start);
  return times.slice(0, EXPLAINED).map(({ start, end }) => ({ start, end }));
}

/** Everything that stands against a time, whatever room it is in; none where the search would find it possible. `days` ascend. */
export function blockReasons(surroundings: Surroundings, days: readonly Day[], time: Interval): BlockReason[] {
  const { busy, dailyLoad } = surroundings;
  const reasons: BlockReason[] = [];
  const day = days[dayHolding(days, time.start, time.end)];
  if (day === undefined) reasons.push({ code: 'outside-horizon' });
  else if (!day.teaching) reasons.push({ code: 'holiday' });

  const loads = loadsWith(surroundings, days, time);
  if (busy.faculty.some((interval) => blocks(interval, time))) reasons.push({ code: 'faculty-busy' });
  else if (loads.faculty > dailyLoad.facultyMaxSlots) reasons.push({ code: 'daily-load-faculty' });

  reasons.push(...studentReasons(surroundings, time));
  const overloaded = loads.students.filter((load) => load > dailyLoad.studentsMaxSlots).length;
  if (overloaded > 0) reasons.push({ code: 'daily-load-students', count: overloaded, of: busy.students.size });
  reasons.push(...roomReasons(surroundings, time));
  return reasons;
}

/**
 * How many slots the faculty member and each student would be busy on the day of a class at this time, the class included; what
 * is at the same time counts once. 0 where no day holds the class.
 */
export function loadsWith({ busy }: Surroundings, days: readonly Day[], time: Interval): { faculty: number; students: number[] } {
  const day = days[dayHolding(days, time.start, time.end)];
  const loads = new Int32Array(1);
  const loadOf = (intervals: readonly Interval[]): number => {
    if (day !== undefined) dayLoads([...intervals, time], [day], loads);
    return loads[0]!;
  };
  return { faculty: loadOf(busy.faculty), students: Array.from(busy.students.values(), loadOf) };
}

function studentReasons({ busy }: Surroundings, time: Interval): BlockReason[] {
  const countByLabel = new Map<string, number>();
  for (const intervals of busy.students.values()) {
    const labels = new Set(intervals.filter((interval) => blocks(interval, time)).map(({ label }) => label));
    for (const label of labels) countByLabel.set(label, (countByLabel.get(label) ?? 0) + 1);
  }
  return [...countByLabel]
    .sort(([labelA, countA], [labelB, countB]) => countB - countA || (labelA < labelB ? -1 : 1))
    .map(([label, count]) => ({ code: 'students-busy', count, of: busy.students.size, label }));
}

function roomReasons({ rooms, roomNeeds, busy }: Surroundings, time: Interval): BlockReason[] {
  const { capacity, kind } = roomNeeds;
  const adequate = rooms.filter((room) => isAdequate(room, roomNeeds));
  if (adequate.length === 0) return [{ code: 'no-room', capacity, kind }];
  return adequate.every(({ id }) => isTaken(busy, id, time)) ? [{ code: 'rooms-busy', capacity, count: adequate.length }] : [];
}

/** Whether a room has something at a time. */
export function isTaken(busy: Surroundings['busy'], roomId: number, time: Interval): boolean {
  return (busy.rooms.get(roomId) ?? []).some((interval) => blocks(interval, time));
}

/** As in the search, what has no length stands in nobody's way. */
export function blocks(interval: Interval, time: Interval): boolean {
  return interval.end > interval.start && overlaps(interval, time);
}
