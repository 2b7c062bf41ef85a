// The environment that set-up decides by: the process's own, with .env underneath.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const LINE = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/;

/** Variables of .env in the project folder, overruled by those of the process. */
export function readEnvironment(project, own = process.env) {
  let text = '';
  try {
    text = readFileSync(join(project, '.env'), 'utf8');
  } catch {
    // No .env: everything embedded.
  }
  const fromFile = {};
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = LINE.exec(line) || [];
    if (name) fromFile[name] = value.replace(/^(["'])(.*)\1$/, '$2');
  }
  return { ...fromFile, ...own };
}
