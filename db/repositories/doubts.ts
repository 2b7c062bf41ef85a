// Cancellations and moves that fit several of a student's interviews, until the student says which.
import type { Knex } from 'knex';
import type { Trx } from '../connection.ts';

export interface Doubt {
  id: number;
  studentId: number;
  messageKey: Buffer;
  kind: 'cancel' | 'reschedule';
  /** Where a move leads. */
  date: string;
  startsAt: Date | null;
  endsAt: Date | null;
  status: 'open' | 'settled' | 'none';
}

const DOUBT = {
  id: 'id', studentId: 'student_id', messageKey: 'message_key', kind: 'kind', date: 'date', startsAt: 'starts_at', endsAt: 'ends_at', status: 'status',
} as const;

/** @returns its id, the same when the mail was in doubt before; `isNew` tells */
export async function insertDoubt(trx: Trx, doubt: Omit<Doubt, 'id' | 'status'>, now: Date): Promise<{ id: number; isNew: boolean }> {
  const made = await trx.raw(
    'insert ignore into interview_doubts (student_id, message_key, kind, date, starts_at, ends_at, created_at) values (?, ?, ?, ?, ?, ?, ?)',
    [doubt.studentId, doubt.messageKey, doubt.kind, doubt.date, doubt.startsAt, doubt.endsAt, now],
  );
  if (made[0].affectedRows === 1) return { id: made[0].insertId, isNew: true };
  const { id } = await trx('interview_doubts').where({ student_id: doubt.studentId, message_key: doubt.messageKey }).first('id');
  return { id, isNew: false };
}

export async function findDoubt(knex: Knex, id: number): Promise<Doubt | undefined> {
  return knex('interview_doubts').where({ id }).first(DOUBT);
}

/** A student's open ones that aren't over. */
export async function openDoubtsOf(knex: Knex, studentId: number, fromDate: string): Promise<number[]> {
  return knex('interview_doubts').where({ student_id: studentId, status: 'open' }).andWhere('date', '>=', fromDate).orderBy('id').pluck('id');
}

export async function closeDoubt(trx: Trx, id: number, status: 'settled' | 'none'): Promise<void> {
  await trx('interview_doubts').where({ id }).update({ status });
}
