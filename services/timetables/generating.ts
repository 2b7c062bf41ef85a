// Asking for a timetable, watching it come about, and calling that off (T1, T2, T6). The work is done by the job's process.
import { randomBytes, randomInt } from 'node:crypto';
import { insertAudit } from '../../db/repositories/audit.ts';
import { endJob, findJob, type GenerationJob, insertJob, type JobStage, type JobStatus, jobUnderWay, searchesOf } from '../../db/repositories/generation-jobs.ts';
import { isTaught, organisationByCode, termNamed, type Timetable, timetablesOfJob } from '../../db/repositories/timetables.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { Reason } from '../../domain/timetabling/infeasible/reasons.ts';
import type { Quality } from '../../domain/timetabling/score.ts';
import type { University } from '../../domain/timetabling/university.ts';
import { requirePermission } from '../access.ts';
import type { Person, ServiceContext } from '../context.ts';
import { generationCancelled, generationRequested } from '../intents.ts';
import { searchInputOf } from './inputs.ts';
import type { Unplaced } from './unplaced.ts';

const JOB_ID_BYTES = 6;
/** Seconds that each variant is searched for, where nobody says how many. */
const USUAL_SECONDS = 60;

export interface GenerationRequest {
  /** The institution's code. */
  organisation: string;
  academicYear: string;
  semester: number;
  /** Seconds that each variant is searched for. */
  seconds?: number | undefined;
  /** Where the random numbers begin; any, when left out. */
  seed?: number | undefined;
}

/**
 * Begins to make a term's timetable. While one is under way for the term, asking again gives that one.
 * @throws Refusal not-allowed; organisation-unknown, also for another than one's own; term-unknown; nothing-taught
 */
export async function generateTimetable(context: ServiceContext, actor: Person, request: GenerationRequest): Promise<{ jobId: string; isNew: boolean }> {
  requirePermission(actor, 'timetables.generate');
  const { knex } = context.db;
  const organisation = await organisationByCode(knex, request.organisation);
  if (organisation?.id !== actor.organisationId) throw new Refusal('organisation-unknown');
  const term = await termNamed(knex, organisation.id, request.academicYear, request.semester);
  if (!term) throw new Refusal('term-unknown');
  if (!(await isTaught(knex, term.termId))) throw new Refusal('nothing-taught');
  const jobId = `tt_${randomBytes(JOB_ID_BYTES).toString('hex')}`;
  const isNew = await context.db.transaction(async (trx) => {
    const now = context.now().toJSDate();
    const entered = await insertJob(trx, {
      jobId, organisationId: organisation.id, termId: term.termId, semester: request.semester, academicYear: request.academicYear,
      seconds: request.seconds ?? USUAL_SECONDS, seed: request.seed ?? randomInt(2 ** 31), createdById: actor.userId,
    }, now);
    if (!entered) return false;
    await generationRequested(trx, jobId, now);
    await insertAudit(trx, { userId: actor.userId, action: 'timetable.generate', subject: `term/${term.termId}`, details: { jobId } }, now);
    return true;
  });
  if (isNew) return { jobId, isNew };
  // It may have ended in between: then this one is entered.
  const running = await jobUnderWay(knex, term.termId);
  return running ? { jobId: running.jobId, isNew } : generateTimetable(context, actor, request);
}

/** How far a job is. */
export interface GenerationProgress {
  jobId: string;
  status: JobStatus;
  stage: JobStage | null;
  /** 0 to 100. */
  progress: number;
  /** What the best timetable found so far breaks and costs; null before there is one. */
  best: { hard: number; soft: number } | null;
  completedAt: Date | null;
}

/** @throws Refusal not-allowed; not-found, also for another institution's */
export async function generationProgress(context: ServiceContext, actor: Person, jobId: string): Promise<GenerationProgress> {
  const { status, stage, progress, completedAt } = await ownJob(context, actor, jobId);
  const found = (await searchesOf(context.db.knex, jobId)).flatMap(({ part, hard, soft }) => (part === 0 && hard !== null && soft !== null ? [{ hard, soft }] : []));
  const best = found.toSorted((a, b) => a.hard - b.hard || a.soft - b.soft)[0] ?? null;
  return { jobId, status, stage, progress, best, completedAt };
}

/** What a job came to. */
export interface GenerationResult extends GenerationProgress {
  /** Why there can be no timetable. */
  reasons: Reason[];
  /** What names in reasons and meetings mean; null before the campus was read. */
  university: University | null;
  timetables: VariantDraft[];
}

export interface VariantDraft extends Pick<Timetable, 'timetableId' | 'variantName' | 'qualityScore' | 'status' | 'createdAt' | 'publishedAt'> {
  parts: Quality['parts'];
  unplaced: Unplaced;
}

/** A job's timetables, or why there are none. @throws Refusal not-allowed; not-found */
export async function generationResult(context: ServiceContext, actor: Person, jobId: string): Promise<GenerationResult> {
  const { reasons } = await ownJob(context, actor, jobId);
  return {
    ...await generationProgress(context, actor, jobId),
    reasons: reasons === null ? [] : JSON.parse(reasons) as Reason[],
    university: (await searchInputOf(context.db.knex, jobId))?.university ?? null,
    timetables: (await timetablesOfJob(context.db.knex, jobId)).map(variantDraft),
  };
}

function variantDraft({ timetableId, variantName, qualityScore, status, createdAt, publishedAt, parts, unplaced }: Timetable): VariantDraft {
  return {
    timetableId, variantName, qualityScore, status, createdAt, publishedAt, parts: JSON.parse(parts) as Quality['parts'], unplaced: JSON.parse(unplaced) as Unplaced,
  };
}

/** Ends a job that is under way. One that has ended stays as it is. @throws Refusal not-allowed; not-found */
export async function cancelGeneration(context: ServiceContext, actor: Person, jobId: string): Promise<GenerationProgress> {
  await ownJob(context, actor, jobId);
  await context.db.transaction(async (trx) => {
    const now = context.now().toJSDate();
    if (!(await endJob(trx, jobId, 'cancelled', { now }))) return;
    await generationCancelled(trx, jobId, now);
    await insertAudit(trx, { userId: actor.userId, action: 'timetable.cancel', subject: `generation/${jobId}`, details: {} }, now);
  });
  return generationProgress(context, actor, jobId);
}

async function ownJob(context: ServiceContext, actor: Person, jobId: string): Promise<GenerationJob> {
  requirePermission(actor, 'timetables.generate');
  const job = await findJob(context.db.knex, jobId);
  if (job?.organisationId !== actor.organisationId) throw new Refusal('not-found');
  return job;
}
