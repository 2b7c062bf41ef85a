// Reports and the list of defaulters as tables: their titles, their columns, and a line for each student.
import { percentageText } from '../domain/attendance/percentage.ts';
import type { Translate } from './index.ts';

export type Cell = string | number | null;

export interface Table {
  title: string;
  /** What it is about, below the title. */
  lines: string[];
  columns: { title: string; kind: 'text' | 'count' | 'percentage' }[];
  rows: AsyncIterable<Cell[]>;
}

/** A line of a table: a student in a class. */
export interface TableLine {
  class: { sectionName: string; subjectCode: string; subjectName: string; facultyName: string };
  student: {
    studentKey: string;
    rollNumber: string;
    name: string;
    counts: { present: number; late: number; absent: number; excused: number; on_duty: number };
    attended: number;
    total: number;
    percentage: number | null;
  };
}

const COLUMNS = [
  ['section', 'text'], ['subject-code', 'text'], ['subject', 'text'], ['faculty', 'text'], ['roll-number', 'text'], ['student-id', 'text'], ['name', 'text'],
  ['present', 'count'], ['late', 'count'], ['absent', 'count'], ['excused', 'count'], ['on-duty', 'count'], ['attended', 'count'], ['counted', 'count'],
  ['percentage', 'percentage'],
] as const;

/** @param about the days that count, and for defaulters the threshold (per cent) */
export function attendanceTable(
  t: Translate, about: { from?: string | undefined; to?: string | undefined; thresholdPercent?: number }, lines: AsyncIterable<TableLine>,
): Table {
  const { from, to, thresholdPercent } = about;
  const days = from === undefined && to === undefined ? t('reports.term') : t('reports.days', { from: from ?? '…', to: to ?? '…' });
  return {
    title: thresholdPercent === undefined ? t('reports.title') : t('reports.defaulters-title', { threshold: thresholdPercent }),
    lines: [days, t('reports.what-counts')],
    columns: COLUMNS.map(([name, kind]) => ({ title: t(`reports.columns.${name}`), kind })),
    rows: cellsOf(lines),
  };
}

async function* cellsOf(lines: AsyncIterable<TableLine>): AsyncGenerator<Cell[]> {
  for await (const { class: { sectionName, subjectCode, subjectName, facultyName }, student } of lines) {
    const { counts } = student;
    yield [
      sectionName, subjectCode, subjectName, facultyName, student.rollNumber, student.studentKey, student.name,
      counts.present, counts.late, counts.absent, counts.excused, counts.on_duty, student.attended, student.total, student.percentage,
    ];
  }
}

/** A cell as people read it. */
export function cellText(value: Cell, kind: Table['columns'][number]['kind'], none: string): string {
  if (kind === 'percentage') return percentageText(value as number | null, none);
  return value === null ? none : String(value);
}
