// Runs in a thread of its own (solving.ts starts it): one search.
import { parentPort, workerData } from 'node:worker_threads';
import { modelOf } from '../domain/timetabling/model.ts';
import { type Found, search } from '../domain/timetabling/search.ts';
import { moment, type Report, type Task } from './solving.ts';

const REPORT_MS = 200;

const { problem, budget, seed, from, stop } = workerData as Task;
const stopped = new Int32Array(stop);
let reportAt = moment() + REPORT_MS;

const say = (best: Found, iterations: number, done: boolean) => parentPort!.postMessage({ best, iterations, done } satisfies Report);

const { beginAt, until = Infinity, iterations: steps } = budget;
function progress(done: number): number {
  const now = moment();
  if (Atomics.load(stopped, 0) === 1 || now >= until) return 1;
  return steps === undefined ? (now - beginAt) / (until - beginAt) : done / steps;
}

const { iterations, ...best } = search(modelOf(problem), seed, {
  progress,
  report(better, done) {
    const now = moment();
    if (now < reportAt) return;
    reportAt = now + REPORT_MS;
    say(better, done, false);
  },
}, from);
say(best, iterations, true);
