// The office's lists of records, a page at a time by id; class representatives; terms and holidays.
import type { Knex } from 'knex';
import type { Week } from '../../domain/timetabling/university.ts';
import type { Trx } from '../connection.ts';

export interface Page { after: number; limit: number }
/** What a list is narrowed to; departments by code. */
export interface ListFilter { department?: string | undefined; year?: number | undefined; section?: string | undefined; search?: string | undefined }

const narrowed = (filter: ListFilter) => (query: Knex.QueryBuilder) => {
  if (filter.department !== undefined) void query.where('d.code', filter.department);
  if (filter.year !== undefined) void query.where('sec.year', filter.year);
  if (filter.section !== undefined) void query.where('sec.name', filter.section);
};
const matching = (filter: ListFilter, columns: readonly string[]) => (query: Knex.QueryBuilder) => {
  const { search } = filter;
  if (search === undefined) return;
  // Ids are ASCII columns, which can't be held against other letters as they are.
  const like = `%${search.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  void query.where((any) => { for (const column of columns) void any.orWhereRaw('convert(?? using utf8mb4) like ?', [column, like]); });
};
const placeColumns = { year: 'sec.year', department: 'd.code', section: 'sec.name' } as const;
const asTruth = <Row extends { active: unknown }>(rows: Row[]) => rows.map((row) => ({ ...row, active: Boolean(row.active) }));

export async function listStudents(knex: Knex, organisationId: number, filter: ListFilter, { after, limit }: Page) {
  return asTruth(await knex('students as s').join('users as u', 'u.id', 's.user_id').join('sections as sec', 'sec.id', 's.section_id').join('departments as d', 'd.id', 'sec.department_id')
    .where('u.organisation_id', organisationId).andWhere('s.id', '>', after).modify(narrowed(filter)).modify(matching(filter, ['u.name', 's.student_id', 's.roll_number', 'u.email']))
    .orderBy('s.id').limit(limit).select<{
      cursor: number; id: string; name: string; email: string; rollNumber: string; role: 'student' | 'cr'; active: boolean; year: number; department: string; section: string;
    }[]>({ cursor: 's.id', id: 's.student_id', name: 'u.name', email: 'u.email', rollNumber: 's.roll_number', role: 'u.role', active: 'u.active', ...placeColumns }));
}

export async function listFaculty(knex: Knex, organisationId: number, filter: ListFilter, { after, limit }: Page) {
  return asTruth(await knex('faculty as f').join('users as u', 'u.id', 'f.user_id').leftJoin('departments as d', 'd.id', 'u.department_id')
    .where('u.organisation_id', organisationId).andWhere('f.id', '>', after).modify(narrowed({ department: filter.department })).modify(matching(filter, ['u.name', 'f.faculty_id', 'u.email']))
    .orderBy('f.id').limit(limit).select<{ cursor: number; id: string; name: string; email: string; department: string | null; role: string; active: boolean }[]>(
      { cursor: 'f.id', id: 'f.faculty_id', name: 'u.name', email: 'u.email', department: 'd.code', role: 'u.role', active: 'u.active' }));
}

export async function listSubjects(knex: Knex, organisationId: number, filter: ListFilter, { after, limit }: Page) {
  return asTruth(await knex('subjects').where({ organisation_id: organisationId }).andWhere('id', '>', after).modify(matching(filter, ['subject_code', 'subject_name', 'subject_mnemonic']))
    .orderBy('id').limit(limit).select<{ cursor: number; code: string; mnemonic: string; name: string; type: 'theory' | 'lab'; active: boolean }[]>(
      { cursor: 'id', code: 'subject_code', mnemonic: 'subject_mnemonic', name: 'subject_name', type: 'subject_type', active: 'active' }));
}

const assignments = (knex: Knex, organisationId: number, filter: ListFilter) => knex('faculty_assignment as a').join('faculty as f', 'f.id', 'a.faculty_id')
  .join('users as u', 'u.id', 'f.user_id').join('subjects as sub', 'sub.id', 'a.subject_id').join('sections as sec', 'sec.id', 'a.section_id').join('departments as d', 'd.id', 'sec.department_id')
  .where('d.organisation_id', organisationId).modify(narrowed(filter)).modify(matching(filter, ['u.name', 'f.faculty_id', 'sub.subject_code', 'sub.subject_name']));

export async function listAssignments(knex: Knex, organisationId: number, filter: ListFilter, { after, limit }: Page) {
  return asTruth(await assignments(knex, organisationId, filter).join('terms as t', 't.id', 'a.term_id').andWhere('a.id', '>', after).orderBy('a.id').limit(limit).select<{
    cursor: number; assignmentId: number; id: string; name: string; email: string; subjectCode: string; academicYear: string; semester: number; active: boolean; year: number; department: string; section: string;
  }[]>({
    cursor: 'a.id', assignmentId: 'a.id', id: 'f.faculty_id', name: 'u.name', email: 'u.email', subjectCode: 'sub.subject_code', academicYear: 't.academic_year', semester: 't.semester',
    active: 'a.active', ...placeColumns,
  }));
}

/** The weekly classes of the terms' timetables in force, those that have ended too. */
export async function listWeekly(knex: Knex, organisationId: number, filter: ListFilter, { after, limit }: Page) {
  return asTruth(await assignments(knex, organisationId, filter).join('terms as t', 't.id', 'a.term_id')
    .join('default_schedule as w', (join) => join.on('w.assignment_id', 'a.id').andOn('w.timetable_id', 't.timetable_id')).join('rooms as r', 'r.id', 'w.room_id').andWhere('w.id', '>', after)
    .orderBy('w.id').limit(limit).select<{
      cursor: number; id: number; weekday: number; startTime: string; endTime: string; week: Week; venue: string; facultyId: string; subjectCode: string; active: boolean; year: number; department: string; section: string;
    }[]>({
      cursor: 'w.id', id: 'w.id', weekday: 'w.weekday', startTime: 'w.start_time', endTime: 'w.end_time', week: 'w.week', venue: 'r.name', facultyId: 'f.faculty_id', subjectCode: 'sub.subject_code',
      active: 'w.active', ...placeColumns,
    }));
}

export interface Representative { id: string; name: string; email: string; year: number; branch: string; section: string; phone: string | null }

const students = (knex: Knex, organisationId: number) => knex('students as s').join('users as u', 'u.id', 's.user_id').join('sections as sec', 'sec.id', 's.section_id')
  .join('departments as d', 'd.id', 'sec.department_id').where({ 'u.organisation_id': organisationId, 'u.active': true });
const representative = { id: 's.student_id', name: 'u.name', email: 'u.email', year: 'sec.year', branch: 'd.code', section: 'sec.name', phone: 's.mobile' } as const;

export async function representatives(knex: Knex, organisationId: number): Promise<Representative[]> {
  return students(knex, organisationId).where('u.role', 'cr').orderBy(['d.code', 'sec.year', 'sec.name', 's.student_id']).select(representative);
}

/** A student who is here, by the institution's id, to be changed. */
export async function lockStudentByKey(trx: Trx, organisationId: number, key: string): Promise<(Representative & { rowId: number; userId: number; role: 'student' | 'cr' }) | undefined> {
  return students(trx, organisationId).where('s.student_id', key).forUpdate().first({ ...representative, rowId: 's.id', userId: 'u.id', role: 'u.role' });
}

/** `mobile` stays where it isn't given. */
export async function setRepresentative(trx: Trx, { rowId, userId }: { rowId: number; userId: number }, role: 'student' | 'cr', mobile?: string): Promise<void> {
  await trx('users').where({ id: userId }).update({ role });
  if (mobile !== undefined) await trx('students').where({ id: rowId }).update({ mobile });
}

export interface TermRow { id: number; academicYear: string; semester: number; startsOn: string; endsOn: string }

export async function termsOf(knex: Knex, organisationId: number): Promise<TermRow[]> {
  return knex('terms').where({ organisation_id: organisationId }).orderBy('starts_on')
    .select({ id: 'id', academicYear: 'academic_year', semester: 'semester', startsOn: 'starts_on', endsOn: 'ends_on' });
}

export async function putTerm(trx: Trx, organisationId: number, { academicYear, semester, startsOn, endsOn }: Omit<TermRow, 'id'>): Promise<void> {
  await trx('terms').insert({ organisation_id: organisationId, academic_year: academicYear, semester, starts_on: startsOn, ends_on: endsOn })
    .onConflict(['organisation_id', 'academic_year', 'semester']).merge(['starts_on', 'ends_on']);
}

export interface Holiday { date: string; name: string }

export async function namedHolidays(knex: Knex, organisationId: number, from: string): Promise<Holiday[]> {
  return knex('holidays').where({ organisation_id: organisationId }).andWhere('date', '>=', from).orderBy('date').select('date', 'name');
}

export async function putHoliday(trx: Trx, organisationId: number, { date, name }: Holiday): Promise<void> {
  await trx('holidays').insert({ organisation_id: organisationId, date, name }).onConflict(['organisation_id', 'date']).merge(['name']);
}

/** @returns whether there was one */
export async function deleteHoliday(trx: Trx, organisationId: number, date: string): Promise<boolean> {
  return (await trx('holidays').where({ organisation_id: organisationId, date }).delete()) > 0;
}
