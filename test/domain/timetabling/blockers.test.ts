// What stands against a meeting that has no place, slot by slot, and that nothing stands against one that could have a place.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { blockers } from '../../../domain/timetabling/blockers.ts';
import { generateUniversity } from '../../../domain/timetabling/generate.ts';
import { hardViolations } from '../../../domain/timetabling/hard-violations.ts';
import type { University } from '../../../domain/timetabling/university.ts';
import { college, collegeTimetable } from './little-college.ts';

const leaves = { class: 'leaves', part: 0, occurrence: 0 };
const without = collegeTimetable.filter(({ class: id, occurrence }) => id !== 'leaves' || occurrence !== 0);
const at = (university: University, day: number, period: number) => blockers(university, without, [leaves])[0]!.slots.find((slot) => slot.day === day && slot.period === period)!.blockers;

describe('T9 what blocks an unplaced meeting', () => {
  test('nothing stands against the slot that it could have', () => {
    expect(at(college, 0, 2)).toEqual([]);
  });

  test('a section that has another class, with that class', () => {
    expect(at(college, 0, 1)).toEqual([{ code: 'busy', who: 'section', id: 'B', with: { class: 'roots B', part: 0, occurrence: 0 } }]);
  });

  test('the class itself, once', () => {
    expect(at(college, 1, 2)).toEqual([
      { code: 'busy', who: 'class', id: 'leaves', with: { ...leaves, occurrence: 1 } }, { code: 'rooms', shut: 0, used: 1, with: { ...leaves, occurrence: 1 } },
    ]);
  });

  test('students who chose something else then, by their set of classes', () => {
    expect(at(college, 2, 1)).toEqual([{ code: 'busy', who: 'students', section: null, classes: ['ferns', 'leaves'], students: 1, with: { class: 'ferns', part: 0, occurrence: 1 } }]);
  });

  test('faculty that is away, rooms that are closed, and a lock', () => {
    const slot = { day: 0, period: 2, week: 'even' } as const;
    expect(at({ ...college, faculty: college.faculty.map((member) => ({ ...member, unavailable: [slot] })) }, 0, 2)).toEqual([{ code: 'away', who: 'faculty', id: 'Ortiz' }]);
    expect(at({ ...college, rooms: college.rooms.map((room) => ({ ...room, closed: [slot] })) }, 0, 2)).toEqual([{ code: 'rooms', shut: 1, used: 0, with: null }]);
    expect(at({ ...college, locks: [{ ...leaves, slot: { day: 2, period: 3 }, room: null }] }, 0, 2)).toEqual([{ code: 'locked' }]);
  });

  test('reasons are counted by the slots in which they stand', () => {
    const [blocked] = blockers(college, without, [leaves]);
    expect(blocked?.slots).toHaveLength(12);
    expect(blocked?.counts).toEqual({ 'busy-section': 6, 'busy-class': 1, 'busy-students': 4, rooms: 1 });
  });

  test('a slot has no blockers exactly when some room makes a timetable that breaks nothing more', () => {
    fc.assert(fc.property(fc.integer(), fc.nat(), fc.nat(), (seed, which, slotIndex) => {
      const { university, solution } = generateUniversity(seed, { courses: 50, students: 400 });
      const gone = solution[which % solution.length]!;
      const rest = solution.filter((entry) => entry !== gone);
      const { slots } = blockers(university, rest, [gone])[0]!;
      const slot = slots[slotIndex % slots.length]!;
      const isPossible = university.rooms.some((room) => hardViolations(university, [...rest, { ...gone, day: slot.day, period: slot.period, room: room.id }]).length === 0);
      expect(slot.blockers.length === 0).toBe(isPossible);
    }), { numRuns: 60 });
  });
});
