// Tables as files: CSV (RFC 4180), Excel, and a page for printing. The first and the last go out while they are being made.
import { Readable } from 'node:stream';
import writeExcelFile, { type SheetData } from 'write-excel-file/node';
import { escapeHtml } from '../locales/escape.ts';
import { type Cell, cellText, type Table } from '../locales/reports.ts';
import { Refusal } from '../schemas/errors.ts';

/** A workbook is made in memory. */
const MOST_WORKBOOK_ROWS = 100_000;

const BYTE_ORDER_MARK = '\uFEFF';

/** Comma-separated, with the byte order mark by which spreadsheets know UTF-8. */
export function csvOf({ columns, rows }: Table): Readable {
  return Readable.from((async function* lines() {
    yield BYTE_ORDER_MARK + csvLine(columns.map(({ title }) => csvCell(title)));
    for await (const row of rows) {
      yield csvLine(row.map((value, column) => (typeof value === 'string' ? csvCell(value) : cellText(value, columns[column]!.kind, ''))));
    }
  })(), { encoding: 'utf8', objectMode: false });
}

const csvLine = (cells: string[]): string => `${cells.join(',')}\r\n`;

/** Text that a spreadsheet would take for a formula begins with an apostrophe. */
function csvCell(text: string): string {
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

/** A workbook with one sheet; text stays text. @throws Refusal report-too-large */
export async function xlsxOf({ title, columns, rows }: Table): Promise<Buffer> {
  const data: SheetData = [columns.map(({ title: value }) => ({ value, type: String, fontWeight: 'bold' as const }))];
  for await (const row of rows) {
    if (data.length > MOST_WORKBOOK_ROWS) throw new Refusal('report-too-large', { most: MOST_WORKBOOK_ROWS });
    data.push(row.map((value, column) => excelCell(value, columns[column]!.kind)));
  }
  return writeExcelFile(data, { sheet: sheetName(title), stickyRowsCount: 1, columns: columns.map(({ kind }) => ({ width: kind === 'text' ? 18 : 10 })) }).toBuffer();
}

function excelCell(value: Cell, kind: Table['columns'][number]['kind']): SheetData[number][number] {
  if (value === null || value === '') return null;
  if (typeof value === 'string') return { value, type: String };
  return { value, type: Number, ...(kind === 'percentage' && { format: '0.00' }) };
}

/** Excel takes 31 characters, without some. */
const sheetName = (title: string): string => title.replace(/[\\/?*[\]:]/g, ' ').slice(0, 31);

const STYLE = `@page{size:A4 landscape;margin:12mm}body{font:10pt/1.35 system-ui,sans-serif;color:#000;margin:1rem}h1{font-size:14pt;margin:0 0 .3rem}
p{margin:.1rem 0}table{border-collapse:collapse;width:100%;margin-top:.6rem}th,td{border:1px solid #888;padding:.15rem .35rem;text-align:start;vertical-align:top}
thead{display:table-header-group}tr{break-inside:avoid}.n{text-align:end;font-variant-numeric:tabular-nums}@media print{body{margin:0}}`;

/** What the page of a table may load: nothing, but for its own style. */
export const TABLE_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** A page without scripts, made for A4. */
export function htmlOf({ title, lines, columns, rows }: Table, locale: string): Readable {
  const style = columns.map(({ kind }) => (kind === 'text' ? '' : ' class="n"'));
  return Readable.from((async function* parts() {
    yield `<!doctype html><html lang="${escapeHtml(locale)}"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>`
      + `<body dir="auto"><h1>${escapeHtml(title)}</h1>${lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('')}`
      + `<table><thead><tr>${columns.map((column, index) => `<th scope="col"${style[index]}>${escapeHtml(column.title)}</th>`).join('')}</tr></thead><tbody>`;
    for await (const row of rows) {
      yield `<tr>${row.map((value, index) => `<td${style[index]}>${escapeHtml(cellText(value, columns[index]!.kind, '–'))}</td>`).join('')}</tr>`;
    }
    yield '</tbody></table></body></html>';
  })(), { encoding: 'utf8', objectMode: false });
}
