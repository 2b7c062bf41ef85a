// What the kinds of uploads share: what they are given, and what they say they did.
import type { Trx } from '../../db/connection.ts';
import type { Institution } from '../../db/repositories/records.ts';
import { currentOrNextTerm, type Term } from '../../db/repositories/terms.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { RowIssue } from '../../domain/uploads/cells.ts';
import { sheetKinds, type SheetKind } from '../../domain/uploads/kinds.ts';
import { readRows, type RowOf, type Sheet } from '../../domain/uploads/rows.ts';
import type { ServiceContext } from '../context.ts';

export interface UploadForm {
  /** Of all rows that don't say so themselves. */
  year?: number | undefined;
  department?: string | undefined;
  /** Who or what is missing in the file is ended. */
  replace: boolean;
  /** The good rows are taken over although others are wrong. */
  partial: boolean;
}

export interface Scene {
  trx: Trx;
  context: ServiceContext;
  /** Locked. */
  institution: Institution;
  sheet: Sheet;
  form: UploadForm;
  /** The campus's day, YYYY-MM-DD. */
  today: string;
}

export interface Outcome {
  created: number;
  updated: number;
  unchanged: number;
  /** By `replace`. */
  ended: number;
  /** Missing in the file, but something in force depends on them. */
  kept: number;
  sectionsCreated: string[];
  roomsCreated: string[];
  /** Headings that mean nothing here. */
  ignored: string[];
  issues: RowIssue[];
  /** False: rows are wrong, and nothing was done. */
  written: boolean;
}

/** @throws Refusal term-missing when there is neither a term that today is in nor one to come */
export async function requireTerm({ trx, institution, today }: Scene): Promise<Term> {
  const term = await currentOrNextTerm(trx, institution.id, today);
  if (!term) throw new Refusal('term-missing', { day: today });
  return term;
}

/** The rows of a scene's sheet. @throws Refusal sheet-empty, columns-missing, columns-twice */
export function rowsOf<Kind extends SheetKind>(kind: Kind, { sheet, form }: Scene) {
  const read = readRows<(typeof sheetKinds)[Kind]>(sheet, sheetKinds[kind], { year: form.year, department: form.department } as object);
  if ('code' in read) throw new Refusal(read.code, 'columns' in read ? { columns: read.columns.join(', ') } : {});
  return read;
}
export type RowsOf<Kind extends SheetKind> = RowOf<(typeof sheetKinds)[Kind]>;

/** The rows that nothing is wrong with. Merged cells spoil each row that they join. */
export function goodRows<Row extends { row: number }>(rows: readonly Row[], issues: readonly RowIssue[]): Row[] {
  const bad = new Set(issues.map(({ row }) => row));
  const spans = issues.filter(({ code }) => code === 'merged').map(({ row, details }): [number, number] => [row, Number(details!['last'])]);
  return rows.filter(({ row }) => !bad.has(row) && !spans.some(([first, last]) => row >= first && row <= last));
}

/** Whether anything is to be written: all rows are good, or the good ones are asked for. */
export const mayWrite = ({ form }: Scene, issues: readonly RowIssue[]): boolean => issues.length === 0 || form.partial;

/** What an upload says that did nothing. */
export const nothing: Omit<Outcome, 'issues' | 'ignored' | 'written'> = { created: 0, updated: 0, unchanged: 0, ended: 0, kept: 0, sectionsCreated: [], roomsCreated: [] };
