// Who teaches what to which section in the term: from a sheet of its own, or from a sheet of faculty members that says it too (A5, A6).
import { type AssignmentRecord, assignmentsOfTerm, endEnrolments, endWeekly, enrol, insertAssignments, lockStudentsOfSections, setAssignmentsActive } from '../../db/repositories/curriculum.ts';
import { allFaculty, allSubjects, departmentIds, sectionKey } from '../../db/repositories/records.ts';
import type { RowIssue } from '../../domain/uploads/cells.ts';
import { duplicates } from '../../domain/uploads/rows.ts';
import { goodRows, mayWrite, nothing, type Outcome, requireTerm, type RowsOf, rowsOf, type Scene } from './scene.ts';
import { ensureSections, unknownDepartments } from './sections.ts';

export interface AssignmentRow { row: number; faculty_id: string; subject_code: string; year: number; department: string; section: string }

export async function uploadAssignments(scene: Scene): Promise<Outcome> {
  const { trx, institution } = scene;
  const { issues, headings, ignored, ...read } = rowsOf('faculty-assignments', scene);
  const rows = read.rows as (RowsOf<'faculty-assignments'> & AssignmentRow)[];
  const heading = (name: string) => headings.get(name) ?? name;
  const faculty = new Set((await allFaculty(trx, institution.id)).filter(({ active }) => active).map(({ facultyId }) => facultyId));
  issues.push(
    ...rows.filter(({ faculty_id }) => !faculty.has(faculty_id))
      .map(({ row, faculty_id }): RowIssue => ({ row, column: heading('faculty_id'), code: 'faculty-unknown', value: faculty_id })),
    ...await assignmentIssues(scene, rows, heading),
  );
  if (!mayWrite(scene, issues)) return { ...nothing, ignored, issues, written: false };
  const good = goodRows(rows, issues);
  const written = await writeAssignments(scene, good, { replaceable: issues.length === 0 });
  return { ...nothing, ignored, issues, written: true, ...written, unchanged: good.length - written.created - written.updated };
}

/** What is wrong with assignments, but for who teaches. */
export async function assignmentIssues({ trx, institution }: Scene, rows: readonly AssignmentRow[], heading: (name: string) => string): Promise<RowIssue[]> {
  const departments = await departmentIds(trx, institution.id);
  const subjects = new Set((await allSubjects(trx, institution.id)).filter(({ active }) => active).map(({ code }) => code));
  return [
    ...duplicates(rows, (row) => [row.faculty_id, row.subject_code, row.department, row.year, row.section].join(' '), null),
    ...unknownDepartments(rows, departments, heading('department')),
    ...rows.filter(({ subject_code }) => !subjects.has(subject_code))
      .map(({ row, subject_code }): RowIssue => ({ row, column: heading('subject_code'), code: 'subject-unknown', value: subject_code })),
  ];
}

/**
 * Writes assignments that are right; sections' students are enrolled in what is new to them. By `replace`, what the years and departments of
 * the rows have besides is ended, with its weekly classes.
 */
export async function writeAssignments(
  scene: Scene, rows: readonly AssignmentRow[], { replaceable }: { replaceable: boolean },
): Promise<Pick<Outcome, 'created' | 'updated' | 'ended' | 'sectionsCreated'>> {
  const { trx, institution, form, today } = scene;
  const term = await requireTerm(scene);
  const departments = await departmentIds(trx, institution.id);
  const sections = await ensureSections(trx, institution.id, rows, departments);
  const faculty = new Map((await allFaculty(trx, institution.id)).map(({ facultyId, id }) => [facultyId, id]));
  const subjects = new Map((await allSubjects(trx, institution.id)).map(({ code, id }) => [code, id]));
  const known = await assignmentsOfTerm(trx, term.id);
  const knownByKey = new Map(known.map((assignment) => [assignmentKey(assignment), assignment]));
  const wanted = rows.map((row) => ({
    facultyId: faculty.get(row.faculty_id)!, subjectId: subjects.get(row.subject_code)!,
    sectionId: sections.ids.get(sectionKey({ ...row, departmentId: departments.get(row.department)! }))!,
  }));
  const created = wanted.filter((assignment) => !knownByKey.has(assignmentKey(assignment)));
  const revived = wanted.flatMap((assignment) => knownByKey.get(assignmentKey(assignment)) ?? []).filter(({ active }) => !active);
  const ended = form.replace && replaceable ? missing(wanted, rows, departments, known) : [];

  await lockStudentsOfSections(trx, [...new Set([...created, ...revived, ...ended].map(({ sectionId }) => sectionId))]);
  await insertAssignments(trx, term.id, created);
  await setAssignmentsActive(trx, revived.map(({ id }) => id), true);
  await endAssignments(scene, ended, wanted);
  const newKeys = new Set(created.map(assignmentKey));
  const now = await assignmentsOfTerm(trx, term.id);
  const toEnrol = now.filter((assignment) => newKeys.has(assignmentKey(assignment))).map(({ id }) => id);
  await enrol(trx, { assignments: [...toEnrol, ...revived.map(({ id }) => id)] }, { term, today, moved: false });
  return { created: created.length, updated: revived.length, ended: ended.length, sectionsCreated: sections.made };
}

interface Taught { facultyId: number; subjectId: number; sectionId: number }
const assignmentKey = ({ facultyId, subjectId, sectionId }: Taught) => `${facultyId} ${subjectId} ${sectionId}`;

function missing(wanted: readonly Taught[], rows: readonly AssignmentRow[], departments: ReadonlyMap<string, number>, known: readonly AssignmentRecord[]) {
  const keys = new Set(wanted.map(assignmentKey));
  const scopes = new Set(rows.map(({ department, year }) => `${departments.get(department)} ${year}`));
  return known.filter((assignment) => assignment.active && scopes.has(`${assignment.departmentId} ${assignment.year}`) && !keys.has(assignmentKey(assignment)));
}

/** Ends assignments and their weekly classes; who was enrolled stays so where another still teaches the same to the section. */
async function endAssignments({ trx, today }: Scene, ended: readonly AssignmentRecord[], wanted: readonly Taught[]): Promise<void> {
  await setAssignmentsActive(trx, ended.map(({ id }) => id), false);
  await endWeekly(trx, { assignmentIds: ended.map(({ id }) => id) });
  const still = new Set(wanted.map(({ subjectId, sectionId }) => `${subjectId} ${sectionId}`));
  for (const { subjectId, sectionId } of ended) {
    if (!still.has(`${subjectId} ${sectionId}`)) await endEnrolments(trx, { sectionId, subjectId }, today);
  }
}
