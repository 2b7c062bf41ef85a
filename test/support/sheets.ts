// Sheets as people upload them: made like a spreadsheet program's, or part by part where it has to be odd; and the form around them.
import { strToU8, zipSync } from 'fflate';
import writeXlsxFile from 'write-excel-file/node';
import { sheetKinds, type SheetKind } from '../../domain/uploads/kinds.ts';

export type CellValue = string | number | boolean | Date | null;

/** An .xlsx of these rows. */
export async function xlsx(rows: readonly (readonly CellValue[])[]): Promise<Buffer> {
  return writeXlsxFile(rows.map((row) => row.map((value) => (value instanceof Date ? { value, format: 'yyyy-mm-dd' } : value)))).toBuffer();
}

/** An .xlsx whose first sheet has this XML (`<sheetData>` and what follows it). */
export function rawXlsx(sheet: string): Buffer {
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  return Buffer.from(zipSync(Object.fromEntries(Object.entries({
    '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"></Types>',
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets><sheet name="One" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${main}">${sheet}</worksheet>`,
  }).map(([path, text]) => [path, strToU8(text)]))));
}

/** A cell that holds text. */
export const textCell = (reference: string, text: string) => `<c r="${reference}" t="inlineStr"><is><t>${text}</t></is></c>`;

/** A form with a file and fields, as a request. */
export function form(file: Buffer | null, fields: Record<string, string> = {}): { payload: Buffer; headers: { 'content-type': string } } {
  const boundary = 'a-boundary-that-no-sheet-has';
  const parts: Buffer[] = Object.entries(fields).map(([name, value]) => Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`));
  if (file) {
    parts.push(Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="sheet.xlsx"\r\nContent-Type: application/octet-stream\r\n\r\n`,
    ), file, Buffer.from('\r\n'));
  }
  return { payload: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]), headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } };
}

/** A form with a kind's headings and example row; wrong rows are passed over. */
export function exampleForm(kind: SheetKind): ReturnType<typeof form> {
  const row = (number: number, texts: (string | number)[]) =>
    `<row r="${number}">${texts.map((text, column) => textCell(`${String.fromCharCode(65 + column)}${number}`, String(text))).join('')}</row>`;
  const columns = Object.values(sheetKinds[kind]);
  const sheet = `<sheetData>${row(1, columns.map(({ title }) => title))}${row(2, columns.map(({ example }) => example))}</sheetData>`;
  return form(rawXlsx(sheet), { partial: 'true' });
}
