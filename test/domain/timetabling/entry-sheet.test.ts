// Entries from sheets: what was exported comes back, and each wrong cell is told.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { entriesOfSheet, type ReadEntries } from '../../../domain/timetabling/entry-sheet.ts';
import { generateUniversity } from '../../../domain/timetabling/generate.ts';
import { meetingKey, type Entry, type University } from '../../../domain/timetabling/university.ts';
import { translator } from '../../../locales/index.ts';
import { timetableTable } from '../../../locales/timetable.ts';
import { college, collegeTimetable } from './little-college.ts';

const HEADINGS = ['Day', 'Period', 'Class', 'Kind', 'Week', 'Room'];
const read = (...rows: (string | number | null)[][]) => entriesOfSheet(college, { grid: [HEADINGS, ...rows], merged: [] }) as ReadEntries;
const sorted = (entries: readonly Entry[]) => entries.toSorted((a, b) => (meetingKey(a) < meetingKey(b) ? -1 : 1));

async function exported(university: University, entries: readonly Entry[]) {
  const { columns, rows } = timetableTable(translator('en'), university, entries);
  const grid: (string | number | null)[][] = [columns.map(({ title }) => title)];
  for await (const row of rows) grid.push(row);
  return { grid, merged: [] };
}

describe('T12 a timetable from a sheet', () => {
  test('what was exported comes back as it was', async () => {
    const { entries, issues } = entriesOfSheet(college, await exported(college, collegeTimetable)) as ReadEntries;
    expect(issues).toEqual([]);
    expect(sorted(entries)).toEqual(sorted(collegeTimetable));
  });

  test('of any university: meetings of a kind change their numbers at the most', async () => {
    await fc.assert(fc.asyncProperty(fc.integer(), async (seed) => {
      const { university, solution } = generateUniversity(seed, { courses: 50, students: 400 });
      const { entries, issues } = entriesOfSheet(university, await exported(university, solution)) as ReadEntries;
      const places = (all: readonly Entry[]) => all.map((entry) => JSON.stringify({ ...entry, occurrence: 0 }, ['class', 'part', 'occurrence', 'day', 'period', 'length', 'week', 'room'])).sort();
      expect(issues).toEqual([]);
      expect(places(entries)).toEqual(places(solution));
      expect(new Set(entries.map(meetingKey)).size).toBe(solution.length);
    }), { numRuns: 10 });
  });

  test('a row without a kind is a lecture, and days may be shortened', () => {
    expect(read(['mon', 2, 'ferns', null, null, 'H1']).entries).toEqual([{ class: 'ferns', part: 0, occurrence: 0, day: 0, period: 1, length: 1, week: 'every', room: 'H1' }]);
  });

  test.each([
    ['a day on which nothing is taught', ['Tuesday', 1, 'ferns', null, null, 'H1'], 'Day', 'not-teaching-day'],
    ['no day', ['Someday', 1, 'ferns', null, null, 'H1'], 'Day', 'not-day'],
    ['a period beyond the day', ['Monday', 5, 'ferns', null, null, 'H1'], 'Period', 'not-period'],
    ['a block that would span the break', ['Monday', 2, 'roots A', 'lab', 'odd', 'L1'], 'Period', 'crosses-break'],
    ['a class that there isn\'t', ['Monday', 1, 'algae', null, null, 'H1'], 'Class', 'class-unknown'],
    ['a meeting that the class doesn\'t have', ['Monday', 1, 'ferns', 'tutorial', null, 'H1'], 'Class', 'meeting-unknown'],
    ['a week that its meetings are not in', ['Monday', 1, 'roots A', 'lab', 'even', 'L1'], 'Class', 'meeting-unknown'],
    ['another kind', ['Monday', 1, 'ferns', 'party', null, 'H1'], 'Kind', 'not-kind'],
    ['another week', ['Monday', 1, 'ferns', null, 'third', 'H1'], 'Week', 'not-week'],
    ['a room that there isn\'t', ['Monday', 1, 'ferns', null, null, 'H7'], 'Room', 'room-unknown'],
  ])('%s is told with its row and column', (_, row, column, code) => {
    const { entries, issues } = read(row);
    expect(entries).toEqual([]);
    expect(issues).toEqual([expect.objectContaining({ row: 2, column, code })]);
  });

  test('more rows than a class has meetings are too many', () => {
    const row = (period: number) => ['Monday', period, 'ferns', null, null, 'H1'];
    const { entries, issues } = read(row(1), row(2), row(3));
    expect(entries.map(({ occurrence }) => occurrence)).toEqual([0, 1]);
    expect(issues).toEqual([expect.objectContaining({ row: 4, code: 'meeting-unknown' })]);
  });

  test('a sheet without the columns is refused', () => {
    expect(entriesOfSheet(college, { grid: [['Day', 'Class'], ['Monday', 'ferns']], merged: [] })).toEqual({ code: 'columns-missing', columns: ['period', 'room'] });
  });
});
