// Everything that a workflow's history says, decoded: payloads, failures, summaries and details.
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

const BASE64 = /"data":\s*"([A-Za-z0-9+/=]+)"/g;

/** The history as text, each payload's data decoded beside it. */
export function decodedText(json: string): string {
  return json.replace(BASE64, (_, data: string) => `"data": ${Buffer.from(data, 'base64').toString('utf8')}`);
}

export async function historyText(handle: Pick<WorkflowHandle, 'fetchHistory'>): Promise<string> {
  return decodedText(historyToJSON(await handle.fetchHistory()));
}
