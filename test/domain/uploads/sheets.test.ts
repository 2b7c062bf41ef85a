// What sheets say: headings, cells, rows, periods and clashes.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Cell, email, key, section, time, weekday, weeks, year } from '../../../domain/uploads/cells.ts';
import { type Heading, matchHeadings } from '../../../domain/uploads/headings.ts';
import { sheetKinds, type SheetKind } from '../../../domain/uploads/kinds.ts';
import { PERIODS, timesOfPeriod } from '../../../domain/uploads/periods.ts';
import { duplicates, readRows } from '../../../domain/uploads/rows.ts';
import { weeksMeet } from '../../../domain/calendar/term-weeks.ts';
import { weeklyClashes } from '../../../domain/uploads/weekly-clashes.ts';

const kinds = Object.keys(sheetKinds) as SheetKind[];
/** A heading as another person writes it. */
const dressed = (heading: string) => fc.tuple(fc.boolean(), fc.constantFrom('', ' ', '_', '.', ':'), fc.constantFrom('', ' ', '  ')).map(([upper, between, around]) =>
  around + (upper ? heading.toUpperCase() : heading.toLowerCase()).replaceAll(/[ _]/g, between) + around);

describe('A6 headings', () => {
  test('are found in any order, case and spelling, among others', () => {
    fc.assert(fc.property(fc.constantFrom(...kinds).chain((kind) => {
      const columns = Object.entries(sheetKinds[kind]);
      const row = columns.map(([name, column]) => fc.constantFrom(column.title, ...column.synonyms).chain(dressed).map((heading): [string, string] => [heading, name]));
      const others = fc.array(fc.constantFrom('Remarks', 'Sl. No.', 'Blood group', '2026').map((heading): [string, string] => [heading, '']), { maxLength: 3 });
      return fc.tuple(fc.constant(kind), fc.tuple(fc.tuple(...row), others).chain(([own, more]) => fc.shuffledSubarray([...own, ...more], { minLength: own.length + more.length })));
    }), ([kind, headings]) => {
      const { positions, twice, ignored } = matchHeadings(headings.map(([heading]) => heading), sheetKinds[kind] as Record<string, Heading>);
      expect(twice).toEqual([]);
      for (const [position, [, name]] of headings.entries()) if (name !== '') expect([name, positions.get(name)]).toEqual([name, position]);
      expect(ignored).toHaveLength(headings.filter(([, name]) => name === '').length);
    }));
  });

  test('no heading means two columns of one kind', () => {
    for (const kind of kinds) {
      for (const [name, column] of Object.entries(sheetKinds[kind])) {
        for (const heading of [column.title, ...column.synonyms]) {
          const { positions } = matchHeadings([heading], sheetKinds[kind] as Record<string, Heading>);
          expect([kind, heading, [...positions.keys()]]).toEqual([kind, heading, [name]]);
        }
      }
    }
  });
});

describe('A6 rows', () => {
  const columns = sheetKinds.subjects;
  const cell = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.date(), fc.constant(null), fc.constantFrom('theory', 'LAB', 'CS101', '=1+1', '+49', '@x', '-1'));

  test('each row that isn’t empty is either read whole or named with its number, and none is lost', () => {
    fc.assert(fc.property(fc.array(fc.tuple(cell, cell, cell, cell), { minLength: 1, maxLength: 30 }), (cells) => {
      const grid: Cell[][] = [['code', 'mnemonic', 'name', 'type'], ...cells];
      const read = readRows({ grid, merged: [] }, columns);
      const filled = cells.flatMap((row, index) => (row.some((value) => value !== null && (value instanceof Date || String(value).trim() !== '')) ? [index + 2] : []));
      if ('code' in read) return expect([read.code, filled]).toEqual(['sheet-empty', []]);
      const named = new Set([...read.rows, ...read.issues].map(({ row }) => row));
      expect([...named].sort((a, b) => a - b)).toEqual(filled);
      const wrong = new Set(read.issues.map(({ row }) => row));
      expect(read.rows.some(({ row }) => wrong.has(row))).toBe(false);
      return undefined;
    }));
  });

  test('the headings may stand below a title', () => {
    const read = readRows({ grid: [['Our subjects'], [], ['Type', 'Code', 'Name', 'Short'], ['lab', 'ab1', 'Alpha', 'A']], merged: [[1, 1]] }, columns);
    expect(read).toMatchObject({ rows: [{ row: 4, code: 'AB1', type: 'lab' }], issues: [] });
  });

  test('what looks like a formula stays text', () => {
    const read = readRows({ grid: [['code', 'mnemonic', 'name', 'type'], ['AB1', '@A', '=HYPERLINK("x")', 'theory']], merged: [] }, columns);
    expect(read).toMatchObject({ rows: [{ mnemonic: '@A', name: '=HYPERLINK("x")' }] });
  });

  test('a key that comes again names the row where it came first', () => {
    const rows = ['A', 'B', 'A', 'A'].map((code, index) => ({ row: index + 2, code }));
    expect(duplicates(rows, ({ code }) => code, 'code').map(({ row, details }) => [row, details])).toEqual([[4, { before: 2 }], [5, { before: 2 }]]);
  });
});

describe('A6 cells', () => {
  const value = (reading: object) => ('value' in reading ? reading.value : (reading as { code: string }).code);
  test.each<[(cell: string | number | Date) => object, string | number | Date, unknown]>([
    [year, 'E3', 3], [year, 'e 3', 3], [year, 2, 2], [year, '1st', 1], [year, 'IV', 4], [year, '2nd Year', 2], [year, 'E0', 'not-year'], [year, 12, 'not-year'], [year, 'third', 'not-year'],
    [weekday, 'MON', 1], [weekday, 'tues', 2], [weekday, 'Sunday', 7], [weekday, 'We', 3], [weekday, 1, 'not-day'], [weekday, 's', 'not-day'], [weekday, new Date('2026-11-23'), 'is-date'],
    [weeks, 'Every week', 'every'], [weeks, 'ODD', 'odd'], [weeks, 'even weeks', 'even'], [weeks, 2, 'even'], [weeks, 'seldom', 'not-week'],
    [time, '8:30', '08:30'], [time, '13.40', '13:40'], [time, '1:40 pm', '13:40'], [time, '12:00 AM', '00:00'], [time, 0.5, '12:00'], [time, new Date('1899-12-30T09:05:00Z'), '09:05'],
    [time, '8:31', 'not-time'], [time, '24:00', 'not-time'], [time, 45_000, 'not-time'], [time, new Date('2026-11-23T09:00:00Z'), 'not-time'], [time, '13:40 pm', 'not-time'], [time, new Date(Number.NaN), 'not-time'], [section, new Date(Number.NaN), 'is-date'],
    [key(), ' cs301 ', 'CS301'], [key(), 301, '301'], [key(), 'CS 301', 'not-a-key'], [key(5), 'ABCDEF', 'too-long'], [key(), '-1', 'not-a-key'],
    [email, 'Ada@Campus.Example', 'ada@campus.example'], [email, 'ada@campus', 'not-email'], [email, 'a b@campus.example', 'not-email'],
    [section, 'a', 'A'], [section, 1, '1'], [section, 'A/B', 'not-section'],
  ])('%# is read as people mean it', (read, cell, expected) => {
    expect(value(read(cell))).toBe(expected);
  });
});

describe('A6 periods', () => {
  test('a laboratory takes three without crossing lunch', () => {
    expect(PERIODS.map((_, index) => timesOfPeriod(index + 1, 'lab')).map((times) => ('code' in times ? times.code : `${times.start}-${times.end}`))).toEqual([
      '08:30-11:30', '09:30-12:30', 'lab-crosses-lunch', 'lab-crosses-lunch', '13:40-16:40', 'lab-too-late', 'lab-too-late',
    ]);
    expect(timesOfPeriod(8, 'theory')).toMatchObject({ code: 'not-period' });
  });
});

describe('A6 clashes of a week', () => {
  const one = fc.record({
    weekday: fc.integer({ min: 1, max: 2 }), from: fc.integer({ min: 0, max: 8 }), long: fc.integer({ min: 1, max: 4 }),
    roomKey: fc.constantFrom('r', 's', 't'), facultyKey: fc.constantFrom('f', 'g', 'h'), sectionKey: fc.constantFrom('a', 'b', 'c'),
    week: fc.constantFrom('every', 'odd', 'even'),
  }).map(({ from, long, ...rest }) => ({ ...rest, start: `0${from}:00`, end: `${String(from + long).padStart(2, '0')}:00` }));

  test('are those that comparing all with all finds, each named at the later row', () => {
    fc.assert(fc.property(fc.array(one, { maxLength: 12 }), (classes) => {
      const expected = classes.flatMap((item, index) => (['roomKey', 'facultyKey', 'sectionKey'] as const).flatMap((resource) => {
        const other = classes.slice(0, index).find((before) => before.weekday === item.weekday && before[resource] === item[resource] && weeksMeet(before.week, item.week) && before.start < item.end && item.start < before.end);
        return other ? [`${index} ${resource} ${classes.indexOf(other)}`] : [];
      }));
      const found = weeklyClashes(classes).map(({ item, code, with: other }) => `${classes.indexOf(item)} ${code.replace('-clash', 'Key')} ${classes.indexOf(other)}`);
      expect(found.sort()).toEqual(expected.sort());
    }));
  });
});
