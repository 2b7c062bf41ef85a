// A sheet of students → who they are, which section they are in, and what they are enrolled in (A5, A6).
import { assignmentsOfTerm, endEnrolments, enrol } from '../../db/repositories/curriculum.ts';
import { lock } from '../../db/repositories/locks.ts';
import {
  allStudents, deactivateUsers, departmentIds, insertStudents, sectionIds, sectionKey, type StudentRecord, updateStudents, updateUsers,
} from '../../db/repositories/records.ts';
import { currentOrNextTerm } from '../../db/repositories/terms.ts';
import type { RowIssue } from '../../domain/uploads/cells.ts';
import { duplicates } from '../../domain/uploads/rows.ts';
import { outsideDomain, takenAddresses } from './addresses.ts';
import { goodRows, mayWrite, nothing, type Outcome, type RowsOf, rowsOf, type Scene } from './scene.ts';
import { ensureSections, unknownDepartments } from './sections.ts';

type Row = RowsOf<'students'> & { year: number; department: string };

export async function uploadStudents(scene: Scene): Promise<Outcome> {
  const { trx, institution, form } = scene;
  const { issues, headings, ignored, ...read } = rowsOf('students', scene);
  const rows = read.rows as Row[];
  const heading = (name: string) => headings.get(name) ?? name;
  const departments = await departmentIds(trx, institution.id);
  const known = await allStudents(trx, institution.id);
  const knownById = new Map(known.map((student) => [student.studentId, student]));
  const emailOf = (row: Row) => row.email ?? knownById.get(row.id)?.email.toLowerCase() ?? `${row.id.toLowerCase()}@${institution.mailDomain}`;
  const guardianOf = (row: Row) => (headings.has('guardian_email') ? row.guardian_email : knownById.get(row.id)?.guardianEmail ?? null);
  issues.push(
    ...duplicates(rows, (row) => row.id, heading('id')),
    ...duplicates(rows, (row) => `${row.department} ${row.year} ${row.section} ${row.roll_number}`, heading('roll_number')),
    ...duplicates(rows, emailOf, heading('email')),
    ...unknownDepartments(rows, departments, heading('department')),
    ...outsideDomain(rows, institution.mailDomain, heading('email')),
    ...await takenAddresses(trx, rows, knownById, emailOf, heading('email')),
    ...await takenRolls(scene, rows, known, departments, heading('roll_number')),
  );
  if (!mayWrite(scene, issues)) return { ...nothing, ignored, issues, written: false };

  const good = goodRows(rows, issues);
  const sections = await ensureSections(trx, institution.id, good, departments);
  const wanted = good.map((row) => {
    const departmentId = departments.get(row.department)!;
    return {
      studentId: row.id, name: row.name, email: emailOf(row), rollNumber: row.roll_number, departmentId, active: true, guardianEmail: guardianOf(row),
      sectionId: sections.ids.get(sectionKey({ ...row, departmentId }))!,
    };
  });
  const created = wanted.filter(({ studentId }) => !knownById.has(studentId));
  const changed = wanted.flatMap((student) => {
    const before = knownById.get(student.studentId);
    return before && differs(before, student) ? [{ before, after: { ...student, id: before.id, userId: before.userId } }] : [];
  });
  const gone = form.replace && issues.length === 0 ? missing(rows, departments, known) : [];

  await lock(trx, { students: [...changed.map(({ before }) => before.id), ...gone.map(({ id }) => id)] });
  const createdIds = await insertStudents(trx, institution.id, created);
  await updateUsers(trx, changed.map(({ after }) => after), new Map(changed.map(({ before }) => [before.userId, before.email])));
  await updateStudents(trx, changed.filter(({ before, after }) => hasMoved(before, after)).map(({ after }) => after));
  await deactivateUsers(trx, gone.map(({ userId }) => userId));
  await enrolAgain(scene, { created: createdIds, changed, gone });
  return {
    ...nothing, ignored, issues, written: true, created: created.length, updated: changed.length, unchanged: good.length - created.length - changed.length,
    ended: gone.length, sectionsCreated: sections.made,
  };
}

interface Changes {
  created: number[];
  changed: { before: StudentRecord; after: { id: number; sectionId: number } }[];
  gone: StudentRecord[];
}

/** Who comes is enrolled with the section; who goes to another is enrolled there from today on, and until today where they were. */
async function enrolAgain({ trx, institution, today }: Scene, { created, changed, gone }: Changes): Promise<void> {
  const moved = changed.filter(({ before, after }) => before.active && before.sectionId !== after.sectionId).map(({ before }) => before.id);
  const back = changed.filter(({ before }) => !before.active).map(({ before }) => before.id);
  await endEnrolments(trx, { students: [...moved, ...gone.map(({ id }) => id)] }, today);
  const term = await currentOrNextTerm(trx, institution.id, today);
  if (!term) return;
  await enrol(trx, { students: [...moved, ...back] }, { term, today, moved: true });
  // Before anything is assigned there is nothing to enrol in.
  if (created.length === 0 || (await assignmentsOfTerm(trx, term.id)).length === 0) return;
  await enrol(trx, { students: created }, { term, today, moved: false });
}

/** Whether more has changed than what is the user's. */
const hasMoved = (before: StudentRecord, after: Pick<StudentRecord, 'sectionId' | 'rollNumber' | 'guardianEmail'>) =>
  before.sectionId !== after.sectionId || before.rollNumber !== after.rollNumber || before.guardianEmail !== after.guardianEmail;

function differs(before: StudentRecord, after: Omit<StudentRecord, 'id' | 'userId' | 'year'>): boolean {
  return (['name', 'email', 'departmentId', 'sectionId', 'rollNumber', 'active', 'guardianEmail'] as const).some((field) => before[field] !== after[field]);
}

/** Rows with a roll number that somebody of the section has who isn't in the file. */
async function takenRolls(
  { trx, institution }: Scene, rows: readonly Row[], known: readonly StudentRecord[], departments: ReadonlyMap<string, number>, column: string,
): Promise<RowIssue[]> {
  const inFile = new Set(rows.map(({ id }) => id));
  const sections = await sectionIds(trx, institution.id);
  const rolls = new Set(known.filter(({ studentId }) => !inFile.has(studentId)).map(({ sectionId, rollNumber }) => `${sectionId} ${rollNumber}`));
  return rows.flatMap((row): RowIssue[] => {
    const departmentId = departments.get(row.department);
    const sectionId = departmentId === undefined ? undefined : sections.get(sectionKey({ ...row, departmentId }));
    return rolls.has(`${sectionId} ${row.roll_number}`) ? [{ row: row.row, column, code: 'taken', value: row.roll_number }] : [];
  });
}

/** Students of the years and departments that the file is about, who aren't in it. */
function missing(rows: readonly Row[], departments: ReadonlyMap<string, number>, known: readonly StudentRecord[]): StudentRecord[] {
  const inFile = new Set(rows.map(({ id }) => id));
  const scopes = new Set(rows.map(({ department, year }) => `${departments.get(department)} ${year}`));
  return known.filter(({ studentId, departmentId, year, active }) => active && scopes.has(`${departmentId} ${year}`) && !inFile.has(studentId));
}
