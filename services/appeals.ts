// Appeals (A12): a student asks for another mark in a completed session, and who takes attendance in it decides.
import { type Appeal, appealsOfStudent, appealsWaiting, decideAppealRow, findAppeal, insertAppeal, openAppeal } from '../db/repositories/appeals.ts';
import { findTaking } from '../db/repositories/attendance-sessions.ts';
import { insertAudit } from '../db/repositories/audit.ts';
import { lock } from '../db/repositories/locks.ts';
import { findMark } from '../db/repositories/marks.ts';
import { findUserOfStudent } from '../db/repositories/people.ts';
import { findSession } from '../db/repositories/sessions.ts';
import { Refusal } from '../domain/refusal.ts';
import { reachOf, requirePermission, requireStudent } from './access.ts';
import { classAt } from './class-at.ts';
import type { Person, ServiceContext } from './context.ts';
import { changeMark } from './marks-by-hand.ts';
import { reachableSession } from './reachable.ts';
import { tell } from './telling.ts';

export type { Appeal };

const MOST_LISTED = 100;

/**
 * Asks for another mark. Asked again while it waits, it is the same appeal.
 * @throws Refusal not-allowed, not-found where the student has no mark, appeal-too-early while the session is open, appeal-needless
 */
export async function appeal(
  context: ServiceContext, actor: Person, { sessionId, wanted, reason }: Pick<Appeal, 'sessionId' | 'wanted' | 'reason'>,
): Promise<Appeal> {
  requirePermission(actor, 'attendance.appeal');
  const { studentId } = requireStudent(actor);
  return context.db.transaction(async (trx) => {
    await lock(trx, { sessions: [sessionId] });
    const [session, mark, taking] = [await findSession(trx, sessionId), await findMark(trx, sessionId, studentId), await findTaking(trx, sessionId)];
    if (!session || !mark) throw new Refusal('not-found');
    if (taking?.status !== 'completed') throw new Refusal('appeal-too-early');
    if (mark.status === wanted) throw new Refusal('appeal-needless');
    const waiting = await openAppeal(trx, sessionId, studentId);
    if (waiting) return waiting;
    const now = context.now().toJSDate();
    const id = await insertAppeal(trx, { sessionId, studentId, wanted, reason }, now);
    const made = (await findAppeal(trx, id))!;
    await tell(trx, {
      userIds: [session.facultyUserId], kind: 'appeal-made', params: { ...classAt(session), sessionId, appealId: id, student: made.rollNumber, wanted },
      eventKey: `appeal/${id}`,
    }, now);
    return made;
  });
}

/** A student's own appeals, the newest first; for others, those that wait for their word, the oldest first. */
export async function appealsFor(context: ServiceContext, actor: Person): Promise<Appeal[]> {
  const { knex } = context.db;
  if (actor.studentId !== null) return appealsOfStudent(knex, actor.studentId, MOST_LISTED);
  switch (reachOf(actor, 'attendance.take')) {
    case 'campus': return appealsWaiting(knex, { organisationId: actor.organisationId }, MOST_LISTED);
    case 'department': return appealsWaiting(knex, { departmentId: actor.departmentId!, facultyId: actor.facultyId }, MOST_LISTED);
    case 'taught': return appealsWaiting(knex, { facultyId: actor.facultyId! }, MOST_LISTED);
    default: throw new Refusal('not-allowed');
  }
}

/**
 * Grants an appeal, which changes the mark, or rejects it; the student is told. The same decision again changes nothing.
 * @throws Refusal not-found, not-allowed, appeal-decided
 */
export async function decideAppeal(
  context: ServiceContext, actor: Person, appealId: number, { choice, answer = null }: { choice: 'granted' | 'rejected'; answer?: string | null },
): Promise<Appeal> {
  return context.db.transaction(async (trx) => {
    const seen = await findAppeal(trx, appealId);
    const session = await reachableSession(trx, actor, 'attendance.take', seen?.sessionId);
    await lock(trx, { sessions: [session.id] });
    const { studentId, status, wanted, reason } = (await findAppeal(trx, appealId))!;
    if (status === choice) return (await findAppeal(trx, appealId))!;
    if (status !== 'open') throw new Refusal('appeal-decided');
    const now = context.now().toJSDate();
    await decideAppealRow(trx, appealId, { status: choice, answer, userId: actor.userId }, now);
    const mark = (await findMark(trx, session.id, studentId))!;
    if (choice === 'granted' && mark.status !== wanted) {
      await changeMark(trx, mark, { to: wanted, method: 'appeal', userId: actor.userId, reason }, now);
    }
    const { userId } = await findUserOfStudent(trx, studentId);
    await tell(trx, {
      userIds: [userId], kind: 'appeal-decided', params: { ...classAt(session), sessionId: session.id, choice, wanted, answer }, eventKey: `appeal/${appealId}/${choice}`,
    }, now);
    await insertAudit(trx, { userId: actor.userId, action: 'appeal.decide', subject: `session/${session.id}`, details: { appealId, choice } }, now);
    return (await findAppeal(trx, appealId))!;
  });
}
