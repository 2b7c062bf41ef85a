// Reasons, blockers and mistakes of timetables in words: every one of them has its own, with nothing left unfilled; and entries as a table.

import { describe, expect, test } from '@jest/globals';
import { blockers } from '../../domain/timetabling/blockers.ts';
import { generateUniversity } from '../../domain/timetabling/generate.ts';
import { infeasibilities } from '../../domain/timetabling/infeasibilities.ts';
import type { Infeasibility } from '../../domain/timetabling/infeasible/reasons.ts';
import { universityIssues, type IssueReason } from '../../domain/timetabling/university-issues.ts';
import en from '../../locales/en.json' with { type: 'json' };
import { translator } from '../../locales/index.ts';
import type { Cell } from '../../locales/reports.ts';
import { blockedTexts, infeasibilityTexts, issueText, timetableTable } from '../../locales/timetable.ts';
import { breaks } from '../domain/timetabling/broken.ts';
import { college, collegeTimetable, room } from '../domain/timetabling/little-college.ts';

const t = translator('en');

/** The compiler sees that each is here. */
const reasons: Record<Infeasibility['code'], 1> = {
  'block-too-long': 1, 'faculty-overload': 1, 'lock-block': 1, 'lock-contradiction': 1, 'lock-room-closed': 1, 'lock-room-unfit': 1, 'lock-unavailable': 1, 'locks-share': 1,
  'locks-share-room': 1, 'no-room-large-enough': 1, 'no-room-of-kind': 1, 'no-room-with-equipment': 1, 'no-time-for-block': 1, 'room-kind-full': 1, 'rooms-short': 1,
  'times-short': 1, 'too-many-periods': 1,
};
const issues: Record<IssueReason, 1> = { duplicate: 1, empty: 1, range: 1, unknown: 1, week: 1 };

describe('T9 reasons in words', () => {
  test('each reason has its sentence, and no sentence is left over', () => {
    expect(Object.keys(en.timetable.infeasible).sort()).toEqual(Object.keys(reasons).sort());
    expect(Object.keys(en.timetable.issues).sort()).toEqual(Object.keys(issues).sort());
  });

  test('each broken university is told in a sentence of its own, with all of its names and numbers', () => {
    const generated = generateUniversity(1, { courses: 60, students: 600 });
    const texts = breaks.map(({ break: breakIt }) => {
      const university = breakIt({ ...generated, university: { ...generated.university, locks: [] } });
      return infeasibilityTexts(t, university, infeasibilities(university)).join('\n');
    });
    expect(new Set(texts).size).toBe(breaks.length);
    for (const text of texts) expect(text).not.toMatch(/\{\{|undefined|\[object/);
  });

  test('a registrar reads who, what and how many', () => {
    expect(infeasibilityTexts(t, college, [
      { code: 'no-room-large-enough', class: 'leaves', part: 0, roomKind: 'hall', size: 80, largest: 60 },
      { code: 'too-many-periods', who: 'faculty', id: 'Petrov', needed: 12, available: 9 },
      { code: 'times-short', who: 'students', section: 'A', classes: ['leaves', 'mosses'], students: 3, of: ['leaves', 'mosses'], needed: 4, available: 3 },
      { code: 'lock-unavailable', meeting: { class: 'roots A', part: 1, occurrence: 0 }, day: 1, period: 2, who: 'section', id: 'A' },
    ])).toEqual([
      'leaves (A, B) has 80 students; the largest room that suits (hall) holds 60.',
      'Petrov: 12 periods a week are needed, 9 are available.',
      '3 students of section A with leaves (A, B), mosses: leaves (A, B), mosses need 4 periods a week; there are only 3 in which they can be held.',
      'roots A (A), lab 1 is locked to Wednesday, period 3. Not available then: Section A.',
    ]);
  });

  test('what blocks a meeting is told by the number of times', () => {
    const leaves = { class: 'leaves', part: 0, occurrence: 0 };
    const [blocked] = blockers(college, collegeTimetable.filter(({ class: id, occurrence }) => id !== 'leaves' || occurrence !== 0), [leaves]);
    expect(blockedTexts(t, college, blocked!)).toEqual([
      'leaves (A, B), lecture 1 has no place. It could begin at 12 times of the week:',
      'A section has another class at 6 of them.',
      'Students who chose it have another class at 4 of them.',
      'The class itself meets at 1 of them.',
      'No suitable room is free at 1 of them.',
      'Nothing stands against 1 of them.',
    ]);
  });

  test('a mistake in a description is told with its field and what would be right', () => {
    const [mistake, other] = universityIssues({ ...college, rooms: [...college.rooms, room('H9', { capacity: 0, building: 'Lost' })] });
    expect([mistake!, other!].map((issue) => issueText(t, issue))).toEqual([
      'rooms[4].capacity: 0 is not a whole number from 1 to 100000.', 'rooms[4].building: there is no “Lost” among the buildings.',
    ]);
  });
});

describe('T12 a timetable as a table', () => {
  test('a line for each entry, by day and period', async () => {
    const { columns, rows } = timetableTable(t, college, collegeTimetable);
    const lines: Cell[][] = [];
    for await (const row of rows) lines.push(row);
    expect(columns.map(({ title }) => title)).toEqual(['Day', 'Period', 'Periods', 'Week', 'Subject', 'Class', 'Kind', 'Sections', 'Faculty', 'Room', 'Building', 'Students']);
    expect(lines).toHaveLength(collegeTimetable.length);
    expect(lines[2]).toEqual(['Monday', 3, 1, 'every', 'leaves', 'leaves', 'lecture', 'A B', 'Ortiz', 'H3', 'Old', 80]);
    expect(lines.at(-1)).toEqual(['Thursday', 3, 2, 'even', 'roots B', 'roots B', 'lab', 'B', 'Nair', 'L1', 'Old', 40]);
  });
});
