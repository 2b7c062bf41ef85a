// A sheet's cells as people write them → the values that a column takes, or why it doesn't. Formulas arrive as what they gave
// when the file was saved; text that looks like one stays text.
import type { PartKind, Week } from '../timetabling/university.ts';
import { PERIODS } from './periods.ts';

export type Cell = string | number | boolean | Date | null;

/** Why a row isn't taken over. Each has its sentence in locales/ under `uploads.rows`. */
export type RowCode =
  | 'required' | 'too-long' | 'is-date' | 'is-truth' | 'not-a-key' | 'not-email' | 'not-year' | 'not-section' | 'not-type' | 'not-day' | 'not-week' | 'not-number' | 'not-part' | 'periods-cross' | 'not-period' | 'not-time'
  | 'merged' | 'twice-in-file' | 'taken' | 'email-outside' | 'name-differs' | 'department-unknown' | 'subject-unknown' | 'subject-incomplete' | 'faculty-unknown'
  | 'section-unknown' | 'class-unknown' | 'meeting-unknown' | 'room-unknown' | 'not-kind' | 'not-teaching-day' | 'crosses-break' | 'assignment-unknown' | 'times-order' | 'lab-crosses-lunch' | 'lab-too-late' | 'room-clash' | 'faculty-clash' | 'section-clash';

/** `details` are values for the sentence. */
export interface Problem { code: RowCode; details?: Readonly<Record<string, string | number>> }
/** A row's problem. `row` is the sheet's own number, `column` the heading as the file has it. */
export interface RowIssue extends Problem { row: number; column: string | null; value?: string }

export type Reading<Value> = { value: Value } | Problem;
export type Reader<Value> = (cell: string | number | Date) => Reading<Value>;

/** Spreadsheets' dates may come from another thread, whose Date is another class to `instanceof`. */
const isDate = (cell: Cell): cell is Date => typeof cell === 'object' && cell !== null;

/** A cell's text without what surrounds it; null when it is empty. */
export function textOf(cell: Cell): string | null {
  // A number that is too large for one still comes as a date, where its column is formatted so.
  if (isDate(cell)) return Number.isNaN(cell.getTime()) ? '#DATE' : cell.toISOString().slice(0, 10);
  const text = cell === null ? '' : String(cell).normalize('NFC').replace(/\s+/gu, ' ').trim();
  return text === '' ? null : text;
}

/** A reader of text, which no date is. */
export const fromText = <Value>(read: (text: string) => Reading<Value>): Reader<Value> => (cell): Reading<Value> =>
  (isDate(cell) ? { code: 'is-date' } : read(textOf(cell)!));

/** Text of so many characters at the most. */
export const text = (most: number): Reader<string> =>
  fromText((value): Reading<string> => (value.length > most ? { code: 'too-long', details: { most } } : { value }));

/** An id or code: printable ASCII without spaces, in capitals. */
export const key = (most = 20): Reader<string> => fromText((value): Reading<string> => {
  if (value.length > most) return { code: 'too-long', details: { most } };
  return /^[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(value) ? { value: value.toUpperCase() } : { code: 'not-a-key' };
});

const EMAIL = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}$/;
const LONGEST_EMAIL = 191;

/** An e-mail address, in small letters. */
export const email: Reader<string> = fromText((value): Reading<string> =>
  (value.length <= LONGEST_EMAIL && EMAIL.test(value.toLowerCase()) ? { value: value.toLowerCase() } : { code: 'not-email' }));

/** A year of study, 1 to 9, also as E1 (a batch), Year 1, 1st, I. */
export const year: Reader<number> = fromText((value): Reading<number> => {
  const digit = /^(?:(?:e|y|year|batch) ?)?([1-9])(?:st|nd|rd|th)?(?: year)?$/i.exec(value)?.[1];
  if (digit !== undefined) return { value: Number(digit) };
  const roman = ['I', 'II', 'III', 'IV', 'V', 'VI'].indexOf(value.toUpperCase());
  return roman >= 0 ? { value: roman + 1 } : { code: 'not-year' };
});

/** A section's name within its department and year, in capitals. */
export const section: Reader<string> = fromText((value): Reading<string> =>
  (/^[\p{L}\p{N}][\p{L}\p{N}_-]{0,9}$/u.test(value) ? { value: value.toUpperCase() } : { code: 'not-section' }));

const TYPES: Readonly<Record<string, 'theory' | 'lab'>> = {
  theory: 'theory', th: 'theory', t: 'theory', lecture: 'theory', lab: 'lab', laboratory: 'lab', practical: 'lab', l: 'lab', p: 'lab',
};
export const subjectType: Reader<'theory' | 'lab'> = fromText((value): Reading<'theory' | 'lab'> => {
  const type = Object.hasOwn(TYPES, value.toLowerCase()) ? TYPES[value.toLowerCase()] : undefined;
  return type ? { value: type } : { code: 'not-type' };
});

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
/** A day of the week, in full or its first two letters or more → ISO's number, 1 is Monday. A number would be ambiguous. */
export const weekday: Reader<number> = fromText((value): Reading<number> => {
  const word = value.toLowerCase().replace(/\.$/, '');
  const index = word.length < 2 ? -1 : DAYS.findIndex((name) => name.startsWith(word) || (word === 'tues' && name === 'tuesday') || (word === 'thurs' && name === 'thursday'));
  return index >= 0 ? { value: index + 1 } : { code: 'not-day' };
});

const WEEKS: Readonly<Record<Week, RegExp>> = {
  every: /^(?:every|all|each|both|weekly|e ?\/ ?o|o ?\/ ?e)(?: weeks?)?$/i, odd: /^(?:odd|first|1st|1|a)(?: weeks?)?$/i, even: /^(?:even|second|2nd|2|b)(?: weeks?)?$/i,
};
/** The weeks in which something is: every one, or those that are odd or even, counted from the term's first. */
export const weeks: Reader<Week> = fromText((value): Reading<Week> => {
  const found = (Object.keys(WEEKS) as Week[]).find((week) => WEEKS[week].test(value));
  return found ? { value: found } : { code: 'not-week' };
});

/** A whole number within a range, both ends included. */
export const wholeNumber = (least: number, most: number): Reader<number> => fromText((value): Reading<number> =>
  (/^\d{1,4}$/.test(value) && Number(value) >= least && Number(value) <= most ? { value: Number(value) } : { code: 'not-number', details: { least, most } }));

const PARTS: Readonly<Record<string, PartKind>> = {
  lecture: 'lecture', lectures: 'lecture', theory: 'lecture', tutorial: 'tutorial', tutorials: 'tutorial', lab: 'lab', labs: 'lab', laboratory: 'lab', practical: 'lab',
};
export const partKind: Reader<PartKind> = fromText((value): Reading<PartKind> => {
  const kind = Object.hasOwn(PARTS, value.toLowerCase()) ? PARTS[value.toLowerCase()] : undefined;
  return kind ? { value: kind } : { code: 'not-part' };
});

/** Words between commas or semicolons, each once. */
export const words: Reader<readonly string[]> = fromText((value): Reading<readonly string[]> =>
  (value.length > 200 ? { code: 'too-long', details: { most: 200 } } : { value: [...new Set(value.split(/[,;]/).map((word) => word.trim()).filter((word) => word !== ''))] }));

/** A number of a period, counted from 1. */
export const period: Reader<number> = fromText((value): Reading<number> => {
  const digits = /^(?:p|period ?)?(\d{1,2})$/i.exec(value)?.[1];
  return digits !== undefined && Number(digits) >= 1 ? { value: Number(digits) } : { code: 'not-period', details: { most: PERIODS.length } };
});

const DAY_MINUTES = 1440;
const STEP_MINUTES = 5;

/** A time of day on a full five minutes, → HH:mm: as text (8:30, 08.30, 1:40 PM) or as spreadsheets keep it, a part of a day. */
export const time: Reader<string> = (cell) => {
  const minutes = minutesOf(cell);
  if (minutes === null || minutes < 0 || minutes >= DAY_MINUTES || minutes % STEP_MINUTES !== 0) return { code: 'not-time' };
  return { value: clockTime(minutes) };
};

function minutesOf(cell: string | number | Date): number | null {
  // A time of day alone is a date in the spreadsheet's year zero; with a date it is no time of a week.
  if (isDate(cell)) return cell.getUTCFullYear() <= 1904 ? cell.getUTCHours() * 60 + cell.getUTCMinutes() : null;
  if (typeof cell === 'number') return cell >= 0 && cell < 1 ? Math.round(cell * DAY_MINUTES) : null;
  const match = /^(\d{1,2})[:.](\d{2})(?::00)?(?: ?([ap])\.?m\.?)?$/i.exec(cell.trim());
  if (!match) return null;
  const [hour, minute] = [Number(match[1]), Number(match[2])];
  if (minute > 59) return null;
  if (match[3] === undefined) return hour * 60 + minute;
  if (hour < 1 || hour > 12) return null;
  return ((hour % 12) + (match[3].toLowerCase() === 'p' ? 12 : 0)) * 60 + minute;
}

export function clockTime(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
