// Several students' mails about one drive bear each other out (I10): what was asked only because its mail was lone is confirmed.
import { driveName, findInterview, standingsOf, updateInterview } from '../db/repositories/interviews.ts';
import { lock } from '../db/repositories/locks.ts';
import { findUserOfStudent } from '../db/repositories/people.ts';
import { CORROBORATING_STUDENTS } from '../domain/interviews/trust.ts';
import type { ServiceContext } from './context.ts';
import { announceAll } from './interviews.ts';

/**
 * Confirms an interview that was asked only because its mail was lone, where others' mails now bear it out. Its process calls
 * this: a transaction of its own, under this one student's lock. Asked again, it changes nothing.
 */
export async function confirmCorroborated(context: ServiceContext, interviewId: number): Promise<void> {
  const isLone = (interview: { askedBecause: string | null } | undefined) => interview?.askedBecause === 'unverified';
  const seen = await findInterview(context.db.knex, interviewId);
  if (!seen || !isLone(seen)) return;
  await context.db.transaction(async (trx) => {
    await lock(trx, { students: [seen.studentId] });
    const interview = (await findInterview(trx, interviewId))!;
    if (!isLone(interview)) return;
    const { userId, organisationId } = await findUserOfStudent(trx, interview.studentId);
    const drive = { organisationId, companyKey: interview.companyKey, date: interview.date };
    const others = (await standingsOf(trx, [drive], [interview.studentId])).get(driveName(drive))?.others ?? 0;
    if (others + 1 < CORROBORATING_STUDENTS) return;
    const now = context.now().toJSDate();
    await updateInterview(trx, interviewId, { status: 'confirmed' }, { visible: true }, now);
    await announceAll(trx, context, [{ interview: (await findInterview(trx, interviewId))!, userId, kind: 'interview-found' }]);
  });
}
