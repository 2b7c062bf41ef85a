// How much of a sheet is taken in, and what may be wrong with a file before its rows are looked at.

export const MOST_FILE_BYTES = 10_000_000;
export const MOST_UNPACKED_BYTES = 64_000_000;
export const MOST_ROWS = 50_000;
export const MOST_COLUMNS = 100;

export interface FileProblem {
  code: 'file-not-xlsx' | 'file-is-csv' | 'file-is-xls' | 'file-unpacks-too-large' | 'sheet-too-long' | 'sheet-too-wide';
  details?: Readonly<Record<string, number>>;
}
