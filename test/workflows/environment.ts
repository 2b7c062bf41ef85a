// A worker on the time-skipping server with typed fake activities, for tests of what workflows decide and when.
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import type { DeliveryActivities } from '../../activities/delivering.ts';
import type { MailboxActivities } from '../../activities/mailboxes.ts';
import type { RecordActivities } from '../../activities/records.ts';
import type { SolverActivities } from '../../activities/solver.ts';
import { workflowBundle } from '../support/bundle.ts';
import { quietRuntime } from '../support/log.ts';
import { createTimeSkippingEnvironment } from '../support/temporal.ts';

export type FakeActivities = Partial<RecordActivities & SolverActivities & MailboxActivities & DeliveryActivities>;

export interface SkippingWorker {
  environment: TestWorkflowEnvironment;
  /** The queue of the worker that polls now. */
  readonly taskQueue: string;
  /** Runs `work` while a worker with these activities polls a queue of its own. */
  withActivities<T>(activities: FakeActivities, work: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

export async function startSkipping(): Promise<SkippingWorker> {
  quietRuntime();
  const environment = await createTimeSkippingEnvironment();
  const bundle = await workflowBundle();
  let queues = 0;
  const taskQueue = () => `test-${queues}`;
  return {
    environment,
    get taskQueue() {
      return taskQueue();
    },
    async withActivities(activities, work) {
      queues += 1;
      const worker = await Worker.create({
        connection: environment.nativeConnection, namespace: environment.namespace ?? 'default', taskQueue: taskQueue(), workflowBundle: bundle, activities,
      });
      return worker.runUntil(work());
    },
    stop: () => environment.teardown(),
  };
}
