// Finds the best times for one class among dated candidates: room, faculty member and every student free, nobody over the daily
// load. Work grows with people's intervals + candidates · (adequate rooms), each interval costing two binary searches.

import { Coverage, dayHolding, dayLoads } from './coverage.ts';
import { explainBlocked } from './blocked.ts';
import { isAdequate, reasonsFor, roomPenalty, timePenalty, type TimeFacts } from './score.ts';
import type { Candidate, Day, Option, Room, SlotSearchProblem, SlotSearchResult } from './types.ts';

const OFFERED = 3;

/**
 * The best times for a class (at most 3, a start at most once), or what stands against the 3 nearest. Deterministic, whatever the
 * order of the inputs. Throws RangeError when the duration is no positive whole number of slots.
 */
export function searchSlots(problem: SlotSearchProblem): SlotSearchResult {
  const { durationSlots } = problem;
  if (!Number.isInteger(durationSlots) || durationSlots <= 0) {
    throw new RangeError(`a class lasts a positive whole number of slots, not ${durationSlots}`);
  }
  const days = [...problem.days].sort((a, b) => a.startSlot - b.startSlot);
  const candidates = distinctStarts(problem);
  const starts = Int32Array.from(candidates, (candidate) => candidate.start);
  const feasible = feasibleTimes(problem, days, candidates, starts);
  if (feasible.length === 0) return { options: [], blocked: explainBlocked(problem, days, starts) };
  feasible.sort((a, b) => a.score - b.score || a.start - b.start);
  return { options: feasible.slice(0, OFFERED).map(({ option }) => option()), blocked: [] };
}

interface FeasibleTime {
  readonly start: number;
  readonly score: number;
  readonly option: () => Option;
}

function feasibleTimes(
  problem: SlotSearchProblem,
  days: readonly Day[],
  candidates: readonly Candidate[],
  starts: Int32Array,
): FeasibleTime[] {
  const { durationSlots, busy, dailyLoad, roomNeeds } = problem;
  const facultyHits = new Coverage(starts, durationSlots).add(busy.faculty).hits();
  const facultyLoads = new Int32Array(days.length);
  dayLoads(busy.faculty, days, facultyLoads);
  const students = studentsTogether(problem, days, starts);
  const preferredRoomId = problem.preferredRoomId ?? problem.original.roomId;
  const rooms = roomsBestFirst(problem, preferredRoomId);
  const roomHits: Uint8Array[] = [];
  const firstDay = days.find((day) => day.endSlot > problem.notBefore)?.index ?? 0;

  const feasible: FeasibleTime[] = [];
  for (let index = 0; index < starts.length; index += 1) {
    if (facultyHits[index] === 1 || students.hits[index] === 1) continue;
    const start = starts[index] as number;
    const end = start + durationSlots;
    const dayPosition = dayHolding(days, start, end);
    const day = days[dayPosition];
    if (day === undefined || !day.teaching || students.overloaded[dayPosition] !== 0) continue;
    if ((facultyLoads[dayPosition] as number) + durationSlots > dailyLoad.facultyMaxSlots) continue;
    const room = rooms.find(({ id }, position) => {
      roomHits[position] ??= new Coverage(starts, durationSlots).add(busy.rooms.get(id) ?? []).hits();
      return roomHits[position][index] === 0;
    });
    if (room === undefined) continue;
    const facts: TimeFacts = {
      start,
      end,
      day,
      firstDay,
      loadSum: students.loadSum[dayPosition] as number,
      students: busy.students.size,
      studentsMaxSlots: dailyLoad.studentsMaxSlots,
    };
    const score = timePenalty(facts) + roomPenalty(room, roomNeeds, preferredRoomId);
    const weeklySlotId = candidates[index]!.weeklySlotId;
    const option = (): Option => {
      return { start, end, roomId: room.id, weeklySlotId, score, reasons: reasonsFor(facts, room, roomNeeds, preferredRoomId) };
    };
    feasible.push({ start, score, option });
  }
  return feasible;
}

/** All students at once: where any of them is busy, and per day how many can't take the class on top, and their loads' sum. */
function studentsTogether({ busy, durationSlots, dailyLoad }: SlotSearchProblem, days: readonly Day[], starts: Int32Array) {
  const coverage = new Coverage(starts, durationSlots);
  const loads = new Int32Array(days.length);
  const loadSum = new Int32Array(days.length);
  const overloaded = new Int32Array(days.length);
  for (const intervals of busy.students.values()) {
    coverage.add(intervals);
    dayLoads(intervals, days, loads);
    for (let day = 0; day < loads.length; day += 1) {
      const load = loads[day] as number;
      loadSum[day]! += load;
      if (load + durationSlots > dailyLoad.studentsMaxSlots) overloaded[day]! += 1;
    }
  }
  return { hits: coverage.hits(), loadSum, overloaded };
}

/** Candidates from `notBefore` on, ascending; of several at one start, the one of the lowest weekly slot. */
function distinctStarts({ candidates, notBefore, original }: SlotSearchProblem): Candidate[] {
  const rank = (candidate: Candidate) => candidate.weeklySlotId ?? Infinity;
  return candidates
    .filter(({ start }) => start >= notBefore && start !== original.start)
    .sort((a, b) => a.start - b.start || compare(rank(a), rank(b)))
    .filter(({ start }, index, sorted) => index === 0 || start !== sorted[index - 1]!.start);
}

/** The rooms that would do. */
export function roomsBestFirst({ rooms, roomNeeds }: Pick<SlotSearchProblem, 'rooms' | 'roomNeeds'>, preferredRoomId: number | null): Room[] {
  const penalty = (room: Room) => roomPenalty(room, roomNeeds, preferredRoomId);
  return rooms
    .filter((room) => isAdequate(room, roomNeeds))
    .sort((a, b) => penalty(a) - penalty(b) || a.capacity - b.capacity || a.id - b.id);
}

/** Like subtraction, but right for two infinities. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
