// Generated universities: as large as asked for, without mistakes, the same for a seed, and with a timetable inside that breaks nothing.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { generateUniversity } from '../../../domain/timetabling/generate.ts';
import { hardViolations } from '../../../domain/timetabling/hard-violations.ts';
import { universityIssues } from '../../../domain/timetabling/university-issues.ts';

const sizes = fc.integer({ min: 50, max: 250 }).chain((courses) => fc.record({ courses: fc.constant(courses), students: fc.integer({ min: 5 * courses, max: 16 * courses }) }));

describe('T7 generated universities', () => {
  test('the timetable inside breaks nothing, whatever the seed and size', () => {
    fc.assert(fc.property(fc.integer(), sizes, (seed, size) => {
      const { university, solution } = generateUniversity(seed, size);
      expect(universityIssues(university)).toEqual([]);
      expect(hardViolations(university, solution)).toEqual([]);
      expect(university.classes).toHaveLength(size.courses);
      expect(university.sections.reduce((sum, section) => sum + section.size, 0)).toBe(size.students);
    }), { numRuns: 30 });
  });

  test.each([[42568477, 82, 1190], [1416022247, 58, 908]])('few sections with many students are joined until the classes are as many as asked for (seed %i)', (seed, courses, students) => {
    expect(generateUniversity(seed, { courses, students }).university.classes).toHaveLength(courses);
  });

  test('a large one breaks nothing either, and has all that campuses have', () => {
    const { university, solution } = generateUniversity(4, { courses: 2500, students: 40_000 });
    expect(hardViolations(university, solution)).toEqual([]);
    const parts = university.classes.flatMap((taught) => taught.parts);
    expect(new Set(parts.map(({ kind }) => kind))).toEqual(new Set(['lecture', 'tutorial', 'lab']));
    expect(new Set(parts.map(({ week }) => week))).toEqual(new Set(['every', 'odd', 'even']));
    expect(parts.filter(({ kind }) => kind === 'lab').every(({ length }) => length >= 2)).toBe(true);
    expect(university.classes.some(({ sections }) => sections.length > 1)).toBe(true);
    expect(university.classes.some(({ faculty }) => faculty.length > 1)).toBe(true);
    expect(university.enrolments.length).toBeGreaterThan(10_000);
    expect(university.classes.every(({ size }) => size > 0)).toBe(true);
    for (const slots of [university.rooms.map(({ taken }) => taken), university.rooms.map(({ closed }) => closed), university.faculty.map(({ unavailable }) => unavailable), university.sections.map(({ unavailable }) => unavailable)]) {
      expect(slots.flat().length).toBeGreaterThan(0);
    }
    expect(university.locks.length).toBeGreaterThan(0);
  });

  test('students of several departments meet in electives', () => {
    const { university } = generateUniversity(5, { courses: 400, students: 4000 });
    const department = new Map(university.sections.map((section) => [section.id, section.department]));
    const departments = Map.groupBy(university.enrolments.flatMap(({ section, classes }) => classes.map((id) => ({ id, from: department.get(section ?? '') }))), ({ id }) => id);
    expect([...departments.values()].some((students) => new Set(students.map(({ from }) => from)).size > 1)).toBe(true);
  });

  test('the same seed gives the same university, another one another', () => {
    const size = { courses: 100, students: 1000 };
    expect(generateUniversity(7, size)).toEqual(generateUniversity(7, size));
    expect(generateUniversity(8, size)).not.toEqual(generateUniversity(7, size));
  });

  test.each([{ courses: 49, students: 500 }, { courses: 100, students: 499 }, { courses: 100, students: 1601 }, { courses: 100.5, students: 1000 }])('%j is refused', (size) => {
    expect(() => generateUniversity(1, size)).toThrow(RangeError);
  });
});
