// Students' marks in sessions (`attendance`), the history of their changes, and their counts. Whoever writes holds the session's lock:
// shared for a new mark while the session is open (attendance-sessions.ts), exclusive for everything else.
import type { Knex } from 'knex';
import { type Counts, type Door, type Method, type Status, statuses } from '../../domain/attendance/statuses.ts';
import type { Trx } from '../connection.ts';
import { insertRows } from './bulk.ts';

export interface Mark {
  sessionId: number;
  studentId: number;
  status: Status;
  /** An excuse that stands until the class is over, or the student is there after all. */
  provisional: boolean;
  version: number;
  method: Method;
  markedBy: number | null;
  receivedAt: Date;
}

export interface NewMark {
  sessionId: number;
  studentId: number;
  status: Status;
  method: Method;
  /** Null: a process. */
  markedBy: number | null;
  receivedAt: Date;
  /** Of a mark by code. */
  evidence?: Evidence | undefined;
}

export interface Evidence {
  door: Door;
  /** Four or sixteen bytes. */
  address: Buffer | null;
  /** Sixteen bytes of the device's hash. */
  device: Buffer | null;
  /** Seconds since the code was first shown. */
  codeAge: number;
}

const COLUMNS = {
  sessionId: 'session_id', studentId: 'student_id', status: 'status', provisional: 'provisional', version: 'version', method: 'method',
  markedBy: 'marked_by', receivedAt: 'received_at',
} as const;

const fromRow = (row: Mark): Mark => ({ ...row, provisional: Boolean(row.provisional) });

/** A session's marks, or those of some of its students, by student. */
export async function marksOf(knex: Knex, sessionId: number, studentIds?: number[]): Promise<Mark[]> {
  const rows: Mark[] = await knex('attendance').where({ session_id: sessionId }).modify((query) => {
    if (studentIds) void query.whereIn('student_id', studentIds);
  }).orderBy('student_id').select(COLUMNS);
  return rows.map(fromRow);
}

/** Of these students in these sessions, those who have a mark. */
export async function markedPairs(knex: Knex, pairs: (readonly [sessionId: number, studentId: number])[]): Promise<[number, number][]> {
  const rows: Pick<Mark, 'sessionId' | 'studentId'>[] = await knex('attendance').whereIn(['session_id', 'student_id'], pairs.map((pair) => [...pair]))
    .select({ sessionId: 'session_id', studentId: 'student_id' });
  return rows.map(({ sessionId, studentId }) => [sessionId, studentId]);
}

export async function findMark(knex: Knex, sessionId: number, studentId: number): Promise<Mark | undefined> {
  return (await marksOf(knex, sessionId, [studentId]))[0];
}

/** Enters marks. @throws the driver's duplicate-key error when one of the students has a mark in the session already */
export async function insertMarks(trx: Trx, marks: NewMark[], now: Date): Promise<void> {
  await insertRows(
    trx, 'attendance', ['session_id', 'student_id', 'status', 'method', 'marked_by', 'received_at', 'updated_at', 'door', 'address', 'device', 'code_age'],
    marks.map(({ sessionId, studentId, status, method, markedBy, receivedAt, evidence }) => [
      sessionId, studentId, status, method, markedBy, receivedAt, now,
      evidence?.door ?? null, evidence?.address ?? null, evidence?.device ?? null, evidence?.codeAge ?? null,
    ]),
  );
}

export interface Change {
  /** Null: it is taken back. */
  to: Status | null;
  method: Method;
  userId: number | null;
  reason: string | null;
  /** Of a student who came after all. */
  evidence?: Evidence | undefined;
  receivedAt?: Date;
}

/** Changes a mark, or takes it back, and keeps what it was. */
export async function changeMarkRow(trx: Trx, mark: Mark, { to, method, userId, reason, evidence, receivedAt }: Change, now: Date): Promise<void> {
  await insertChanges(trx, [{ mark, from: mark.status, to, method, userId, reason }], now);
  const row = trx('attendance').where({ session_id: mark.sessionId, student_id: mark.studentId });
  if (to === null) return void (await row.delete());
  await row.update({
    status: to, provisional: false, version: trx.raw('version + 1'), method, marked_by: userId, updated_at: now,
    ...(receivedAt && { received_at: receivedAt }),
    ...(evidence && { door: evidence.door, address: evidence.address, device: evidence.device, code_age: evidence.codeAge }),
  });
}

export interface KeptChange {
  mark: Pick<Mark, 'sessionId' | 'studentId'>;
  from: Status | null;
  to: Status | null;
  method: Method;
  userId: number | null;
  reason: string | null;
}

/** Notes changes of marks in their history. */
export async function insertChanges(trx: Trx, changes: KeptChange[], now: Date): Promise<void> {
  if (changes.length === 0) return;
  await trx('attendance_changes').insert(changes.map(({ mark, from, to, method, userId, reason }) => ({
    session_id: mark.sessionId, student_id: mark.studentId, from_status: from, to_status: to, method, user_id: userId, reason, at: now,
  })));
}

/** Excuses of a completed session stand from now on, whatever becomes of their interviews. */
export async function settleExcuses(trx: Trx, sessionId: number): Promise<void> {
  await trx('attendance').where({ session_id: sessionId, provisional: true }).update({ provisional: false });
}

/** Adds a session that was just completed, with these counts, to the totals of its students and of its class. */
export async function addToTotals(
  trx: Trx, { id: sessionId, assignmentId, startsAt }: { id: number; assignmentId: number; startsAt: Date }, counts: Counts,
): Promise<void> {
  const marks = trx('attendance').where({ session_id: sessionId }).orderBy('student_id')
    .select(trx.raw('?', [assignmentId]), 'student_id', ...statuses.map((status) => trx.raw('status = ?', [status])));
  const raised = statuses.map((status) => `${status} = ${status} + values(${status})`).join(', ');
  await trx.raw(`insert into attendance_totals (assignment_id, student_id, ${statuses.join(', ')}) ? on duplicate key update ${raised}`, [marks]);
  const ofClass = trx('attendance_class_totals').insert({ assignment_id: assignmentId, sessions: 1, last_starts_at: startsAt, ...counts });
  await trx.raw(`? on duplicate key update sessions = sessions + 1, last_starts_at = greatest(last_starts_at, values(last_starts_at)), ${raised}`, [ofClass]);
}

/** Puts a changed mark of a completed session right in the totals of the student and the class, and in the session's counts. */
export async function moveInTotals(trx: Trx, { sessionId, studentId }: Pick<Mark, 'sessionId' | 'studentId'>, from: Status, to: Status): Promise<void> {
  if (from === to) return;
  const moved = () => ({ [from]: trx.raw('?? - 1', [from]), [to]: trx.raw('?? + 1', [to]) });
  await trx('attendance_sessions').where({ session_id: sessionId }).update(moved());
  const { assignment_id } = await trx('schedule').where({ id: sessionId }).first('assignment_id');
  await trx('attendance_totals').where({ student_id: studentId, assignment_id }).update(moved());
  await trx('attendance_class_totals').where({ assignment_id }).update(moved());
}
