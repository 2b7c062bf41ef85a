// Parts as universities: whatever is right for a part beside the others is right for the whole.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clusters } from '../../../domain/timetabling/clusters.ts';
import { generateUniversity } from '../../../domain/timetabling/generate.ts';
import { hardViolations } from '../../../domain/timetabling/hard-violations.ts';
import { Random } from '../../../domain/timetabling/random.ts';
import { besides, split } from '../../../domain/timetabling/split.ts';
import { universityIssues } from '../../../domain/timetabling/university-issues.ts';
import { college, collegeTimetable, moved } from './little-college.ts';

describe('T2 parts are solved for themselves and joined', () => {
  test('a timetable of the whole is one of each part, alone and beside the others', () => {
    fc.assert(fc.property(fc.integer(), (seed) => {
      const { university, solution } = generateUniversity(seed, { courses: 80, students: 800 });
      const parts = clusters(university, 100, new Random(seed));
      const universities = split(university, parts);
      expect(universities.flatMap(({ classes }) => classes)).toHaveLength(university.classes.length);
      universities.forEach((part, index) => {
        const own = solution.filter((entry) => parts[index]?.includes(entry.class));
        expect(universityIssues(part)).toEqual([]);
        expect(hardViolations(part, own)).toEqual([]);
        expect(hardViolations(besides(part, university, solution), own)).toEqual([]);
      });
    }), { numRuns: 20 });
  });

  test('an entry that moves breaks something in its part beside the others exactly when it does in the whole', () => {
    fc.assert(fc.property(fc.integer(), fc.nat(), fc.nat(39), fc.nat(), (seed, which, slot, where) => {
      const { university, solution } = generateUniversity(seed, { courses: 60, students: 600 });
      const parts = clusters(university, 70, new Random(seed));
      const place = university.rooms[where % university.rooms.length]!;
      const entries = solution.map((entry, index) => (index === which % solution.length ? { ...entry, day: Math.floor(slot / 8), period: slot % 8, room: place.id } : entry));
      const changed = entries[which % solution.length]!;
      const index = parts.findIndex((part) => part.includes(changed.class));
      const part = besides(split(university, parts)[index]!, university, solution);
      const own = entries.filter((entry) => parts[index]!.includes(entry.class));
      expect(hardViolations(part, own).length > 0).toBe(hardViolations(university, entries).length > 0);
    }), { numRuns: 150 });
  });

  test('a student who chose in two parts keeps the later class out of the way of the earlier', () => {
    const [first, second] = split(college, [['ferns'], ['leaves', 'mosses', 'roots A', 'roots B']]);
    expect(first!.classes.map(({ id }) => id)).toEqual(['ferns']);
    const ferns = collegeTimetable.filter((entry) => entry.class === 'ferns');
    const later = besides(second!, college, ferns);
    const rest = (entries: typeof collegeTimetable) => entries.filter((entry) => entry.class !== 'ferns');
    expect(hardViolations(later, rest(collegeTimetable))).toEqual([]);
    expect(hardViolations(later, rest(moved('leaves', 0, 0, { day: 2, period: 0 })))).toEqual([{ kind: 'student-unavailable', meeting: { class: 'leaves', part: 0, occurrence: 0 }, id: 'Cy' }]);
    expect(hardViolations(later, rest(moved('mosses', 0, 0, { day: 2, period: 0, room: 'H1' })))).toEqual([{ kind: 'faculty-unavailable', meeting: { class: 'mosses', part: 0, occurrence: 0 }, id: 'Petrov' }]);
  });
});
