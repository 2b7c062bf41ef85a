// The search against an independent brute force that looks at every candidate, room and 5-minute slot by itself.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { searchSlots, timesNeedingRooms } from '../../../domain/rescheduling/slot-search.ts';
import type { Candidate, Room, SlotSearchProblem } from '../../../domain/rescheduling/types.ts';
import { problems } from './problems.ts';

/** The slots of [start, end) one by one. */
const slots = ({ start, end }: { start: number; end: number }) => Array.from({ length: end - start }, (_, offset) => start + offset);
const busySlots = (intervals: readonly { start: number; end: number }[]) => new Set(intervals.flatMap(slots));

/** Score of one time and room by the formula as it is documented, or null when the two are not possible. */
function bruteScore(problem: SlotSearchProblem, { start }: Candidate, hall: Room): number | null {
  const time = { start, end: start + problem.durationSlots };
  const day = problem.days.find((each) => slots(time).every((slot) => slot >= each.startSlot && slot < each.endSlot));
  if (day === undefined || !day.teaching || start < problem.notBefore || start === problem.original.start) return null;
  const onDay = (busy: Set<number>) => [...busy].filter((slot) => slot >= day.startSlot && slot < day.endSlot).length;
  const isFreeUnder = (busy: Set<number>, limit: number) => slots(time).every((slot) => !busy.has(slot)) && onDay(busy) + problem.durationSlots <= limit;
  const students = [...problem.busy.students.values()].map(busySlots);
  if (!isFreeUnder(busySlots(problem.busy.faculty), problem.dailyLoad.facultyMaxSlots)) return null;
  if (!students.every((busy) => isFreeUnder(busy, problem.dailyLoad.studentsMaxSlots))) return null;
  if (!isFreeUnder(busySlots(problem.busy.rooms.get(hall.id) ?? []), Infinity)) return null;
  const { capacity, kind, equipment } = problem.roomNeeds;
  if (hall.capacity < capacity || hall.kind !== kind || equipment.some((item) => !hall.equipment.includes(item))) return null;

  const firstDay = problem.days.find((each) => each.endSlot > problem.notBefore)!.index;
  const meanLoad = students.length === 0 ? 0 : students.reduce((sum, busy) => sum + onDay(busy), 0) / students.length;
  return (
    1000 * (day.index - firstDay) +
    (hall.id === (problem.preferredRoomId ?? problem.original.roomId) ? 0 : 2500) +
    10 * Math.min(100, hall.capacity - capacity) +
    Math.floor((1000 * meanLoad) / problem.dailyLoad.studentsMaxSlots + 1e-9) +
    (time.start < day.coreStart || time.end > day.coreEnd ? 500 : 0)
  );
}

/** Every possible pair of start and room, best first, with the room tie broken by seats and then by id. */
function bruteForce(problem: SlotSearchProblem) {
  const found = problem.candidates.flatMap((candidate) =>
    problem.rooms.flatMap((hall) => {
      const score = bruteScore(problem, candidate, hall);
      return score === null ? [] : [{ start: candidate.start, roomId: hall.id, capacity: hall.capacity, score }];
    }),
  );
  found.sort((a, b) => a.score - b.score || a.start - b.start || a.capacity - b.capacity || a.roomId - b.roomId);
  const best = found.filter(({ start }, index) => found.findIndex((each) => each.start === start) === index);
  return best.slice(0, 3).map(({ start, roomId, score }) => ({ start, roomId, score }));
}

describe('I17 the search agrees with a brute force', () => {
  for (const crowd of [1, 3, 12]) {
    test(`what is offered is free and the best there is; none means there is none (busy times up to ${crowd} each)`, () => {
      fc.assert(
        fc.property(problems(crowd), (problem) => {
          const { options, blocked } = searchSlots(problem);
          expect(options.map(({ start, roomId, score }) => ({ start, roomId, score }))).toEqual(bruteForce(problem));
          if (options.length > 0) expect(blocked).toEqual([]);
        }),
        { numRuns: 400 },
      );
    });
  }

  test('every time that is said to be blocked has at least one reason, and each number in it is right', () => {
    fc.assert(
      fc.property(problems(12), (problem) => {
        for (const { start, end, reasons } of searchSlots(problem).blocked) {
          expect(reasons.length).toBeGreaterThan(0);
          for (const reason of reasons) {
            if (reason.code !== 'students-busy') continue;
            const having = [...problem.busy.students.values()].filter((busy) => busy.some((each) => each.label === reason.label && each.start < end && start < each.end));
            expect(reason).toMatchObject({ count: having.length, of: problem.busy.students.size });
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('the order of the inputs does not matter', () => {
    fc.assert(
      fc.property(problems(4), (problem) => {
        const turned: SlotSearchProblem = {
          ...problem,
          candidates: problem.candidates.toReversed(),
          days: problem.days.toReversed(),
          rooms: problem.rooms.toReversed(),
          busy: {
            faculty: problem.busy.faculty.toReversed(),
            rooms: new Map([...problem.busy.rooms].toReversed()),
            students: new Map([...problem.busy.students].toReversed().map(([id, busy]) => [id, busy.toReversed()])),
          },
        };
        expect(searchSlots(turned)).toEqual(searchSlots(problem));
      }),
      { numRuns: 300 },
    );
  });

  test('rooms matter at no other times than it says', () => {
    for (const crowd of [1, 3, 12]) {
      fc.assert(fc.property(problems(crowd), (problem) => {
        const times = timesNeedingRooms(problem);
        const busyThen = (busy: readonly { start: number; end: number }[]) =>
          busy.filter((each) => times.some((time) => each.start < time.end && time.start < each.end));
        const rooms = new Map([...problem.busy.rooms].map(([id, busy]) => [id, busyThen(busy)]));
        expect(searchSlots({ ...problem, busy: { ...problem.busy, rooms } })).toEqual(searchSlots(problem));
      }), { numRuns: 200 });
    }
  });
});
