// Second checks of who is still there (`attendance_checks`), one a session at the most, and who answered.
import type { Knex } from 'knex';
import type { Trx } from '../connection.ts';

export interface SecondCheck {
  sessionId: number;
  /** When the students are asked. */
  dueAt: Date;
  askedAt: Date | null;
  /** How long they have. */
  until: Date | null;
  closedAt: Date | null;
}

const COLUMNS = { sessionId: 'session_id', dueAt: 'due_at', askedAt: 'asked_at', until: 'until', closedAt: 'closed_at' } as const;

export async function findSecondCheck(knex: Knex, sessionId: number): Promise<SecondCheck | undefined> {
  return knex('attendance_checks').where({ session_id: sessionId }).first(COLUMNS);
}

export async function insertSecondCheck(trx: Trx, sessionId: number, dueAt: Date): Promise<void> {
  await trx('attendance_checks').insert({ session_id: sessionId, due_at: dueAt });
}

export async function updateSecondCheck(trx: Trx, sessionId: number, { askedAt, until, closedAt }: Partial<Omit<SecondCheck, 'sessionId' | 'dueAt'>>): Promise<void> {
  await trx('attendance_checks').where({ session_id: sessionId })
    .update({ ...(askedAt && { asked_at: askedAt }), ...(until && { until }), ...(closedAt && { closed_at: closedAt }) });
}

/** Answers the check of a session for a student, if one is open at that time. @returns whether one is */
export async function answerSecondCheck(knex: Knex, sessionId: number, studentId: number, at: Date): Promise<boolean> {
  const open = await knex('attendance_checks').where({ session_id: sessionId }).andWhere('asked_at', '<=', at).andWhere('until', '>=', at).first('session_id');
  if (!open) return false;
  await knex('attendance_check_answers').insert({ session_id: sessionId, student_id: studentId, at }).onConflict().ignore();
  return true;
}

/** Students who said by code that they are there before they were asked again, and haven't answered. */
export async function silentStudents(knex: Knex, { sessionId, askedAt }: SecondCheck): Promise<number[]> {
  return knex('attendance as t')
    .leftJoin('attendance_check_answers as w', (join) => join.on('w.session_id', 't.session_id').andOn('w.student_id', 't.student_id'))
    .where({ 't.session_id': sessionId, 't.method': 'code' })
    .whereIn('t.status', ['present', 'late'])
    .andWhere('t.received_at', '<', askedAt)
    .whereNull('w.student_id')
    .orderBy('t.student_id')
    .pluck('t.student_id');
}
