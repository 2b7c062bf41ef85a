// Runs in a thread of its own (sheets.ts starts it): unpacks and reads .xlsx files, so that the API goes on answering meanwhile.
import { parentPort } from 'node:worker_threads';
import { unzipSync, zipSync } from 'fflate';
import { readSheet } from 'read-excel-file/node';
import type { Cell } from '../../domain/uploads/cells.ts';
import type { Sheet } from '../../domain/uploads/rows.ts';
import { type FileProblem, MOST_COLUMNS, MOST_ROWS, MOST_UNPACKED_BYTES } from './file-limits.ts';

const CELL_OR_ROW = /<(?:\w+:)?(row|c)\b[^>]*?\br="([A-Z]{0,4})(\d{1,8})"/g;
const MERGED = /<(?:\w+:)?mergeCell\b[^>]*?\bref="[A-Z]{1,3}(\d{1,7})(?::[A-Z]{1,3}(\d{1,7}))?"/g;

/**
 * Reads the first sheet. What a file would unpack to is taken from its directory before anything is unpacked; one that lies about it
 * stops where it said it would.
 */
async function read(bytes: Uint8Array): Promise<Sheet | FileProblem> {
  let unpacked = 0;
  try {
    unzipSync(bytes, { filter({ originalSize }) {
      unpacked += originalSize;
      return false;
    } });
    if (unpacked > MOST_UNPACKED_BYTES) return { code: 'file-unpacks-too-large' };
    const files = unzipSync(bytes, { filter: ({ name }) => /^xl\/(?:_rels|worksheets|[^/]+$)/.test(name) });
    const path = firstSheetPath(files);
    if (path === null || !files[path]) return { code: 'file-not-xlsx' };
    const outline = outlineOf(text(files[path]));
    if (outline.rows > MOST_ROWS) return { code: 'sheet-too-long', details: { rows: outline.rows, most: MOST_ROWS } };
    if (outline.columns > MOST_COLUMNS) return { code: 'sheet-too-wide', details: { most: MOST_COLUMNS } };
    // As it was unpacked here: what reads it takes no directory's word.
    const checked = zipSync(files, { level: 0 });
    return { grid: (await readSheet(Buffer.from(checked.buffer))) as Cell[][], merged: outline.merged };
  } catch {
    // Not a workbook, or one that was cut off or altered.
    return { code: 'file-not-xlsx' };
  }
}

const text = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');

/** The part that holds the first sheet of the workbook (ECMA-376-1, 18.2.19 and 9.2). */
function firstSheetPath(files: Record<string, Uint8Array>): string | null {
  const [workbook, relations] = [files['xl/workbook.xml'], files['xl/_rels/workbook.xml.rels']];
  if (!workbook || !relations) return null;
  const id = /<(?:\w+:)?sheet\b[^>]*?\b\w+:id="([^"]+)"/.exec(text(workbook))?.[1];
  const relation = [...text(relations).matchAll(/<(?:\w+:)?Relationship\b[^>]*>/g)].map(([element]) => element).find((element) => element.includes(`"${id}"`));
  const target = relation && /\bTarget="([^"]+)"/.exec(relation)?.[1];
  if (!target) return null;
  return target.startsWith('/') ? target.slice(1) : `xl/${target}`;
}

/** How far a sheet's rows and columns reach, and which rows merged cells join; without making cells of it. */
function outlineOf(xml: string): { rows: number; columns: number; merged: [number, number][] } {
  let [rows, columns, counted] = [0, 0, 0];
  for (const [, element, letters, row] of xml.matchAll(CELL_OR_ROW)) {
    if (element === 'row') counted += 1;
    rows = Math.max(rows, Number(row));
    let column = 0;
    for (const letter of letters!) column = column * 26 + letter.charCodeAt(0) - 64;
    columns = Math.max(columns, column);
  }
  const merged = [...xml.slice(xml.lastIndexOf('sheetData')).matchAll(MERGED)]
    .map(([, first, last]): [number, number] => [Number(first), Number(last ?? first)]);
  return { rows: Math.max(rows, counted), columns, merged };
}

parentPort!.on('message', ({ id, bytes }: { id: number; bytes: Uint8Array }) => {
  void read(bytes).then((answer) => parentPort!.postMessage({ id, answer }));
});
