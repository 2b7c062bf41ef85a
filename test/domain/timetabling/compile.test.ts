// From a university to the solver's problem and back: the same timetables are possible, and the same violations counted.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compile, entriesOf, placementOf } from '../../../domain/timetabling/compile.ts';
import { evaluate } from '../../../domain/timetabling/evaluate.ts';
import { generateUniversity } from '../../../domain/timetabling/generate.ts';
import { hardCount, hardViolations } from '../../../domain/timetabling/hard-violations.ts';
import { usualBeside } from '../../../domain/timetabling/prices.ts';
import { roomsOf, startsOf, type Placement, type Problem } from '../../../domain/timetabling/problem.ts';
import { Random } from '../../../domain/timetabling/random.ts';
import { continuity, facultyPreference, peakSpread, roomUse, workloadBalance } from '../../../domain/timetabling/score.ts';
import type { University } from '../../../domain/timetabling/university.ts';
import { variants } from '../../../domain/timetabling/variants.ts';
import { college, collegeTimetable, room } from './little-college.ts';

const { weights } = variants[0]!;

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
      expect(hardCount(hardViolations(university, entries))).toBe(evaluate(compiled.problem, placement).hard);
    }), { numRuns: 15 });
  });

  test('the timetable inside a generated university is one of the problem, and comes back as it was', () => {
    fc.assert(fc.property(fc.integer(), (seed) => {
      const { university, solution } = generateUniversity(seed, { courses: 60, students: 600 });
      const compiled = compile(university, weights);
      const placement = placementOf(university, compiled, solution);
      expect(entriesOf(university, compiled, placement)).toEqual(solution);
      expect(evaluate(compiled.problem, placement).hard).toBe(0);
      for (let event = 0; event < compiled.problem.events; event += 1) {
        expect(startsOf(compiled.problem, event)).toContain(placement.slot[event]);
        expect(roomsOf(compiled.problem, event)).toContain(placement.room[event]);
      }
    }), { numRuns: 15 });
  });

  test('what the solver pays for is what the quality score counts', () => {
    fc.assert(fc.property(fc.integer(), (seed) => {
      const { university } = generateUniversity(seed, { courses: 60, students: 600 });
      const compiled = compile(university, weights);
      const placement = scattered(compiled.problem, new Random(seed));
      const entries = entriesOf(university, compiled, placement);
      const { weights: prices } = compiled.problem;
      const { parts } = evaluate(compiled.problem, placement);
      expect(parts.preferences).toBe(prices.preferences * facultyPreference(university, entries).value);
      expect(parts.emptySeats).toBe(prices.emptySeats * roomUse(university, entries).value);
      expect(parts.teacherLoad).toBe(prices.teacherLoad * workloadBalance(university, entries).value);
      expect(parts.peak).toBe(prices.peak * peakSpread(university, entries).value);
      // The solver counts the rooms of a class beyond the first, whatever their kinds.
      const kinds = university.classes.reduce((sum, { parts: all }) => sum + new Set(all.map(({ roomKind }) => roomKind)).size - 1, 0);
      expect(parts.roomStability).toBe(prices.roomStability * (continuity(university, entries).value + kinds));
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
    expect(compiledOf(college).problem.weights.walking).toBe(0);
    expect(compile(college, weights, { ...usualBeside, walking: 0.1 }).problem.weights.walking).toBeGreaterThan(0);
  });

  test('moving costs something only where there is a previous timetable', () => {
    expect(compiledOf(college).problem.weights.perturbation).toBe(0);
    const { weights: prices } = compiledOf({ ...college, previous: collegeTimetable }).problem;
    expect(prices.perturbation).toBeGreaterThan(Math.max(prices.roomStability, prices.groupGaps, prices.preferences));
  });
});
