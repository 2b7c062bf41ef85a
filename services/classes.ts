// Calling a class off, and what hangs on it: its claims, its rounds, and the students who attend it instead of another.
import type { Trx } from '../db/connection.ts';
import { insertAudit } from '../db/repositories/audit.ts';
import { takeBackExcuses } from '../db/repositories/attendance.ts';
import { replaceClaims } from '../db/repositories/claims.ts';
import { archive, hasMarks } from '../db/repositories/class-schedule.ts';
import { lock, lockFound } from '../db/repositories/locks.ts';
import { type Replacement, replacementsFor, replacementsIn } from '../db/repositories/replacements.ts';
import { joinableStatuses, latestRound, openRound, openRoundOfSession } from '../db/repositories/rescheduling.ts';
import { joinRound, placedBy } from '../db/repositories/round-members.ts';
import { type Attendee, cancelSessionRow, findSession, rosterOf, type Session } from '../db/repositories/sessions.ts';
import { Refusal } from '../domain/refusal.ts';
import { classAt } from './class-at.ts';
import type { Person, ServiceContext } from './context.ts';
import { roundJoined } from './intents.ts';
import { reachableSession } from './reachable.ts';
import { giveUpPlace, placesInsteadOf } from './replacing.ts';
import { tell } from './telling.ts';

/**
 * Calls a class off that is to come. Its room and people are free again; questions about it end; students who were to attend it
 * instead of another class wait again for something to be done about that one; those who were to attend another instead of it, no
 * longer do. Everybody concerned is told. Called off again, it stays so.
 * @throws Refusal not-allowed, not-found (also for another's class), session-has-marks when attendance was taken in it, session-not-scheduled when it has begun or is over
 */
export async function cancelClass(context: ServiceContext, actor: Person, sessionId: number): Promise<void> {
  await reachableSession(context.db.knex, actor, 'sessions.manage', sessionId);
  if (await hasMarks(context.db.knex, sessionId)) throw new Refusal('session-has-marks');
  while (!(await context.db.transaction((trx) => callOffClass(trx, context, sessionId, actor.userId)))) { /* more was concerned than it had locked */ }
}

/**
 * Hides a class that has begun from lists; its attendance stays and counts. Asked again, nothing changes.
 * @throws Refusal not-found (also for another's class), session-not-scheduled before it begins: then it can be called off
 */
export async function archiveClass(context: ServiceContext, actor: Person, sessionId: number): Promise<void> {
  await reachableSession(context.db.knex, actor, 'sessions.manage', sessionId);
  await context.db.transaction(async (trx) => {
    await lock(trx, { sessions: [sessionId] });
    const now = context.now().toJSDate();
    const session = (await findSession(trx, sessionId))!;
    if (session.status === 'scheduled' && session.startsAt > now) throw new Refusal('session-not-scheduled');
    await archive(trx, sessionId, now);
    await insertAudit(trx, { userId: actor.userId, action: 'class.archive', subject: `session/${sessionId}`, details: {} }, now);
  });
}

/**
 * As `cancelClass`, by somebody who may or by a process (null).
 * @returns false when more was concerned than it had locked: the transaction has to begin anew
 */
export async function callOffClass(trx: Trx, context: ServiceContext, sessionId: number, userId: number | null): Promise<boolean> {
  if (!(await lockFound(trx, await concernedBy(trx, sessionId), () => concernedBy(trx, sessionId)))) return false;

  const session = (await findSession(trx, sessionId))!;
  if (session.status === 'cancelled') return true;
  const now = context.now().toJSDate();
  if (session.status !== 'scheduled' || session.startsAt <= now) throw new Refusal('session-not-scheduled');
  const roster = await rosterOf(trx, sessionId);
  // Those who were to go elsewhere need not: there is nothing to be made up.
  for (const { studentId } of await replacementsFor(trx, [sessionId])) {
    const place = (await giveUpPlace(trx, context, studentId, sessionId))!;
    const { userId } = roster.find((student) => student.studentId === studentId)!;
    await tell(trx, {
      userIds: [userId], kind: 'place-off', params: { ...classAt(place), sessionId: place.id, sequence: place.sequence },
      eventKey: `place/${sessionId}/${place.id}/off`,
    }, now);
  }
  await takeBackExcuses(trx, { sessionIds: [sessionId] }, now);
  const guests = await replacementsIn(trx, sessionId);
  for (const guest of guests) await sendBack(trx, context, guest);
  await cancelSessionRow(trx, sessionId, now);
  await replaceClaims(trx, sessionId, [], now);
  if (await openRoundOfSession(trx, sessionId)) await roundJoined(trx, sessionId, now);
  await tellThatItIsCancelled(trx, context, session, roster);
  await insertAudit(trx, { userId, action: 'class.cancel', subject: `session/${sessionId}`, details: {} }, now);
  return true;
}

/** All sessions and students whose rows change with it. */
async function concernedBy(trx: Trx, sessionId: number): Promise<{ sessions: number[]; students: number[] }> {
  const away = await replacementsFor(trx, [sessionId]);
  const guests = await replacementsIn(trx, sessionId);
  const students = [...new Set([...away, ...guests].map(({ studentId }) => studentId))];
  const places = await Promise.all(students.map((studentId) => placesInsteadOf(trx, studentId, [sessionId])));
  return { sessions: [...new Set([sessionId, ...places.flat(), ...guests.map(({ insteadOfId }) => insteadOfId)])], students };
}

/** A student whose place is gone waits again for something to be done about the class that it stood for. */
async function sendBack(trx: Trx, context: ServiceContext, { studentId, insteadOfId }: Replacement): Promise<void> {
  const now = context.now().toJSDate();
  const missed = (await findSession(trx, insteadOfId))!;
  const interviewIds = await placedBy(trx, insteadOfId, studentId);
  await giveUpPlace(trx, context, studentId, insteadOfId, { callOffEmpty: false });
  if (missed.status === 'cancelled' || interviewIds.length === 0) return;
  const latest = (await latestRound(trx, insteadOfId))!;
  const isOpen = joinableStatuses.includes(latest.status);
  const roundId = isOpen ? latest.id : await openRound(trx, missed, latest.round + 1, now);
  for (const interviewId of interviewIds) await joinRound(trx, { roundId, studentId, interviewId });
  await roundJoined(trx, insteadOfId, now);
}

async function tellThatItIsCancelled(trx: Trx, context: ServiceContext, session: Session, roster: Attendee[]): Promise<void> {
  await tell(trx, {
    userIds: [...roster.map(({ userId }) => userId), session.facultyUserId], kind: 'class-cancelled',
    params: { ...classAt(session), sessionId: session.id, sequence: session.sequence + 1 }, eventKey: `session/${session.id}/v${session.sequence + 1}`,
  }, context.now().toJSDate());
}
