// Uploads of sheets: the form, what was done, and what is wrong with which row (A6).
import { z } from 'zod';
import { component } from './components.ts';
import { errorAnswer } from './errors.ts';

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** What comes as multipart/form-data is read by its route; this describes it. */
export const uploadBody = z.unknown().meta({
  type: 'object',
  required: ['file'],
  properties: {
    file: { type: 'string', format: 'binary', description: 'An .xlsx file, 10 MB and 50,000 rows at the most. Its first sheet is read; formulas count as what they gave when it was saved.' },
    year: { type: 'string', description: 'Of rows that name none: 1 to 9, or E1 and so on.' },
    department: { type: 'string', description: "A department's code, for rows that name none." },
    replace: { type: 'string', enum: ['true', 'false'], description: 'Who or what is missing in the file is ended as of today (of the years and departments in the file). Nothing that has happened is changed.' },
    partial: { type: 'string', enum: ['true', 'false'], description: 'Take the good rows over although others are wrong. Nothing is ended then.' },
  },
});

const rowIssue = z.object({
  row: z.int().min(1).describe("The sheet's own number of the row."),
  column: z.string().nullable().describe('Its heading; null where the row as a whole is meant.'),
  code: z.string().describe('Stays the same from release to release.'),
  message: z.string(),
  value: z.string().optional().describe('What the cell holds.'),
});

const counts = {
  rows_wrong: z.int().min(0).describe('How many things are wrong with rows in all.'),
  rows: z.array(rowIssue).describe('The first 1,000 of them, by row.'),
};

export const uploadAnswer = component('Upload', 'What was taken over.', z.object({
  success: z.literal(true),
  message: z.string(),
  created: z.int().min(0), updated: z.int().min(0), unchanged: z.int().min(0),
  ended: z.int().min(0).describe('Missing in the file, and therefore ended (`replace`).'),
  kept: z.int().min(0).describe('Missing in the file, but kept because classes in force depend on it (`replace`).'),
  sections_created: z.array(z.string()),
  rooms_created: z.array(z.string()).describe('Venues that there were not yet: as large as the largest section that is taught there.'),
  ignored_columns: z.array(z.string()).describe('Headings that mean nothing here.'),
  ...counts,
}));

export const wrongRowsAnswer = component('WrongRows', 'Why the sheet was refused; where its rows are wrong, which, and why.', errorAnswer.extend(counts).partial({ rows: true, rows_wrong: true }));

export const templateAnswer = z.union([z.string(), z.custom<Buffer>(Buffer.isBuffer)]).describe('An .xlsx file.');
