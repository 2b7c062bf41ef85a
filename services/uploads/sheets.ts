// Uploaded bytes → the first sheet's cells. Reading is done by one thread that is started with the first file and kept.
import { Worker } from 'node:worker_threads';
import { Refusal } from '../../domain/refusal.ts';
import type { Sheet } from '../../domain/uploads/rows.ts';
import type { FileProblem } from './file-limits.ts';

/** Longer takes no sheet within the limits, ten times over. */
const PATIENCE_MS = 30_000;
const MOST_MEMORY_MB = 768;

interface Waiting {
  resolve: (answer: Sheet | FileProblem) => void;
  timer: NodeJS.Timeout;
}

let thread: { worker: Worker; waiting: Map<number, Waiting> } | null = null;
let asked = 0;

/** @throws Refusal that says what the file is instead, or why it is too much */
export async function sheetOf(bytes: Buffer): Promise<Sheet> {
  const answer = looksDifferent(bytes) ?? (await readInThread(bytes));
  if ('code' in answer) throw new Refusal(answer.code, answer.details);
  return answer;
}

/** What isn't packed as .xlsx files are: old workbooks and encrypted ones (OLE), text with separators, anything else. */
function looksDifferent(bytes: Buffer): FileProblem | null {
  if (bytes.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004') return null;
  if (bytes.subarray(0, 8).toString('hex') === 'd0cf11e0a1b11ae1') return { code: 'file-is-xls' };
  const begin = bytes.subarray(0, 4096);
  const isText = begin.length > 0 && begin.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
  return { code: isText && /[,;\t]/.test(begin.toString('latin1').split(/\r?\n/, 1)[0]!) ? 'file-is-csv' : 'file-not-xlsx' };
}

function readInThread(bytes: Buffer): Promise<Sheet | FileProblem> {
  const { worker, waiting } = (thread ??= startThread());
  const id = (asked += 1);
  return new Promise((resolve) => {
    const timer = setTimeout(() => giveUp(worker), PATIENCE_MS);
    waiting.set(id, { resolve, timer });
    worker.ref();
    worker.postMessage({ id, bytes });
  });
}

function startThread(): NonNullable<typeof thread> {
  const worker = new Worker(new URL('./sheet-worker.ts', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MB } });
  const waiting = new Map<number, Waiting>();
  worker.on('message', ({ id, answer }: { id: number; answer: Sheet | FileProblem }) => {
    const asker = waiting.get(id);
    waiting.delete(id);
    clearTimeout(asker?.timer);
    asker?.resolve(answer);
    // The process may end while nothing is being read.
    if (waiting.size === 0) worker.unref();
  });
  // It ends by itself only when a file needs more memory than there is for it.
  worker.on('error', () => giveUp(worker));
  return { worker, waiting };
}

/** The file that is being read is too much; those that wait behind it are told the same and may be sent again. */
function giveUp(worker: Worker): void {
  if (thread?.worker !== worker) return;
  const { waiting } = thread;
  thread = null;
  for (const { resolve, timer } of waiting.values()) {
    clearTimeout(timer);
    resolve({ code: 'file-unpacks-too-large' });
  }
  void worker.terminate();
}
