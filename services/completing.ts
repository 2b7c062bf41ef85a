// Completing a session's attendance (A10, A16): who was not marked is absent, or on duty, and from then on it counts.
import type { Trx } from '../db/connection.ts';
import { completeTaking, countsOf, findTaking, type Taking } from '../db/repositories/attendance-sessions.ts';
import { insertAudit } from '../db/repositories/audit.ts';
import { lock } from '../db/repositories/locks.ts';
import { addToTotals, insertMarks, type Mark, marksOf, settleExcuses } from '../db/repositories/marks.ts';
import { findSecondCheck } from '../db/repositories/second-checks.ts';
import { findSession, rosterOf, type Session } from '../db/repositories/sessions.ts';
import { countMarks } from '../domain/attendance/percentage.ts';
import type { Counts, Status } from '../domain/attendance/statuses.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Person, ServiceContext } from './context.ts';
import { attendanceChanged } from './intents.ts';
import { leaveCovering } from './leave-marks.ts';
import { reachableSession } from './reachable.ts';
import { checkDueAt, takeCheckStep } from './second-checks.ts';

/**
 * Completes a session in which attendance is being taken. Completed again, it stays as it is.
 * @returns how many have which mark
 * @throws Refusal not-found, not-allowed, attendance-not-open, session-not-scheduled when it was called off
 */
export async function completeAttendance(context: ServiceContext, actor: Person, sessionId: number, topic: string | null = null): Promise<Counts> {
  return context.db.transaction(async (trx) => {
    await reachableSession(trx, actor, 'attendance.take', sessionId);
    await lock(trx, { sessions: [sessionId] });
    const taking = await findTaking(trx, sessionId);
    if (!taking) throw new Refusal('attendance-not-open');
    if (taking.status === 'completed') return (await countsOf(trx, sessionId))!;
    const counts = await complete(trx, context, sessionId, { userId: actor.userId, topic });
    await attendanceChanged(trx, sessionId, 'completed', context.now().toJSDate());
    return counts;
  });
}

/** Where the taking of a session's attendance stands, for its process. */
export interface TakingProgress {
  status: Taking['status'];
  /** When something is to be done next, ISO 8601 in UTC: a second check, or its completion. */
  nextAt: string;
  departmentId: number;
}

/** @returns null where attendance isn't taken, or no longer: the class was called off */
export async function takingProgress(context: ServiceContext, sessionId: number): Promise<TakingProgress | null> {
  const { knex } = context.db;
  const [taking, session, check] = await Promise.all([findTaking(knex, sessionId), findSession(knex, sessionId), findSecondCheck(knex, sessionId)]);
  if (!taking || !session || session.status === 'cancelled') return null;
  const due = checkDueAt(check);
  const next = due && due < taking.completesAt ? due : taking.completesAt;
  return { status: taking.status, nextAt: next.toISOString(), departmentId: session.departmentId };
}

/** Does what is due about an open session: a second check, and its completion if nobody has completed it. What was put off meanwhile isn't due. */
export async function takeAttendanceStep(context: ServiceContext, sessionId: number): Promise<void> {
  await context.db.transaction(async (trx) => {
    await lock(trx, { sessions: [sessionId] });
    const [taking, session] = [await findTaking(trx, sessionId), (await findSession(trx, sessionId))!];
    if (taking?.status !== 'open' || session.status === 'cancelled') return;
    await takeCheckStep(trx, context, session, taking);
    const { completesAt } = (await findTaking(trx, sessionId))!;
    if (completesAt.getTime() <= context.now().toMillis()) await complete(trx, context, sessionId, { userId: null, topic: null });
  });
}

/** The caller holds the session's lock and knows that it is open. */
async function complete(trx: Trx, context: ServiceContext, sessionId: number, { userId, topic }: { userId: number | null; topic: string | null }): Promise<Counts> {
  const now = context.now().toJSDate();
  const session = (await findSession(trx, sessionId))!;
  if (session.status !== 'scheduled') throw new Refusal('session-not-scheduled');
  const marks = await marksOf(trx, sessionId);
  const missing = await missingMarks(trx, session, marks, now);
  await insertMarks(trx, missing, now);
  await settleExcuses(trx, sessionId);
  const counts = countMarks([...marks, ...missing].map(({ status }) => status));
  await addToTotals(trx, session, counts);
  await completeTaking(trx, sessionId, { completedBy: userId, counts, topic }, now);
  await insertAudit(trx, { userId, action: 'attendance.completed', subject: `session/${sessionId}`, details: { ...counts } }, now);
  return counts;
}

/** What becomes of those on the roster who have no mark: absent, unless they attend another class instead or are on leave. */
async function missingMarks(trx: Trx, session: Session, marks: Mark[], now: Date) {
  const marked = new Set(marks.map(({ studentId }) => studentId));
  const unmarked = (await rosterOf(trx, session.id)).filter(({ studentId }) => !marked.has(studentId));
  const onLeave = await leaveCovering(trx, unmarked.map(({ studentId }) => studentId), session);
  return unmarked.map(({ studentId, away }) => {
    const leave = away ? undefined : onLeave.get(studentId);
    const status: Status = leave ?? (away ? 'on_duty' : 'absent');
    return { sessionId: session.id, studentId, status, method: leave ? 'leave' as const : 'missing' as const, markedBy: null, receivedAt: now };
  });
}
