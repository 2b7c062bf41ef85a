import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Interval, overlaps } from '../../../domain/calendar/slots.ts';
import { assignSeats, type OpenClass, type SeatProblem } from '../../../domain/rescheduling/seats.ts';

const DAY = 288;
const days = [0, 1, 2].map((day) => ({ startSlot: day * DAY, endSlot: (day + 1) * DAY }));
const problem = (classes: OpenClass[], busy: [number, Interval[]][], maxSlots = 96): SeatProblem => ({ classes, busy: new Map(busy), days, maxSlots });

describe('I16 seats in other sections', () => {
  test('each student gets the earliest class at which he or she is free', () => {
    const classes = [{ id: 5, start: 340, end: 352, free: 9 }, { id: 4, start: 110, end: 122, free: 9 }];
    expect(assignSeats(problem(classes, [[1, []], [2, [{ start: 115, end: 116 }]], [3, [{ start: 0, end: 700 }]]]))).toEqual(new Map([[1, 4], [2, 5]]));
  });

  test('who has a choice makes room for who has none', () => {
    const classes = [{ id: 1, start: 100, end: 112, free: 1 }, { id: 2, start: 400, end: 412, free: 1 }];
    expect(assignSeats(problem(classes, [[1, []], [2, [{ start: 400, end: 410 }]]]))).toEqual(new Map([[2, 1], [1, 2]]));
  });

  test('nobody is seated over the daily load, nor in a class outside the days', () => {
    const classes = [{ id: 1, start: 100, end: 112, free: 5 }, { id: 2, start: 900, end: 912, free: 5 }];
    expect(assignSeats(problem(classes, [[1, [{ start: 10, end: 95 }]]])).size).toBe(0);
    expect(assignSeats(problem(classes, [[1, [{ start: 10, end: 94 }]]])).get(1)).toBe(1);
  });

  const interval = fc.record({ start: fc.integer({ min: 0, max: 3 * DAY - 20 }), length: fc.integer({ min: 0, max: 60 }) })
    .map(({ start, length }) => ({ start, end: start + length }));
  const problems = fc.record({
    classes: fc.array(fc.record({ day: fc.integer({ min: 0, max: 2 }), at: fc.integer({ min: 80, max: 120 }), free: fc.integer({ min: 0, max: 2 }) }), { maxLength: 4 }),
    busy: fc.array(fc.array(interval, { maxLength: 4 }), { maxLength: 5 }),
  }).map(({ classes, busy }) => problem(
    classes.map(({ day, at, free }, id) => ({ id, start: day * DAY + at, end: day * DAY + at + 12, free })),
    busy.map((intervals, student) => [student, intervals]), 72,
  ));

  test('property: as many are seated as any assignment seats (brute force), each only where free, no class over its seats', () => {
    fc.assert(fc.property(problems, (given) => {
      const seats = assignSeats(given);
      for (const [student, id] of seats) expect(fits(given, student as number, given.classes.find((one) => one.id === id)!)).toBe(true);
      for (const { id, free } of given.classes) expect([...seats.values()].filter((seat) => seat === id).length).toBeLessThanOrEqual(Math.max(0, free));
      expect(seats.size).toBe(most(given, [...given.busy.keys()] as number[], given.classes.map(({ free }) => free)));
    }), { numRuns: 300 });
  });

  test('property: the order of what comes in changes nothing', () => {
    fc.assert(fc.property(problems, (given) => {
      const turned = { ...given, classes: given.classes.toReversed(), busy: new Map([...given.busy].toReversed()) };
      expect(assignSeats(turned)).toEqual(assignSeats(given));
    }));
  });
});

function fits({ busy, maxSlots }: SeatProblem, student: number, one: OpenClass): boolean {
  const own = busy.get(student)!.filter(({ start, end }) => end > start);
  const day = Math.floor(one.start / DAY);
  const taken = new Set(own.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, offset) => start + offset)));
  const load = [...taken].filter((slot) => Math.floor(slot / DAY) === day).length;
  return !own.some((interval) => overlaps(interval, one)) && load + (one.end - one.start) <= maxSlots;
}

function most(given: SeatProblem, students: number[], free: number[]): number {
  const [student, ...others] = students;
  if (student === undefined) return 0;
  const without = most(given, others, free);
  const withSeat = given.classes.map((one, index) => {
    if (free[index]! <= 0 || !fits(given, student, one)) return 0;
    return 1 + most(given, others, free.with(index, free[index]! - 1));
  });
  return Math.max(without, ...withSeat);
}
