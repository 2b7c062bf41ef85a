// Entries from a sheet, such as the one that a timetable is exported to: a row for each meeting, with its day, period, class and room.

import { fromText, text, weekday, type Reading, type RowIssue } from '../uploads/cells.ts';
import { readRows, type RowOf, type Sheet, type SheetProblem } from '../uploads/rows.ts';
import { isUnbroken, type Entry, type PartKind, type TaughtClass, type University, type Week } from './university.ts';

export interface ReadEntries {
  readonly entries: Entry[];
  /** What is wrong with the rows that gave no entry. */
  readonly issues: RowIssue[];
  /** Headings of columns that were not read. */
  readonly ignored: string[];
}

/**
 * The entries that a sheet's rows tell. Which meeting of a class a row is follows from its kind (a lecture unless it says otherwise) and week; rows of
 * the same kind are its meetings in turn. Whether the entries clash is another question (`hardViolations`).
 */
export function entriesOfSheet(university: University, sheet: Sheet): ReadEntries | SheetProblem {
  const columns = columnsOf(university);
  const read = readRows(sheet, columns);
  if ('code' in read) return read;
  const classes = new Map(university.classes.map((taught) => [taught.id, taught]));
  const rooms = new Set(university.rooms.map(({ id }) => id));
  const given = new Map<string, number>();
  const entries: Entry[] = [];
  const issues = [...read.issues];
  for (const row of read.rows) {
    const wrong = (column: keyof typeof columns, code: RowIssue['code'], value: string | number, details = {}) =>
      issues.push({ row: row.row, column: read.headings.get(column) ?? columns[column].title, code, value: String(value), details });
    const taught = classes.get(row.class);
    const part = taught === undefined ? -1 : partOf(taught, row, given);
    if (taught === undefined) wrong('class', 'class-unknown', row.class);
    else if (part < 0) wrong('class', 'meeting-unknown', row.class);
    else if (!rooms.has(row.room)) wrong('room', 'room-unknown', row.room);
    else {
      const { length = 1, week = 'every' } = taught.parts[part] ?? {};
      if (isUnbroken(university, row.period, length)) {
        const key = `${part} ${taught.id}`;
        entries.push({ class: taught.id, part, occurrence: given.get(key) ?? 0, day: row.day, period: row.period, length, week, room: row.room });
        given.set(key, (given.get(key) ?? 0) + 1);
      } else {
        wrong('period', 'crosses-break', row.period + 1, { length });
      }
    }
  }
  return { entries, issues: issues.sort((a, b) => a.row - b.row), ignored: read.ignored };
}

/** The first part of the row's kind and week of which not all meetings had their row yet; -1 when there is none. */
function partOf({ id, parts }: TaughtClass, { kind, week }: RowOf<ReturnType<typeof columnsOf>>, given: ReadonlyMap<string, number>): number {
  return parts.findIndex((part, index) => part.kind === (kind ?? 'lecture') && (week === null || part.week === week) && (given.get(`${index} ${id}`) ?? 0) < part.count);
}

function columnsOf({ weekdays, periods }: University) {
  return {
    day: {
      title: 'day', synonyms: ['weekday', 'day of week'], need: 'required', example: 'Monday',
      read: (cell: Parameters<typeof weekday>[0]): Reading<number> => {
        const reading = weekday(cell);
        if (!('value' in reading)) return reading;
        const day = weekdays.indexOf(reading.value);
        return day < 0 ? { code: 'not-teaching-day' } : { value: day };
      },
    },
    period: {
      title: 'period', synonyms: ['hour', 'slot', 'period number'], need: 'required', example: 1,
      read: fromText((value): Reading<number> => (/^\d{1,2}$/.test(value) && Number(value) >= 1 && Number(value) <= periods ? { value: Number(value) - 1 } : { code: 'not-period', details: { most: periods } })),
    },
    class: { title: 'class', synonyms: ['class id', 'course'], need: 'required', example: 'CS301-A', read: text(100) },
    kind: { title: 'kind', synonyms: ['type', 'part'], need: 'optional', example: 'lecture', read: oneOf<PartKind>(['lecture', 'tutorial', 'lab'], 'not-kind') },
    week: { title: 'week', synonyms: ['weeks'], need: 'optional', example: 'every', read: oneOf<Week>(['every', 'odd', 'even'], 'not-week') },
    room: { title: 'room', synonyms: ['venue', 'location', 'classroom'], need: 'required', example: 'AB1-101', read: text(100) },
  } as const;
}

const oneOf = <Value extends string>(values: readonly Value[], code: 'not-kind' | 'not-week') => fromText((value): Reading<Value> => {
  const found = values.find((each) => each === value.toLowerCase());
  return found === undefined ? { code } : { value: found };
});
