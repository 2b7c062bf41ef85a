// `bench universities`: five variants of a timetable for a university of 2,300 courses and 19,000 students on two cores, within five minutes. The limit
// is the same university in parts: one variant searched whole, and once more in four parts of as much time together, compared by quality.
import { clusters } from '../domain/timetabling/clusters.ts';
import { compile, entriesOf, placementOf } from '../domain/timetabling/compile.ts';
import { generateUniversity } from '../domain/timetabling/generate.ts';
import { hardCount, hardViolations } from '../domain/timetabling/hard-violations.ts';
import { modelOf } from '../domain/timetabling/model.ts';
import type { Placement } from '../domain/timetabling/problem.ts';
import { Random } from '../domain/timetabling/random.ts';
import { repairPlacement } from '../domain/timetabling/repair.ts';
import { qualityOf } from '../domain/timetabling/score.ts';
import { besides, split } from '../domain/timetabling/split.ts';
import type { Entry, University } from '../domain/timetabling/university.ts';
import { unplacedEvents } from '../domain/timetabling/unplaced.ts';
import { type Variant, variants } from '../domain/timetabling/variants.ts';
import { moment, solve } from '../services/solving.ts';
import { median, type Result, rounded, say, secondsOf } from './result.ts';

const SEED = 11;
const SIZE = { courses: 2_300, students: 19_000 };
/** Two at a time, five take three turns. */
const SECONDS = 80;
const MEETINGS_OF_PART = 2_000;
const CORES = 2;
const PARTS_SHARE = 0.7;

export async function universities(): Promise<Result> {
  const { university } = generateUniversity(SEED, SIZE);
  const made: Judged[] = [];
  const queue = variants.values();
  const seconds = await secondsOf(() => Promise.all(Array.from({ length: CORES }, async () => {
    for (const variant of queue) {
      made.push(await judge(university, variant, await searched(university, variant, SECONDS)));
      say(JSON.stringify(made.at(-1)));
    }
  })));
  const whole = made.find(({ variant }) => variant === variants[0]!.name)!;
  const inParts = await judgeInParts(university, variants[0]!);
  say(`in parts: ${JSON.stringify(inParts)}`);
  return {
    name: 'universities', ours: rounded(inParts.score), limit: rounded(whole.score), ratio: rounded(inParts.score / whole.score, 3),
    more: { seconds: rounded(seconds), feasible: made.filter(({ hard, unplaced }) => hard + unplaced === 0).length, scores: made.map(({ score }) => rounded(score)), median: rounded(median(made.map(({ score }) => score))), inParts },
  };
}

interface Judged {
  variant: string;
  /** What the search itself left broken, and what is left without a place after mending. */
  broken: number;
  unplaced: number;
  hard: number;
  score: number;
}

/** Searches in a thread, at most so many seconds. */
async function searched(university: University, variant: Variant, seconds: number, from?: Placement): Promise<Placement & { hard: number }> {
  const beginAt = moment();
  return solve(compile(university, variant.weights).problem, { budget: { beginAt, until: beginAt + seconds * 1000 }, threads: 1, seed: SEED, ...(from && { from }) });
}

async function judge(university: University, { name, weights }: Variant, found: Placement & { hard: number }): Promise<Judged> {
  const compiled = compile(university, weights);
  const model = modelOf(compiled.problem);
  const placement = unplacedEvents(model, found).length === 0 ? found : repairPlacement(model, found, new Random(SEED)).board;
  const entries = entriesOf(university, compiled, placement);
  return {
    variant: name, broken: found.hard, unplaced: compiled.events.length - entries.length, hard: hardCount(hardViolations(university, entries)) - (compiled.events.length - entries.length),
    score: qualityOf(university, entries, weights).score,
  };
}

/** The same time, for four parts one beside the other and then for the whole. */
async function judgeInParts(university: University, variant: Variant): Promise<Judged> {
  const parts = clusters(university, MEETINGS_OF_PART, new Random(SEED));
  const pieces = split(university, parts);
  const meetings = (piece: University) => compile(piece, variant.weights).events.length;
  const all = pieces.reduce((sum, piece) => sum + meetings(piece), 0);
  const entries: Entry[] = [];
  for (const piece of pieces) {
    const beside = besides(piece, university, entries);
    entries.push(...entriesOf(beside, compile(beside, variant.weights), await searched(beside, variant, SECONDS * PARTS_SHARE * meetings(piece) / all)));
  }
  return judge(university, variant, await searched(university, variant, SECONDS * (1 - PARTS_SHARE), placementOf(university, compile(university, variant.weights), entries)));
}
