import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import { record } from '../support/histories.ts';
import { type SkippingWorker, startSkipping } from './environment.ts';

let skipping: SkippingWorker;
beforeAll(async () => { skipping = await startSkipping(); });
afterAll(() => skipping?.stop());

describe('deliver/<channel> (rule 4)', () => {
  const begin = (workflowId: string) => skipping.environment.client.workflow.signalWithStart('deliverNotices', {
    workflowId, taskQueue: skipping.taskQueue, args: ['email'], signal: 'wake', signalArgs: [{ intentId: 1 }],
  });

  test('sends batch after batch until nothing waits', async () => {
    const answers = [{ sent: 50, nextInMs: 0 }, { sent: 12, nextInMs: null }];
    await skipping.withActivities({ deliverBatch: () => Promise.resolve(answers.shift()!) }, async () => {
      const handle = await begin('deliver/drains');
      await handle.result();
      await record(handle, 'deliver-drains');
    });
    expect(answers).toEqual([]);
  });

  test('waits for what is due later, and is woken for what is due at once', async () => {
    const started = await skipping.environment.currentTimeMs();
    const asked: number[] = [];
    const answers = [{ sent: 0, nextInMs: 3_600_000 }, { sent: 1, nextInMs: 3_000_000 }, { sent: 1, nextInMs: null }];
    await skipping.withActivities({
      deliverBatch: async () => {
        asked.push((await skipping.environment.currentTimeMs()) - started);
        return answers.shift()!;
      },
    }, async () => {
      const handle = await begin('deliver/waits');
      await skipping.environment.sleep('10 minutes');
      await handle.signal('wake', { intentId: 2 });
      await handle.result();
      await record(handle, 'deliver-waits-and-is-woken');
    });
    expect(asked).toHaveLength(3);
    expect(asked[1]! - asked[0]!).toBeLessThan(15 * 60_000);
    expect(asked[2]! - asked[1]!).toBeGreaterThan(49 * 60_000);
  });

  test('continues as new on a busy channel, and goes on', async () => {
    let batches = 0;
    await skipping.withActivities({
      deliverBatch: () => {
        batches += 1;
        return Promise.resolve({ sent: 1, nextInMs: batches < 250 ? 0 : null });
      },
    }, async () => {
      const handle = await begin('deliver/busy');
      await handle.result();
    });
    expect(batches).toBe(250);
  });

  test('can be cancelled by an admin', async () => {
    await skipping.withActivities({ deliverBatch: () => Promise.resolve({ sent: 0, nextInMs: 3_600_000 }) }, async () => {
      const handle = await begin('deliver/cancelled');
      await skipping.environment.sleep('1 minute');
      await handle.cancel();
      await expect(handle.result()).rejects.toThrow(WorkflowFailedError);
      await record(handle, 'deliver-cancelled');
    });
  });
});

describe('a sweep (I6)', () => {
  test('counts every range once, reads until nobody has new mail, and says what it had', async () => {
    const ranges: [number, number][] = [];
    let reads = 0;
    await skipping.withActivities({
      planSweep: () => Promise.resolve([250, 500, 620]),
      countNewMail: (after, upTo) => {
        ranges.push([after, upTo]);
        return Promise.resolve({ mailboxes: 200, failing: 1 });
      },
      readMailboxes: () => {
        reads += 1;
        return Promise.resolve({ messages: 10, candidates: 5, interviews: 2, failing: 0, more: reads <= 3 });
      },
    }, async () => {
      const handle = await skipping.environment.client.workflow.start('sweepMailboxes', { workflowId: 'sweep/counts', taskQueue: skipping.taskQueue, args: [] });
      expect(await handle.result()).toEqual({ mailboxes: 600, failing: 3, messages: reads * 10, candidates: reads * 5, interviews: reads * 2 });
      await record(handle, 'sweep');
    });
    expect(ranges.toSorted((a, b) => a[0] - b[0])).toEqual([[0, 250], [250, 500], [500, 620]]);
  });

  test('of no mailboxes reads nothing', async () => {
    await skipping.withActivities({
      planSweep: () => Promise.resolve([]),
      readMailboxes: () => Promise.resolve({ messages: 0, candidates: 0, interviews: 0, failing: 0, more: false }),
    }, async () => {
      const result = await skipping.environment.client.workflow.execute('sweepMailboxes', { workflowId: 'sweep/none', taskQueue: skipping.taskQueue, args: [] });
      expect(result).toEqual({ mailboxes: 0, failing: 0, messages: 0, candidates: 0, interviews: 0 });
    });
  });
});
