// Workers: one a task queue, all with the same workflows and activities, from one bundle.
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DefaultLogger, makeTelemetryFilterString, NativeConnection, Runtime, Worker, type WorkflowBundle, type WorkflowBundleOption } from '@temporalio/worker';
import type { Logger } from 'pino';
import { type TaskQueue } from '../domain/processes/index.ts';
import { failureInterceptor } from './failures.ts';
import type { TemporalSettings } from './connection.ts';

/** How long activities under way may finish when a worker is told to stop. */
const GRACE = '10 seconds';
/** They wait for others most of the time; a search for a timetable keeps a core busy. */
const ACTIVITIES_AT_ONCE = 40;
const LARGEST_BUNDLE_BYTES = 64 * 1024 * 1024;

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

/** Bundles workflows/ once, in a process of its own: it takes seconds. @throws what the bundler said */
export async function bundleWorkflows(): Promise<WorkflowBundle> {
  const bundler = fileURLToPath(new URL('./bundle.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [bundler], { maxBuffer: LARGEST_BUNDLE_BYTES });
  return { code: stdout };
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
    maxConcurrentActivityTaskExecutions: taskQueue === 'solver' ? availableParallelism() : ACTIVITIES_AT_ONCE,
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
