// A sheet of faculty members → who they are; where it says so, also what they teach to which section: then a member may have several rows (A5, A6).
import { assignedFrom } from '../../db/repositories/curriculum.ts';
import { allFaculty, deactivateUsers, departmentIds, type FacultyRecord, insertFaculty, updateUsers } from '../../db/repositories/records.ts';
import type { RowIssue } from '../../domain/uploads/cells.ts';
import { duplicates } from '../../domain/uploads/rows.ts';
import { outsideDomain, takenAddresses } from './addresses.ts';
import { type AssignmentRow, assignmentIssues, writeAssignments } from './assignments.ts';
import { goodRows, mayWrite, nothing, type Outcome, type RowsOf, rowsOf, type Scene } from './scene.ts';
import { unknownDepartments } from './sections.ts';

type Row = RowsOf<'faculties'> & { department: string };

export async function uploadFaculties(scene: Scene): Promise<Outcome> {
  const { trx, institution } = scene;
  const { issues, headings, ignored, ...read } = rowsOf('faculties', scene);
  const rows = read.rows as Row[];
  const heading = (name: string) => headings.get(name) ?? name;
  const teaches = headings.has('subject_code');
  const departments = await departmentIds(trx, institution.id);
  const known = new Map((await allFaculty(trx, institution.id)).map((member) => [member.facultyId, member]));
  const emailOf = (row: Row) => row.email ?? known.get(row.id)?.email.toLowerCase() ?? `${row.id.toLowerCase()}@${institution.mailDomain}`;
  const teaching = rows.filter((row): row is Row & AssignmentRow => row.subject_code !== null && row.year !== null && row.section !== null)
    .map((row) => ({ ...row, faculty_id: row.id }));
  const [members, differing] = membersOf(rows, heading('name'));
  issues.push(
    ...(teaches ? [] : duplicates(rows, ({ id }) => id, heading('id'))),
    ...differing,
    ...duplicates(members, emailOf, heading('email')),
    ...unknownDepartments(teaches ? rows.filter((row) => row.subject_code === null) : rows, departments, heading('department')),
    ...outsideDomain(members, institution.mailDomain, heading('email')),
    ...await takenAddresses(trx, members, known, emailOf, heading('email')),
    ...incomplete(rows),
    ...await assignmentIssues(scene, teaching, heading),
  );
  if (!mayWrite(scene, issues)) return { ...nothing, ignored, issues, written: false };

  const good = goodRows(rows, issues);
  const isGood = new Set(good.map(({ row }) => row));
  const [people] = membersOf(good, '');
  const wanted = people.map((row) => ({ facultyId: row.id, name: row.name, email: emailOf(row), departmentId: departments.get(row.department)!, active: true }));
  const created = wanted.filter(({ facultyId }) => !known.has(facultyId));
  const changed = wanted.flatMap((member) => {
    const before = known.get(member.facultyId);
    // Where the sheet says what is taught, its department is the class's.
    const after = before && { ...before, ...member, departmentId: teaches ? before.departmentId : member.departmentId };
    return before && differs(before, after!) ? [{ before, after: after! }] : [];
  });
  await insertFaculty(trx, institution.id, created);
  await updateUsers(trx, changed.map(({ after }) => after), new Map(changed.map(({ before }) => [before.userId, before.email])));
  const taught = teaching.filter(({ row }) => isGood.has(row));
  const assigned = taught.length > 0 ? await writeAssignments(scene, taught, { replaceable: issues.length === 0 }) : null;
  const gone = await goneOf(scene, rows, known, issues);
  await deactivateUsers(trx, gone.ended.map(({ userId }) => userId));
  const touched = new Set([...created, ...changed.map(({ after }) => after)].map(({ facultyId }) => facultyId)).size;
  return {
    ...nothing, ignored, issues, written: true, created: created.length + (assigned?.created ?? 0), updated: changed.length + (assigned?.updated ?? 0),
    unchanged: people.length - touched + taught.length - (assigned?.created ?? 0) - (assigned?.updated ?? 0),
    ended: gone.ended.length + (assigned?.ended ?? 0), kept: gone.kept, sectionsCreated: assigned?.sectionsCreated ?? [],
  };
}

/** Each member's first row; and the rows that call a member otherwise than the first. */
function membersOf(rows: readonly Row[], column: string): [Row[], RowIssue[]] {
  const first = new Map<string, Row>();
  const differing: RowIssue[] = [];
  for (const row of rows) {
    const before = first.get(row.id);
    if (!before) first.set(row.id, row);
    else if (before.name !== row.name) differing.push({ row: row.row, column, code: 'name-differs', value: row.name, details: { before: before.row } });
  }
  return [[...first.values()], differing];
}

/** Rows that say only a part of what is taught to whom. */
function incomplete(rows: readonly Row[]): RowIssue[] {
  return rows.filter(({ subject_code, year, section }) => subject_code !== null && (year === null || section === null))
    .map(({ row }) => ({ row, column: null, code: 'subject-incomplete' }));
}

function differs(before: FacultyRecord, after: FacultyRecord): boolean {
  return (['name', 'email', 'departmentId', 'active'] as const).some((field) => before[field] !== after[field]);
}

/** Members of the file's departments who aren't in it; those who still teach are kept. */
async function goneOf({ trx, institution, form, today }: Scene, rows: readonly Row[], known: ReadonlyMap<string, FacultyRecord>, issues: readonly RowIssue[]) {
  if (!form.replace || issues.length > 0) return { ended: [], kept: 0 };
  const departments = await departmentIds(trx, institution.id);
  const scopes = new Set(rows.map(({ department }) => departments.get(department)));
  const inFile = new Set(rows.map(({ id }) => id));
  const teaching = new Set((await assignedFrom(trx, institution.id, today)).map(({ facultyId }) => facultyId));
  const absent = [...known.values()].filter(({ facultyId, active, departmentId }) => active && !inFile.has(facultyId) && scopes.has(departmentId ?? undefined));
  const ended = absent.filter(({ id }) => !teaching.has(id));
  return { ended, kept: absent.length - ended.length };
}
