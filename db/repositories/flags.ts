// What looked odd about marks (`attendance_flags`), and what faculty made of it.
import type { Knex } from 'knex';
import type { Flag } from '../../domain/attendance/suspicion.ts';
import type { Trx } from '../connection.ts';

export interface KeptFlag extends Flag {
  id: number;
  sessionId: number;
  verdict: 'open' | 'dismissed' | 'upheld';
  createdAt: Date;
}

/** One of a kind for a mark; what is flagged again stays as it was. */
export async function insertFlags(trx: Trx, sessionId: number, flags: Flag[], now: Date): Promise<void> {
  if (flags.length === 0) return;
  await trx('attendance_flags').insert(flags.map(({ studentId, kind, evidence }) =>
    ({ session_id: sessionId, student_id: studentId, kind, evidence: JSON.stringify(evidence), created_at: now }))).onConflict().ignore();
}

const COLUMNS = {
  id: 'id', sessionId: 'session_id', studentId: 'student_id', kind: 'kind', evidence: 'evidence', verdict: 'verdict', createdAt: 'created_at',
} as const;

const fromRow = (row: Omit<KeptFlag, 'evidence'> & { evidence: string }): KeptFlag => ({ ...row, evidence: JSON.parse(row.evidence) });

export async function flagsOf(knex: Knex, sessionId: number): Promise<KeptFlag[]> {
  return (await knex('attendance_flags').where({ session_id: sessionId }).orderBy('id').select(COLUMNS)).map(fromRow);
}

export async function findFlag(knex: Knex, id: number): Promise<KeptFlag | undefined> {
  const row = await knex('attendance_flags').where({ id }).first(COLUMNS);
  return row && fromRow(row);
}

export async function judgeFlagRow(trx: Trx, id: number, verdict: 'dismissed' | 'upheld', userId: number): Promise<void> {
  await trx('attendance_flags').where({ id }).update({ verdict, judged_by: userId });
}

/** A session's marks by code with their evidence. Addresses as four or sixteen bytes. */
export async function codeMarksOf(
  knex: Knex, sessionId: number,
): Promise<{ studentId: number; receivedAt: Date; codeAge: number; address: Buffer | null }[]> {
  return knex('attendance').where({ session_id: sessionId, method: 'code' }).orderBy('student_id')
    .select({ studentId: 'student_id', receivedAt: 'received_at', codeAge: 'code_age', address: 'address' });
}

/** Codes of a session count for no longer. */
const LONGEST_MS = 6 * 3_600_000;

/** Marks by code of these students in other sessions, received in [from, to). */
export async function codeMarksElsewhere(
  knex: Knex, sessionId: number, studentIds: number[], [from, to]: readonly [Date, Date],
): Promise<{ studentId: number; sessionId: number; receivedAt: Date; building: string }[]> {
  const sessionIds: number[] = await knex('attendance_sessions')
    .where('opened_at', '>=', new Date(from.getTime() - LONGEST_MS)).andWhere('opened_at', '<', to).andWhereNot('session_id', sessionId).pluck('session_id');
  if (sessionIds.length === 0 || studentIds.length === 0) return [];
  return knex('attendance as t')
    .join('schedule as s', 's.id', 't.session_id')
    .join('rooms as r', 'r.id', 's.room_id')
    .whereIn('t.session_id', sessionIds)
    .whereIn('t.student_id', studentIds)
    .andWhere('t.method', 'code')
    .andWhere('t.received_at', '>=', from)
    .andWhere('t.received_at', '<', to)
    .select({ studentId: 't.student_id', sessionId: 't.session_id', receivedAt: 't.received_at', building: 'r.building' });
}
