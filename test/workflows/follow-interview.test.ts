import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import { record } from '../support/histories.ts';
import { type SkippingWorker, startSkipping } from './environment.ts';

describe('interview/<id> (I16, I21)', () => {
  let skipping: SkippingWorker;
  beforeAll(async () => { skipping = await startSkipping(); });
  afterAll(() => skipping?.stop());

  const begin = (workflowId: string) => skipping.environment.client.workflow.signalWithStart('followInterview', {
    workflowId, taskQueue: skipping.taskQueue, args: [9], signal: 'changed', signalArgs: [{ intentId: 1 }],
  });

  /** An interview in so many hours; each look at it is noted. */
  async function interviewIn(hours: number) {
    const looks: number[] = [];
    const until = new Date((await skipping.environment.currentTimeMs()) + hours * 3_600_000).toISOString();
    let stands = true;
    return {
      looks,
      cancel: () => { stands = false; },
      activities: {
        followInterview: (interviewId: number) => {
          looks.push(interviewId);
          return Promise.resolve(stands ? { until, departmentId: 2, excused: 1 } : { until: null, departmentId: null, excused: 0 });
        },
      },
    };
  }

  test('watches until the interview is over', async () => {
    const { looks, activities } = await interviewIn(72);
    await skipping.withActivities(activities, async () => {
      const handle = await begin('interview/over');
      await handle.result();
      await record(handle, 'interview-over');
    });
    expect(looks).toEqual([9]);
  });

  test('looks again when the interview changes, and ends when it is called off', async () => {
    const { looks, activities, cancel } = await interviewIn(72);
    await skipping.withActivities(activities, async () => {
      const handle = await begin('interview/changed');
      await skipping.environment.sleep('1 hour');
      await handle.signal('changed', { intentId: 2 });
      await skipping.environment.sleep('1 hour');
      cancel();
      await handle.signal('changed', { intentId: 3 });
      await handle.result();
      await record(handle, 'interview-changed-and-called-off');
    });
    expect(looks).toEqual([9, 9, 9]);
  });

  test('does not look again for a message that it has seen', async () => {
    const { looks, activities } = await interviewIn(72);
    await skipping.withActivities(activities, async () => {
      const handle = await begin('interview/repeated');
      await skipping.environment.sleep('1 hour');
      await handle.signal('changed', { intentId: 1 });
      await handle.result();
    });
    expect(looks).toEqual([9]);
  });

  test('goes on when the database is down for an hour', async () => {
    const { looks, activities } = await interviewIn(72);
    const back = (await skipping.environment.currentTimeMs()) + 3_600_000;
    await skipping.withActivities({
      followInterview: async (interviewId: number) => {
        if ((await skipping.environment.currentTimeMs()) < back) throw new Error('down');
        return activities.followInterview(interviewId);
      },
    }, async () => {
      const handle = await begin('interview/outage');
      await handle.result();
    });
    expect(looks).toEqual([9]);
  });

  test('can be cancelled by an admin', async () => {
    const { activities } = await interviewIn(72);
    await skipping.withActivities(activities, async () => {
      const handle = await begin('interview/cancelled');
      await skipping.environment.sleep('1 hour');
      await handle.cancel();
      await expect(handle.result()).rejects.toThrow(WorkflowFailedError);
      await record(handle, 'interview-cancelled');
    });
  });
});
