// Jobs that make timetables: what was asked for, how far they are, what they look at, and what their searches have found.
import type { Knex } from 'knex';
import type { Trx } from '../connection.ts';
import { isDuplicate } from '../connection.ts';

export type JobStatus = 'queued' | 'running' | 'completed' | 'failed' | 'cancelled';
export type JobStage = 'clustering' | 'scheduling' | 'resolving' | 'saving';

export interface GenerationJob {
  jobId: string;
  organisationId: number;
  termId: number;
  status: JobStatus;
  stage: JobStage | null;
  /** 0 to 100: what is done of what is to be done. */
  progress: number;
  /** Seconds that each variant is searched for. */
  seconds: number;
  seed: number;
  /** Why it failed, as JSON; null for one that hasn't. */
  reasons: string | null;
  createdById: number;
  createdAt: Date;
  completedAt: Date | null;
}

const COLUMNS = {
  jobId: 'job_id', organisationId: 'organization_id', termId: 'term_id', status: 'status', stage: 'stage', progress: 'progress', seconds: 'seconds',
  seed: 'seed', reasons: 'reasons', createdById: 'created_by_id', createdAt: 'created_at', completedAt: 'completed_at',
} as const;

export interface NewJob {
  jobId: string;
  organisationId: number;
  termId: number;
  semester: number;
  academicYear: string;
  seconds: number;
  seed: number;
  createdById: number;
}

/** Enters a job. @returns false when the term has one under way already */
export async function insertJob(trx: Trx, job: NewJob, now: Date): Promise<boolean> {
  try {
    await trx('generation_jobs').insert({
      job_id: job.jobId, organization_id: job.organisationId, term_id: job.termId, semester: job.semester, academic_year: job.academicYear, status: 'queued',
      seconds: job.seconds, seed: job.seed, created_by_id: job.createdById, created_at: now, under_way: job.termId,
    });
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

export async function findJob(knex: Knex, jobId: string): Promise<GenerationJob | undefined> {
  return knex('generation_jobs').where({ job_id: jobId }).first(COLUMNS);
}

/** The job that a term has under way. */
export async function jobUnderWay(knex: Knex, termId: number): Promise<GenerationJob | undefined> {
  return knex('generation_jobs').where({ under_way: termId }).first(COLUMNS);
}

/** Jobs that are queued or running, by id. */
export async function jobsUnderWay(knex: Knex, after: string, most: number): Promise<string[]> {
  return knex('generation_jobs').whereNotNull('under_way').andWhere('job_id', '>', after).orderBy('job_id').limit(most).pluck('job_id');
}

export async function lockJob(trx: Trx, jobId: string): Promise<GenerationJob | undefined> {
  return trx('generation_jobs').where({ job_id: jobId }).forUpdate().first(COLUMNS);
}

/** Notes where a job stands. One that has ended stays as it is; progress never goes back. */
export async function advanceJob(trx: Knex, jobId: string, stage: JobStage, progress: number): Promise<void> {
  await trx('generation_jobs').where({ job_id: jobId }).whereNotNull('under_way')
    .update({ status: 'running', stage, progress: trx.raw('greatest(progress, ?)', [Math.floor(progress)]) });
}

/** Ends a job; its searches are no longer needed. @returns false when it has ended before */
export async function endJob(
  trx: Trx, jobId: string, status: 'completed' | 'failed' | 'cancelled', { reasons = null, now }: { reasons?: string | null; now: Date },
): Promise<boolean> {
  const ended = await trx('generation_jobs').where({ job_id: jobId }).whereNotNull('under_way')
    .update({ status, reasons, completed_at: now, under_way: null, ...(status === 'completed' && { progress: 100 }) });
  if (ended === 0) return false;
  await trx('generation_searches').where({ job_id: jobId }).delete();
  return true;
}

/** What the searches of a job look at; compressed JSON. */
export interface JobInput {
  university: Buffer;
  clusters: Buffer;
}

/** Keeps a job's input. One that is there already stays: searches may have begun with it. */
export async function keepInput(trx: Trx, jobId: string, { university, clusters }: JobInput): Promise<void> {
  await trx('generation_inputs').insert({ job_id: jobId, university, clusters }).onConflict().ignore();
}

export async function inputOf(knex: Knex, jobId: string): Promise<JobInput | undefined> {
  return knex('generation_inputs').where({ job_id: jobId }).first('university', 'clusters');
}

/** Which search: a variant's, of one part (from 1), or of the whole (0). */
export interface SearchKey {
  jobId: string;
  variant: number;
  part: number;
}

export interface SearchStand {
  variant: number;
  part: number;
  /** Searched so far. */
  seconds: number;
  finished: boolean;
  hard: number | null;
  soft: number | null;
}

/** What a search found last; see `encodePlacement` of services/timetables. */
export interface SearchFound extends Pick<SearchStand, 'seconds' | 'finished'> {
  hard: number;
  soft: number;
  placement: Buffer;
}

const keyOf = ({ jobId, variant, part }: SearchKey) => ({ job_id: jobId, variant, part });

/** Keeps what a search has found. @returns false when the job has ended, or never was */
export async function keepFound(trx: Trx, key: SearchKey, { seconds, finished, hard, soft, placement }: SearchFound, now: Date): Promise<boolean> {
  // Shared: whoever ends the job waits until this is written, and then deletes it.
  const underWay = await trx('generation_jobs').where({ job_id: key.jobId }).whereNotNull('under_way').forShare().first('job_id');
  if (!underWay) return false;
  await trx('generation_searches').insert({ ...keyOf(key), seconds, finished, hard, soft, placement, updated_at: now }).onConflict().merge();
  return true;
}

export async function foundOf(knex: Knex, key: SearchKey): Promise<SearchFound | undefined> {
  const found = await knex('generation_searches').where(keyOf(key)).first('seconds', 'finished', 'hard', 'soft', 'placement');
  return found && { ...found, finished: Boolean(found.finished), soft: Number(found.soft) };
}

/** How far all searches of a job are. */
export async function searchesOf(knex: Knex, jobId: string): Promise<SearchStand[]> {
  const rows: SearchStand[] = await knex('generation_searches').where({ job_id: jobId }).orderBy(['variant', 'part']).select('variant', 'part', 'seconds', 'finished', 'hard', 'soft');
  return rows.map((row) => ({ ...row, finished: Boolean(row.finished), soft: row.soft === null ? null : Number(row.soft) }));
}
