// Runs the timetable solver in threads, side by side, and says how far they are.
import { Worker } from 'node:worker_threads';
import type { Placement, Problem } from '../domain/timetabling/problem.ts';
import type { Found } from '../domain/timetabling/search.ts';

/** How long to search: for so many steps in each thread, else until a moment, which ends it in any case. Moments are milliseconds since 1970. */
export interface Budget {
  beginAt: number;
  until?: number;
  iterations?: number;
}

export interface SolveOptions {
  budget: Budget;
  threads: number;
  seed: number;
  /** To go on from; without it the search begins at random. */
  from?: Placement;
  /** Called when a thread has found something better than all before. */
  onBetter?(best: Found, iterations: number): void;
  /** Ends the search early; what is best by then is the answer. */
  signal?: AbortSignal;
}

export interface Solved extends Found {
  /** Steps of all threads. */
  iterations: number;
}

/** What a thread is given. */
export interface Task {
  problem: Problem;
  budget: Budget;
  seed: number;
  from: Placement | undefined;
  /** [0] becomes 1 when the search is to end */
  stop: SharedArrayBuffer;
}

/** What a thread says. `done` is its last word. */
export interface Report {
  best: Found;
  iterations: number;
  done: boolean;
}

export const moment = (): number => performance.timeOrigin + performance.now();

/** The best placement that the threads have found. With one thread and `iterations` it is the same for the same seed. */
export async function solve(problem: Problem, { budget, threads, seed, from, onBetter, signal }: SolveOptions): Promise<Solved> {
  const stop = new SharedArrayBuffer(4);
  const end = () => Atomics.store(new Int32Array(stop), 0, 1);
  signal?.addEventListener('abort', end, { once: true });
  if (signal?.aborted) end();
  let best: Found | null = null;
  const iterations = Array.from({ length: threads }, () => 0);
  const hear = (thread: number, report: Report) => {
    iterations[thread] = report.iterations;
    if (best !== null && !isBetter(report.best, best)) return;
    best = report.best;
    onBetter?.(best, iterations.reduce((sum, count) => sum + count, 0));
  };
  try {
    await Promise.all(iterations.map((_, thread) => runThread({ problem, budget, seed: seed + thread, from, stop }, (report) => hear(thread, report))));
  } finally {
    end();
    signal?.removeEventListener('abort', end);
  }
  return { ...best!, iterations: iterations.reduce((sum, count) => sum + count, 0) };
}

export function isBetter(one: Found, other: Found): boolean {
  return one.hard < other.hard || (one.hard === other.hard && one.soft < other.soft);
}

/** Resolves with the thread's last word. @throws what it threw */
async function runThread(task: Task, hear: (report: Report) => void): Promise<void> {
  const worker = new Worker(new URL('./solving-thread.ts', import.meta.url), { workerData: task });
  try {
    await new Promise<void>((resolve, reject) => {
      worker.on('error', reject);
      worker.on('exit', (code) => reject(new Error(`a thread of the solver ended with ${code}`)));
      worker.on('message', (report: Report) => {
        hear(report);
        if (report.done) resolve();
      });
    });
  } finally {
    await worker.terminate();
  }
}
