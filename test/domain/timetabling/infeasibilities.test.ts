// Universities that can have no timetable: each is told why, and those that can have one are left in peace.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { generateUniversity, type Generated } from '../../../domain/timetabling/generate.ts';
import { infeasibilities } from '../../../domain/timetabling/infeasibilities.ts';
import { slotNumbers, weeksOf, type Entry, type Slot, type University } from '../../../domain/timetabling/university.ts';
import { universityIssues } from '../../../domain/timetabling/university-issues.ts';
import { breaks } from './broken.ts';
import { college } from './little-college.ts';

const unlocked = ({ university, solution }: Generated): Generated => ({ university: { ...university, locks: [] }, solution });

/** All slots of both weeks but those of some entries. */
function allBut(university: University, entries: readonly Entry[]): Slot[] {
  const used = slotNumbers(university, entries.flatMap(({ day, period, length, week }) => Array.from({ length }, (_, offset) => ({ day, period: period + offset, week }))));
  return (['odd', 'even'] as const).flatMap((week) => Array.from({ length: university.days * university.periods }, (_, index) => ({
    day: Math.floor(index / university.periods), period: index % university.periods, week,
  }))).filter(({ day, period, week }) => !used.has((weeksOf(week, 2)[0]! * university.days + day) * university.periods + period));
}

describe('T9 what can have no timetable is told why before solving', () => {
  test.each(breaks)('$name', ({ break: breakIt, found }) => {
    for (const seed of [1, 2]) {
      const broken = breakIt(unlocked(generateUniversity(seed, { courses: 100, students: 1000 })));
      expect(universityIssues(broken)).toEqual([]);
      const reasons = infeasibilities(broken);
      expect(reasons).toHaveLength(1);
      expect(reasons[0]).toMatchObject(found);
    }
  });

  test('each of them is told apart from the others', () => {
    expect(new Set(breaks.map(({ found }) => JSON.stringify([found.code, 'who' in found ? found.who : null]))).size).toBe(breaks.length);
  });

  test('several causes in a large university are all told', () => {
    const large = unlocked(generateUniversity(6, { courses: 2500, students: 20_000 }));
    const causes = ['no-room-with-equipment', 'too-many-periods', 'rooms-short', 'lock-room-unfit'];
    const chosen = causes.map((code) => breaks.find(({ found }) => found.code === code)!);
    const broken = chosen.reduce((university, { break: breakIt }) => breakIt({ ...large, university }), large.university);
    // Two of them add a lecturer of the same name; that is one person with two classes.
    const reasons = infeasibilities({ ...broken, faculty: [...new Map(broken.faculty.map((member) => [member.id, member])).values()] });
    expect(reasons.map(({ code }) => code).sort()).toEqual(causes.toSorted());
  });
});

describe('T9 what can have a timetable is told no reason', () => {
  test('not in a small college, and not in generated universities', () => {
    expect(infeasibilities(college)).toEqual([]);
    fc.assert(fc.property(fc.integer(), fc.integer({ min: 50, max: 150 }), (seed, courses) => {
      expect(infeasibilities(generateUniversity(seed, { courses, students: courses * 10 }).university)).toEqual([]);
    }), { numRuns: 40 });
  });

  test('not even where people and rooms have no time but that of the one timetable', () => {
    fc.assert(fc.property(fc.integer(), (seed) => {
      const { university, solution } = generateUniversity(seed, { courses: 60, students: 600 });
      const teaching = new Map(university.classes.map(({ id, faculty }) => [id, faculty]));
      const tight: University = {
        ...university,
        faculty: university.faculty.map((member) => ({ ...member, unavailable: allBut(university, solution.filter((entry) => teaching.get(entry.class)?.includes(member.id))) })),
        rooms: university.rooms.map((room) => ({ ...room, taken: [], closed: allBut(university, solution.filter((entry) => entry.room === room.id)) })),
      };
      expect(infeasibilities(tight)).toEqual([]);
      const everything = solution.map(({ class: id, part, occurrence, day, period, room }) => ({ class: id, part, occurrence, slot: { day, period }, room }));
      expect(infeasibilities({ ...tight, locks: everything })).toEqual([]);
    }), { numRuns: 25 });
  });
});
