// `beadle worker` as a process of its own, which can be killed.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import type { TaskQueue } from '../../domain/processes/index.ts';

const BEADLE = fileURLToPath(new URL('../../bin/beadle.ts', import.meta.url));
/** Temporal's number for activities. */
const ACTIVITIES = 2;

export interface WorkerProcess {
  readonly pid: number;
  /** Resolves when it has ended. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Starts a worker of these queues; resolves when it takes activities. Its output goes to worker.log in `stateDir`. */
export async function startWorkerProcess(
  client: Client, stateDir: string, environment: Record<string, string>, queues: readonly TaskQueue[] = ['mail'],
): Promise<WorkerProcess> {
  return startPollingProcess(client, stateDir, { command: [BEADLE, 'worker', '--queue', ...queues], environment, queues });
}

/** Starts a script with its arguments that works off queues; resolves when it takes activities of all. */
export async function startPollingProcess(
  client: Client, stateDir: string,
  { command, environment, queues }: { command: readonly string[]; environment: Record<string, string>; queues: readonly TaskQueue[] },
): Promise<WorkerProcess> {
  const logPath = join(stateDir, 'worker.log');
  const log = openSync(logPath, 'a');
  const child = spawn(process.execPath, ['--no-memory-reducer', ...command], {
    cwd: stateDir, stdio: ['ignore', log, log],
    env: { PATH: process.env.PATH, BEADLE_STATE: stateDir, LOG_LEVEL: 'warn', ...environment },
  });
  closeSync(log);
  for (const queue of queues) {
    while (!(await takesActivities(client, child, queue))) {
      if (child.exitCode !== null) throw new Error(`the worker ended: ${await readFile(logPath, 'utf8')}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return {
    pid: child.pid!,
    end: (signal) => endChild(child, signal),
  };
}

/** Ends a process; resolves when it has ended. */
export async function endChild(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

async function takesActivities(client: Client, { pid }: ChildProcess, queue: TaskQueue): Promise<boolean> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace, taskQueue: { name: queue }, taskQueueType: ACTIVITIES,
  });
  return pollers?.some(({ identity }) => identity?.startsWith(`${pid}@`)) ?? false;
}
