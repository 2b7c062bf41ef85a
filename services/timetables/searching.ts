// The steps of a job's process (T2, T6): the campus is read and split into parts, each variant's parts are searched one beside the other, joined and
// searched as a whole, and kept as a draft. Every step goes on from what the rows say, whoever began it.
import { searchesOf, type SearchKey, advanceJob, endJob, findJob, foundOf, type GenerationJob, keepFound, lockJob, type SearchFound } from '../../db/repositories/generation-jobs.ts';
import { insertTimetable, timetablesOfJob } from '../../db/repositories/timetables.ts';
import { Refusal } from '../../domain/refusal.ts';
import { entriesToRows } from '../../domain/timetabling/campus-entries.ts';
import { clusters } from '../../domain/timetabling/clusters.ts';
import { compile, type Compiled, entriesOf, placementOf } from '../../domain/timetabling/compile.ts';
import { infeasibilities } from '../../domain/timetabling/infeasibilities.ts';
import type { Reason } from '../../domain/timetabling/infeasible/reasons.ts';
import { modelOf } from '../../domain/timetabling/model.ts';
import type { Placement } from '../../domain/timetabling/problem.ts';
import { Random } from '../../domain/timetabling/random.ts';
import { repairPlacement } from '../../domain/timetabling/repair.ts';
import { qualityOf } from '../../domain/timetabling/score.ts';
import type { Found } from '../../domain/timetabling/search.ts';
import { besides, split } from '../../domain/timetabling/split.ts';
import type { Entry, University } from '../../domain/timetabling/university.ts';
import { unplacedEvents } from '../../domain/timetabling/unplaced.ts';
import { variants } from '../../domain/timetabling/variants.ts';
import type { ServiceContext } from '../context.ts';
import { moment, solve } from '../solving.ts';
import { tellOfGeneration } from './announcing.ts';
import { decodePlacement, encodePlacement, keepSearchInput, type SearchInput, searchInputOf } from './inputs.ts';
import { slotIdsOf, universityOf } from './university.ts';
import { unplacedOf } from './unplaced.ts';

/** Up to so many meetings the whole is searched at once: parts, one beside the other, are never better there (docs/timetabling.md). */
const MOST_MEETINGS_OF_PART = 10_000;
/** The share of a variant's time that its parts have; the whole has the rest. */
const PARTS_SHARE = 0.7;
/** How often what is found is kept. */
const KEEP_MS = 2_000;

/** How much there is to do; ids and counts only. */
export interface GenerationPlan {
  variants: number;
  parts: number;
}

/** Who carries a search out may end it early. */
export interface Watch {
  signal: AbortSignal;
}

/** Reads the campus and splits it. @returns null when the job is over, also because there can be no timetable: the row says why */
export async function prepareGeneration(context: ServiceContext, jobId: string): Promise<GenerationPlan | null> {
  const { knex } = context.db;
  const job = await findJob(knex, jobId);
  if (!job || !isUnderWay(job)) return null;
  const before = await searchInputOf(knex, jobId);
  if (before && before.clusters.length > 0) return planOf(before);
  await advanceJob(knex, jobId, 'clustering', 0);
  const university = await universityOf(knex, context, job.termId).catch((error: unknown) => {
    if (error instanceof Refusal) return error;
    throw error;
  });
  if (university instanceof Refusal) {
    const { code, details } = university;
    await endGeneration(context, jobId, 'failed', JSON.stringify([{ code: 'refused', refusal: code, details }] satisfies Reason[]));
    return null;
  }
  const reasons: Reason[] = infeasibilities(university);
  const input = reasons.length > 0 ? { university, clusters: [] } : { university, clusters: clusters(university, MOST_MEETINGS_OF_PART, new Random(job.seed)) };
  await context.db.transaction(async (trx) => {
    const held = await lockJob(trx, jobId);
    if (held && isUnderWay(held)) await keepSearchInput(trx, jobId, input);
  });
  if (reasons.length > 0) {
    await endGeneration(context, jobId, 'failed', JSON.stringify(reasons));
    return null;
  }
  await advanceJob(knex, jobId, 'scheduling', PROGRESS.clustered);
  return planOf(input);
}

const planOf = ({ clusters: parts }: SearchInput): GenerationPlan => ({ variants: variants.length, parts: parts.length });

const isUnderWay = ({ status }: GenerationJob) => status === 'queued' || status === 'running';

/** Searches for a variant of one part, from 1, beside what the parts before it have. @returns false when the job is over */
export async function searchPart(context: ServiceContext, key: SearchKey, watch: Watch): Promise<boolean> {
  const scene = await sceneOf(context, key.jobId);
  if (!scene) return false;
  const { input: { university, clusters: parts }, job } = scene;
  const pieces = split(university, parts);
  const piece = pieces[key.part - 1]!;
  const share = meetingsOf(piece) / pieces.reduce((sum, each) => sum + meetingsOf(each), 0);
  const others = await foundEntries(context, key, pieces.slice(0, key.part - 1));
  return searchOn(context, { key, university: besides(piece, university, others), seconds: job.seconds * PARTS_SHARE * share, start: undefined, job, watch });
}

/** Joins the parts of a variant and searches the whole. @returns false when the job is over */
export async function searchWhole(context: ServiceContext, { jobId, variant }: Omit<SearchKey, 'part'>, watch: Watch): Promise<boolean> {
  const scene = await sceneOf(context, jobId);
  if (!scene) return false;
  const { input: { university, clusters: parts }, job } = scene;
  const joined = await foundEntries(context, { jobId, variant }, split(university, parts));
  const start = placementOf(university, compiledFor(university, variant), joined);
  return searchOn(context, { key: { jobId, variant, part: 0 }, university, seconds: job.seconds * (1 - PARTS_SHARE), start, job, watch });
}

/** What was found for these parts, from the first on. */
async function foundEntries(context: ServiceContext, { jobId, variant }: Omit<SearchKey, 'part'>, pieces: readonly University[]): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const [index, piece] of pieces.entries()) {
    const found = await foundOf(context.db.knex, { jobId, variant, part: index + 1 });
    if (found) entries.push(...entriesOf(piece, compiledFor(piece, variant), decodePlacement(found.placement)));
  }
  return entries;
}

const meetingsOf = ({ classes }: University): number => classes.reduce((sum, { parts }) => sum + parts.reduce((of, { count }) => of + count, 0), 0);

const compiledFor = (university: University, variant: number): Compiled => compile(university, variants[variant]!.weights);

async function sceneOf(context: ServiceContext, jobId: string): Promise<{ input: SearchInput; job: GenerationJob } | null> {
  const [job, input] = await Promise.all([findJob(context.db.knex, jobId), searchInputOf(context.db.knex, jobId)]);
  return job && input && isUnderWay(job) ? { input, job } : null;
}

interface Search {
  key: SearchKey;
  university: University;
  /** How long in all, however often it is begun. */
  seconds: number;
  start: Placement | undefined;
  job: GenerationJob;
  watch: Watch;
}

/** Goes on with a search from what was kept of it until its time is over. */
async function searchOn(context: ServiceContext, { key, university, seconds, start, job, watch }: Search): Promise<boolean> {
  const { knex } = context.db;
  const before = await foundOf(knex, key);
  if (before?.finished) return true;
  const { problem } = compiledFor(university, key.variant);
  const done = before?.seconds ?? 0;
  const startedAt = moment();
  const searched = () => Math.min(seconds, done + (moment() - startedAt) / 1000);
  const over = new AbortController();
  let last: Found | null = null;

  async function keep(found: Found, finished: boolean): Promise<boolean> {
    const kept: SearchFound = { seconds: searched(), finished, hard: found.hard, soft: found.soft, placement: encodePlacement(found) };
    const goesOn = await context.db.transaction((trx) => keepFound(trx, key, kept, context.now().toJSDate()));
    if (goesOn) await noteProgress(context, job);
    return goesOn;
  }

  async function look(): Promise<void> {
    const wanted = last ? await keep(last, false) : await findJob(knex, key.jobId).then((now) => now !== undefined && isUnderWay(now));
    if (!wanted) over.abort();
  }

  let keeping = Promise.resolve();
  const timer = setInterval(() => {
    keeping = keeping.then(look).catch(() => {});
  }, KEEP_MS);
  try {
    // As if it had begun so long ago that the cooling is where it should be now.
    const found = await solve(problem, {
      budget: { beginAt: startedAt - 1000 * done, until: startedAt + 1000 * (seconds - done) },
      threads: 1, seed: job.seed + 101 * key.variant + key.part,
      ...(before ? { from: decodePlacement(before.placement) } : start && { from: start }),
      onBetter: (best) => { last = best; }, signal: AbortSignal.any([watch.signal, over.signal]),
    });
    clearInterval(timer);
    await keeping;
    return watch.signal.aborted || over.signal.aborted ? false : await keep(found, true);
  } finally {
    clearInterval(timer);
  }
}

/** What share of the work is done at the end of each stage, in per cent. */
const PROGRESS = { clustered: 20, scheduled: 70, resolved: 90 };

/** Notes how far the job is, by the seconds that were searched and the drafts that are kept. */
async function noteProgress(context: ServiceContext, job: GenerationJob): Promise<void> {
  const { knex } = context.db;
  const [searches, drafts] = await Promise.all([searchesOf(knex, job.jobId), timetablesOfJob(knex, job.jobId)]);
  const share = (ofWhole: boolean, seconds: number) =>
    Math.min(1, searches.filter(({ part }) => (part === 0) === ofWhole).reduce((sum, search) => sum + search.seconds, 0) / (variants.length * seconds));
  const [parts, wholes] = [share(false, job.seconds * PARTS_SHARE), share(true, job.seconds * (1 - PARTS_SHARE))];
  const progress = PROGRESS.clustered + parts * (PROGRESS.scheduled - PROGRESS.clustered) + wholes * (PROGRESS.resolved - PROGRESS.scheduled)
    + (drafts.length / variants.length) * (100 - PROGRESS.resolved);
  await advanceJob(knex, job.jobId, parts < 1 ? 'scheduling' : wholes < 1 ? 'resolving' : 'saving', Math.min(99, progress));
}

/** Keeps a variant as a draft: what breaks nothing of the best that was found. @returns false when the job is over */
export async function saveVariant(context: ServiceContext, { jobId, variant }: Omit<SearchKey, 'part'>): Promise<boolean> {
  const { knex } = context.db;
  const [scene, found] = [await sceneOf(context, jobId), await foundOf(knex, { jobId, variant, part: 0 })];
  if (!scene || !found) return false;
  const { input: { university }, job } = scene;
  const compiled = compiledFor(university, variant);
  const entries = entriesOf(university, compiled, withoutConflicts(compiled, decodePlacement(found.placement), job.seed));
  const { score, parts } = qualityOf(university, entries, variants[variant]!.weights);
  const rows = entriesToRows(entries, university, await slotIdsOf(knex, job.termId));
  const isKept = await context.db.transaction(async (trx) => {
    const held = await lockJob(trx, jobId);
    if (!held || !isUnderWay(held)) return false;
    await insertTimetable(trx, {
      jobId, termId: job.termId, variantName: variants[variant]!.name, qualityScore: Math.round(100 * score) / 100, parts: JSON.stringify(parts), unplaced: JSON.stringify(unplacedOf(university, entries)),
    }, rows, context.now().toJSDate());
    return true;
  });
  if (isKept) await noteProgress(context, job);
  return isKept;
}

/** What is still broken is mended by chains of moves; where that can't be, something is left out. */
function withoutConflicts({ problem }: Compiled, placement: Placement, seed: number): Placement {
  const model = modelOf(problem);
  return unplacedEvents(model, placement).length === 0 ? placement : repairPlacement(model, placement, new Random(seed)).board;
}

/** Ends a job and tells who asked for it. One that is over stays as it is. */
export async function endGeneration(context: ServiceContext, jobId: string, status: 'completed' | 'failed' | 'cancelled', reasons: string | null = null): Promise<void> {
  await context.db.transaction(async (trx) => {
    const now = context.now().toJSDate();
    const job = await lockJob(trx, jobId);
    if (job && (await endJob(trx, jobId, status, { reasons, now })) && status !== 'cancelled') await tellOfGeneration(trx, context, job, status);
  });
}
