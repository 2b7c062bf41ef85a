// `bench solve [FOLDER] [--seconds N] [--threads N] [--seeds N]`: what the solver reaches on a folder's instances (.ctt), or on drawn ones, and how
// many moves a second it looks at. Its limit is the cost evaluation of moves alone, which any search of the kind has to do.
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { problemOfCtt, readCtt, writeCtt } from '../domain/timetabling/ctt.ts';
import { modelOf } from '../domain/timetabling/model.ts';
import { listOf } from '../domain/timetabling/problem.ts';
import { Random } from '../domain/timetabling/random.ts';
import { startingPlacement } from '../domain/timetabling/start.ts';
import { State } from '../domain/timetabling/state.ts';
import { drawInstance } from './ctt-instances.ts';
import { type Result, rounded, say } from './result.ts';

const DRAWN = 4;
const EVALUATIONS = 4_000_000;
const BEADLE = fileURLToPath(new URL('../bin/beadle.ts', import.meta.url));

interface Solved { instance: string; cost: number; hard: number; seconds: number; iterations: number; seed: number; wall: number }

export async function solveInstances(args: string[]): Promise<Result> {
  const { values, positionals: [given] } = parseArgs({
    args, allowPositionals: true, options: { seconds: { type: 'string', default: '10' }, threads: { type: 'string', default: '2' }, seeds: { type: 'string', default: '1' } },
  });
  const folder = given ?? await drawnInstances();
  try {
    const files = (await readdir(folder)).filter((file) => file.endsWith('.ctt')).toSorted().map((file) => join(folder, file));
    if (files.length === 0) throw new Error(`${folder} has no .ctt files`);
    const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => i + 1);
    const evaluations: number[] = [];
    const runs: Solved[] = [];
    for (const file of files) {
      evaluations.push(evaluationsASecond(await readFile(file, 'latin1')));
      const own: Solved[] = [];
      for (const seed of seeds) own.push(await solved(file, { seconds: values.seconds, threads: values.threads, seed }));
      runs.push(...own);
      say(`${basename(file).padEnd(14)}${own.map(({ cost, hard }) => (hard > 0 ? 'broken' : String(cost)).padStart(8)).join('')}`);
    }
    return inSum(runs, { evaluations, seeds, threads: Number(values.threads) });
  } finally {
    if (given === undefined) await rm(folder, { recursive: true });
  }
}

function inSum(runs: readonly Solved[], { evaluations, seeds, threads }: { evaluations: number[]; seeds: number[]; threads: number }): Result {
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  const sums = seeds.map((seed) => runs.filter((run) => run.seed === seed).reduce((sum, { cost }) => sum + cost, 0));
  const moves = mean(runs.map(({ iterations, seconds }) => iterations / seconds / threads));
  const alone = mean(evaluations);
  return {
    name: 'solve', ours: rounded(1e6 / moves, 4), limit: rounded(1e6 / alone, 4), ratio: rounded(moves / alone),
    more: {
      unit: 'seconds for a million moves of one thread', sums, meanOfSums: rounded(mean(sums)), broken: runs.filter(({ hard }) => hard > 0).length,
      millionMovesASecond: rounded(moves / 1e6), longestCommand: rounded(Math.max(...runs.map(({ wall }) => wall))),
    },
  };
}

/** How many random moves a second of one processor can have their cost told, without choosing, accepting or carrying out any. */
function evaluationsASecond(text: string): number {
  const random = new Random(1);
  const model = modelOf(problemOfCtt(readCtt(text)));
  const state = new State(model, startingPlacement(model, random));
  const events = Int32Array.from({ length: 1 << 16 }, () => model.movable[random.below(model.movable.length)]!);
  const any = (list: Int32Array) => list[random.below(list.length)]!;
  const slots = events.map((event) => any(listOf(model.kindStarts, model.eventKind[event]!)));
  const rooms = events.map((event) => any(listOf(model.kindRooms, model.eventKind[event]!)));
  let sum = 0;
  const began = performance.now();
  for (let i = 0; i < EVALUATIONS; i++) {
    const at = i & 0xffff;
    sum += state.conflictChange(events[at]!, slots[at]!) + state.softChange(events[at]!, slots[at]!, rooms[at]!);
  }
  const seconds = (performance.now() - began) / 1000;
  // The sum is of no interest, but what nobody looks at the compiler may leave out.
  return Number.isNaN(sum) ? 0 : EVALUATIONS / seconds;
}

/** Runs `beadle solve` as a process of its own. @throws Error with what it said when it fails */
async function solved(file: string, { seconds, threads, seed }: { seconds: string; threads: string; seed: number }): Promise<Solved> {
  const began = performance.now();
  const child = spawn(process.execPath, [BEADLE, 'solve', file, '--seconds', seconds, '--threads', threads, '--seed', String(seed)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data) => (out += String(data)));
  child.stderr.on('data', (data) => (err += String(data)));
  await new Promise((resolve) => { child.on('close', resolve); });
  const last = out.trim().split('\n').at(-1);
  if (!last) throw new Error(err);
  return { ...(JSON.parse(last) as Omit<Solved, 'wall'>), wall: (performance.now() - began) / 1000 };
}

async function drawnInstances(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'beadle-instances-'));
  for (let seed = 1; seed <= DRAWN; seed++) await writeFile(join(folder, `drawn${seed}.ctt`), writeCtt(drawInstance(seed)));
  return folder;
}
