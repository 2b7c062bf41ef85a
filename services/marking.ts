// Students mark themselves with a code (A11 to A14). Codes are judged in memory; marks of many students are written together, and
// acknowledged when they are committed.
import { isDuplicate, type Trx } from '../db/connection.ts';
import { findTaking, shareTakings, type Taking } from '../db/repositories/attendance-sessions.ts';
import { blockedAttempts } from '../db/repositories/code-attempts.ts';
import { bindDevices, devicesOf } from '../db/repositories/devices.ts';
import { insertFlags } from '../db/repositories/flags.ts';
import { type Evidence, findMark, insertMarks, markedPairs, type NewMark } from '../db/repositories/marks.ts';
import { answerSecondCheck } from '../db/repositories/second-checks.ts';
import { ageOfCode } from '../domain/attendance/codes.ts';
import { isThere, type Status } from '../domain/attendance/statuses.ts';
import { Refusal, type RefusalCode } from '../domain/refusal.ts';
import { requirePermission, requireStudent } from './access.ts';
import type { Person, ServiceContext } from './context.ts';
import type { DeviceClaim } from './device-claims.ts';
import { grouped } from './grouped.ts';
import { comeAfterAll } from './marks-by-hand.ts';
import { createOpenSessions, type OpenSession } from './open-sessions.ts';
import { refuseCode } from './refused-codes.ts';

/** What one transaction writes at the most. */
const MOST_TOGETHER = 250;
/** More wait than are written in some two seconds. */
const MOST_WAITING = 4_000;
const DEVICE_EVIDENCE_BYTES = 16;

export interface CodeEntry {
  code: string;
  /** Where the student says which session it is. */
  sessionId?: number | undefined;
  device?: DeviceClaim | undefined;
  door: Evidence['door'];
  /** Four or sixteen bytes. */
  address?: Buffer | undefined;
}

/** What a student is given for a mark. */
export interface Receipt {
  sessionId: number;
  /** Code and name. */
  subject: string;
  status: Status;
  receivedAt: Date;
  /** Whether this entry made it; else it stood already. */
  isNew: boolean;
}

/** Those who come to one desk at once share its transactions. */
interface MarkDesk {
  mark(actor: Person, entry: CodeEntry): Promise<Receipt>;
}

const desks = new WeakMap<ServiceContext, MarkDesk>();

/**
 * Marks the asking student present, or late, in the open session that has this code. Entered again, it is the same mark.
 * @throws Refusal not-allowed, code-wrong, code-tries, code-old, code-of-another-class, already-marked, attendance-not-open,
 * attendance-closed, no-class-now, not-found, device-bound, device-taken, device-needed, busy
 */
export async function markWithCode(context: ServiceContext, actor: Person, entry: CodeEntry): Promise<Receipt> {
  const desk = desks.get(context) ?? createMarkDesk(context);
  desks.set(context, desk);
  return desk.mark(actor, entry);
}

interface Item {
  sessionId: number;
  subject: string;
  student: Person & { studentId: number };
  device: DeviceClaim | undefined;
  evidence: Evidence;
  receivedAt: Date;
}

/** What became of an item in its group. */
type Outcome = { receipt: Receipt } | { refusal: RefusalCode; details?: Record<string, string | number> } | { standing: true };

function createMarkDesk(context: ServiceContext): MarkDesk {
  const open = createOpenSessions(context);
  const write = grouped<Item, Outcome>((items) => writeTogether(context, items), {
    most: MOST_TOGETHER, mostWaiting: MOST_WAITING,
    keyOf: ({ sessionId, student }) => `${sessionId} ${student.studentId}`,
  });
  /** A student's entries are dealt with one after the other: so wrong codes are counted before the next one is judged. */
  const underWay = new Map<number, Promise<unknown>>();

  async function inTurn<T>(studentId: number, work: () => Promise<T>): Promise<T> {
    const before = underWay.get(studentId);
    const mine = before ? before.then(work, work) : work();
    underWay.set(studentId, mine);
    try {
      return await mine;
    } finally {
      if (underWay.get(studentId) === mine) underWay.delete(studentId);
    }
  }

  async function judge(student: Person & { studentId: number }, entry: CodeEntry, receivedAt: Date): Promise<Receipt> {
    const found = find(await open.recent(), student.studentId, entry, receivedAt) ?? find(await open.current(), student.studentId, entry, receivedAt);
    if (!found) return refuseCode(context, await open.recent(), student, entry, receivedAt);
    const evidence = {
      door: entry.door, address: entry.address ?? null, device: entry.device?.hash.subarray(0, DEVICE_EVIDENCE_BYTES) ?? null, codeAge: found.age,
    };
    const { sessionId, subject } = found.session;
    const item = { sessionId, subject, student, device: entry.device, evidence, receivedAt };
    const outcome = await write(item);
    if ('refusal' in outcome) throw new Refusal(outcome.refusal, outcome.details);
    return 'receipt' in outcome ? outcome.receipt : settleStanding(context, item);
  }

  return {
    async mark(actor, entry) {
      requirePermission(actor, 'attendance.mark');
      const student = requireStudent(actor);
      const receivedAt = context.now().toJSDate();
      return inTurn(student.studentId, () => judge(student, entry, receivedAt));
    },
  };
}

/** The open session with the student on its roster in which the code counts. */
function find(sessions: readonly OpenSession[], studentId: number, { code, sessionId }: CodeEntry, at: Date): { session: OpenSession; age: number } | null {
  for (const session of sessions) {
    if (!session.source || !session.roster.has(studentId) || (sessionId !== undefined && session.sessionId !== sessionId)) continue;
    const age = ageOfCode(session.source, code, at.getTime());
    if (age !== null) return { session, age };
  }
  return null;
}

/** In a burst hardly anybody has a mark already, and to look for them first would take as long as the writing. */
async function writeTogether(context: ServiceContext, items: Item[]): Promise<Outcome[]> {
  try {
    return await context.db.transaction((trx) => writeMarks(trx, context, items, new Set()));
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
  return context.db.transaction(async (trx) => writeMarks(trx, context, items, new Set((await markedPairs(trx, items.map(pairOf))).map(String))));
}

/** @throws the driver's duplicate-key error where one who isn't `marked` has a mark after all */
async function writeMarks(trx: Trx, context: ServiceContext, items: Item[], marked: ReadonlySet<string>): Promise<Outcome[]> {
  const now = context.now().toJSDate();
  const sessionIds = [...new Set(items.map(({ sessionId }) => sessionId))].sort((a, b) => a - b);
  const takings = await shareTakings(trx, sessionIds);
  const blocked = new Map((await blockedAttempts(trx, sessionIds, now)).map((row) => [`${row.sessionId},${row.studentId}`, row.blockedUntil]));
  const devices = await checkDevices(trx, items, now);
  await flagBorrowed(trx, items.filter((_, index) => devices[index] === 'device-taken'), now);
  const outcomes = items.map((item, index): Outcome => {
    const taking = takings.get(item.sessionId);
    if (!taking || item.receivedAt > taking.closesAt) return { refusal: 'attendance-closed' };
    const until = blocked.get(String(pairOf(item)));
    if (until) return { refusal: 'code-tries', details: { seconds: Math.ceil((until.getTime() - now.getTime()) / 1000) } };
    const device = devices[index]!;
    if (device) return { refusal: device };
    // Received in time, but completed before it was written: what the completion made of it is put right.
    if (taking.status === 'completed') return item.receivedAt <= taking.completedAt! ? { standing: true } : { refusal: 'attendance-closed' };
    if (marked.has(String(pairOf(item)))) return { standing: true };
    return { receipt: { sessionId: item.sessionId, subject: item.subject, status: statusAt(item.receivedAt, taking), receivedAt: item.receivedAt, isNew: true } };
  });
  const marks = items.flatMap((item, index): NewMark[] => {
    const outcome = outcomes[index]!;
    if (!('receipt' in outcome)) return [];
    const { student: { studentId, userId }, evidence } = item;
    return [{ ...outcome.receipt, studentId, method: 'code', markedBy: userId, evidence }];
  });
  await insertMarks(trx, marks, now);
  return outcomes;
}

const pairOf = ({ sessionId, student }: Item) => [sessionId, student.studentId] as const;

const statusAt = (receivedAt: Date, { lateFrom }: Taking): 'present' | 'late' => (lateFrom !== null && receivedAt >= lateFrom ? 'late' : 'present');

/**
 * Binds devices of students who mark themselves for the first time with one.
 * @returns for each item why its device won't do, or null
 */
async function checkDevices(trx: Trx, items: Item[], now: Date): Promise<(RefusalCode | null)[]> {
  const hashes = items.flatMap(({ device }) => (device ? [device.hash] : []));
  const studentIds = items.map(({ student }) => student.studentId);
  let known = await devicesOf(trx, studentIds, hashes);
  const unbound = items.filter(({ student, device }) => device && !known.some((one) => one.studentId === student.studentId || one.hash.equals(device.hash)));
  if (unbound.length > 0) {
    await bindDevices(trx, unbound.map(({ student, device }) => ({ studentId: student.studentId, ...device! })), now);
    known = await devicesOf(trx, studentIds, hashes);
  }
  const byStudent = new Map(known.map((device) => [device.studentId, device]));
  return items.map(({ student, device }) => {
    const own = byStudent.get(student.studentId);
    if (own) return device === undefined ? 'device-needed' : own.hash.equals(device.hash) ? null : 'device-bound';
    return device === undefined ? null : 'device-taken';
  });
}

/** Who comes with another student's device is refused; it is for faculty to judge why. */
async function flagBorrowed(trx: Trx, items: Item[], now: Date): Promise<void> {
  for (const [sessionId, borrowed] of Map.groupBy(items, (item) => item.sessionId)) {
    const flags = borrowed.map(({ student, receivedAt }) => ({ studentId: student.studentId, kind: 'shared-device' as const, evidence: { at: receivedAt.toISOString() } }));
    await insertFlags(trx, sessionId, flags, now);
  }
}

/** What is said to who has a mark already: it is the student's own from before, an excuse that is overridden now, or what others said. */
async function settleStanding(context: ServiceContext, { sessionId, subject, student: { studentId, userId }, evidence, receivedAt }: Item): Promise<Receipt> {
  const { knex } = context.db;
  const [mark, taking] = await Promise.all([findMark(knex, sessionId, studentId), findTaking(knex, sessionId)]);
  if (mark && isThere(mark.status)) {
    await answerSecondCheck(knex, sessionId, studentId, receivedAt);
    return { sessionId, subject, status: mark.status, receivedAt: mark.receivedAt, isNew: false };
  }
  const status = statusAt(receivedAt, taking!);
  const came = await comeAfterAll(context, { sessionId, studentId, userId, status, evidence, receivedAt });
  if (came !== 'changed') throw new Refusal('already-marked', { status: came });
  return { sessionId, subject, status, receivedAt, isNew: true };
}
