// Classes (faculty assignments) with what their marks add up to, student by student: reports, defaulters, dashboards (A17, A18).
import type { Knex } from 'knex';
import { sumCounts } from '../../domain/attendance/percentage.ts';
import { type Counts, type Status, statuses } from '../../domain/attendance/statuses.ts';
import { countsOf, sumsOf } from './attendance-totals.ts';
import { CURRENT_OR_LAST_TERM } from './terms.ts';

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

/** Half-open; sessions are of a period by their start. */
export interface Period {
  from: Date;
  to: Date;
}

/** The completed sessions of classes, as `s`: all of them, or those of a period. */
const HELD = (period: Period | null) => `s.status = 'completed'${period ? ' and s.starts_at >= :from and s.starts_at < :to' : ''}`;

/** Classes in the term of a day (YYYY-MM-DD); one named by its id, of any term. By department, year, section, subject. */
export async function classesWithin(knex: Knex, whose: ClassesOf, filter: ClassFilter, date: string): Promise<TaughtClass[]> {
  return classes(knex, whose, filter, date);
}

/** The same, with how many completed sessions each has had (in a period). */
export async function classesWithSessions(
  knex: Knex, whose: ClassesOf, filter: ClassFilter, date: string, period: Period | null,
): Promise<(TaughtClass & { sessions: number })[]> {
  const held = period === null
    ? 'cast(coalesce((select t.sessions from attendance_class_totals as t where t.assignment_id = a.id), 0) as signed) as sessions'
    : `(select count(*) from schedule as s where s.assignment_id = a.id and ${HELD(period)}) as sessions`;
  return classes(knex, whose, filter, date).select(knex.raw(held, { ...period }));
}

function classes(knex: Knex, whose: ClassesOf, { classId, sectionId, departmentId, subjectCode }: ClassFilter, date: string): Knex.QueryBuilder {
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
      if (classId === undefined) void query.andWhere('a.term_id', knex.raw(CURRENT_OR_LAST_TERM, { organisationId, date }));
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

/**
 * What students of these classes' courses (a section's subject) have in the subject, wherever they attended it in the term: another section
 * as its guest, a section they have left, with another faculty member. Those enrolled on a day (YYYY-MM-DD), by class; one who has no mark in it
 * is left out.
 */
export async function marksInSubject(knex: Knex, classIds: number[], date: string, period: Period | null): Promise<MarksOfStudent[]> {
  if (classIds.length === 0) return [];
  const [roster, marks] = await Promise.all([rosterOfCourses(knex, classIds, date), marksBesideClasses(knex, classIds, period)]);
  const marksOf = Map.groupBy(marks, ({ subjectId, studentId }) => `${subjectId} ${studentId}`);
  return roster.flatMap(({ classId, subjectId, studentId }) => {
    const own = marksOf.get(`${subjectId} ${studentId}`);
    return own ? [{ classId, studentId, ...sumCounts(own) }] : [];
  });
}

// As plain rows of numbers: there are many, and a join of the two in SQL takes three times as long as both.
const PLAIN = { rowsAsArray: true };

async function rosterOfCourses(knex: Knex, classIds: number[], date: string): Promise<{ classId: number; subjectId: number; studentId: number }[]> {
  const [rows] = await knex.raw(`
    select c.id, c.subject_id, e.student_id
    from faculty_assignment as c
    join student_subject as e on e.section_id = c.section_id and e.subject_id = c.subject_id and e.valid_from <= :date and (e.valid_to is null or e.valid_to > :date)
    where c.id in (:classIds)`, { classIds, date }).options(PLAIN);
  return (rows as [number, number, number][]).map(([classId, subjectId, studentId]) => ({ classId, subjectId, studentId }));
}

/** What is marked in these classes, and in all others of the same subjects and terms. */
async function marksBesideClasses(knex: Knex, classIds: number[], period: Period | null): Promise<(Counts & { subjectId: number; studentId: number })[]> {
  const counted = period === null
    ? `${countsOf('m')} from classes as a join attendance_totals as m on m.assignment_id = a.id`
    : `${sumsOf('m', true)} from classes as a join schedule as s on s.assignment_id = a.id and ${HELD(period)}
       join attendance as m on m.session_id = s.id group by a.subject_id, m.student_id`;
  const [rows] = await knex.raw(`
    with classes as (
      select distinct a.id, a.subject_id from faculty_assignment as c join faculty_assignment as a on a.subject_id = c.subject_id and a.term_id = c.term_id
      where c.id in (:classIds)
    )
    select a.subject_id, m.student_id, ${counted}`, { classIds, ...period }).options(PLAIN);
  return (rows as [number, number, number, number, number, number, number][]).map(([subjectId, studentId, present, late, absent, excused, on_duty]) =>
    ({ subjectId, studentId, present, late, absent, excused, on_duty }));
}

export interface LastClass {
  date: string;
  topicDiscussed: string | null;
}

/** How many completed sessions each of these classes has had, the last one, and what all their marks add up to; a class without any isn't there. */
export async function heldOfClasses(knex: Knex, classIds: number[]): Promise<Map<number, { sessions: number; last: LastClass; counts: Counts }>> {
  if (classIds.length === 0) return new Map();
  const rows: (LastClass & Counts & { classId: number; sessions: number })[] = await knex('attendance_class_totals as t')
    .join('schedule as l', (last) => last.on('l.assignment_id', 't.assignment_id').andOn('l.starts_at', 't.last_starts_at'))
    .whereIn('t.assignment_id', classIds)
    .andWhere('l.status', 'completed')
    .select({ classId: 't.assignment_id', sessions: 't.sessions', date: 'l.date', topicDiscussed: 'l.topic_discussed' }, ...statuses.map((status) => `t.${status}`));
  return new Map(rows.map(({ classId, sessions, date, topicDiscussed, ...counts }) => [classId, { sessions, last: { date, topicDiscussed }, counts }]));
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
