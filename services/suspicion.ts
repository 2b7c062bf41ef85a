// Looks at a completed session's marks for what is odd (A15), and lets who takes attendance judge it.
import { insertAudit } from '../db/repositories/audit.ts';
import { findTaking } from '../db/repositories/attendance-sessions.ts';
import { codeMarksElsewhere, codeMarksOf, findFlag, insertFlags, judgeFlagRow, type KeptFlag } from '../db/repositories/flags.ts';
import { roomsOf } from '../db/repositories/campus.ts';
import { findSession } from '../db/repositories/sessions.ts';
import { suspicious } from '../domain/attendance/suspicion.ts';
import { networkCheck } from './addresses.ts';
import type { Person, ServiceContext } from './context.ts';
import { reachableSession } from './reachable.ts';

/** Marks elsewhere so near in time are looked at. */
const NEAR_MS = 15 * 60_000;

/** Flags what is odd about a session's marks by code. Done again, it flags nothing twice. */
export async function flagMarks(context: ServiceContext, sessionId: number): Promise<void> {
  const { knex } = context.db;
  const [session, taking, marks] = await Promise.all([findSession(knex, sessionId), findTaking(knex, sessionId), codeMarksOf(knex, sessionId)]);
  if (!session || !taking || marks.length === 0) return;
  const times = marks.map(({ receivedAt }) => receivedAt.getTime());
  const near = [new Date(Math.min(...times) - NEAR_MS), new Date(Math.max(...times) + NEAR_MS)] as const;
  const [elsewhere, rooms] = await Promise.all([
    codeMarksElsewhere(knex, sessionId, marks.map(({ studentId }) => studentId), near), roomsOf(knex, session.organisationId),
  ]);
  const isOnCampus = networkCheck(context.rules.attendance.networks);
  const flags = suspicious(
    { building: rooms.find(({ id }) => id === session.roomId)!.building, mode: taking.mode, stepSeconds: taking.stepSeconds },
    marks.map(({ studentId, receivedAt, codeAge, address }) => ({ studentId, receivedAt: receivedAt.getTime(), codeAge, onCampus: address && isOnCampus(address) })),
    elsewhere.map((mark) => ({ ...mark, receivedAt: mark.receivedAt.getTime() })),
  );
  await context.db.transaction((trx) => insertFlags(trx, sessionId, flags, context.now().toJSDate()));
}

/** Says what a flag is worth. It changes no mark: who upholds one changes the mark by hand. @throws Refusal not-found, not-allowed */
export async function judgeFlag(context: ServiceContext, actor: Person, flagId: number, verdict: 'dismissed' | 'upheld'): Promise<KeptFlag> {
  return context.db.transaction(async (trx) => {
    const flag = await findFlag(trx, flagId);
    const { id: sessionId } = await reachableSession(trx, actor, 'attendance.take', flag?.sessionId);
    await judgeFlagRow(trx, flagId, verdict, actor.userId);
    await insertAudit(trx, { userId: actor.userId, action: 'flag.judge', subject: `session/${sessionId}`, details: { flagId, verdict } }, context.now().toJSDate());
    return { ...flag!, verdict };
  });
}
