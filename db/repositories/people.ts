// Users, and what makes them students or faculty.
import type { Knex } from 'knex';

export interface UserRow {
  id: number;
  role: 'student' | 'cr' | 'faculty' | 'hod' | 'admin' | 'registrar' | 'system';
  organisation_id: number;
  department_id: number | null;
  student_id: number | null;
  student_number: string | null;
  section_id: number | null;
  faculty_id: number | null;
  name: string;
  email: string;
  locale: string;
  time_zone: string;
}

/** An active user by id or e-mail, with the organisation's locale and zone where the user has none. */
export async function findUser(knex: Knex, by: { id: number } | { email: string }): Promise<UserRow | undefined> {
  return users(knex).where('id' in by ? { 'u.id': by.id } : { 'u.email': by.email }).first();
}

/** Active users by their ids. */
export async function findUsers(knex: Knex, ids: number[]): Promise<UserRow[]> {
  return users(knex).whereIn('u.id', ids);
}

function users(knex: Knex): Knex.QueryBuilder {
  return knex('users as u')
    .join('organisations as o', 'o.id', 'u.organisation_id')
    .leftJoin('students as s', 's.user_id', 'u.id')
    .leftJoin('faculty as f', 'f.user_id', 'u.id')
    .where('u.active', true)
    .select(
      'u.id', 'u.role', 'u.organisation_id', 'u.department_id', 's.id as student_id', 's.student_id as student_number', 's.section_id', 'f.id as faculty_id', 'u.name', 'u.email',
      knex.raw('coalesce(u.locale, o.locale) as locale'),
      knex.raw('coalesce(u.time_zone, o.time_zone) as time_zone'),
    );
}

/** The user behind a student. */
export async function findUserOfStudent(knex: Knex, studentId: number): Promise<{ userId: number; organisationId: number; name: string; email: string; rollNumber: string; timeZone: string }> {
  return knex('students as s')
    .join('users as u', 'u.id', 's.user_id')
    .join('organisations as o', 'o.id', 'u.organisation_id')
    .where('s.id', studentId)
    .first({ userId: 'u.id', organisationId: 'u.organisation_id', name: 'u.name', email: 'u.email', rollNumber: 's.roll_number' })
    .select(knex.raw('coalesce(u.time_zone, o.time_zone) as timeZone'));
}

/** A student by the public id, with the section. */
export interface StudentOfSection {
  studentId: number;
  userId: number;
  /** The public id, such as S230001. */
  studentKey: string;
  name: string;
  organisationId: number;
  departmentId: number;
  department: string;
  sectionId: number;
  section: string;
  year: number;
}

const students = (knex: Knex) => knex('students as s')
  .join('users as u', 'u.id', 's.user_id')
  .join('sections as sec', 'sec.id', 's.section_id')
  .join('departments as d', 'd.id', 'sec.department_id')
  .select<StudentOfSection[]>({
    studentId: 's.id', userId: 'u.id', studentKey: 's.student_id', name: 'u.name', organisationId: 'u.organisation_id',
    departmentId: 'd.id', department: 'd.code', sectionId: 'sec.id', section: 'sec.name', year: 'sec.year',
  });

/** A student of an institution, by the public id. */
export async function findStudent(knex: Knex, organisationId: number, studentKey: string): Promise<StudentOfSection | undefined> {
  return (await students(knex).where({ 's.student_id': studentKey, 'u.organisation_id': organisationId }))[0];
}

/** Students by row. */
export async function findStudents(knex: Knex, studentIds: number[]): Promise<Map<number, StudentOfSection>> {
  return new Map((await students(knex).whereIn('s.id', studentIds)).map((student) => [student.studentId, student]));
}

/** The public id of a faculty member. */
export async function facultyKeyOf(knex: Knex, facultyId: number): Promise<string> {
  return (await knex('faculty').where({ id: facultyId }).first('faculty_id')).faculty_id;
}

/** The users behind faculty members (rows). */
export async function usersOfFaculty(knex: Knex, facultyIds: number[]): Promise<number[]> {
  return facultyIds.length === 0 ? [] : knex('faculty').whereIn('id', facultyIds).orderBy('id').pluck('user_id');
}

/**
 * Students by what people call them, in capitals: the public id (S230001), or the roll number, which several sections may have given.
 */
export async function studentsCalled(knex: Knex, names: string[]): Promise<Map<string, number[]>> {
  const wanted = names.map((name) => name.toUpperCase());
  const rows: { id: number; student_id: string; roll_number: string }[] = await knex('students')
    .whereIn('student_id', wanted).orWhereIn('roll_number', wanted).select('id', 'student_id', 'roll_number');
  const called = Map.groupBy(rows.flatMap(({ id, student_id, roll_number }) => [{ id, name: student_id }, { id, name: roll_number }]), ({ name }) => name.toUpperCase());
  return new Map([...called].map(([name, students]) => [name, students.map(({ id }) => id)]));
}

export interface StudentName {
  /** The public id, such as S230001. */
  studentKey: string;
  rollNumber: string;
  name: string;
}

/** What students (rows) are called, in the order of their roll numbers. */
export async function namesOf(knex: Knex, studentIds: number[]): Promise<Map<number, StudentName>> {
  if (studentIds.length === 0) return new Map();
  const rows: (StudentName & { studentId: number })[] = await knex('students as st')
    .join('users as u', 'u.id', 'st.user_id')
    .whereIn('st.id', studentIds)
    .orderBy('st.roll_number')
    .select({ studentId: 'st.id', studentKey: 'st.student_id', rollNumber: 'st.roll_number', name: 'u.name' });
  return new Map(rows.map((row) => [row.studentId, row]));
}

/** Users who decide about a department's classes besides who teaches them: its heads; without one, the admins. */
export async function deputiesFor(knex: Knex, { departmentId, organisationId }: { departmentId: number; organisationId: number }, except: number): Promise<number[]> {
  const active = () => knex('users').where({ organisation_id: organisationId, active: true }).whereNot('id', except).orderBy('id');
  const heads = await active().where({ role: 'hod', department_id: departmentId }).pluck('id');
  return heads.length > 0 ? heads : active().where({ role: 'admin' }).pluck('id');
}

/** Whether the address is of a user who has left. */
export async function isInactive(knex: Knex, email: string): Promise<boolean> {
  const user = await knex('users').where({ email, active: false }).first('email');
  return user?.email.toLowerCase() === email.toLowerCase();
}

/** The next active students and faculty members of an institution, by id. */
export async function membersAfter(knex: Knex, organisationId: number, after: number, most: number): Promise<number[]> {
  return knex('users').where({ organisation_id: organisationId, active: true }).whereIn('role', ['student', 'cr', 'faculty', 'hod']).andWhere('id', '>', after)
    .orderBy('id').limit(most).pluck('id');
}
