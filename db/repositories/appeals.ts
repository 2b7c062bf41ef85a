// Students who ask for another mark (`attendance_appeals`).
import type { Knex } from 'knex';
import type { Status } from '../../domain/attendance/statuses.ts';
import type { Trx } from '../connection.ts';

export interface Appeal {
  id: number;
  sessionId: number;
  studentId: number;
  /** The public id, such as S230001. */
  studentNumber: string;
  rollNumber: string;
  wanted: Exclude<Status, 'absent'>;
  reason: string;
  status: 'open' | 'granted' | 'rejected';
  answer: string | null;
  createdAt: Date;
  decidedAt: Date | null;
}

const COLUMNS = {
  id: 'p.id', sessionId: 'p.session_id', studentId: 'p.student_id', studentNumber: 'st.student_id', rollNumber: 'st.roll_number', wanted: 'p.wanted', reason: 'p.reason', status: 'p.status', answer: 'p.answer',
  createdAt: 'p.created_at', decidedAt: 'p.decided_at',
} as const;

const appeals = (knex: Knex) => knex('attendance_appeals as p').join('students as st', 'st.id', 'p.student_id').select(COLUMNS);

export async function findAppeal(knex: Knex, id: number): Promise<Appeal | undefined> {
  return appeals(knex).where('p.id', id).first();
}

/** The appeal of a student in a session that waits. */
export async function openAppeal(knex: Knex, sessionId: number, studentId: number): Promise<Appeal | undefined> {
  return appeals(knex).where({ 'p.session_id': sessionId, 'p.student_id': studentId, 'p.status': 'open' }).first();
}

/** A student's appeals, the newest first. */
export async function appealsOfStudent(knex: Knex, studentId: number, limit: number): Promise<Appeal[]> {
  return appeals(knex).where('p.student_id', studentId).orderBy('p.id', 'desc').limit(limit);
}

/** Appeals that wait, of classes of a faculty member, a department or an organisation, the oldest first. */
export async function appealsWaiting(
  knex: Knex, where: { facultyId: number } | { departmentId: number; facultyId: number | null } | { organisationId: number }, limit: number,
): Promise<Appeal[]> {
  return appeals(knex)
    .join('schedule as s', 's.id', 'p.session_id')
    .join('faculty_assignment as a', 'a.id', 's.assignment_id')
    .join('sections as sec', 'sec.id', 'a.section_id')
    .join('departments as d', 'd.id', 'sec.department_id')
    .where('p.status', 'open')
    .modify((query) => {
      if ('organisationId' in where) void query.where('d.organisation_id', where.organisationId);
      else if ('departmentId' in where) void query.where((any) => void any.where('d.id', where.departmentId).orWhereRaw('coalesce(s.substitute_id, a.faculty_id) = ?', [where.facultyId]));
      else void query.whereRaw('coalesce(s.substitute_id, a.faculty_id) = ?', [where.facultyId]);
    })
    .orderBy('p.id')
    .limit(limit);
}

export async function insertAppeal(trx: Trx, appeal: Pick<Appeal, 'sessionId' | 'studentId' | 'wanted' | 'reason'>, now: Date): Promise<number> {
  const { sessionId, studentId, wanted, reason } = appeal;
  const [id] = await trx('attendance_appeals').insert({ session_id: sessionId, student_id: studentId, wanted, reason, created_at: now });
  return id!;
}

export async function decideAppealRow(trx: Trx, id: number, decision: { status: 'granted' | 'rejected'; answer: string | null; userId: number }, now: Date): Promise<void> {
  await trx('attendance_appeals').where({ id }).update({ status: decision.status, answer: decision.answer, decided_by: decision.userId, decided_at: now });
}
