// Comma, semicolon or tab separated values (RFC 4180) from bytes of an unknown character set.

/** UTF-8 where the bytes are, else windows-1252, which every byte sequence is. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** Rows of cells, at most `maxRows`. The separator is the one that the first line uses most. */
export function parseCsv(bytes: Uint8Array, maxRows: number): string[][] {
  const text = decodeText(bytes).replace(/^\ufeff/, '');
  const firstLine = text.slice(0, Math.max(text.indexOf('\n'), 0) || 500);
  const separator = [',', ';', '\t'].reduce((best, next) => (firstLine.split(next).length > firstLine.split(best).length ? next : best));
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length && rows.length < maxRows; at += 1) {
    const char = text[at] as string;
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') { cell += '"'; at += 1; }
      else quoted = false;
    } else if (char === '"' && cell.trim() === '') { quoted = true; cell = ''; }
    else if (char === separator) { row.push(cell.trim()); cell = ''; }
    else if (char === '\n') { row.push(cell.trim()); rows.push(row); row = []; cell = ''; }
    else if (char !== '\r') cell += char;
  }
  if (cell.trim() || row.length > 0) rows.push([...row, cell.trim()]);
  return rows.slice(0, maxRows);
}
