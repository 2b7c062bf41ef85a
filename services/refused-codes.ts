// Why a code didn't mark its student: wrong, old, late, early, another class's or needless, each told apart (A11).
import { findTaking } from '../db/repositories/attendance-sessions.ts';
import { countWrongCode } from '../db/repositories/code-attempts.ts';
import { findMark } from '../db/repositories/marks.ts';
import { sessionsOfStudent, type StudentSession } from '../db/repositories/sessions.ts';
import { ageOfCode, wasShown } from '../domain/attendance/codes.ts';
import { isThere } from '../domain/attendance/statuses.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Person, ServiceContext } from './context.ts';
import type { OpenSession } from './open-sessions.ts';

/** So many wrong codes in a session; then none counts for so many seconds. */
const MOST_WRONG = 5;
const BLOCK_SECONDS = 60;
/** A class that begins within so many minutes is the one that an early student means. */
const SOON_MINUTES = 60;

interface Entry {
  code: string;
  sessionId?: number | undefined;
}

/**
 * Says why a code that fits none of the student's open sessions is refused. A wrong one is counted.
 * @param open all open sessions
 * @throws Refusal, always
 */
export async function refuseCode(
  context: ServiceContext, open: readonly OpenSession[], student: Person & { studentId: number }, entry: Entry, receivedAt: Date,
): Promise<never> {
  const { code, sessionId } = entry;
  const own = open.filter((session) => session.roster.has(student.studentId) && session.source && (sessionId === undefined || session.sessionId === sessionId));
  if (own.length === 0) await refuseWithoutSession(context, open, student.studentId, entry, receivedAt);
  if (own.some(({ source }) => wasShown(source!, code, receivedAt.getTime()))) throw new Refusal('code-old');
  const running = own.filter(({ closesAt }) => closesAt >= receivedAt);
  if (running.length === 0) throw new Refusal('attendance-closed');
  const marks = await Promise.all(own.map((session) => findMark(context.db.knex, session.sessionId, student.studentId)));
  const marked = marks.find((mark) => mark && !mark.provisional);
  if (marked && marks.every((mark) => mark && !mark.provisional)) throw new Refusal('already-marked', { status: marked.status });
  if (isOfAnother(open, student.studentId, code, receivedAt)) throw new Refusal('code-of-another-class');
  return countWrong(context, running, student.studentId);
}

/** Who has no open session is too early, too late, or in the wrong room. */
async function refuseWithoutSession(
  context: ServiceContext, open: readonly OpenSession[], studentId: number, { code, sessionId }: Entry, receivedAt: Date,
): Promise<never> {
  const near = await sessionsNear(context, studentId, sessionId);
  // The QR code of another class names that one.
  if (sessionId !== undefined && near.length === 0) throw new Refusal(isOfAnother(open, studentId, code, receivedAt) ? 'code-of-another-class' : 'not-found');
  for (const session of near) {
    const taking = await findTaking(context.db.knex, session.id);
    if (taking?.status !== 'completed') continue;
    const mark = await findMark(context.db.knex, session.id, studentId);
    if (mark && isThere(mark.status)) throw new Refusal('already-marked', { status: mark.status });
    throw new Refusal('attendance-closed');
  }
  if (isOfAnother(open, studentId, code, receivedAt)) throw new Refusal('code-of-another-class');
  const [next] = near;
  if (!next) throw new Refusal('no-class-now');
  throw new Refusal('attendance-not-open', { subject: next.subjectCode });
}

/** The student's classes that run, have just ended or begin soon; of them the one that is meant. */
async function sessionsNear(context: ServiceContext, studentId: number, sessionId?: number): Promise<StudentSession[]> {
  const now = context.now();
  const from = now.minus({ minutes: context.rules.attendance.completeMinutes + SOON_MINUTES });
  const sessions = await sessionsOfStudent(context.db.knex, studentId, from.toJSDate(), now.plus({ minutes: SOON_MINUTES }).toJSDate());
  return sessions.filter((session) => session.replacedById === null && (sessionId === undefined || session.id === sessionId));
}

const isOfAnother = (open: readonly OpenSession[], studentId: number, code: string, at: Date): boolean =>
  open.some(({ source, roster }) => source && !roster.has(studentId) && ageOfCode(source, code, at.getTime()) !== null);

/** Counts a wrong code for every session that it may have been meant for. */
async function countWrong(context: ServiceContext, sessions: readonly OpenSession[], studentId: number): Promise<never> {
  const now = context.now();
  const counted = await context.db.transaction(async (trx) => {
    const counts = [];
    for (const { sessionId } of sessions.toSorted((a, b) => a.sessionId - b.sessionId)) {
      counts.push(await countWrongCode(trx, [sessionId, studentId], { most: MOST_WRONG, now: now.toJSDate(), blockUntil: now.plus({ seconds: BLOCK_SECONDS }).toJSDate() }));
    }
    return counts;
  });
  const left = Math.max(...counted.map((count) => count.left));
  if (left > 0) throw new Refusal('code-wrong', { left });
  const until = Math.max(...counted.map(({ blockedUntil }) => blockedUntil!.getTime()));
  throw new Refusal('code-tries', { seconds: Math.ceil((until - now.toMillis()) / 1000) });
}
