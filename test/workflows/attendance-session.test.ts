// What attendance/<session> decides and when, on the time-skipping server with fake activities.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import type { TakingProgress } from '../../services/completing.ts';
import { record } from '../support/histories.ts';
import { startSkipping, type SkippingWorker } from './environment.ts';

let skipping: SkippingWorker;
beforeAll(async () => {
  skipping = await startSkipping();
}, 60_000);
afterAll(() => skipping.stop());

/** Attendance that is open for so many minutes, on the server's clock. */
async function takingOf(minutes: number) {
  const now = async () => skipping.environment.currentTimeMs();
  let completesAt = (await now()) + minutes * 60_000;
  let status: TakingProgress['status'] | 'off' = 'open';
  const done: string[] = [];
  return {
    done,
    extend: (more: number) => { completesAt += more * 60_000; },
    complete: () => { status = 'completed'; },
    callOff: () => { status = 'off'; },
    activities: {
      takingProgress: async () => (status === 'off' ? null : { status, nextAt: new Date(completesAt).toISOString(), departmentId: 2 }),
      takeAttendanceStep: async () => {
        if (status !== 'open' || (await now()) < completesAt) return;
        status = 'completed';
        done.push('completed itself');
      },
      followCompletion: async () => { done.push('followed'); },
    },
  };
}

const begin = (sessionId: string) => skipping.environment.client.workflow.start('attendanceSession', {
  workflowId: sessionId, taskQueue: skipping.taskQueue, args: [9],
});

describe('A10 the process of a session', () => {
  test('completes it when nobody does', async () => {
    const { done, activities } = await takingOf(70);
    await skipping.withActivities(activities, async () => {
      const handle = await begin('attendance/itself');
      await handle.result();
      await record(handle, 'attendance-completes-itself');
    });
    expect(done).toEqual(['completed itself', 'followed']);
  });

  test('waits longer when it is extended, and sees to what follows when it is completed by hand', async () => {
    const { done, activities, extend, complete } = await takingOf(10);
    await skipping.withActivities(activities, async () => {
      const handle = await begin('attendance/by-hand');
      await handle.executeUpdate('opened', { args: [{ intentId: 1 }] });
      extend(60);
      await handle.executeUpdate('extended', { args: [{ intentId: 2 }] });
      await skipping.environment.sleep('30 minutes');
      await handle.executeUpdate('rotated', { args: [{ intentId: 3 }] });
      expect(done).toEqual([]);
      complete();
      await handle.executeUpdate('completed', { args: [{ intentId: 4 }] });
      await handle.result();
      await record(handle, 'attendance-extended-rotated-completed');
    });
    expect(done).toEqual(['followed']);
  });

  test('ends when the class is called off', async () => {
    const { done, activities, callOff } = await takingOf(60);
    await skipping.withActivities(activities, async () => {
      const handle = await begin('attendance/off');
      await handle.executeUpdate('opened', { args: [{ intentId: 1 }] });
      callOff();
      await handle.executeUpdate('extended', { args: [{ intentId: 2 }] });
      await handle.result();
      await record(handle, 'attendance-called-off');
    });
    expect(done).toEqual([]);
  });

  test('a message that comes twice is taken once', async () => {
    const { activities } = await takingOf(20);
    let looks = 0;
    await skipping.withActivities({ ...activities, takingProgress: () => { looks += 1; return activities.takingProgress(); } }, async () => {
      const handle = await begin('attendance/repeated');
      await handle.executeUpdate('extended', { args: [{ intentId: 5 }], updateId: 'first' });
      await handle.executeUpdate('extended', { args: [{ intentId: 5 }], updateId: 'second' });
      await handle.result();
    });
    expect(looks).toBeLessThanOrEqual(3);
  });

  test('goes on when the database is down for an hour', async () => {
    const { done, activities } = await takingOf(20);
    const back = (await skipping.environment.currentTimeMs()) + 3_600_000;
    await skipping.withActivities({
      ...activities,
      takingProgress: async () => {
        if ((await skipping.environment.currentTimeMs()) < back) throw new Error('down');
        return activities.takingProgress();
      },
    }, async () => {
      await (await begin('attendance/outage')).result();
    });
    expect(done).toEqual(['completed itself', 'followed']);
  });

  test('can be cancelled by an admin', async () => {
    const { activities } = await takingOf(60);
    await skipping.withActivities(activities, async () => {
      const handle = await begin('attendance/cancelled');
      await handle.executeUpdate('opened', { args: [{ intentId: 1 }] });
      await handle.cancel();
      await expect(handle.result()).rejects.toThrow(WorkflowFailedError);
      await record(handle, 'attendance-cancelled');
    });
  });
});
