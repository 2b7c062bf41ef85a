// A sheet's rows → rows of values, by the columns that its kind has; and what is wrong with which cell.
import { type Cell, type Reader, type Reading, type RowIssue, textOf } from './cells.ts';
import { type Heading, matchHeadings } from './headings.ts';

export interface Column<Value> extends Heading {
  /** 'optional' may be missing or empty; 'given' may only where the form that came with the file says it for all rows. */
  need: 'required' | 'optional' | 'given';
  /** Of the template's example row. */
  example: string | number;
  read: Reader<Value>;
}

export type Columns = Readonly<Record<string, Column<unknown>>>;
type ValueOf<Read> = Read extends Column<infer Value> ? Value : never;
/** A row's values by column; null where an optional cell is empty. `row` is the sheet's own number. */
export type RowOf<Kind extends Columns> = { row: number } & { [Name in keyof Kind]: ValueOf<Kind[Name]> | (Kind[Name]['need'] extends 'required' ? never : null) };

/** A sheet as a grid from its first row and column on; merged cells as [first row, last row], counted from 1. */
export interface Sheet {
  grid: readonly (readonly Cell[])[];
  merged: readonly (readonly [number, number])[];
}

export type SheetProblem = { code: 'sheet-empty' } | { code: 'columns-missing' | 'columns-twice'; columns: string[] };
export interface ReadSheet<Row> { rows: Row[]; issues: RowIssue[]; headings: ReadonlyMap<string, string>; ignored: string[] }

/** The headings are looked for in the first rows: above them there may be a title. */
const HEADING_ROWS = 10;

/**
 * Reads a sheet's rows; empty ones are passed over, wrong ones are among the issues only.
 * @param given values for cells that are empty or have no column
 */
export function readRows<Kind extends Columns>(sheet: Sheet, columns: Kind, given: Partial<Record<keyof Kind, unknown>> = {}): ReadSheet<RowOf<Kind>> | SheetProblem {
  const names = Object.keys(columns);
  const needed = names.filter((name) => columns[name]!.need === 'required' || (columns[name]!.need === 'given' && given[name] === undefined));
  const found = sheet.grid.slice(0, HEADING_ROWS).map((row) => matchHeadings(row, columns));
  if (sheet.grid.every((row) => row.every((cell) => textOf(cell) === null))) return { code: 'sheet-empty' };
  const missingIn = found.map(({ positions }) => needed.filter((name) => !positions.has(name)));
  const fewest = Math.min(...missingIn.map((missing) => missing.length));
  const headingRow = missingIn.findIndex((missing) => missing.length === fewest);
  const { positions, twice, ignored } = found[headingRow]!;
  if (fewest > 0) return { code: 'columns-missing', columns: missingIn[headingRow]!.map((name) => columns[name]!.title) };
  if (twice.length > 0) return { code: 'columns-twice', columns: twice.map((name) => columns[name]!.title) };

  const headings = new Map([...positions].map(([name, position]) => [name, textOf(sheet.grid[headingRow]![position]!)!]));
  const issues: RowIssue[] = [];
  for (const [first, last] of sheet.merged) {
    if (last > headingRow + 1) issues.push({ row: Math.max(first, headingRow + 2), column: null, code: 'merged', details: { last } });
  }
  const rows: RowOf<Kind>[] = [];
  let seen = 0;
  for (let index = headingRow + 1; index < sheet.grid.length; index += 1) {
    const cells = sheet.grid[index]!;
    if (names.every((name) => !positions.has(name) || textOf(cells[positions.get(name)!] ?? null) === null)) continue;
    seen += 1;
    const values: Record<string, unknown> = { row: index + 1 };
    const before = issues.length;
    for (const name of names) {
      const column = columns[name]!;
      const position = positions.get(name);
      const cell = position === undefined ? null : cells[position] ?? null;
      const reading = readCell(cell, column, given[name]);
      if ('value' in reading) values[name] = reading.value;
      else issues.push({ row: index + 1, column: headings.get(name) ?? column.title, ...reading, ...(cell !== null && { value: shown(cell) }) });
    }
    if (issues.length === before) rows.push(values as RowOf<Kind>);
  }
  return seen === 0 ? { code: 'sheet-empty' } : { rows, issues, headings, ignored };
}

function readCell(cell: Cell, column: Column<unknown>, given: unknown): Reading<unknown> {
  if (typeof cell === 'boolean') return { code: 'is-truth' };
  if (cell !== null && textOf(cell) !== null) return column.read(cell);
  if (given !== undefined) return { value: given };
  return column.need === 'optional' ? { value: null } : { code: 'required' };
}

const MOST_SHOWN = 60;
const shown = (cell: Cell) => (textOf(cell) ?? '').slice(0, MOST_SHOWN);

/** Rows whose key another row of the file has too: each names the first. */
export function duplicates<Row extends { row: number }>(rows: readonly Row[], keyOf: (row: Row) => string | null, column: string | null): RowIssue[] {
  const first = new Map<string, number>();
  const issues: RowIssue[] = [];
  for (const row of rows) {
    const key = keyOf(row);
    if (key === null) continue;
    const before = first.get(key);
    if (before === undefined) first.set(key, row.row);
    else issues.push({ row: row.row, column, code: 'twice-in-file', details: { before } });
  }
  return issues;
}
