// A whole campus's term as a timetable's search needs it: each table read once, however many classes and students there are.
import type { Knex } from 'knex';
import type { CampusRecords } from '../../domain/timetabling/campus.ts';
import type { PeriodRow } from '../../domain/timetabling/teaching-week.ts';
import { roomsOf } from './campus.ts';

/** The periods of the week of which timetables are made now. */
export async function periodsOf(knex: Knex, organisationId: number): Promise<PeriodRow[]> {
  return knex('weekly_slot').where({ organisation_id: organisationId, purpose: 'period', active: true }).orderBy(['weekday', 'start_time', 'end_time'])
    .select({ id: 'id', weekday: 'weekday', start: 'start_time', end: 'end_time' });
}

export interface PlannedTerm { id: number; organisationId: number; startsOn: string; endsOn: string }

export async function findTerm(knex: Knex, termId: number): Promise<PlannedTerm | undefined> {
  return knex('terms').where({ id: termId }).first({ id: 'id', organisationId: 'organisation_id', startsOn: 'starts_on', endsOn: 'ends_on' });
}

/** All of the term but its periods; enrolments as they are on a day. */
export async function campusRecords(knex: Knex, term: PlannedTerm, day: string): Promise<CampusRecords> {
  const { organisationId } = term;
  const [rooms, closures, assignments, parts, facultyTimes, weekly, elsewhere] = await Promise.all([
    roomsOf(knex, organisationId), closuresOf(knex, organisationId), assignmentsIn(knex, term.id), partsOf(knex, term.id),
    facultyTimesOf(knex, term.id), weeklyOf(knex, term.id), weeklyOfOtherTerms(knex, term),
  ]);
  const sectionIds = [...new Set(assignments.map(({ sectionId }) => sectionId))];
  const enrolments = await enrolmentsIn(knex, sectionIds, day);
  const names = await namesIn(knex, organisationId, term.id);
  return { names, rooms, closures, assignments, parts, facultyTimes, weekly, elsewhere, enrolments, students: await studentsOf(knex, organisationId) };
}

async function namesIn(knex: Knex, organisationId: number, termId: number): Promise<Record<string, string>> {
  const sections = knex('sections as s').join('departments as d', 'd.id', 's.department_id').where('d.organisation_id', organisationId)
    .select({ id: 's.id' }).select(knex.raw("concat(d.code, '-', s.year, s.name) as name"));
  const faculty = knex('faculty as f').join('users as u', 'u.id', 'f.user_id').whereIn('f.id', taughtIn(knex, termId, 'faculty_id')).select({ id: 'f.id', name: 'u.name' });
  const subjects = knex('subjects').where({ organisation_id: organisationId }).select({ id: 'id' }).select(knex.raw("concat(subject_code, ' ', subject_name) as name"));
  const rooms = knex('rooms').where({ organisation_id: organisationId }).select('id', 'name');
  const all: [string, { id: number; name: string }[]][] = [['s', await sections], ['f', await faculty], ['c', await subjects], ['r', await rooms]];
  return Object.fromEntries(all.flatMap(([letter, rows]) => rows.map(({ id, name }) => [`${letter}${id}`, name] as const)));
}

async function closuresOf(knex: Knex, organisationId: number): Promise<CampusRecords['closures']> {
  return knex('room_closures as c').join('rooms as r', 'r.id', 'c.room_id').where('r.organisation_id', organisationId).orderBy('c.id')
    .select({ roomId: 'c.room_id', weekday: 'c.weekday', start: 'c.start_time', end: 'c.end_time', week: 'c.week' });
}

async function assignmentsIn(knex: Knex, termId: number): Promise<CampusRecords['assignments']> {
  return knex('faculty_assignment as a').join('subjects as sub', 'sub.id', 'a.subject_id').join('sections as sec', 'sec.id', 'a.section_id')
    .join('faculty as f', 'f.id', 'a.faculty_id').where({ 'a.term_id': termId, 'a.active': true }).orderBy('a.id').select({
      id: 'a.id', facultyId: 'a.faculty_id', subjectId: 'a.subject_id', sectionId: 'a.section_id', departmentId: 'sec.department_id',
      subjectCode: 'sub.subject_code', subjectType: 'sub.subject_type', mostPeriodsADay: 'f.most_periods_a_day', mostPeriodsAWeek: 'f.most_periods_a_week',
    });
}

const taughtIn = (knex: Knex, termId: number, column: string) => knex('faculty_assignment').where({ term_id: termId, active: true }).select(column);

async function partsOf(knex: Knex, termId: number): Promise<CampusRecords['parts']> {
  const rows = await knex('subject_parts').whereIn('subject_id', taughtIn(knex, termId, 'subject_id')).orderBy('id')
    .select({ subjectId: 'subject_id', kind: 'kind', meetings: 'meetings', periods: 'periods', roomKind: 'room_kind', equipment: 'equipment', week: 'week' });
  return rows.map((row) => ({ ...row, equipment: JSON.parse(row.equipment) }));
}

async function facultyTimesOf(knex: Knex, termId: number): Promise<CampusRecords['facultyTimes']> {
  return knex('faculty_times').whereIn('faculty_id', taughtIn(knex, termId, 'faculty_id')).orderBy('id')
    .select({ facultyId: 'faculty_id', weekday: 'weekday', start: 'start_time', end: 'end_time', cost: 'cost' });
}

async function weeklyOf(knex: Knex, termId: number): Promise<CampusRecords['weekly']> {
  return knex('weekly_classes as w').join('faculty_assignment as a', 'a.id', 'w.assignment_id').where('a.term_id', termId)
    .orderBy(['w.weekday', 'w.start_time', 'w.id'])
    .select({ assignmentId: 'w.assignment_id', roomId: 'w.room_id', weekday: 'w.weekday', start: 'w.start_time', end: 'w.end_time', week: 'w.week' });
}

/** What the institution's other terms have on days of this one. */
async function weeklyOfOtherTerms(knex: Knex, term: PlannedTerm): Promise<CampusRecords['elsewhere']> {
  return knex('weekly_classes as w').join('faculty_assignment as a', 'a.id', 'w.assignment_id').join('terms as t', 't.id', 'a.term_id')
    .where('t.organisation_id', term.organisationId).whereNot('t.id', term.id).andWhere('t.starts_on', '<=', term.endsOn).andWhere('t.ends_on', '>=', term.startsOn)
    .orderBy('w.id').select({ roomId: 'w.room_id', facultyId: 'a.faculty_id', sectionId: 'a.section_id', weekday: 'w.weekday', start: 'w.start_time', end: 'w.end_time' });
}

async function studentsOf(knex: Knex, organisationId: number): Promise<CampusRecords['students']> {
  return knex('students as s').join('users as u', 'u.id', 's.user_id').join('sections as sec', 'sec.id', 's.section_id')
    .where({ 'u.organisation_id': organisationId, 'u.active': true }).orderBy('s.id')
    .select({ id: 's.id', sectionId: 's.section_id', departmentId: 'sec.department_id' });
}

async function enrolmentsIn(knex: Knex, sectionIds: readonly number[], day: string): Promise<CampusRecords['enrolments']> {
  return knex('student_subject').whereIn('section_id', sectionIds).andWhere('valid_from', '<=', day)
    .andWhere((query) => { void query.whereNull('valid_to').orWhere('valid_to', '>', day); })
    .distinct({ studentId: 'student_id', subjectId: 'subject_id', sectionId: 'section_id' }).orderBy('student_id');
}
