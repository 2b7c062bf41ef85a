// Workers: one a task queue, all with the same workflows and activities, from one bundle.
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, makeTelemetryFilterString, NativeConnection, Runtime, Worker, type WorkflowBundleOption, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import type { Logger } from 'pino';
import { type TaskQueue } from '../domain/processes/index.ts';
import { failureInterceptor } from './failures.ts';
import type { TemporalSettings } from './connection.ts';

/** How long activities under way may finish when a worker is told to stop. */
const GRACE = '10 seconds';

export interface WorkerSettings extends TemporalSettings {
  queues: readonly TaskQueue[];
  activities: object;
  log: Logger;
  /** Made by `bundleWorkflows`; made here when left out. */
  bundle?: WorkflowBundleOption;
}

export interface RunningWorkers {
  /** Ends when all workers have stopped; rejects when one failed. */
  readonly finished: Promise<void>;
  /** Drains and stops. */
  stop(): Promise<void>;
}

/** Bundles workflows/ once: it takes seconds. */
export async function bundleWorkflows(): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)),
    logger: new DefaultLogger('ERROR'),
  });
}

/** Sends what the SDK and its core have to say to our log. Once a process, before anything of Temporal's is made. */
export function installRuntime(log: Logger): void {
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      log[level === 'ERROR' ? 'error' : 'warn']({ ...(meta && { temporal: namesOnly(meta) }) }, message);
    }),
    // The core's own words too, instead of on the terminal.
    telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } },
    shutdownSignals: [],
  });
}

/** Ids and names of what a log line is about; never errors, whose texts quote values. */
function namesOnly(meta: Record<string | symbol, unknown>): Record<string, unknown> {
  const keys = ['workflowId', 'workflowType', 'activityType', 'activityId', 'taskQueue', 'attempt', 'mailboxId', 'code'];
  return Object.fromEntries(keys.filter((key) => meta[key] !== undefined).map((key) => [key, meta[key]]));
}

export async function startWorkers({ address, namespace, queues, activities, log, bundle }: WorkerSettings): Promise<RunningWorkers> {
  const connection = await NativeConnection.connect({ address });
  const workflowBundle = bundle ?? (await bundleWorkflows());
  const workers = await Promise.all(queues.map((taskQueue) => Worker.create({
    connection, namespace, taskQueue, workflowBundle, activities,
    shutdownGraceTime: GRACE,
    maxConcurrentWorkflowTaskPolls: 4,
    maxConcurrentActivityTaskPolls: 4,
    maxConcurrentActivityTaskExecutions: 40,
    interceptors: { activity: [failureInterceptor(log)] },
  })));
  const runs = workers.map((worker) => worker.run());
  const finished = Promise.all(runs).then(() => undefined).finally(() => connection.close());
  return {
    finished,
    async stop() {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await finished;
    },
  };
}
