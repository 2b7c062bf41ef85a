// What granted leave does to marks (A20): who is missing in a session that it covers is excused or on duty, also where that was taken for absent.
import type { Knex } from 'knex';
import type { Trx } from '../db/connection.ts';
import { lock } from '../db/repositories/locks.ts';
import { findMark } from '../db/repositories/marks.ts';
import { grantedLeaves, type StudentLeave } from '../db/repositories/student-leave.ts';
import { sessionsOfStudents } from '../db/repositories/student-sessions.ts';
import { LONGEST_CLASS_MS } from '../domain/calendar/slots.ts';
import { changeMark } from './marks-by-hand.ts';

type Excuse = 'excused' | 'on_duty';

const excuseOf = (kind: StudentLeave['kind']): Excuse => (kind === 'on_duty' ? 'on_duty' : 'excused');

/** Of these students, those whom granted leave keeps from a session, and as what: on duty where one of several leaves says so. */
export async function leaveCovering(knex: Knex, studentIds: number[], { startsAt, endsAt }: { startsAt: Date; endsAt: Date }): Promise<Map<number, Excuse>> {
  const covered = new Map<number, Excuse>();
  for (const { studentId, kind } of await grantedLeaves(knex, studentIds, startsAt, endsAt)) {
    if (covered.get(studentId) !== 'on_duty') covered.set(studentId, excuseOf(kind));
  }
  return covered;
}

/**
 * Locks the student's sessions that a leave covers and that have begun, so that none of them is completed meanwhile: one that is completed later
 * sees the leave by itself. Called before the leave is granted, with the session's place in the order of locks.
 */
export async function lockCovered(trx: Trx, { studentId, startsAt, endsAt }: StudentLeave, now: Date): Promise<number[]> {
  const until = endsAt < now ? endsAt : now;
  const begun = (await sessionsOfStudents(trx, [studentId], new Date(startsAt.getTime() - LONGEST_CLASS_MS), until)).filter((session) => session.endsAt > startsAt);
  const ids = begun.map(({ sessionId }) => sessionId);
  await lock(trx, { sessions: ids });
  return ids;
}

/** Turns absences in these sessions, which are locked, into what the leave makes of them. @returns how many */
export async function excuseAbsences(trx: Trx, sessionIds: number[], leave: StudentLeave, userId: number, now: Date): Promise<number> {
  let changed = 0;
  for (const sessionId of sessionIds) {
    const mark = await findMark(trx, sessionId, leave.studentId);
    if (mark?.status !== 'absent') continue;
    await changeMark(trx, mark, { to: excuseOf(leave.kind), method: 'leave', userId, reason: null }, now);
    changed += 1;
  }
  return changed;
}
