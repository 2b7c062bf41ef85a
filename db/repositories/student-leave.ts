// Leave that students ask for (`student_leave`).
import type { Knex } from 'knex';
import type { Trx } from '../connection.ts';

export type LeaveKind = 'medical' | 'on_duty' | 'other';

export interface StudentLeave {
  id: number;
  studentId: number;
  kind: LeaveKind;
  /** Half-open. */
  startsAt: Date;
  endsAt: Date;
  wholeDays: boolean;
  reason: string;
  status: 'open' | 'granted' | 'rejected' | 'withdrawn';
  /** Who teaches every class that it covers. */
  facultyId: number | null;
  answer: string | null;
  createdAt: Date;
  decidedAt: Date | null;
  // Whose it is.
  studentUserId: number;
  studentKey: string;
  name: string;
  section: string;
  sectionId: number;
  departmentId: number;
  organisationId: number;
}

const leaves = (knex: Knex) => knex('student_leave as l')
  .join('students as st', 'st.id', 'l.student_id')
  .join('users as u', 'u.id', 'st.user_id')
  .join('sections as sec', 'sec.id', 'st.section_id')
  .join('departments as d', 'd.id', 'sec.department_id')
  .select({
    id: 'l.id', studentId: 'l.student_id', kind: 'l.kind', startsAt: 'l.starts_at', endsAt: 'l.ends_at', wholeDays: 'l.whole_days', reason: 'l.reason',
    status: 'l.status', facultyId: 'l.faculty_id', answer: 'l.answer', createdAt: 'l.created_at', decidedAt: 'l.decided_at', studentUserId: 'st.user_id',
    studentKey: 'st.student_id', name: 'u.name', sectionId: 'sec.id', departmentId: 'd.id', organisationId: 'd.organisation_id',
  })
  .select(knex.raw("concat(d.code, '-', sec.year, sec.name) as section"));

const fromRow = (row: StudentLeave): StudentLeave => ({ ...row, wholeDays: Boolean(row.wholeDays) });

export async function findLeave(knex: Knex, id: number): Promise<StudentLeave | undefined> {
  const [row] = await leaves(knex).where('l.id', id);
  return row && fromRow(row);
}

/** Locks a leave: whoever decides or withdraws it too waits. */
export async function lockLeave(trx: Trx, id: number): Promise<void> {
  await trx('student_leave').where({ id }).forUpdate().first('id');
}

/** Leave of a student's own, or what waits for somebody's decision; the newest first. */
export async function leavesOf(
  knex: Knex, whose: { studentId: number } | { organisationId: number; departmentId?: number | null; facultyId?: number | null }, limit: number,
): Promise<StudentLeave[]> {
  const rows = await leaves(knex).modify((query) => {
    if ('studentId' in whose) return void query.where('l.student_id', whose.studentId);
    void query.where({ 'd.organisation_id': whose.organisationId, 'l.status': 'open' });
    if (whose.departmentId === undefined && whose.facultyId === undefined) return undefined;
    return void query.andWhere((any) => {
      void any.whereRaw('false');
      if (whose.departmentId != null) void any.orWhere('d.id', whose.departmentId);
      if (whose.facultyId != null) void any.orWhere('l.faculty_id', whose.facultyId);
    });
  }).orderBy('l.id', 'desc').limit(limit);
  return rows.map(fromRow);
}

/** The same leave of a student that is open or granted. */
export async function sameLeave(
  knex: Knex, { studentId, kind, startsAt, endsAt }: Pick<StudentLeave, 'studentId' | 'kind' | 'startsAt' | 'endsAt'>,
): Promise<number | undefined> {
  const row = await knex('student_leave').where({ student_id: studentId, kind, starts_at: startsAt, ends_at: endsAt }).whereIn('status', ['open', 'granted']).first('id');
  return row?.id;
}

export async function insertLeave(
  trx: Trx, leave: Pick<StudentLeave, 'studentId' | 'kind' | 'startsAt' | 'endsAt' | 'wholeDays' | 'reason' | 'facultyId'>, now: Date,
): Promise<number> {
  const [id] = await trx('student_leave').insert({
    student_id: leave.studentId, kind: leave.kind, starts_at: leave.startsAt, ends_at: leave.endsAt, whole_days: leave.wholeDays, reason: leave.reason,
    faculty_id: leave.facultyId, created_at: now,
  });
  return id!;
}

export async function settleLeave(
  trx: Trx, id: number, { status, decidedBy, answer }: { status: 'granted' | 'rejected' | 'withdrawn'; decidedBy: number; answer: string | null }, now: Date,
): Promise<void> {
  await trx('student_leave').where({ id }).update({ status, decided_by: decidedBy, answer, decided_at: now });
}

/** Granted leave of these students that touches [from, to). */
export async function grantedLeaves(
  knex: Knex, studentIds: number[], from: Date, to: Date | null,
): Promise<Pick<StudentLeave, 'studentId' | 'kind' | 'startsAt' | 'endsAt'>[]> {
  if (studentIds.length === 0) return [];
  return knex('student_leave').whereIn('student_id', studentIds).andWhere('ends_at', '>', from).andWhere('status', 'granted')
    .modify((query) => {
      if (to !== null) void query.andWhere('starts_at', '<', to);
    })
    .orderBy('id')
    .select({ studentId: 'student_id', kind: 'kind', startsAt: 'starts_at', endsAt: 'ends_at' });
}
