// Classes (faculty assignments) with what their marks add up to, student by student: reports, defaulters, dashboards (A17, A18).
import type { Knex } from 'knex';
import type { Counts, Status } from '../../domain/attendance/statuses.ts';
import { countsOf, sumsOf, TERM_OF } from './attendance-totals.ts';

/** One subject, taught to one section by one faculty member in a term. */
export interface TaughtClass {
  classId: number;
  subjectId: number;
  subjectCode: string;
  subjectName: string;
  subjectMnemonic: string;
  sectionId: number;
  /** The letter; `sectionName` is as people call it, such as CSE-3A. */
  section: string;
  sectionName: string;
  year: number;
  departmentId: number;
  department: string;
  facultyId: number;
  facultyName: string;
  termId: number;
  termEndsOn: string;
}

/** Which classes; what isn't named doesn't narrow it down. */
export interface ClassFilter {
  classId?: number | undefined;
  sectionId?: number | undefined;
  departmentId?: number | undefined;
  subjectCode?: string | undefined;
}

/** Whose: all of the institution, or those of a department, or (also) of who teaches them. */
export interface ClassesOf {
  organisationId: number;
  departmentId?: number | null;
  facultyId?: number | null;
}

/** Classes in the term of a day (YYYY-MM-DD); one named by its id, of any term. By department, year, section, subject. */
export async function classesWithin(
  knex: Knex, whose: ClassesOf, { classId, sectionId, departmentId, subjectCode }: ClassFilter, date: string,
): Promise<TaughtClass[]> {
  const { organisationId, departmentId: ofDepartment, facultyId } = whose;
  return knex('faculty_assignment as a')
    .join('sections as sec', 'sec.id', 'a.section_id')
    .join('departments as d', 'd.id', 'sec.department_id')
    .join('subjects as sub', 'sub.id', 'a.subject_id')
    .join('faculty as f', 'f.id', 'a.faculty_id')
    .join('users as fu', 'fu.id', 'f.user_id')
    .join('terms as term', 'term.id', 'a.term_id')
    .where('d.organisation_id', organisationId)
    .modify((query) => {
      if (classId === undefined) void query.andWhere('a.term_id', knex.raw(TERM_OF, { organisationId, date }));
      else void query.andWhere('a.id', classId);
      if (sectionId !== undefined) void query.andWhere('a.section_id', sectionId);
      if (departmentId !== undefined) void query.andWhere('sec.department_id', departmentId);
      if (subjectCode !== undefined) void query.andWhere('sub.subject_code', subjectCode);
      if (ofDepartment !== undefined || facultyId !== undefined) {
        void query.andWhere((any) => {
          // Nobody has no department, and teaches nothing.
          void any.whereRaw('false');
          if (ofDepartment != null) void any.orWhere('sec.department_id', ofDepartment);
          if (facultyId != null) void any.orWhere('a.faculty_id', facultyId);
        });
      }
    })
    .orderBy(['d.code', 'sec.year', 'sec.name', 'sub.subject_code', 'a.id'])
    .select({
      classId: 'a.id', subjectId: 'a.subject_id', subjectCode: 'sub.subject_code', subjectName: 'sub.subject_name', subjectMnemonic: 'sub.subject_mnemonic',
      sectionId: 'sec.id', section: 'sec.name', year: 'sec.year', departmentId: 'd.id', department: 'd.code', facultyId: 'a.faculty_id',
      facultyName: 'fu.name', termId: 'a.term_id', termEndsOn: 'term.ends_on',
    })
    .select(knex.raw("concat(d.code, '-', sec.year, sec.name) as sectionName"));
}

/** Half-open; sessions are of a period by their start. */
export interface Period {
  from: Date;
  to: Date;
}

/** A student's marks in a class. */
export interface MarksOfStudent extends Counts {
  classId: number;
  studentId: number;
}

export interface NamedMarks extends MarksOfStudent {
  studentKey: string;
  rollNumber: string;
  name: string;
}

/** The completed sessions of classes, as `s`: all of them, or those of a period. */
const HELD = (period: Period | null) => `s.status = 'completed'${period ? ' and s.starts_at >= :from and s.starts_at < :to' : ''}`;

/** Everybody with marks in these classes' completed sessions, by class and roll number. */
export async function marksByClass(knex: Knex, classIds: number[], period: Period | null): Promise<NamedMarks[]> {
  if (classIds.length === 0) return [];
  const counted = period === null
    ? `select t.assignment_id, t.student_id, ${countsOf('t')} from attendance_totals as t where t.assignment_id in (:classIds)`
    : `select s.assignment_id, m.student_id, ${sumsOf('m', true)} from schedule as s join attendance as m on m.session_id = s.id
       where s.assignment_id in (:classIds) and ${HELD(period)} group by s.assignment_id, m.student_id`;
  const [rows] = await knex.raw(`
    select c.assignment_id as classId, c.student_id as studentId, st.student_id as studentKey, st.roll_number as rollNumber, u.name,
      c.present, c.late, c.absent, c.excused, c.on_duty
    from (${counted}) as c
    join students as st on st.id = c.student_id
    join users as u on u.id = st.user_id
    order by c.assignment_id, st.roll_number`, { classIds, ...period });
  return rows;
}

/** How many completed sessions these classes have had. */
export async function sessionsHeld(knex: Knex, classIds: number[], period: Period | null): Promise<Map<number, number>> {
  if (classIds.length === 0) return new Map();
  const [rows] = await knex.raw(`
    select s.assignment_id as classId, count(*) as sessions from schedule as s where s.assignment_id in (:classIds) and ${HELD(period)} group by s.assignment_id`,
  { classIds, ...period });
  return new Map((rows as { classId: number; sessions: number }[]).map(({ classId, sessions }) => [classId, sessions]));
}

/**
 * What students of these classes' courses (a section's subject) have in the subject, wherever they attended it in the term: another section
 * as its guest, a section they have left, with another faculty member. Those enrolled on a day (YYYY-MM-DD), by class.
 */
export async function marksInSubject(knex: Knex, classIds: number[], date: string, period: Period | null): Promise<MarksOfStudent[]> {
  if (classIds.length === 0) return [];
  const marks = period === null
    ? 'join attendance_totals as m on m.assignment_id = a.id and m.student_id = e.student_id'
    : `join schedule as s on s.assignment_id = a.id and ${HELD(period)} join attendance as m on m.session_id = s.id and m.student_id = e.student_id`;
  const [rows] = await knex.raw(`
    select c.id as classId, e.student_id as studentId, ${sumsOf('m', period !== null)}
    from faculty_assignment as c
    join student_subject as e on e.section_id = c.section_id and e.subject_id = c.subject_id and e.valid_from <= :date and (e.valid_to is null or e.valid_to > :date)
    join faculty_assignment as a on a.subject_id = c.subject_id and a.term_id = c.term_id
    ${marks}
    where c.id in (:classIds)
    group by c.id, e.student_id`, { classIds, date, ...period });
  return rows;
}

/** Students by row. */
export async function namesOf(knex: Knex, studentIds: number[]): Promise<Map<number, Pick<NamedMarks, 'studentKey' | 'rollNumber' | 'name'>>> {
  if (studentIds.length === 0) return new Map();
  const rows: (Pick<NamedMarks, 'studentKey' | 'rollNumber' | 'name'> & { studentId: number })[] = await knex('students as st')
    .join('users as u', 'u.id', 'st.user_id')
    .whereIn('st.id', studentIds)
    .select({ studentId: 'st.id', studentKey: 'st.student_id', rollNumber: 'st.roll_number', name: 'u.name' });
  return new Map(rows.map((row) => [row.studentId, row]));
}

/** What the marks of these classes add up to. */
export async function marksTogether(knex: Knex, classIds: number[]): Promise<Map<number, Counts>> {
  if (classIds.length === 0) return new Map();
  const [rows] = await knex.raw(`
    select t.assignment_id as classId, ${sumsOf('t')} from attendance_totals as t where t.assignment_id in (:classIds) group by t.assignment_id`, { classIds });
  return new Map((rows as (Counts & { classId: number })[]).map(({ classId, ...counts }) => [classId, counts]));
}

export interface LastClass {
  classId: number;
  date: string;
  topicDiscussed: string | null;
}

/** The last completed session of each of these classes that has had one. */
export async function lastClasses(knex: Knex, classIds: number[]): Promise<Map<number, LastClass>> {
  if (classIds.length === 0) return new Map();
  const [rows] = await knex.raw(`
    select s.assignment_id as classId, s.date, s.topic_discussed as topicDiscussed
    from faculty_assignment as a
    join schedule as s on s.id = (
      select l.id from schedule as l where l.assignment_id = a.id and l.status = 'completed' order by l.starts_at desc, l.id desc limit 1)
    where a.id in (:classIds)`, { classIds });
  return new Map((rows as LastClass[]).map((row) => [row.classId, row]));
}

/** A completed session with the counts that were kept at its completion and since. */
export interface HeldSession extends Counts {
  sessionId: number;
  date: string;
  startsAt: Date;
  endsAt: Date;
  timeZone: string;
  topicDiscussed: string | null;
  roomName: string;
}

/** A class's completed sessions, the newest first. */
export async function heldSessions(knex: Knex, classId: number, { offset, limit }: { offset: number; limit: number }): Promise<HeldSession[]> {
  const [rows] = await knex.raw(`
    select s.id as sessionId, s.date, s.starts_at as startsAt, s.ends_at as endsAt, s.time_zone as timeZone, s.topic_discussed as topicDiscussed,
      r.name as roomName, ${countsOf('w')}
    from schedule as s
    join rooms as r on r.id = s.room_id
    left join attendance_sessions as w on w.session_id = s.id
    where s.assignment_id = :classId and s.status = 'completed'
    order by s.starts_at desc, s.id desc
    limit :limit offset :offset`, { classId, offset, limit });
  return rows;
}

/** Everybody's mark in these sessions, by session and roll number. */
export async function marksOfSessions(
  knex: Knex, sessionIds: number[],
): Promise<{ sessionId: number; studentKey: string; name: string; status: Status }[]> {
  if (sessionIds.length === 0) return [];
  return knex('attendance as m')
    .join('students as st', 'st.id', 'm.student_id')
    .join('users as u', 'u.id', 'st.user_id')
    .whereIn('m.session_id', sessionIds)
    .orderBy(['m.session_id', 'st.roll_number'])
    .select({ sessionId: 'm.session_id', studentKey: 'st.student_id', name: 'u.name', status: 'm.status' });
}
