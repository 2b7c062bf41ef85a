// Taking attendance in a session (A10, A11): opening it with codes, extending it, replacing its codes, and what the projector shows.
import { randomBytes, randomInt } from 'node:crypto';
import { DateTime } from 'luxon';
import type { Trx } from '../db/connection.ts';
import { codesTaken, findTaking, insertTaking, type Taking, updateTaking } from '../db/repositories/attendance-sessions.ts';
import { insertAudit } from '../db/repositories/audit.ts';
import { lock } from '../db/repositories/locks.ts';
import { attendeesOf, findSession, type Session, sessionsOfFaculty, setTopic } from '../db/repositories/sessions.ts';
import { marksOf } from '../db/repositories/marks.ts';
import { codeAt, replacedAt } from '../domain/attendance/codes.ts';
import { isThere } from '../domain/attendance/statuses.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Person, ServiceContext } from './context.ts';
import { attendanceChanged } from './intents.ts';
import { sourceOf } from './open-sessions.ts';
import { reachableSession } from './reachable.ts';

const NONCE_BYTES = 16;
/** Six digits; so many are drawn at once, of which one is free even with thousands of sessions open. */
const CODES_DRAWN = 8;

export interface Opening {
  /** rotating: a new code every few seconds; single: one code. */
  mode?: 'rotating' | 'single' | undefined;
  /** How long codes count. */
  minutes?: number | undefined;
  /** From so many minutes after the opening on a mark is late; left out: never. */
  lateAfterMinutes?: number | undefined;
  /** How long each code is shown. */
  stepSeconds?: number | undefined;
  topic?: string | undefined;
}

/** The taking of attendance as who takes it sees it. */
export interface TakingState {
  session: Session;
  status: Taking['status'];
  mode: Taking['mode'];
  /** The code to be shown now; null when none counts. */
  code: string | null;
  /** The moment that all this is of. */
  asOf: Date;
  /** When the next one replaces it; null in single mode. */
  nextCodeAt: Date | null;
  stepSeconds: number;
  openedAt: Date;
  lateFrom: Date | null;
  closesAt: Date;
  completesAt: Date;
  expected: number;
  there: number;
}

/**
 * Opens a session: from now on its students mark themselves with the codes. One that is open already stays as it is; one whose codes
 * no longer count gets new ones.
 * @throws Refusal not-found, not-allowed, session-not-scheduled when it is called off, attendance-completed, session-too-early,
 * session-over
 */
export async function openAttendance(context: ServiceContext, actor: Person, sessionId: number, opening: Opening): Promise<TakingState> {
  await changeTaking(context, actor, sessionId, 'opened', async (trx, session, taking) => {
    const now = context.now();
    if (opening.topic !== undefined) await setTopic(trx, sessionId, opening.topic, now.toJSDate());
    if (taking && taking.codeSince !== null && taking.closesAt.getTime() > now.toMillis()) return false;
    const { openMinutes, codeSeconds, earlyMinutes, completeMinutes } = context.rules.attendance;
    const earliest = DateTime.fromJSDate(session.startsAt).minus({ minutes: earlyMinutes });
    if (now < earliest) throw new Refusal('session-too-early', { minutes: earlyMinutes });
    if (now >= DateTime.fromJSDate(session.endsAt).plus({ minutes: completeMinutes })) throw new Refusal('session-over');
    const closesAt = now.plus({ minutes: opening.minutes ?? openMinutes });
    const times = {
      closesAt: closesAt.toJSDate(), completesAt: completionOf(context, session, closesAt),
      lateFrom: opening.lateAfterMinutes === undefined ? null : now.plus({ minutes: opening.lateAfterMinutes }).toJSDate(),
      mode: opening.mode ?? 'rotating', stepSeconds: opening.stepSeconds ?? codeSeconds,
    };
    const codes = await newCodes(trx, times.mode, now.toJSDate());
    if (taking) await updateTaking(trx, sessionId, { ...times, ...codes }, now.toJSDate());
    else await insertTaking(trx, { sessionId, openedAt: now.toJSDate(), ...times, ...codes }, actor.userId);
    return true;
  });
  return takingState(context, actor, sessionId);
}

/** Lets codes count for so many minutes more, from now or from when they would have ended. @throws Refusal as `openAttendance`, attendance-not-open */
export async function extendAttendance(context: ServiceContext, actor: Person, sessionId: number, minutes: number): Promise<TakingState> {
  await changeTaking(context, actor, sessionId, 'extended', async (trx, session, taking) => {
    if (!taking || taking.codeSince === null) throw new Refusal('attendance-not-open', { subject: session.subjectCode });
    const closesAt = DateTime.max(context.now(), DateTime.fromJSDate(taking.closesAt)).plus({ minutes });
    await updateTaking(trx, sessionId, { closesAt: closesAt.toJSDate(), completesAt: completionOf(context, session, closesAt) }, context.now().toJSDate());
    return true;
  });
  return takingState(context, actor, sessionId);
}

/** Makes the codes that were shown worthless and begins with new ones. @throws Refusal as `extendAttendance` */
export async function rotateCodes(context: ServiceContext, actor: Person, sessionId: number): Promise<TakingState> {
  await changeTaking(context, actor, sessionId, 'rotated', async (trx, session, taking) => {
    if (!taking || taking.codeSince === null) throw new Refusal('attendance-not-open', { subject: session.subjectCode });
    const now = context.now().toJSDate();
    await updateTaking(trx, sessionId, await newCodes(trx, taking.mode, now), now);
    return true;
  });
  return takingState(context, actor, sessionId);
}

/** What who takes attendance sees: the code of this moment and how many are there. @throws Refusal not-found, not-allowed, attendance-not-open */
export async function takingState(context: ServiceContext, actor: Person, sessionId: number): Promise<TakingState> {
  const { knex } = context.db;
  const session = await reachableSession(knex, actor, 'attendance.take', sessionId);
  const [taking, roster, marks] = await Promise.all([findTaking(knex, sessionId), attendeesOf(knex, sessionId), marksOf(knex, sessionId)]);
  if (!taking) throw new Refusal('attendance-not-open', { subject: session.subjectCode });
  const now = context.now().toMillis();
  const source = taking.status === 'open' && now <= taking.closesAt.getTime() ? sourceOf(context, taking) : null;
  const next = source && replacedAt(source, now);
  return {
    session, status: taking.status, mode: taking.mode, code: source && codeAt(source, now), asOf: new Date(now), nextCodeAt: next === null ? null : new Date(next),
    stepSeconds: taking.stepSeconds, openedAt: taking.openedAt, lateFrom: taking.lateFrom, closesAt: taking.closesAt, completesAt: taking.completesAt,
    expected: roster.length, there: marks.filter(({ status }) => isThere(status)).length,
  };
}

/** The class that a faculty member gives now, or is about to begin. @throws Refusal no-class-now */
export async function classNow(context: ServiceContext, actor: Person): Promise<Session> {
  const { earlyMinutes, completeMinutes } = context.rules.attendance;
  const now = context.now();
  const near = actor.facultyId === null ? [] : await sessionsOfFaculty(
    context.db.knex, actor.facultyId, now.minus({ minutes: completeMinutes }).toJSDate(), now.plus({ minutes: earlyMinutes }).toJSDate(),
  );
  const held = near.filter(({ status }) => status === 'scheduled');
  // Between two classes it is the one that runs, else the one that comes.
  const session = held.find(({ startsAt, endsAt }) => startsAt <= now.toJSDate() && endsAt > now.toJSDate()) ?? held.at(-1);
  if (!session) throw new Refusal('no-class-now');
  return session;
}

/** When a session whose codes count until `closesAt` completes itself. */
export function completionOf(context: ServiceContext, session: Pick<Session, 'endsAt'>, closesAt: DateTime): Date {
  return DateTime.max(DateTime.fromJSDate(session.endsAt), closesAt).plus({ minutes: context.rules.attendance.completeMinutes }).toJSDate();
}

/** A change under the session's lock, of which its process is told where `change` says that there is one. */
async function changeTaking(
  context: ServiceContext, actor: Person, sessionId: number, message: 'opened' | 'extended' | 'rotated',
  change: (trx: Trx, session: Session, taking: Taking | undefined) => Promise<boolean>,
): Promise<void> {
  await context.db.transaction(async (trx) => {
    const { taking, session } = await lockTaking(trx, actor, sessionId);
    if (!(await change(trx, session, taking))) return;
    const now = context.now().toJSDate();
    await attendanceChanged(trx, sessionId, message, now);
    await insertAudit(trx, { userId: actor.userId, action: `attendance.${message}`, subject: `session/${sessionId}`, details: {} }, now);
  });
}

/**
 * Locks a session in which the person takes attendance.
 * @throws Refusal not-found, not-allowed, session-not-scheduled when it is called off, attendance-completed
 */
export async function lockTaking(trx: Trx, actor: Person, sessionId: number): Promise<{ session: Session; taking: Taking | undefined }> {
  await reachableSession(trx, actor, 'attendance.take', sessionId);
  await lock(trx, { sessions: [sessionId] });
  const session = (await findSession(trx, sessionId))!;
  if (session.status === 'cancelled') throw new Refusal('session-not-scheduled');
  const taking = await findTaking(trx, sessionId);
  if (taking?.status === 'completed') throw new Refusal('attendance-completed');
  return { session, taking };
}

/** What a session's secret is derived from. */
export const newNonce = (): Buffer => randomBytes(NONCE_BYTES);

/** New codes of a session, the old ones being worthless from then on. */
export async function newCodes(trx: Trx, mode: Taking['mode'], now: Date): Promise<Pick<Taking, 'nonce' | 'code' | 'codeSince'>> {
  const codes = { nonce: newNonce(), codeSince: now };
  if (mode === 'rotating') return { ...codes, code: null };
  const drawn = Array.from({ length: CODES_DRAWN }, () => String(randomInt(1_000_000)).padStart(6, '0'));
  const taken = await codesTaken(trx, drawn);
  const code = drawn.find((each) => !taken.includes(each));
  if (code === undefined) throw new Refusal('busy');
  return { ...codes, code };
}
