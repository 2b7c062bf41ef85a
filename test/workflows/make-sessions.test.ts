// make-sessions/<institution>: day by day, begun anew by a wake in between.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import { record } from '../support/histories.ts';
import { type SkippingWorker, startSkipping } from './environment.ts';

let skipping: SkippingWorker;
beforeAll(async () => { skipping = await startSkipping(); });
afterAll(() => skipping?.stop());

const DAYS = ['2026-11-23', '2026-11-24', '2026-11-25'];
const begin = (workflowId: string) => skipping.environment.client.workflow.signalWithStart('makeSessions', {
  workflowId, taskQueue: skipping.taskQueue, args: [4], signal: 'wake', signalArgs: [{ intentId: 1 }],
});
const counts = { made: 2, changed: 0, calledOff: 1, blocked: 0 };

describe('A7 making sessions', () => {
  test('goes through the days once and adds up what it did', async () => {
    const asked: [number, string][] = [];
    await skipping.withActivities({
      daysToMake: () => Promise.resolve(DAYS),
      makeSessionsOf: (organisationId, date) => {
        asked.push([organisationId, date]);
        return Promise.resolve(counts);
      },
    }, async () => {
      const handle = await begin('make-sessions/once');
      expect(await handle.result()).toEqual({ made: 6, changed: 0, calledOff: 3, blocked: 0 });
      await record(handle, 'make-sessions');
    });
    expect(asked).toEqual(DAYS.map((date) => [4, date]));
  });

  test('begins anew when it is woken meanwhile, and tries a day again that failed', async () => {
    let calls = 0;
    await skipping.withActivities({
      daysToMake: () => Promise.resolve(DAYS),
      makeSessionsOf: async () => {
        calls += 1;
        if (calls === 2) {
          await skipping.environment.client.workflow.getHandle('make-sessions/woken').signal('wake', { intentId: 2 });
          throw new Error('the database is away');
        }
        return counts;
      },
    }, async () => {
      const handle = await begin('make-sessions/woken');
      expect((await handle.result()).made).toBe(12);
      await record(handle, 'make-sessions-woken');
    });
    expect(calls).toBe(7);
  });

  test('can be cancelled by an admin', async () => {
    await skipping.withActivities({
      daysToMake: () => Promise.resolve(DAYS),
      makeSessionsOf: () => Promise.reject(new Error('the database is away')),
    }, async () => {
      const handle = await begin('make-sessions/cancelled');
      await skipping.environment.sleep('30 seconds');
      await handle.cancel();
      await expect(handle.result()).rejects.toThrow(WorkflowFailedError);
      await record(handle, 'make-sessions-cancelled');
    });
  });

  test('the schedule wakes every institution', async () => {
    await skipping.withActivities({ wakeSessionMakers: () => Promise.resolve(3) }, async () => {
      expect(await skipping.environment.client.workflow.execute('wakeSessionMakers', { workflowId: 'make-sessions-daily', taskQueue: skipping.taskQueue, args: [] })).toBe(3);
    });
  });
});
