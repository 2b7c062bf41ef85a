// What warnings of low attendance need: whom a session concerns, what they have in its subject, and who else is told (A19).
import type { Knex } from 'knex';
import type { Counts } from '../../domain/attendance/statuses.ts';
import { sumsOf } from './attendance-totals.ts';

export interface WarnableSession {
  organisationId: number;
  subjectId: number;
  subjectCode: string;
  subjectName: string;
  termId: number;
  facultyUserId: number;
}

export async function warnableSession(knex: Knex, sessionId: number): Promise<WarnableSession | undefined> {
  return knex('schedule as s')
    .join('faculty_assignment as a', 'a.id', 's.assignment_id')
    .join('subjects as sub', 'sub.id', 'a.subject_id')
    .join('faculty as f', 'f.id', 'a.faculty_id')
    .where('s.id', sessionId)
    .andWhere('s.status', 'completed')
    .first({
      organisationId: 'sub.organisation_id', subjectId: 'sub.id', subjectCode: 'sub.subject_code', subjectName: 'sub.subject_name', termId: 'a.term_id',
      facultyUserId: 'f.user_id',
    });
}

/** A student with a mark in a session, with what the department wants, and the marks in the subject over the term. */
export interface WarnableStudent extends Counts {
  studentId: number;
  userId: number;
  studentKey: string;
  name: string;
  sectionId: number;
  guardianEmail: string | null;
  thresholdPercent: number;
  warnCr: number;
  warnFaculty: number;
  warnGuardians: number;
}

/** The students with a mark in a session, by row. */
export async function warnableStudents(knex: Knex, sessionId: number, { subjectId, termId }: Pick<WarnableSession, 'subjectId' | 'termId'>): Promise<WarnableStudent[]> {
  const [rows] = await knex.raw(`
    select c.student_id as studentId, st.user_id as userId, st.student_id as studentKey, u.name, st.section_id as sectionId, st.guardian_email as guardianEmail,
      d.warn_threshold_percent as thresholdPercent, d.warn_cr as warnCr, d.warn_faculty as warnFaculty, d.warn_guardians as warnGuardians,
      c.present, c.late, c.absent, c.excused, c.on_duty
    from (
      select m.student_id, ${sumsOf('t')}
      from attendance as m
      join faculty_assignment as a on a.subject_id = :subjectId and a.term_id = :termId
      join attendance_totals as t on t.assignment_id = a.id and t.student_id = m.student_id
      where m.session_id = :sessionId
      group by m.student_id
    ) as c
    join students as st on st.id = c.student_id
    join users as u on u.id = st.user_id
    join sections as sec on sec.id = st.section_id
    join departments as d on d.id = sec.department_id
    order by c.student_id`, { sessionId, subjectId, termId });
  return rows;
}

/** The users who represent these sections. */
export async function representativesOf(knex: Knex, sectionIds: number[]): Promise<Map<number, number[]>> {
  if (sectionIds.length === 0) return new Map();
  const rows: { sectionId: number; userId: number }[] = await knex('students as st').join('users as u', 'u.id', 'st.user_id')
    .whereIn('st.section_id', sectionIds).andWhere({ 'u.role': 'cr', 'u.active': true }).orderBy('u.id').select({ sectionId: 'st.section_id', userId: 'u.id' });
  return new Map([...Map.groupBy(rows, ({ sectionId }) => sectionId)].map(([sectionId, ofSection]) => [sectionId, ofSection.map(({ userId }) => userId)]));
}
