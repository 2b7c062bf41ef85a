// Marks that are changed: by hand by who takes attendance (A12), by an appeal, by leave, or by a student who came after all (A16).
import { DateTime } from 'luxon';
import type { Trx } from '../db/connection.ts';
import { findTaking, insertTaking, type Taking } from '../db/repositories/attendance-sessions.ts';
import { insertAudit } from '../db/repositories/audit.ts';
import { lock } from '../db/repositories/locks.ts';
import { type Change, changeMarkRow, type Evidence, findMark, insertChanges, insertMarks, type Mark, marksOf, moveInTotals } from '../db/repositories/marks.ts';
import { studentsCalled } from '../db/repositories/people.ts';
import { attendeesOf, findSession, type Session, setTopic } from '../db/repositories/sessions.ts';
import type { Status } from '../domain/attendance/statuses.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Person, ServiceContext } from './context.ts';
import { attendanceChanged } from './intents.ts';
import { reachableSession } from './reachable.ts';
import { completionOf, newNonce } from './taking.ts';

/** A mark as who takes attendance gives it; the student by public id (S230001) or roll number. */
export interface HandMark {
  student: string;
  status: Status;
}

export interface HandMarks {
  marks: HandMark[];
  /** Why; needed where a mark is changed that stands already. */
  reason?: string | undefined;
  topic?: string | undefined;
}

/** How many marks were new, how many were changed, and how many said that already. */
export interface Marked {
  created: number;
  changed: number;
  unchanged: number;
}

/**
 * Marks students by hand, all or none: in an open session, in one of which no code was ever shown, and in a completed one until the
 * cut-off. A session that isn't open yet is, from then on, without codes.
 * @throws Refusal not-found, not-allowed, session-not-scheduled when it is called off, session-too-early, marks-cut-off,
 * student-not-on-roster, student-named-twice, reason-needed
 */
export async function markByHand(context: ServiceContext, actor: Person, sessionId: number, { marks, reason, topic }: HandMarks): Promise<Marked> {
  return context.db.transaction(async (trx) => {
    await reachableSession(trx, actor, 'attendance.take', sessionId);
    await lock(trx, { sessions: [sessionId] });
    const session = (await findSession(trx, sessionId))!;
    const now = context.now();
    await requireOpen(trx, context, session, actor);
    const statuses = await statusesByStudent(trx, session, marks);
    const standing = new Map((await marksOf(trx, sessionId, [...statuses.keys()])).map((mark) => [mark.studentId, mark]));
    const fresh = [...statuses].filter(([studentId]) => !standing.has(studentId));
    const changed = [...standing.values()].filter((mark) => statuses.get(mark.studentId) !== mark.status);
    if (reason === undefined && changed.some((mark) => !mark.provisional)) throw new Refusal('reason-needed', { field: 'reason' });
    await insertMarks(trx, fresh.map(([studentId, status]) =>
      ({ sessionId, studentId, status, method: 'manual', markedBy: actor.userId, receivedAt: now.toJSDate() })), now.toJSDate());
    if (reason !== undefined) {
      await insertChanges(trx, fresh.map(([studentId, to]) =>
        ({ mark: { sessionId, studentId }, from: null, to, method: 'manual', userId: actor.userId, reason })), now.toJSDate());
    }
    for (const mark of changed) {
      await changeMark(trx, mark, { to: statuses.get(mark.studentId)!, method: 'manual', userId: actor.userId, reason: reason ?? null }, now.toJSDate());
    }
    if (topic !== undefined) await setTopic(trx, sessionId, topic, now.toJSDate());
    const counts = { created: fresh.length, changed: changed.length, unchanged: statuses.size - fresh.length - changed.length };
    await insertAudit(trx, { userId: actor.userId, action: 'attendance.marked', subject: `session/${sessionId}`, details: { ...counts } }, now.toJSDate());
    return counts;
  });
}

/**
 * Changes a mark, keeps what it was, and puts the totals right where the session is completed. The caller holds the session's lock
 * (FOR UPDATE).
 */
export async function changeMark(trx: Trx, mark: Mark, change: Change & { to: Status }, now: Date): Promise<void> {
  await changeMarkRow(trx, mark, change, now);
  const taking = await findTaking(trx, mark.sessionId);
  if (taking?.status === 'completed') await moveInTotals(trx, mark, mark.status, change.to);
}

/**
 * A student who was excused for an interview, or whom the completion took for missing, came: received in time, so it counts.
 * @returns 'changed', or the mark that stands because somebody said so
 */
export async function comeAfterAll(
  context: ServiceContext,
  { sessionId, studentId, userId, status, evidence, receivedAt }: { sessionId: number; studentId: number; userId: number; status: Status; evidence: Evidence; receivedAt: Date },
): Promise<'changed' | Status> {
  return context.db.transaction(async (trx) => {
    await lock(trx, { sessions: [sessionId] });
    const mark = (await findMark(trx, sessionId, studentId))!;
    if (!mark.provisional && mark.method !== 'missing') return mark.status;
    await changeMark(trx, mark, { to: status, method: 'code', userId, reason: null, evidence, receivedAt }, context.now().toJSDate());
    return 'changed';
  });
}

/** Marks can be made now: the session is open, or it is opened without codes, or it is completed and the cut-off hasn't passed. */
async function requireOpen(trx: Trx, context: ServiceContext, session: Session, actor: Person): Promise<void> {
  const now = context.now();
  if (session.status === 'cancelled') throw new Refusal('session-not-scheduled');
  const { cutoffHours, earlyMinutes, codeSeconds } = context.rules.attendance;
  if (now > DateTime.fromJSDate(session.endsAt).plus({ hours: cutoffHours })) throw new Refusal('marks-cut-off', { hours: cutoffHours });
  if (await findTaking(trx, session.id)) return;
  const earliest = DateTime.fromJSDate(session.startsAt).minus({ minutes: earlyMinutes });
  if (now < earliest) throw new Refusal('session-too-early', { minutes: earlyMinutes });
  const taking: Omit<Taking, 'status' | 'completedAt' | 'updatedAt'> = {
    sessionId: session.id, mode: 'single', nonce: newNonce(), stepSeconds: codeSeconds, code: null, codeSince: null, lateFrom: null,
    openedAt: now.toJSDate(), closesAt: now.toJSDate(), completesAt: completionOf(context, session, now),
  };
  await insertTaking(trx, taking, actor.userId);
  await attendanceChanged(trx, session.id, 'opened', now.toJSDate());
}

/** @throws Refusal student-not-on-roster, student-named-twice */
async function statusesByStudent(trx: Trx, session: Session, marks: HandMark[]): Promise<Map<number, Status>> {
  const called = await studentsCalled(trx, marks.map(({ student }) => student));
  const attendees = new Set((await attendeesOf(trx, session.id)).map(({ studentId }) => studentId));
  const statuses = new Map<number, Status>();
  marks.forEach(({ student, status }, index) => {
    const studentId = called.get(student.toUpperCase())?.find((id) => attendees.has(id));
    const field = `marks.${index}.student_id`;
    if (studentId === undefined) throw new Refusal('student-not-on-roster', { field, student });
    if (statuses.has(studentId)) throw new Refusal('student-named-twice', { field, student });
    statuses.set(studentId, status);
  });
  return statuses;
}
