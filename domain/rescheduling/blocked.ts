// Says what stands against the nearest times when a search found none. Runs for a few times only, so it reads plainly.

import { overlaps, type Interval } from '../calendar/slots.ts';
import { dayHolding, dayLoads } from './coverage.ts';
import { isAdequate } from './score.ts';
import type { Blocked, BlockReason, Day, SlotSearchProblem } from './types.ts';

const EXPLAINED = 3;

/**
 * The 3 times nearest to the original one and everything that stands against each: times on teaching days first (that a holiday
 * is none helps nobody), then by distance, then the earlier. `days` and `starts` ascend, starts are distinct.
 */
export function explainBlocked(problem: SlotSearchProblem, days: readonly Day[], starts: Int32Array): Blocked[] {
  const { durationSlots, original } = problem;
  const times = Array.from(starts, (start) => {
    const end = start + durationSlots;
    const day = dayHolding(days, start, end);
    return { start, end, day, away: Math.abs(start - original.start), closed: days[day]?.teaching === true ? 0 : 1 };
  });
  times.sort((a, b) => a.closed - b.closed || a.away - b.away || a.start - b.start);
  return times.slice(0, EXPLAINED).map(({ start, end, day }) => {
    return { start, end, reasons: blockReasons(problem, days, day, { start, end }) };
  });
}

function blockReasons(problem: SlotSearchProblem, days: readonly Day[], dayPosition: number, time: Interval): BlockReason[] {
  const { busy, dailyLoad, durationSlots } = problem;
  const reasons: BlockReason[] = [];
  const day = days[dayPosition];
  if (day === undefined) reasons.push({ code: 'outside-horizon' });
  else if (!day.teaching) reasons.push({ code: 'holiday' });

  const loads = new Int32Array(days.length);
  const isOver = (intervals: readonly Interval[], limit: number): boolean => {
    dayLoads(intervals, days, loads);
    return day !== undefined && (loads[dayPosition] as number) + durationSlots > limit;
  };
  if (busy.faculty.some((interval) => blocks(interval, time))) reasons.push({ code: 'faculty-busy' });
  else if (isOver(busy.faculty, dailyLoad.facultyMaxSlots)) reasons.push({ code: 'daily-load-faculty' });

  reasons.push(...studentReasons(problem, time));
  const overloaded = [...busy.students.values()].filter((intervals) => isOver(intervals, dailyLoad.studentsMaxSlots)).length;
  if (overloaded > 0) reasons.push({ code: 'daily-load-students', count: overloaded, of: busy.students.size });
  reasons.push(...roomReasons(problem, time));
  return reasons;
}

function studentReasons({ busy }: SlotSearchProblem, time: Interval): BlockReason[] {
  const countByLabel = new Map<string, number>();
  for (const intervals of busy.students.values()) {
    const labels = new Set(intervals.filter((interval) => blocks(interval, time)).map(({ label }) => label));
    for (const label of labels) countByLabel.set(label, (countByLabel.get(label) ?? 0) + 1);
  }
  return [...countByLabel]
    .sort(([labelA, countA], [labelB, countB]) => countB - countA || (labelA < labelB ? -1 : 1))
    .map(([label, count]) => ({ code: 'students-busy', count, of: busy.students.size, label }));
}

function roomReasons({ rooms, roomNeeds, busy }: SlotSearchProblem, time: Interval): BlockReason[] {
  const { capacity, kind } = roomNeeds;
  const adequate = rooms.filter((room) => isAdequate(room, roomNeeds));
  if (adequate.length === 0) return [{ code: 'no-room', capacity, kind }];
  const isTaken = (id: number) => (busy.rooms.get(id) ?? []).some((interval) => blocks(interval, time));
  return adequate.every(({ id }) => isTaken(id)) ? [{ code: 'rooms-busy', capacity, count: adequate.length }] : [];
}

/** As in the search, what has no length stands in nobody's way. */
function blocks(interval: Interval, time: Interval): boolean {
  return interval.end > interval.start && overlaps(interval, time);
}
