// Parts of a university: complete, within the limit, about as loosely coupled as it has loosely coupled parts.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clusters, couplingsOf, cutShare } from '../../../domain/timetabling/clusters.ts';
import { generateUniversity } from '../../../domain/timetabling/generate.ts';
import { Random } from '../../../domain/timetabling/random.ts';
import type { TaughtClass, University } from '../../../domain/timetabling/university.ts';
import { college, lectures, room, taught, teacher } from './little-college.ts';

const meetingsOfPart = (university: University, part: readonly string[]) =>
  university.classes.filter(({ id }) => part.includes(id)).reduce((sum, { parts }) => sum + parts.reduce((all, { count }) => all + count, 0), 0);

describe('T2 a university is split into loosely coupled parts', () => {
  test('each class is in one part, and no part has more meetings than it may', () => {
    fc.assert(fc.property(fc.integer(), fc.integer({ min: 50, max: 200 }), fc.integer({ min: 6, max: 400 }), (seed, courses, most) => {
      const { university } = generateUniversity(seed, { courses, students: courses * 8 });
      const parts = clusters(university, most, new Random(seed));
      expect(parts.flat().sort()).toEqual(university.classes.map(({ id }) => id).sort());
      const sizes = parts.map((part) => meetingsOfPart(university, part));
      expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
      expect(sizes[0]).toBeLessThanOrEqual(most);
    }), { numRuns: 40 });
  });

  test('the same seed gives the same parts', () => {
    const { university } = generateUniversity(3, { courses: 200, students: 2000 });
    expect(clusters(university, 200, new Random(9))).toEqual(clusters(university, 200, new Random(9)));
  });

  test('colleges that share nothing are told apart', () => {
    const twin = (name: string) => ({
      ...college,
      faculty: college.faculty.map(({ id }) => teacher(name + id)),
      sections: college.sections.map((section) => ({ ...section, id: name + section.id })),
      classes: college.classes.map((each): TaughtClass => ({ ...each, id: name + each.id, faculty: each.faculty.map((id) => name + id), sections: each.sections.map((id) => name + id) })),
      enrolments: college.enrolments.map((each) => ({ student: name + each.student, section: each.section === null ? null : name + each.section, classes: each.classes.map((id) => name + id), unavailable: [] })),
    });
    const [north, south] = [twin('north '), twin('south ')];
    const both: University = {
      ...college, faculty: [...north.faculty, ...south.faculty], sections: [...north.sections, ...south.sections], classes: [...north.classes, ...south.classes], enrolments: [...north.enrolments, ...south.enrolments],
    };
    const parts = clusters(both, 15, new Random(1));
    expect(parts.map((part) => part.toSorted())).toEqual([north, south].map(({ classes }) => classes.map(({ id }) => id).sort()));
    expect(cutShare(couplingsOf(both), parts)).toBe(0);
  });

  test('four parts of a generated university cut less than a fifth of what couples its classes', () => {
    for (const seed of [1, 2, 3]) {
      const { university, solution } = generateUniversity(seed, { courses: 600, students: 6000 });
      const parts = clusters(university, (1.2 * solution.length) / 4, new Random(seed));
      expect(parts.length).toBeGreaterThanOrEqual(4);
      expect(parts.length).toBeLessThanOrEqual(6);
      // Parts drawn by lot would cut three quarters.
      expect(cutShare(couplingsOf(university), parts)).toBeLessThan(0.2);
    }
  });

  test('classes are coupled by students, by faculty, and by rooms that are scarce', () => {
    const pool = { ...lectures(5), roomKind: 'pool' };
    const university: University = {
      ...college,
      rooms: [...college.rooms, room('P', { kind: 'pool' })],
      classes: [...college.classes, ...['crawl', 'dive'].map((id) => taught(id, { parts: [pool] }))],
    };
    const couplings = couplingsOf(university);
    expect(couplings.get('roots A')?.get('leaves')).toBe(40);
    expect(couplings.get('mosses')?.get('roots A')).toBe(1);
    expect(couplings.get('mosses')?.get('ferns')).toBe(30);
    expect(couplings.get('crawl')?.get('dive')).toBeCloseTo((30 * 10) / 12 / 2);
    expect(couplings.get('crawl')?.get('ferns')).toBeUndefined();
  });

  test('a limit that nothing fits in is refused', () => {
    expect(() => clusters(college, 0, new Random(1))).toThrow(RangeError);
  });
});
