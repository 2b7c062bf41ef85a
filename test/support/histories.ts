// Recorded histories: one for each shape of control flow, replayed in every run. With BEADLE_RECORD=1 the workflow tests
// write them anew (npm test -- test/workflows); do so only for a shape that is new.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

const FOLDER = fileURLToPath(new URL('../histories', import.meta.url));

/** Writes the history of a workflow that has run, when recording is on. */
export async function record(handle: Pick<WorkflowHandle, 'fetchHistory'>, name: string): Promise<void> {
  if (process.env.BEADLE_RECORD !== '1') return;
  const json = historyToJSON(await handle.fetchHistory());
  writeFileSync(join(FOLDER, `${name}.json`), `${withoutTheMachine(json)}\n`);
}

/** Which machine recorded it, and where its code lay, is nothing to keep. */
function withoutTheMachine(json: string): string {
  return json
    .replace(/"stackTrace": "(?:[^"\\]|\\.)*"/g, '"stackTrace": ""')
    .replace(/"identity": "[^"]*"/g, '"identity": "recorded"');
}

export interface RecordedHistory {
  workflowId: string;
  history: { events: unknown[] };
}

export function recordedHistories(): RecordedHistory[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({ workflowId: file.replace('.json', ''), history: JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) }));
}
