// A session's attendance as it came about: its taking, each mark's receipt, and every change of a mark (A21).
import type { Knex } from 'knex';
import type { Status } from '../../domain/attendance/statuses.ts';

export interface TakingRecord {
  mode: 'rotating' | 'single';
  openedAt: Date;
  openedBy: string;
  lateFrom: Date | null;
  closesAt: Date;
  completedAt: Date | null;
  /** Null: it completed itself, or is not completed. */
  completedBy: string | null;
}

export async function takingRecord(knex: Knex, sessionId: number): Promise<TakingRecord | undefined> {
  return knex('attendance_sessions as w')
    .join('users as o', 'o.id', 'w.opened_by')
    .leftJoin('users as c', 'c.id', 'w.completed_by')
    .where('w.session_id', sessionId)
    .first({
      mode: 'w.mode', openedAt: 'w.opened_at', openedBy: 'o.name', lateFrom: 'w.late_from', closesAt: 'w.closes_at', completedAt: 'w.completed_at',
      completedBy: 'c.name',
    });
}

type Method = 'code' | 'manual' | 'missing' | 'interview' | 'leave' | 'appeal';

export interface Receipt {
  studentId: number;
  status: Status;
  provisional: boolean;
  method: Method;
  /** Who wrote it; null: a process. */
  markedBy: string | null;
  door: 'rest' | 'web' | 'telegram' | 'slack' | 'discord' | null;
  /** Seconds after the code was first shown. */
  codeAge: number | null;
  /** Of the client: 4 or 16 bytes. */
  address: Buffer | null;
  receivedAt: Date;
}

export async function receiptsOf(knex: Knex, sessionId: number): Promise<Receipt[]> {
  const rows: Receipt[] = await knex('attendance as m')
    .leftJoin('users as b', 'b.id', 'm.marked_by')
    .where('m.session_id', sessionId)
    .select({
      studentId: 'm.student_id', status: 'm.status', provisional: 'm.provisional', method: 'm.method', markedBy: 'b.name', door: 'm.door', codeAge: 'm.code_age',
      address: 'm.address', receivedAt: 'm.received_at',
    });
  return rows.map((row) => ({ ...row, provisional: Boolean(row.provisional) }));
}

export interface ChangeOfMark {
  studentId: number;
  /** Null: there was no mark; it was taken back. */
  from: Status | null;
  to: Status | null;
  method: Method;
  by: string | null;
  reason: string | null;
  at: Date;
}

/** Every change of a mark in a session, in their order. */
export async function changesOf(knex: Knex, sessionId: number): Promise<ChangeOfMark[]> {
  return knex('attendance_changes as c')
    .leftJoin('users as b', 'b.id', 'c.user_id')
    .where('c.session_id', sessionId)
    .orderBy('c.id')
    .select({ studentId: 'c.student_id', from: 'c.from_status', to: 'c.to_status', method: 'c.method', by: 'b.name', reason: 'c.reason', at: 'c.at' });
}

/** Where those went who attended another session instead of this one. */
export async function awayFrom(knex: Knex, sessionId: number): Promise<Map<number, number>> {
  const rows: { studentId: number; sessionId: number }[] = await knex('replacements').where({ instead_of_id: sessionId })
    .select({ studentId: 'student_id', sessionId: 'session_id' });
  return new Map(rows.map((row) => [row.studentId, row.sessionId]));
}
