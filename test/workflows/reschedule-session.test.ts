import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WithStartWorkflowOperation, WorkflowFailedError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { FakeActivities } from './environment.ts';
import { type SkippingWorker, startSkipping } from './environment.ts';
import type { NextStep } from '../../services/offering.ts';
import { record } from '../support/histories.ts';

type Round = NonNullable<Awaited<ReturnType<NonNullable<FakeActivities['openRoundOf']>>>>;

const HOUR = 3_600_000;

/** The records as rows would stand: one session, its open round, what was asked of them. */
function rows({ status = 'gathering', policy = 'expire', now }: { status?: Round['status']; policy?: 'expire' | 'automatic'; now: number }) {
  const log: string[] = [];
  const step = (name: NextStep['step'], hours: number): NextStep => ({ step: name, at: new Date(now + hours * HOUR).toISOString() });
  const steps = [step('remind', 3), step('escalate', 6), step('decide', 12)];
  let open: Round | null = {
    roundId: 1, departmentId: 3, status, quietMs: 600_000, quietMaxMs: HOUR, next: status === 'offered' ? steps.shift()! : null,
  };
  let affected = 1;
  const activities: FakeActivities = {
    openRoundOf: () => Promise.resolve(open),
    planRound: () => {
      log.push('plan');
      if (open) open = { ...open, status: 'offered', next: steps.shift()! };
      return Promise.resolve('offered');
    },
    takeStep: (_roundId, taken) => {
      log.push(taken === 'decide' ? `${taken} ${policy}` : taken);
      open = open && taken !== 'decide' ? { ...open, next: steps.shift()! } : null;
      return Promise.resolve();
    },
    undoRound: () => {
      log.push('undo');
      open = null;
      return Promise.resolve('undone');
    },
    applyDecision: (decisionId) => {
      log.push(`apply ${decisionId}`);
      if (decisionId === 404) return Promise.resolve('unknown');
      open = null;
      return Promise.resolve(decisionId === 2 ? 'declined' : 'moved');
    },
    closeRound: (_roundId, why) => {
      if (why === 'withdrawn' && affected > 0) return Promise.resolve(false);
      log.push(`close ${why}`);
      open = null;
      return Promise.resolve(true);
    },
  };
  return { log, activities, everybodyLeaves: () => { affected = 0; } };
}

describe('reschedule/<session> (I18, I19, rule 9)', () => {
  let skipping: SkippingWorker;
  beforeAll(async () => { skipping = await startSkipping(); });
  afterAll(() => skipping?.stop());

  let intent = 0;
  async function begin(workflowId: string) {
    intent += 1;
    return skipping.environment.client.workflow.signalWithStart('rescheduleSession', {
      workflowId, taskQueue: skipping.taskQueue, args: [7], signal: 'joined', signalArgs: [{ intentId: intent }],
    });
  }
  const now = () => skipping.environment.currentTimeMs();

  test('gathers until nobody joins for the quiet time, plans once, and ends when the decision is applied', async () => {
    const { log, activities } = rows({ now: await now() });
    await skipping.withActivities(activities, async () => {
      const startedAt = await now();
      const handle = await begin('reschedule/accepted');
      await skipping.environment.sleep('9 minutes');
      await handle.signal('joined', { intentId: 1_000 });
      await skipping.environment.sleep('9 minutes');
      expect(log).toEqual([]);
      await skipping.environment.sleep('2 minutes');
      expect(log).toEqual(['plan']);
      expect((await now()) - startedAt).toBeGreaterThan(18 * 60_000);
      expect(await handle.executeUpdate('decided', { args: [{ intentId: 1_001, decisionId: 1 }] })).toBe('moved');
      await handle.result();
      await record(handle, 'reschedule-accepted');
    });
    expect(log).toEqual(['plan', 'apply 1']);
  });

  test('plans after the longest wait although people keep joining', async () => {
    const { log, activities } = rows({ now: await now() });
    await skipping.withActivities(activities, async () => {
      const handle = await begin('reschedule/busy');
      for (let minute = 0; minute < 65 && log.length === 0; minute += 5) {
        await skipping.environment.sleep('5 minutes');
        await handle.signal('joined', { intentId: 2_000 + minute });
      }
      expect(log).toEqual(['plan']);
      // Ended by a decision: the time-skipping server's clock stands still after a workflow was terminated.
      await handle.executeUpdate('decided', { args: [{ intentId: 7001, decisionId: 1 }] });
      await handle.result();
    });
  });

  test('ends when the lecturer declines', async () => {
    const { log, activities } = rows({ status: 'offered', now: await now() });
    await skipping.withActivities(activities, async () => {
      const handle = await begin('reschedule/declined');
      expect(await handle.executeUpdate('decided', { args: [{ intentId: 3_000, decisionId: 2 }] })).toBe('declined');
      await handle.result();
      await record(handle, 'reschedule-declined');
    });
    expect(log).toEqual(['apply 2']);
  });

  test.each(['expire', 'automatic'] as const)('when nobody answers: a reminder, the head of department, then the policy (%s)', async (policy) => {
    const startedAt = await now();
    const { log, activities } = rows({ policy, now: startedAt });
    await skipping.withActivities(activities, async () => {
      const handle = await begin(`reschedule/${policy}`);
      await handle.result();
      expect((await now()) - startedAt).toBeGreaterThanOrEqual(12 * HOUR);
      if (policy === 'expire') await record(handle, 'reschedule-expired');
    });
    expect(log).toEqual(['plan', 'remind', 'escalate', `decide ${policy}`]);
  });

  test('after it was passed on, the answer of the head of department ends it', async () => {
    const { log, activities } = rows({ now: await now() });
    await skipping.withActivities(activities, async () => {
      const handle = await begin('reschedule/escalated');
      await skipping.environment.sleep('7 hours');
      expect(log).toEqual(['plan', 'remind', 'escalate']);
      expect(await handle.executeUpdate('decided', { args: [{ intentId: 8_001, decisionId: 1 }] })).toBe('moved');
      await handle.result();
      await record(handle, 'reschedule-escalated');
    });
    expect(log).toEqual(['plan', 'remind', 'escalate', 'apply 1']);
  });

  test('a move that nobody needs any more is undone', async () => {
    const { log, activities } = rows({ status: 'undoing', now: await now() });
    await skipping.withActivities(activities, async () => {
      const handle = await begin('reschedule/undone');
      await handle.result();
      await record(handle, 'reschedule-undone');
    });
    expect(log).toEqual(['undo']);
  });

  test('is withdrawn when the last student who was hit leaves', async () => {
    const { log, activities, everybodyLeaves } = rows({ status: 'offered', now: await now() });
    await skipping.withActivities(activities, async () => {
      const handle = await begin('reschedule/withdrawn');
      await skipping.environment.sleep('1 hour');
      everybodyLeaves();
      await handle.signal('joined', { intentId: 4_000 });
      await handle.result();
      await record(handle, 'reschedule-withdrawn');
    });
    expect(log).toEqual(['close withdrawn']);
  });

  test('a message that comes twice is taken once', async () => {
    const { log, activities } = rows({ now: await now() });
    await skipping.withActivities(activities, async () => {
      const handle = await begin('reschedule/twice');
      for (let minute = 0; minute < 12; minute += 4) {
        await skipping.environment.sleep('4 minutes');
        await handle.signal('joined', { intentId: intent });
      }
      expect(log).toEqual(['plan']);
      await handle.executeUpdate('decided', { args: [{ intentId: 7002, decisionId: 1 }] });
      await handle.result();
    });
  });

  test('a decision without a row is refused, and the round goes on', async () => {
    const { log, activities } = rows({ status: 'offered', now: await now() });
    await skipping.withActivities(activities, async () => {
      const handle = await begin('reschedule/forged');
      await expect(handle.executeUpdate('decided', { args: [{ intentId: 5_000, decisionId: 404 }] })).rejects.toThrow(WorkflowUpdateFailedError);
      await expect(handle.executeUpdate('decided', { args: [{ intentId: 5_001, decisionId: 'accept' }] })).rejects.toThrow(WorkflowUpdateFailedError);
      expect(await handle.executeUpdate('decided', { args: [{ intentId: 5_002, decisionId: 1 }] })).toBe('moved');
      await handle.result();
      await record(handle, 'reschedule-forged-decision');
    });
    expect(log).toEqual(['apply 404', 'apply 1']);
  });

  test('cancelled by an admin, it closes its round before it ends', async () => {
    const { log, activities } = rows({ status: 'offered', now: await now() });
    await skipping.withActivities(activities, async () => {
      const handle = await begin('reschedule/cancelled');
      await skipping.environment.sleep('1 minute');
      await handle.cancel();
      await expect(handle.result()).rejects.toThrow(WorkflowFailedError);
      await record(handle, 'reschedule-cancelled');
    });
    expect(log).toEqual(['close expired']);
  });

  test('started by a decision alone (its history was lost), it carries the decision out and ends', async () => {
    const { log, activities } = rows({ status: 'offered', now: await now() });
    await skipping.withActivities(activities, async () => {
      const startWorkflowOperation = new WithStartWorkflowOperation('rescheduleSession', {
        workflowId: 'reschedule/lost', taskQueue: skipping.taskQueue, args: [7], workflowIdConflictPolicy: 'USE_EXISTING',
      });
      const outcome = await skipping.environment.client.workflow.executeUpdateWithStart('decided', {
        startWorkflowOperation, args: [{ intentId: 6_000, decisionId: 1 }],
      });
      expect(outcome).toBe('moved');
      const handle = await startWorkflowOperation.workflowHandle();
      await handle.result();
      await record(handle, 'reschedule-started-by-decision');
    });
    expect(log).toEqual(['apply 1']);
  });

  test('without an open round there is nothing to do', async () => {
    await skipping.withActivities({ openRoundOf: () => Promise.resolve(null) }, async () => {
      const handle = await begin('reschedule/nothing');
      await handle.result();
      await record(handle, 'reschedule-nothing-open');
    });
  });
});
