// A cancellation or a move of which nobody knows which interview it means: the student is asked, and says (I12).
import type { Trx } from '../db/connection.ts';
import { closeDoubt, findDoubt, insertDoubt, openDoubtsOf } from '../db/repositories/doubts.ts';
import { drivesOf, type Interview, type KeptInterview, linkMails, updateInterview } from '../db/repositories/interviews.ts';
import { lock } from '../db/repositories/locks.ts';
import { noticesOfEvents } from '../db/repositories/notices.ts';
import type { NoticeParams } from '../domain/notices.ts';
import { Refusal } from '../domain/refusal.ts';
import { requireStudent } from './access.ts';
import { campusDay } from './campus-day.ts';
import type { Actor, ServiceContext } from './context.ts';
import { absorbTwins } from './finding-changes.ts';
import { type Change, driveFor, startOf } from './finding-shape.ts';
import { announceChange, isStanding, keptInterview, ownInterview } from './interviews.ts';
import { tell } from './telling.ts';

/** As many buttons as a message can sensibly have. */
const MOST_CHOICES = 8;

/** Notes what a mail wants of one of several interviews. @returns the question, as the notice puts it */
export async function openDoubt(
  trx: Trx, context: ServiceContext, { student, finding, times }: Pick<Change, 'student' | 'finding' | 'times'>, messageKey: Buffer, interviews: Interview[],
): Promise<{ question: NoticeParams['interview-which']; isNew: boolean }> {
  const kind = finding.kind === 'cancel' ? 'cancel' : 'reschedule';
  const { id, isNew } = await insertDoubt(trx, { studentId: student.id, messageKey, kind, ...times }, context.now().toJSDate());
  const isMove = kind === 'reschedule';
  const question: NoticeParams['interview-which'] = {
    doubtId: id, doing: kind, company: interviews[0]!.companyName,
    start: isMove ? startOf(times) : null, end: isMove ? times.endsAt?.toISOString() ?? null : null,
    options: interviews.slice(0, MOST_CHOICES).map((interview) => ({
      interviewId: interview.id, company: interview.companyName, start: startOf(interview), end: interview.endsAt?.toISOString() ?? null,
    })),
  };
  return { question, isNew };
}

/** Asks the student which interview a mail means; once, however often it comes. */
export async function askWhich(trx: Trx, context: ServiceContext, change: Change, messageKey: Buffer, interviews: Interview[]): Promise<void> {
  const { question, isNew } = await openDoubt(trx, context, change, messageKey, interviews);
  if (!isNew) return;
  await tell(trx, {
    userIds: [change.student.userId], kind: 'interview-which', params: question, eventKey: `interview-doubt/${question.doubtId}`,
  }, context.now().toJSDate());
}

/** What the asking student was asked of this kind and hasn't said. */
export async function openQuestions(context: ServiceContext, actor: Actor): Promise<NoticeParams['interview-which'][]> {
  const student = requireStudent(actor);
  const ids = await openDoubtsOf(context.db.knex, student.studentId, campusDay(context));
  const notices = await noticesOfEvents(context.db.knex, student.userId, ids.map((id) => `interview-doubt/${id}`));
  return notices.map(({ params }) => params as unknown as NoticeParams['interview-which']);
}

export interface SettledDoubt {
  /** over: it was settled before; gone: the interview is no longer one that can be called off or moved. */
  outcome: 'cancelled' | 'moved' | 'none' | 'over' | 'gone';
  interview: KeptInterview | null;
}

/**
 * The student's word on which interview a mail means; null for none of them.
 * @throws Refusal not-found for what is not the student's
 */
export async function settleDoubt(context: ServiceContext, actor: Actor, doubtId: number, interviewId: number | null): Promise<SettledDoubt> {
  const student = requireStudent(actor);
  return context.db.transaction(async (trx) => {
    await lock(trx, { students: [student.studentId] });
    const doubt = await findDoubt(trx, doubtId);
    if (doubt?.studentId !== student.studentId) throw new Refusal('not-found');
    if (doubt.status !== 'open') return { outcome: 'over', interview: null };
    if (interviewId === null) {
      await closeDoubt(trx, doubtId, 'none');
      return { outcome: 'none', interview: null };
    }
    const interview = await ownInterview(trx, interviewId, student.studentId);
    if (!isStanding(interview)) return { outcome: 'gone', interview };
    await closeDoubt(trx, doubtId, 'settled');
    await linkMails(trx, [{ interviewId, studentId: student.studentId, messageKey: doubt.messageKey }]);
    const now = context.now().toJSDate();
    if (doubt.kind === 'cancel') {
      await updateInterview(trx, interviewId, { status: 'cancelled' }, { visible: true }, now);
      await announceChange(trx, context, interviewId, student.userId, 'interview-called-off');
    } else {
      const { date, startsAt, endsAt } = doubt;
      const [driveId] = await drivesOf(trx, [driveFor(student.organisationId, interview.companyName, date)]);
      await updateInterview(trx, interviewId, { date, startsAt, endsAt, driveId: driveId!, status: 'confirmed', correctedFrom: null }, { visible: true }, now);
      await absorbTwins(trx, context, interviewId);
      await announceChange(trx, context, interviewId, student.userId, 'interview-moved', startOf(interview));
    }
    return { outcome: doubt.kind === 'cancel' ? 'cancelled' : 'moved', interview: await keptInterview(trx, interviewId) };
  });
}
