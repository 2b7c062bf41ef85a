// The records that sheets bring: the institution's departments, terms, sections, people and subjects, read whole and written many at once.
import type { Knex } from 'knex';
import type { Trx } from '../connection.ts';
import { insertRows, updateRows } from './bulk.ts';

export interface Institution { id: number; mailDomain: string }

/** Its records are changed by one transaction at a time. */
export async function lockInstitution(trx: Trx, id: number): Promise<Institution> {
  return trx('organisations').where({ id }).forUpdate().first({ id: 'id', mailDomain: 'mail_domain' });
}

/** Departments' ids by their codes in capitals. */
export async function departmentIds(knex: Knex, organisationId: number): Promise<Map<string, number>> {
  const rows: { id: number; code: string }[] = await knex('departments').where({ organisation_id: organisationId }).select('id', 'code');
  return new Map(rows.map(({ id, code }) => [code.toUpperCase(), id]));
}

export interface SectionName { departmentId: number; year: number; section: string }
export const sectionKey = ({ departmentId, year, section }: SectionName) => `${departmentId} ${year} ${section.toUpperCase()}`;

/** Sections' ids by `sectionKey`. */
export async function sectionIds(knex: Knex, organisationId: number): Promise<Map<string, number>> {
  const rows: { id: number; departmentId: number; year: number; section: string }[] = await knex('sections as sec').join('departments as d', 'd.id', 'sec.department_id')
    .where('d.organisation_id', organisationId).select({ id: 'sec.id', departmentId: 'sec.department_id', year: 'sec.year', section: 'sec.name' });
  return new Map(rows.map((row) => [sectionKey(row), row.id]));
}

export async function insertSections(trx: Trx, sections: readonly SectionName[]): Promise<void> {
  await insertRows(trx, 'sections', ['department_id', 'year', 'name'], sections.map(({ departmentId, year, section }) => [departmentId, year, section]));
}

interface UserFields { email: string; name: string; departmentId: number | null; active: boolean }
export interface StudentRecord extends UserFields { id: number; userId: number; studentId: string; rollNumber: string; sectionId: number; departmentId: number; year: number; guardianEmail: string | null }
export interface FacultyRecord extends UserFields { id: number; userId: number; facultyId: string }

const truth = <Row extends { active: unknown }>(rows: Row[]) => rows.map((row) => ({ ...row, active: Boolean(row.active) }));
const userFields = { userId: 'u.id', email: 'u.email', name: 'u.name', departmentId: 'u.department_id', active: 'u.active' } as const;

/** All students of an institution, those who have left too. */
export async function allStudents(knex: Knex, organisationId: number): Promise<StudentRecord[]> {
  return truth(await knex('students as s').join('users as u', 'u.id', 's.user_id').join('sections as sec', 'sec.id', 's.section_id')
    .where('u.organisation_id', organisationId)
    .select({ id: 's.id', studentId: 's.student_id', rollNumber: 's.roll_number', sectionId: 's.section_id', year: 'sec.year', guardianEmail: 's.guardian_email', ...userFields }));
}

/** All faculty members of an institution, those who have left too. */
export async function allFaculty(knex: Knex, organisationId: number): Promise<FacultyRecord[]> {
  return truth(await knex('faculty as f').join('users as u', 'u.id', 'f.user_id').where('u.organisation_id', organisationId)
    .select({ id: 'f.id', facultyId: 'f.faculty_id', ...userFields }));
}

/** Users' ids by e-mail in small letters, of all institutions: an address is one person's. */
export async function usersByEmail(knex: Knex): Promise<Map<string, number>> {
  const rows: { id: number; email: string }[] = await knex('users').select('id', 'email');
  return new Map(rows.map(({ id, email }) => [email.toLowerCase(), id]));
}

interface NewUser { organisationId: number; departmentId: number; email: string; name: string; role: 'student' | 'faculty' }

/** Adds users. @returns their ids, in the same order */
async function insertUsers(trx: Trx, users: readonly NewUser[]): Promise<number[]> {
  return insertRows(trx, 'users', ['organisation_id', 'department_id', 'email', 'name', 'role'],
    users.map(({ organisationId, departmentId, email, name, role }) => [organisationId, departmentId, email, name, role]));
}

/** @returns their ids, in the same order */
export async function insertStudents(
  trx: Trx, organisationId: number, students: readonly Pick<StudentRecord, 'studentId' | 'rollNumber' | 'sectionId' | 'email' | 'name' | 'departmentId' | 'guardianEmail'>[],
): Promise<number[]> {
  const ids = await insertUsers(trx, students.map((student) => ({ ...student, organisationId, role: 'student' })));
  return insertRows(trx, 'students', ['user_id', 'section_id', 'student_id', 'roll_number', 'guardian_email'],
    students.map(({ sectionId, studentId, rollNumber, guardianEmail }, index) => [ids[index]!, sectionId, studentId, rollNumber, guardianEmail]));
}

export async function insertFaculty(
  trx: Trx, organisationId: number, faculty: readonly (Pick<FacultyRecord, 'facultyId' | 'email' | 'name'> & { departmentId: number })[],
): Promise<void> {
  const ids = await insertUsers(trx, faculty.map((member) => ({ ...member, organisationId, role: 'faculty' })));
  await insertRows(trx, 'faculty', ['user_id', 'faculty_id'], faculty.map(({ facultyId }, index) => [ids[index]!, facultyId]));
}

/** Writes users' fields anew; addresses may change hands among them. */
export async function updateUsers(trx: Trx, users: readonly (UserFields & { userId: number })[], from: ReadonlyMap<number, string>): Promise<void> {
  const readdressed = users.filter(({ userId, email }) => from.get(userId) !== email);
  await updateRows(trx, 'users', { email: 'varchar(191)' }, readdressed.map(({ userId }) => ({ id: userId, email: `~${userId}` })));
  await updateRows(trx, 'users', { email: 'varchar(191)', name: 'varchar(100)', department_id: 'bigint unsigned', active: 'tinyint' },
    users.map(({ userId, email, name, departmentId, active }) => ({ id: userId, email, name, department_id: departmentId, active: Number(active) })));
}

/** Writes students' places and guardians anew; roll numbers may change hands among them. */
export async function updateStudents(trx: Trx, students: readonly Pick<StudentRecord, 'id' | 'sectionId' | 'rollNumber' | 'guardianEmail'>[]): Promise<void> {
  await updateRows(trx, 'students', { roll_number: 'varchar(20)' }, students.map(({ id }) => ({ id, roll_number: `~${id}` })));
  await updateRows(trx, 'students', { section_id: 'bigint unsigned', roll_number: 'varchar(20)', guardian_email: 'varchar(191)' },
    students.map(({ id, sectionId, rollNumber, guardianEmail }) => ({ id, section_id: sectionId, roll_number: rollNumber, guardian_email: guardianEmail })));
}

export async function deactivateUsers(trx: Trx, userIds: readonly number[]): Promise<void> {
  await trx('users').whereIn('id', userIds).update({ active: false });
}

export interface SubjectRecord { id: number; code: string; mnemonic: string; name: string; type: 'theory' | 'lab'; active: boolean }

/** All subjects of an institution, those no longer taught too. */
export async function allSubjects(knex: Knex, organisationId: number): Promise<SubjectRecord[]> {
  return truth(await knex('subjects').where({ organisation_id: organisationId })
    .select({ id: 'id', code: 'subject_code', mnemonic: 'subject_mnemonic', name: 'subject_name', type: 'subject_type', active: 'active' }));
}

export async function insertSubjects(trx: Trx, organisationId: number, subjects: readonly Omit<SubjectRecord, 'id' | 'active'>[]): Promise<void> {
  await insertRows(trx, 'subjects', ['organisation_id', 'subject_code', 'subject_mnemonic', 'subject_name', 'subject_type'],
    subjects.map(({ code, mnemonic, name, type }) => [organisationId, code, mnemonic, name, type]));
}

export async function updateSubjects(trx: Trx, subjects: readonly SubjectRecord[]): Promise<void> {
  await updateRows(trx, 'subjects', { subject_mnemonic: 'varchar(100)', subject_name: 'varchar(200)', subject_type: 'varchar(10)', active: 'tinyint' },
    subjects.map(({ id, mnemonic, name, type, active }) => ({ id, subject_mnemonic: mnemonic, subject_name: name, subject_type: type, active: Number(active) })));
}
