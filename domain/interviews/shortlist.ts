// Lists of several people in a mail: rows of text, tables and sheets → who is meant, and each one's own slot.
import readXlsxFile from 'read-excel-file/node';
import { parseCsv } from './csv.ts';
import { CELL_SEPARATOR, MAX_TEXT } from './text.ts';
import type { MailAttachment } from './types.ts';
import { findWrittenTimes } from './written-times.ts';
import { isSmallZip } from './zip-size.ts';

/** A row of a list. Times are minutes since midnight of the list's day; `when` is a cell with a written date. */
export interface ListRow { rollNumber?: string; email?: string; name?: string; start?: number; end?: number; zone?: string; when?: string }

/** A list in a text: its rows, and which lines of the text they are. */
interface TextList { rows: ListRow[]; lines: Set<number> }

const MAX_ROWS = 5000;
const HEADER_SEARCH = 20;

const EMAIL = /[a-z0-9._%+-]{1,64}@[a-z0-9.-]{1,100}\.[a-z]{2,12}/i;
const ROLL = /(?<![\w/.:@-])(?=[A-Z0-9/-]{5,16}(?![\w@/:-]))(?=[A-Z0-9/-]{0,15}\d{3})(?:\d{1,4}[A-Z]{1,6}[A-Z0-9/-]{2,10}|[A-Z]{1,6}[/-]?\d{2}[A-Z0-9/-]{2,12}|\d{6,12})(?![\w@/:-])/i;
const TELEPHONE = /\+\d{1,3}[ -]?\d|\b(?:ph|phone|mob|mobile|tel|contact|call|whatsapp|fax|meeting id|passcode|pin|otp)\b[^|]{0,12}\d{4}|^\W*[6-9]\d{9}\W*$/i;
const SERIAL = /^\s{0,3}(?:[*•▪]\s?)?(?:\(?\d{1,4}[.):]\s|#\d{1,4}\s|\d{1,4}\s?\|)/;
const NAME = /^\p{Lu}[\p{L}\p{M}.'’-]{0,30}(?: \p{Lu}?[\p{L}\p{M}.'’-]{0,30}){0,4}$/u;
const NOT_A_NAME = /\b(?:talk|test|interviews?|round|registration|lunch|break|tea|reporting|session|documents?|verification|discussion|presentation|company|venue|date|time|link|zoom|teams|meet|room|hall|lab|panel|subject|role|position|regards|dear|hi|hello|thanks|team|http\S*|note|day|end|start|slot|welcome|onwards|join|assessment|process|campus|drive|candidates?|students?|name|roll|email|duration|mode|location|gd|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july|august|september|october|november|december)\b/i;
const never = () => false;

/** One line of text as a row: an address, roll number or name, and a slot; null when it says anything else. */
function rowOfLine(line: string): ListRow | null {
  if (line.length > 200 || line.length < 3 || line.startsWith('>')) return null;
  let rest = line.replace(SERIAL, '');
  const row: ListRow = {};
  const email = EMAIL.exec(rest)?.[0];
  if (email) { row.email = email.toLowerCase(); rest = rest.replace(email, ' | '); }
  const time = findWrittenTimes(rest, never)[0];
  if (time && (time.index < 3 || rest.length - time.index - time.length < 4 || rest.includes('|'))) {
    row.start = time.start;
    if (time.end !== null) row.end = time.end;
    if (time.zone) row.zone = time.zone;
    rest = `${rest.slice(0, time.index)} | ${rest.slice(time.index + time.length)}`;
  }
  const roll = ROLL.exec(rest)?.[0];
  if (roll && TELEPHONE.test(rest)) return null;
  if (roll) { row.rollNumber = roll.toUpperCase(); rest = rest.replace(roll, ' | '); }
  const parts = rest.split(/\s*(?:\||,|;|\t|\s[-–—:→]+\s|^[-–—:]|[-–—:]$|[()[\]<>])\s*/u).map((part) => part.replace(/^[\s–—:-]+|[\s–—:-]+$/gu, '')).filter((part) => /\p{L}/u.test(part));
  const name = parts.find((part) => part.length <= 50 && NAME.test(part) && !NOT_A_NAME.test(part));
  if (name) row.name = name;
  const others = parts.filter((part) => part !== name).join(' ');
  if (!row.email && !row.rollNumber && !(row.name && row.start !== undefined)) return null;
  if (others.split(' ').length > 6 || parts.length > 6 || (row.start !== undefined && !row.email && !row.rollNumber && NOT_A_NAME.test(others))) return null;
  if (!line.includes(CELL_SEPARATOR.trim()) && /\b(?:is|are|will|please|your|to|for|at|contact|write|call|reach|mail|queries)\b/i.test(others)) return null;
  return row;
}

const HEADINGS: { column: keyof ListRow | 'slot' | 'date'; pattern: RegExp }[] = [
  { column: 'email', pattern: /e-?mail|mail id/i },
  { column: 'rollNumber', pattern: /roll|regi?s?t?\w{0,8}\.? ?(?:no|num|id)|enrol\w{0,5}|usn\b|prn\b|(?:student|candidate|applicant) ?(?:id|no)\b|adm\w{0,6} no|hall ?ticket|register/i },
  { column: 'name', pattern: /^(?:(?:full |student'?s? |candidate'?s? )?name(?: of (?:the )?(?:student|candidate))?|student|candidate)s?$/i },
  { column: 'slot', pattern: /slot|time|timing|reporting/i },
  { column: 'date', pattern: /\bdate|\bday\b/i },
];

/** Cells with a header row within the first 20 rows → people. Null when no heading names a person. */
export function peopleFromGrid(grid: string[][]): ListRow[] | null {
  for (let header = 0; header < Math.min(grid.length, HEADER_SEARCH); header += 1) {
    const columns = (grid[header] ?? []).map((cell) => HEADINGS.find(({ pattern }) => cell.length < 40 && pattern.test(cell.trim()))?.column ?? null);
    if (!columns.some((column) => column === 'email' || column === 'rollNumber' || (column === 'name' && columns.filter(Boolean).length > 1))) continue;
    const rows: ListRow[] = [];
    for (const cells of grid.slice(header + 1, header + 1 + MAX_ROWS)) {
      const row = rowOfCells(cells, columns);
      if (row.email || row.rollNumber || row.name) rows.push(row);
    }
    if (rows.length > 0) return rows;
  }
  const loose = grid.slice(0, MAX_ROWS).map((cells) => rowOfLine(cells.join(CELL_SEPARATOR))).filter((row) => row !== null);
  return isList(loose) && loose.length * 2 >= grid.length ? loose : null;
}

function rowOfCells(cells: string[], columns: ((typeof HEADINGS)[number]['column'] | null)[]): ListRow {
  const row: ListRow = {};
  for (const [position, column] of columns.entries()) {
    const cell = (cells[position] ?? '').trim();
    if (!column || !cell) continue;
    if (column === 'email') { if (EMAIL.test(cell)) row.email = EMAIL.exec(cell)?.[0].toLowerCase(); }
    else if (column === 'rollNumber') { if (/\d/.test(cell) && cell.length <= 25) row.rollNumber ??= cell.toUpperCase(); }
    else if (column === 'name') { if (/\p{L}/u.test(cell) && cell.length <= 80) row.name ??= cell; }
    else if (column === 'slot' && row.start === undefined) {
      const time = findWrittenTimes(`at ${cell}`, never)[0];
      if (time) {
        row.start = time.start;
        if (time.end !== null) row.end = time.end;
        if (time.zone) row.zone = time.zone;
      }
      if (/\d[./-]\d{1,2}[./-]\d|[a-z]{3}/i.test(cell)) row.when ??= cell;
    } else if (column === 'date') row.when = cell;
  }
  return row;
}

/** Two rows or more of one shape. An address and a telephone number under a name are a signature; three bare addresses may be a list. */
function isList(rows: ListRow[]): boolean {
  const enough = (least: number, shape: (row: ListRow) => unknown) => rows.length >= least && rows.filter(shape).length * 3 >= rows.length * 2;
  return enough(2, (row) => row.rollNumber) || enough(2, (row) => row.name && (row.email || row.start !== undefined)) || enough(3, (row) => row.email);
}

/** Lists of two people or more in a text, blank lines between rows allowed. Null when there is none. */
export function findTextList(text: string): TextList | null {
  const lines = text.split('\n');
  const rows: ListRow[] = [];
  const taken = new Set<number>();
  let block: { line: number; row: ListRow }[] = [];
  const close = () => {
    if (isList(block.map(({ row }) => row))) for (const { line, row } of block) { rows.push(row); taken.add(line); }
    block = [];
  };
  const headers = lines.map((line) => line.includes(CELL_SEPARATOR));
  for (let line = 0; line < lines.length && rows.length < MAX_ROWS; line += 1) {
    if (headers[line]) {
      let last = line;
      while (headers[last + 1]) last += 1;
      if (last > line) {
        const people = peopleFromGrid(lines.slice(line, last + 1).map((row) => row.split(CELL_SEPARATOR)));
        if (people) {
          close();
          rows.push(...people);
          for (let row = line; row <= last; row += 1) taken.add(row);
          line = last;
          continue;
        }
      }
    }
    if (!lines[line]?.trim()) continue;
    const row = rowOfLine(lines[line] ?? '');
    if (row) block.push({ line, row });
    else close();
  }
  close();
  return rows.length > 0 ? { rows: rows.slice(0, MAX_ROWS), lines: taken } : null;
}

function cellText(cell: unknown): string {
  if (cell instanceof Date) {
    const iso = cell.toISOString();
    // A cell with only a time of day is a date in Excel's year zero.
    return cell.getUTCFullYear() < 1905 ? iso.slice(11, 16) : iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${iso.slice(11, 16)}`;
  }
  if (typeof cell === 'number' && cell > 0 && cell < 1) {
    const minutes = Math.round(cell * 1440);
    return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
  }
  return typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean' ? String(cell) : '';
}

/** Bigger attachments are not read; who fetches mail need not fetch them. */
export const MAX_SHEET_BYTES = 5_000_000;

/** True for attachments that may hold a shortlist. */
export function mayHoldList(attachment: { name: string; type: string }): boolean {
  return /\.(?:xlsx?|csv|pdf|ods)$/i.test(attachment.name) || /spreadsheet|ms-excel|text\/csv|application\/pdf/i.test(attachment.type);
}

/** The people in an .xlsx or .csv attachment; null when it is none of these, too big, or holds no list that can be read. */
export async function peopleFromAttachment(attachment: MailAttachment): Promise<ListRow[] | null> {
  const { bytes, name, type } = attachment;
  if (bytes.length > MAX_SHEET_BYTES) return null;
  if (/\.csv$/i.test(name) || /text\/csv/i.test(type)) return peopleFromGrid(parseCsv(bytes.subarray(0, MAX_TEXT * 10), MAX_ROWS));
  const looksZipped = bytes[0] === 0x50 && bytes[1] === 0x4b;
  if (!looksZipped || !(/\.xlsx$/i.test(name) || /spreadsheetml/i.test(type)) || !isSmallZip(bytes)) return null;
  try {
    const sheets = await readXlsxFile(Buffer.from(bytes));
    for (const sheet of sheets.slice(0, 10)) {
      const people = peopleFromGrid(sheet.data.slice(0, MAX_ROWS + HEADER_SEARCH).map((row) => row.slice(0, 50).map(cellText)));
      if (people) return people;
    }
  } catch {
    // A workbook that cannot be read is a missing list: the student is asked.
  }
  return null;
}
