import { describe, expect, test } from '@jest/globals';
import { evaluate } from '../../../domain/timetabling/evaluate.ts';
import { modelOf } from '../../../domain/timetabling/model.ts';
import { type Placement, type Problem, roomsOf, type softParts, startsOf } from '../../../domain/timetabling/problem.ts';
import { State } from '../../../domain/timetabling/state.ts';
import { type EventTold, placed, problemTold } from './problems.ts';

/** What a placement breaks, and that the search's own tables say the same. */
function hardOf(problem: Problem, placement: Placement) {
  const { conflicts, doubleBookings, unplaced, hard } = evaluate(problem, placement);
  expect(new State(modelOf(problem), placement).hard).toBe(hard);
  return { conflicts, doubleBookings, unplaced };
}

/** The same of one soft part, which alone costs something. */
function costOf(problem: Problem, part: typeof softParts[number], placement: Placement): number {
  const { parts, soft } = evaluate(problem, placement);
  expect(soft).toBe(parts[part]);
  expect(new State(modelOf(problem), placement).soft).toBe(soft);
  return soft;
}

/** A part, and whose it is. */
type SoftOf = [typeof softParts[number], EventTold];

const nothing = { conflicts: 0, doubleBookings: 0, unplaced: 0 };
const rooms = [{}, {}, {}];

describe('T7 hard constraints', () => {
  test('a group is not in two places at once', () => {
    const problem = problemTold({ rooms, events: [{ groups: [0] }, { groups: [0, 1] }, { groups: [1] }] });
    expect(hardOf(problem, placed([0, 0], [0, 1], [0, 2]))).toEqual({ ...nothing, conflicts: 2 });
    expect(hardOf(problem, placed([0, 0], [1, 1], [0, 2]))).toEqual(nothing);
  });

  test('a teacher is not in two places at once; who shares a teacher and a group conflicts once', () => {
    const problem = problemTold({ rooms, events: [{ teachers: [0], groups: [0] }, { teachers: [0], groups: [0] }] });
    expect(hardOf(problem, placed([0, 0], [0, 1]))).toEqual({ ...nothing, conflicts: 1 });
    expect(hardOf(problem, placed([0, 0], [4, 0]))).toEqual(nothing);
  });

  test('two events of a course are not at once', () => {
    const problem = problemTold({ rooms, events: [{ course: 0 }, { course: 0 }, { course: 1 }] });
    expect(hardOf(problem, placed([2, 0], [2, 1], [2, 2]))).toEqual({ ...nothing, conflicts: 1 });
  });

  test('blocks conflict in each period that they share', () => {
    const problem = problemTold({ rooms, events: [{ length: 3, groups: [0] }, { length: 2, groups: [0] }] });
    expect(hardOf(problem, placed([0, 0], [1, 1]))).toEqual({ ...nothing, conflicts: 2 });
    expect(hardOf(problem, placed([0, 0], [4, 1]))).toEqual(nothing);
  });

  test('odd and even weeks are out of each other\'s way', () => {
    const problem = problemTold({ rooms, weeks: 2, events: [{ weeks: 1, groups: [0] }, { weeks: 2, groups: [0] }, { weeks: 3, groups: [0] }] });
    expect(hardOf(problem, placed([0, 0], [0, 0], [1, 0]))).toEqual(nothing);
    expect(hardOf(problem, placed([0, 0], [1, 1], [1, 0]))).toEqual({ ...nothing, conflicts: 1 });
  });

  test('a room holds one event at a time, in each week', () => {
    const problem = problemTold({ weeks: 2, events: [{ weeks: 3 }, { weeks: 3 }, { weeks: 2 }] });
    expect(hardOf(problem, placed([0, 0], [0, 0], [1, 0]))).toEqual({ ...nothing, doubleBookings: 2 });
    expect(hardOf(problem, placed([0, 0], [1, 0], [1, 0]))).toEqual({ ...nothing, doubleBookings: 1 });
  });

  test('a room that another timetable has is taken', () => {
    const problem = problemTold({ rooms: [{ taken: [3] }], events: [{ length: 2 }] });
    expect(hardOf(problem, placed([2, 0]))).toEqual({ ...nothing, doubleBookings: 1 });
    expect(hardOf(problem, placed([4, 0]))).toEqual(nothing);
  });

  test('an event that has no place is counted', () => {
    const problem = problemTold({ events: [{ closed: [0, 1, 2, 3, 4, 5, 6, 7] }, { rooms: [] }, {}] });
    expect(hardOf(problem, placed([-1, -1], [-1, -1], [0, 0]))).toEqual({ ...nothing, unplaced: 2 });
  });

  test('a slot is allowed when the event and all its teachers may, in each period', () => {
    const problem = problemTold({
      days: 1, periodsPerDay: 6, teachers: [{ unavailable: [1] }, { unavailable: [4] }], events: [{ length: 2, teachers: [0] }, { teachers: [0, 1], closed: [0] }],
    });
    expect(startsOf(problem, 0)).toEqual([2, 3, 4]);
    expect(startsOf(problem, 1)).toEqual([2, 3, 5]);
  });

  test('a block spans no break and no end of a day', () => {
    const problem = problemTold({ days: 2, periodsPerDay: 5, breaksAfter: [1], events: [{ length: 2 }, { length: 3 }] });
    expect(startsOf(problem, 0)).toEqual([0, 2, 3, 5, 7, 8]);
    expect(startsOf(problem, 1)).toEqual([2, 7]);
  });

  test('only rooms that fit are used', () => {
    expect(roomsOf(problemTold({ rooms, events: [{ rooms: [2, 0] }] }), 0)).toEqual([2, 0]);
  });

  test('a lock goes before what is allowed, not before the end of the day', () => {
    const problem = problemTold({ rooms, events: [{ closed: [3], lockedSlot: 3, rooms: [0], lockedRoom: 2 }, { length: 2, lockedSlot: 3 }] });
    expect(startsOf(problem, 0)).toEqual([3]);
    expect(roomsOf(problem, 0)).toEqual([2]);
    expect(startsOf(problem, 1)).toEqual([]);
  });
});

describe('T7 soft constraints', () => {
  test('capacity: each student too many, for each event', () => {
    const problem = problemTold({ rooms: [{ capacity: 30 }, { capacity: 40 }], events: [{ size: 35 }, { size: 35 }, { size: 41 }], weights: { capacity: 2 } });
    expect(costOf(problem, 'capacity', placed([0, 0], [1, 1], [2, 1]))).toBe(2 * (5 + 0 + 1));
  });

  test('empty seats: each seat left over, for each event', () => {
    const problem = problemTold({ rooms: [{ capacity: 30 }, { capacity: 40 }], events: [{ size: 35 }, { size: 20 }], weights: { emptySeats: 1 } });
    expect(costOf(problem, 'emptySeats', placed([0, 0], [1, 0]))).toBe(10);
    expect(costOf(problem, 'emptySeats', placed([0, 1], [1, 1]))).toBe(25);
  });

  test('minimum working days: each day by which a course meets on too few', () => {
    const problem = problemTold({ days: 3, events: [{ course: 0 }, { course: 0 }, { course: 0 }], courseMinDays: [3], weights: { minimumWorkingDays: 5 } });
    expect(costOf(problem, 'minimumWorkingDays', placed([0, 0], [1, 0], [2, 0]))).toBe(10);
    expect(costOf(problem, 'minimumWorkingDays', placed([0, 0], [4, 0], [5, 0]))).toBe(5);
    expect(costOf(problem, 'minimumWorkingDays', placed([0, 0], [4, 0], [8, 0]))).toBe(0);
  });

  test('room stability: each room of a course beyond its first', () => {
    const problem = problemTold({ rooms, events: [{ course: 0 }, { course: 0 }, { course: 0 }, { course: 1 }], weights: { roomStability: 3 } });
    expect(costOf(problem, 'roomStability', placed([0, 0], [1, 1], [2, 2], [3, 2]))).toBe(6);
    expect(costOf(problem, 'roomStability', placed([0, 1], [1, 1], [2, 1], [3, 2]))).toBe(0);
  });

  test('spread: each event of a course beyond the first of its day', () => {
    const problem = problemTold({ events: [{ course: 0 }, { course: 0 }, { course: 0 }, { course: 1 }], weights: { spread: 4 } });
    expect(costOf(problem, 'spread', placed([0, 0], [1, 0], [2, 0], [3, 0]))).toBe(8);
    expect(costOf(problem, 'spread', placed([0, 0], [1, 0], [4, 0], [3, 0]))).toBe(4);
  });

  test('compactness: each period of a group with none beside it, a block never', () => {
    const problem = problemTold({ rooms, events: [{ groups: [0] }, { groups: [0] }, { groups: [0, 1] }, { groups: [1], length: 2 }], weights: { compactness: 2 } });
    // Group 0 alone in 0, and in 2; group 1 in 2, and in a block on the other day.
    expect(costOf(problem, 'compactness', placed([0, 0], [4, 0], [2, 0], [5, 1]))).toBe(2 * 4);
    expect(costOf(problem, 'compactness', placed([0, 0], [1, 0], [2, 0], [5, 1]))).toBe(2);
    // The end of a day is not beside the beginning of the next.
    expect(costOf(problem, 'compactness', placed([3, 0], [4, 0], [7, 0], [5, 1]))).toBe(2 * 3);
  });

  test('compactness looks at each week of the cycle', () => {
    const problem = problemTold({ weeks: 2, events: [{ groups: [0], weeks: 3 }, { groups: [0], weeks: 2 }], weights: { compactness: 1 } });
    expect(costOf(problem, 'compactness', placed([0, 0], [1, 0]))).toBe(1);
    expect(costOf(problem, 'compactness', placed([0, 0], [2, 0]))).toBe(3);
  });

  test.each([['groupGaps', { groups: [0] }], ['teacherGaps', { teachers: [0] }]] satisfies SoftOf[])('%s: each free period between the first and the last of a day', (part, who) => {
    const event: EventTold = { ...who };
    const problem = problemTold({ periodsPerDay: 6, rooms, events: [event, event, event], weights: { [part]: 3 } });
    expect(costOf(problem, part, placed([0, 0], [2, 0], [5, 0]))).toBe(9);
    expect(costOf(problem, part, placed([3, 0], [4, 0], [5, 0]))).toBe(0);
    expect(costOf(problem, part, placed([5, 0], [6, 0], [8, 0]))).toBe(3);
  });

  test.each([['groupLoad', { groups: [0] }], ['teacherLoad', { teachers: [0] }]] satisfies SoftOf[])('%s: each period of a day beyond what is wanted', (part, who) => {
    const event: EventTold = { length: 2, ...who };
    const problem = problemTold({ rooms, events: [event, event], groupMaxDaily: [3], teachers: [{ maxDaily: 3 }], weights: { [part]: 7 } });
    expect(costOf(problem, part, placed([0, 0], [2, 0]))).toBe(7);
    expect(costOf(problem, part, placed([0, 0], [4, 0]))).toBe(0);
  });

  test('early and late periods: what a period costs, for each period of an event', () => {
    const problem = problemTold({ periodCost: [2, 0, 0, 1], events: [{}, { length: 2 }], weights: { periods: 5 } });
    expect(costOf(problem, 'periods', placed([0, 0], [6, 0]))).toBe(5 * (2 + 1));
    expect(costOf(problem, 'periods', placed([1, 0], [5, 0]))).toBe(0);
  });

  test('preferences: what a period costs each teacher', () => {
    const problem = problemTold({
      teachers: [{ cost: { 0: 1, 5: 4 } }, { cost: { 5: 2 } }], events: [{ length: 2, teachers: [0, 1] }, { teachers: [0] }], weights: { preferences: 3 },
    });
    expect(costOf(problem, 'preferences', placed([4, 0], [0, 0]))).toBe(3 * (6 + 1));
    expect(costOf(problem, 'preferences', placed([6, 0], [1, 0]))).toBe(0);
  });

  test('walking: from building to building between adjacent periods, not over a break', () => {
    const problem = problemTold({
      rooms: [{ building: 0 }, { building: 1 }], walkCost: [[0, 4], [4, 0]], breaksAfter: [1], events: [{ groups: [0] }, { groups: [0], teachers: [0] }, { teachers: [0] }],
      weights: { walking: 2 },
    });
    expect(costOf(problem, 'walking', placed([0, 0], [1, 1], [7, 0]))).toBe(8);
    expect(costOf(problem, 'walking', placed([0, 0], [1, 0], [7, 0]))).toBe(0);
    expect(costOf(problem, 'walking', placed([1, 0], [2, 1], [3, 0]))).toBe(8);
    expect(costOf(problem, 'walking', placed([3, 0], [4, 1], [7, 0]))).toBe(0);
  });

  test('peak: each event beyond those that should run at once', () => {
    const problem = problemTold({ rooms, peakLimit: 1, events: [{ length: 2 }, { length: 2 }, {}], weights: { peak: 6 } });
    expect(costOf(problem, 'peak', placed([0, 0], [1, 1], [1, 2]))).toBe(12);
    expect(costOf(problem, 'peak', placed([0, 0], [2, 1], [4, 2]))).toBe(0);
  });
});

describe('T8 what was there before', () => {
  test('perturbation: each event that has another slot or room than before; new events move freely', () => {
    const problem = problemTold({ rooms, events: [{ previous: [0, 0] }, { previous: [1, -1] }, {}], weights: { perturbation: 10 } });
    expect(costOf(problem, 'perturbation', placed([0, 0], [1, 2], [3, 2]))).toBe(0);
    expect(costOf(problem, 'perturbation', placed([0, 1], [2, 0], [3, 2]))).toBe(20);
  });
});
