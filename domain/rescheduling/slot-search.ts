// Finds the best times for one class among dated candidates: room, faculty member and every student free, nobody over the daily
// load. Work grows with people's intervals + candidates · (adequate rooms), each interval costing two binary searches.

import type { Interval } from '../calendar/slots.ts';
import { Coverage, dayHolding, dayLoads } from './coverage.ts';
import { explainBlocked, nearestTimes } from './blocked.ts';
import { isAdequate, reasonsFor, roomPenalty, timePenalty, type TimeFacts } from './score.ts';
import type { Candidate, Day, Option, Room, SlotSearchProblem, SlotSearchResult } from './types.ts';

const OFFERED = 3;

/** A problem of which the rooms' times are not known yet. */
export type PeopleProblem = Omit<SlotSearchProblem, 'busy'> & { readonly busy: Pick<SlotSearchProblem['busy'], 'faculty' | 'students'> };

/**
 * The best times for a class (at most 3, a start at most once), or what stands against the 3 nearest. Deterministic, whatever the
 * order of the inputs. Throws RangeError when the duration is no positive whole number of slots.
 */
export function searchSlots(problem: SlotSearchProblem): SlotSearchResult {
  const { days, candidates, starts } = prepared(problem);
  const feasible = withRooms(problem, starts, timesForPeople(problem, days, candidates, starts));
  if (feasible.length === 0) return { options: [], blocked: explainBlocked(problem, days, starts) };
  feasible.sort((a, b) => a.score - b.score || a.facts.start - b.facts.start);
  return { options: feasible.slice(0, OFFERED).map((time) => optionOf(problem, time)), blocked: [] };
}

/** The times at which the rooms matter to `searchSlots`: those at which all people can, and the nearest, which it may have to explain. */
export function timesNeedingRooms(problem: PeopleProblem): Interval[] {
  const { days, candidates, starts } = prepared(problem);
  const times = timesForPeople(problem, days, candidates, starts);
  return [...times.map(({ facts: { start, end } }) => ({ start, end })), ...nearestTimes(problem, days, starts)];
}

function prepared(problem: PeopleProblem) {
  const { durationSlots } = problem;
  if (!Number.isInteger(durationSlots) || durationSlots <= 0) {
    throw new RangeError(`a class lasts a positive whole number of slots, not ${durationSlots}`);
  }
  const candidates = distinctStarts(problem);
  return {
    days: [...problem.days].sort((a, b) => a.startSlot - b.startSlot), candidates, starts: Int32Array.from(candidates, (candidate) => candidate.start),
  };
}

interface TimeForPeople {
  /** Position among the starts. */
  readonly index: number;
  readonly weeklySlotId: number | null;
  readonly facts: TimeFacts;
}

/** The times at which faculty member and students are free, on teaching days, with nobody over the daily load. */
function timesForPeople(
  problem: PeopleProblem, days: readonly Day[], candidates: readonly Candidate[], starts: Int32Array,
): TimeForPeople[] {
  const { durationSlots, busy, dailyLoad } = problem;
  const facultyHits = new Coverage(starts, durationSlots).add(busy.faculty).hits();
  const facultyLoads = new Int32Array(days.length);
  dayLoads(busy.faculty, days, facultyLoads);
  const students = studentsTogether(problem, days, starts);
  const firstDay = days.find((day) => day.endSlot > problem.notBefore)?.index ?? 0;

  const times: TimeForPeople[] = [];
  for (let index = 0; index < starts.length; index += 1) {
    if (facultyHits[index] === 1 || students.hits[index] === 1) continue;
    const start = starts[index] as number;
    const end = start + durationSlots;
    const dayPosition = dayHolding(days, start, end);
    const day = days[dayPosition];
    if (day === undefined || !day.teaching || students.overloaded[dayPosition] !== 0) continue;
    if ((facultyLoads[dayPosition] as number) + durationSlots > dailyLoad.facultyMaxSlots) continue;
    const facts: TimeFacts = {
      start,
      end,
      day,
      firstDay,
      loadSum: students.loadSum[dayPosition] as number,
      students: busy.students.size,
      studentsMaxSlots: dailyLoad.studentsMaxSlots,
    };
    times.push({ index, weeklySlotId: candidates[index]!.weeklySlotId, facts });
  }
  return times;
}

interface FeasibleTime extends TimeForPeople {
  readonly room: Room;
  readonly score: number;
}

const preferredRoomOf = ({ preferredRoomId, original }: SlotSearchProblem) => preferredRoomId ?? original.roomId;

/** Of these times, those at which a room is free, each with the best one. */
function withRooms(problem: SlotSearchProblem, starts: Int32Array, times: readonly TimeForPeople[]): FeasibleTime[] {
  const { busy, durationSlots, roomNeeds } = problem;
  const preferredRoomId = preferredRoomOf(problem);
  const rooms = roomsBestFirst(problem, preferredRoomId);
  const roomHits: Uint8Array[] = [];
  return times.flatMap((time) => {
    const room = rooms.find(({ id }, position) => {
      roomHits[position] ??= new Coverage(starts, durationSlots).add(busy.rooms.get(id) ?? []).hits();
      return roomHits[position][time.index] === 0;
    });
    return room === undefined ? [] : [{ ...time, room, score: timePenalty(time.facts) + roomPenalty(room, roomNeeds, preferredRoomId) }];
  });
}

function optionOf(problem: SlotSearchProblem, { facts, room, score, weeklySlotId }: FeasibleTime): Option {
  const { start, end } = facts;
  return { start, end, roomId: room.id, weeklySlotId, score, reasons: reasonsFor(facts, room, problem.roomNeeds, preferredRoomOf(problem)) };
}

/** All students at once: where any of them is busy, and per day how many can't take the class on top, and their loads' sum. */
function studentsTogether({ busy, durationSlots, dailyLoad }: PeopleProblem, days: readonly Day[], starts: Int32Array) {
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
function distinctStarts({ candidates, notBefore, original }: PeopleProblem): Candidate[] {
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
