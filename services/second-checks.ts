// A second check in the middle of a class (A15): at a moment that nobody knows beforehand, who marked themselves are asked to enter the
// code that is shown then. Who doesn't is flagged.
import { randomInt } from 'node:crypto';
import { DateTime } from 'luxon';
import type { Trx } from '../db/connection.ts';
import { type Taking, updateTaking } from '../db/repositories/attendance-sessions.ts';
import { insertAudit } from '../db/repositories/audit.ts';
import { insertFlags } from '../db/repositories/flags.ts';
import { marksOf } from '../db/repositories/marks.ts';
import { findSecondCheck, insertSecondCheck, type SecondCheck, silentStudents, updateSecondCheck } from '../db/repositories/second-checks.ts';
import { rosterOf, type Session } from '../db/repositories/sessions.ts';
import { isThere } from '../domain/attendance/statuses.ts';
import { Refusal } from '../domain/refusal.ts';
import { classAt } from './class-at.ts';
import type { Person, ServiceContext } from './context.ts';
import { attendanceChanged } from './intents.ts';
import { completionOf, lockTaking, newCodes } from './taking.ts';
import { tell } from './telling.ts';

const ANSWER_MINUTES = 3;
/** Nobody is asked in the first minute after it was set, nor so late that the class would be over before the answer. */
const EARLIEST_SECONDS = 60;

/**
 * Has the students of an open session asked once more, at a random moment before the class ends. Asked for again, it stays as it is.
 * @throws Refusal not-found, not-allowed, attendance-not-open, attendance-completed, session-over when too little is left of the class
 */
export async function askSecondCheck(context: ServiceContext, actor: Person, sessionId: number): Promise<void> {
  await context.db.transaction(async (trx) => {
    const { session, taking } = await lockTaking(trx, actor, sessionId);
    if (!taking || taking.codeSince === null) throw new Refusal('attendance-not-open', { subject: session.subjectCode });
    if (await findSecondCheck(trx, sessionId)) return;
    const now = context.now();
    const room = Math.floor(DateTime.fromJSDate(session.endsAt).minus({ minutes: ANSWER_MINUTES }).diff(now).as('seconds'));
    if (room <= EARLIEST_SECONDS) throw new Refusal('session-over');
    await insertSecondCheck(trx, sessionId, now.plus({ seconds: randomInt(EARLIEST_SECONDS, room) }).toJSDate());
    await attendanceChanged(trx, sessionId, 'extended', now.toJSDate());
    await insertAudit(trx, { userId: actor.userId, action: 'attendance.check', subject: `session/${sessionId}`, details: {} }, now.toJSDate());
  });
}

/** When something is to be done next about a check; null when nothing is. */
export function checkDueAt(check: SecondCheck | undefined): Date | null {
  if (!check || check.closedAt) return null;
  return check.askedAt ? check.until : check.dueAt;
}

/** Asks the students, or closes the check, if it is time. The caller holds the session's lock; the session is open. */
export async function takeCheckStep(trx: Trx, context: ServiceContext, session: Session, taking: Taking): Promise<void> {
  const check = await findSecondCheck(trx, session.id);
  const due = checkDueAt(check);
  const now = context.now();
  if (!check || !due || due > now.toJSDate()) return;
  if (check.askedAt) {
    const silent = await silentStudents(trx, check);
    await insertFlags(trx, session.id, silent.map((studentId) => ({ studentId, kind: 'check-missed', evidence: { asked: check.askedAt!.toISOString() } })), now.toJSDate());
    await updateSecondCheck(trx, session.id, { closedAt: now.toJSDate() });
    return;
  }
  const until = now.plus({ minutes: ANSWER_MINUTES });
  const closesAt = DateTime.max(until, DateTime.fromJSDate(taking.closesAt));
  await updateTaking(trx, session.id, {
    ...(await newCodes(trx, taking.mode, now.toJSDate())), closesAt: closesAt.toJSDate(), completesAt: completionOf(context, session, closesAt),
  }, now.toJSDate());
  await updateSecondCheck(trx, session.id, { askedAt: now.toJSDate(), until: until.toJSDate() });
  const there = new Set((await marksOf(trx, session.id)).filter(({ status, method }) => isThere(status) && method === 'code').map(({ studentId }) => studentId));
  const asked = (await rosterOf(trx, session.id)).filter(({ studentId }) => there.has(studentId));
  const about = { ...classAt(session), sessionId: session.id, until: until.toUTC().toISO()! };
  await tell(trx, { userIds: asked.map(({ userId }) => userId), kind: 'second-check', params: about, eventKey: `check/${session.id}` }, now.toJSDate());
  await tell(trx, { userIds: [session.facultyUserId], kind: 'second-check-begun', params: about, eventKey: `check/${session.id}/begun` }, now.toJSDate());
}
