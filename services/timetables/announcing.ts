// Telling of timetables: who asked for one, that it is there or can't be; everybody, that one is in force.
import type { GenerationJob } from '../../db/repositories/generation-jobs.ts';
import { membersAfter } from '../../db/repositories/people.ts';
import { findTimetable, termById, timetablesOfJob } from '../../db/repositories/timetables.ts';
import type { Trx } from '../../db/connection.ts';
import type { ServiceContext } from '../context.ts';
import { tell } from '../telling.ts';

/** People who are told in one transaction. */
const TOLD_TOGETHER = 1_000;

/** Tells who asked for a timetable what came of it. */
export async function tellOfGeneration(trx: Trx, context: ServiceContext, job: GenerationJob, status: 'completed' | 'failed'): Promise<void> {
  const drafts = await timetablesOfJob(trx, job.jobId);
  const best = Math.max(0, ...drafts.map(({ qualityScore }) => qualityScore));
  const { academicYear, semester } = (await termById(trx, job.termId))!;
  await tell(trx, {
    userIds: [job.createdById], kind: status === 'completed' ? 'timetable-made' : 'timetable-failed',
    params: { jobId: job.jobId, academicYear, semester, drafts: drafts.length, best }, eventKey: `generation/${job.jobId}/${status}`,
  }, context.now().toJSDate());
}

/** Tells the next students and faculty members that a timetable is in force. @returns the last who was told, null when all are */
export async function tellOfPublication(context: ServiceContext, timetableId: number, publishedAt: string, after: number): Promise<number | null> {
  const { knex } = context.db;
  const timetable = await findTimetable(knex, timetableId);
  if (timetable?.status !== 'published' || timetable.publishedAt?.toISOString() !== publishedAt) return null;
  const { academicYear, semester } = (await termById(knex, timetable.termId))!;
  const userIds = await membersAfter(knex, timetable.organisationId, after, TOLD_TOGETHER);
  if (userIds.length === 0) return null;
  await context.db.transaction((trx) => tell(trx, {
    userIds, kind: 'timetable-published', params: { timetableId, academicYear, semester }, eventKey: `timetable/${timetableId}/${publishedAt}`,
  }, context.now().toJSDate()));
  return userIds.at(-1)!;
}
