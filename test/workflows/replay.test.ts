import { describe, expect, test } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { workflowBundle } from '../support/bundle.ts';
import { decodedText } from '../support/history-text.ts';
import { recordedHistories } from '../support/histories.ts';

describe('recorded histories (rule 7)', () => {
  test('all replay on the workflows as they are now', async () => {
    const histories = recordedHistories();
    expect(histories.length).toBeGreaterThanOrEqual(14);
    const replayed: string[] = [];
    for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle: await workflowBundle() }, histories)) {
      expect(`${workflowId}: ${error?.message ?? 'ok'}`).toBe(`${workflowId}: ok`);
      replayed.push(workflowId);
    }
    expect(replayed).toHaveLength(histories.length);
  });

  test('hold nothing but ids, enums and counts (rule 2)', () => {
    for (const { workflowId, history } of recordedHistories()) {
      expect(`${workflowId}: ${/[\w.+-]+@[\w-]+\.[a-z]{2,}/i.exec(decodedText(JSON.stringify(history)))?.[0] ?? 'no address'}`).toBe(`${workflowId}: no address`);
    }
  });
});
