// From a university to the solver's problem and back: the same timetables are possible, and the same violations counted.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compile, entriesOf, placementOf } from '../../../domain/timetabling/compile.ts';
import { generateUniversity } from '../../../domain/timetabling/generate.ts';
import { hardCount, hardViolations } from '../../../domain/timetabling/hard-violations.ts';
import { listOf, roomsOf, startsOf, type Placement, type Problem } from '../../../domain/timetabling/problem.ts';
import { Random } from '../../../domain/timetabling/random.ts';
import type { University } from '../../../domain/timetabling/university.ts';
import { variants } from '../../../domain/timetabling/variants.ts';
import { college, collegeTimetable, room } from './little-college.ts';

const { weights } = variants[0]!;

/** Hard violations as `Problem` defines them, counted pair by pair. */
function hardOfProblem(problem: Problem, { slot, room: rooms }: Placement): number {
  const { events, eventCourse, eventLength, eventWeeks, weeks, days, periodsPerDay } = problem;
  let hard = 0;
  const uses = new Map<number, number>();
  problem.roomTaken.forEach((taken, cell) => uses.set(cell, taken));
  for (let a = 0; a < events; a += 1) {
    if (slot[a]! < 0) {
      hard += 1;
      continue;
    }
    for (let week = 0; week < weeks; week += 1) {
      if ((eventWeeks[a]! & (1 << week)) === 0) continue;
      for (let at = 0; at < eventLength[a]!; at += 1) {
        const cell = (rooms[a]! * weeks + week) * days * periodsPerDay + slot[a]! + at;
        uses.set(cell, uses.get(cell)! + 1);
      }
    }
    for (let b = 0; b < a; b += 1) {
      const share = (of: Problem['eventGroups']) => listOf(of, a).some((each) => listOf(of, b).includes(each));
      if (slot[b]! < 0 || (eventWeeks[a]! & eventWeeks[b]!) === 0) continue;
      const periods = Math.min(slot[a]! + eventLength[a]!, slot[b]! + eventLength[b]!) - Math.max(slot[a]!, slot[b]!);
      if (periods > 0 && (eventCourse[a] === eventCourse[b] || share(problem.eventGroups) || share(problem.eventTeachers))) hard += periods;
    }
  }
  for (const count of uses.values()) hard += Math.max(0, count - 1);
  return hard;
}

/** Everything that has a place somewhere that it may be, with no regard to the rest. */
function scattered(problem: Problem, random: Random): Placement {
  const draw = (places: readonly number[]) => (places.length === 0 ? -1 : places[random.below(places.length)]!);
  return {
    slot: Int32Array.from({ length: problem.events }, (_, event) => draw(startsOf(problem, event))),
    room: Int32Array.from({ length: problem.events }, (_, event) => draw(roomsOf(problem, event))),
  };
}

describe('T7 a university as the solver\'s problem', () => {
  test('hard violations are the same, whether counted on the problem or on the entries', () => {
    fc.assert(fc.property(fc.integer(), fc.integer({ min: 50, max: 80 }), (seed, courses) => {
      const { university } = generateUniversity(seed, { courses, students: courses * 8 });
      const compiled = compile(university, weights);
      const placement = scattered(compiled.problem, new Random(seed));
      const entries = entriesOf(university, compiled, placement);
      expect(hardCount(hardViolations(university, entries))).toBe(hardOfProblem(compiled.problem, placement));
    }), { numRuns: 15 });
  });

  test('the timetable inside a generated university is one of the problem, and comes back as it was', () => {
    fc.assert(fc.property(fc.integer(), (seed) => {
      const { university, solution } = generateUniversity(seed, { courses: 60, students: 600 });
      const compiled = compile(university, weights);
      const placement = placementOf(university, compiled, solution);
      expect(entriesOf(university, compiled, placement)).toEqual(solution);
      expect(hardOfProblem(compiled.problem, placement)).toBe(0);
      for (let event = 0; event < compiled.problem.events; event += 1) {
        expect(startsOf(compiled.problem, event)).toContain(placement.slot[event]);
        expect(roomsOf(compiled.problem, event)).toContain(placement.room[event]);
      }
    }), { numRuns: 15 });
  });

  const compiledOf = (university: University) => compile(university, weights);
  const eventOf = (university: University, id: string, part: number, occurrence: number) =>
    compiledOf(university).events.findIndex(({ meeting }) => meeting.class === id && meeting.part === part && meeting.occurrence === occurrence);

  test('a block begins where no break is within it', () => {
    expect(startsOf(compiledOf(college).problem, eventOf(college, 'roots A', 1, 0))).toEqual([0, 2, 4, 6, 8, 10]);
  });

  test('who is away in odd weeks can be taught in even ones', () => {
    const odd = { ...college, faculty: college.faculty.map((member) => ({ ...member, unavailable: [{ day: 0, period: 0, week: 'odd' as const }] })) };
    expect(startsOf(compiledOf(odd).problem, eventOf(odd, 'roots A', 1, 0))).toEqual([2, 4, 6, 8, 10]);
    expect(startsOf(compiledOf(odd).problem, eventOf(odd, 'roots B', 1, 0))).toEqual([0, 2, 4, 6, 8, 10]);
    expect(startsOf(compiledOf(odd).problem, eventOf(odd, 'ferns', 0, 0))).not.toContain(0);
  });

  test('rooms that may be used have the kind, the seats and the equipment', () => {
    const { problem } = compiledOf({ ...college, rooms: [...college.rooms, room('L2', { kind: 'lab', capacity: 60 })] });
    expect(roomsOf(problem, eventOf(college, 'leaves', 0, 0))).toEqual([2]);
    expect(roomsOf(problem, eventOf(college, 'mosses', 0, 0))).toEqual([0, 1, 2]);
    expect(roomsOf(problem, eventOf(college, 'roots B', 1, 0))).toEqual([3]);
  });

  test('locks of meetings, days, rooms and faculty hold what they name', () => {
    const previous = collegeTimetable;
    const locked = (more: Partial<University>) => {
      const compiled = compiledOf({ ...college, previous, ...more });
      return compiled.events.flatMap(({ meeting }, event) => ((compiled.problem.eventLockedSlot[event] ?? -1) >= 0 ? [`${meeting.class} ${meeting.part} ${meeting.occurrence}`] : []));
    };
    expect(locked({ lockedDays: [2] })).toEqual(['roots A 1 0', 'roots B 1 0', 'ferns 0 0', 'ferns 0 1']);
    expect(locked({ lockedRooms: ['H3'] })).toEqual(['leaves 0 0', 'leaves 0 1']);
    expect(locked({ lockedFaculty: ['Petrov'] })).toEqual(['mosses 0 0', 'mosses 0 1', 'ferns 0 0', 'ferns 0 1']);
    expect(locked({ locks: [{ class: 'leaves', part: 0, occurrence: 1, slot: { day: 2, period: 3 }, room: null }] })).toEqual(['leaves 0 1']);
    expect(locked({})).toEqual([]);
  });

  test('walking costs the minutes that a change of periods doesn\'t leave time for', () => {
    expect([...compiledOf(college).problem.walkCost]).toEqual([0, 4, 4, 0]);
  });

  test('moving costs something only where there is a previous timetable', () => {
    expect(compiledOf(college).problem.weights.perturbation).toBe(0);
    const { weights: prices } = compiledOf({ ...college, previous: collegeTimetable }).problem;
    expect(prices.perturbation).toBeGreaterThan(Math.max(prices.roomStability, prices.groupGaps, prices.preferences));
  });
});
