// A sheet of weekly classes → the timetable of an ordinary week, from which sessions are made (A5, A6, A7).
import { roomsOf } from '../../db/repositories/campus.ts';
import { type AssignmentRecord, assignmentsOfTerm, endWeekly, insertRooms, insertWeekly, lockTimetableInForce, sectionSizes, updateWeekly, type WeeklyRecord, weekOfTerm } from '../../db/repositories/curriculum.ts';
import { allFaculty, allSubjects, departmentIds, sectionIds, sectionKey } from '../../db/repositories/records.ts';
import type { Week } from '../../domain/timetabling/university.ts';
import type { RowIssue } from '../../domain/uploads/cells.ts';
import { timesOfPeriod } from '../../domain/uploads/periods.ts';
import { duplicates } from '../../domain/uploads/rows.ts';
import { inPlaceOf, weeklyChanges, weeklyKey } from '../../domain/uploads/weekly-changes.ts';
import { weeklyClashes } from '../../domain/uploads/weekly-clashes.ts';
import { goodRows, mayWrite, nothing, type Outcome, requireTerm, type RowsOf, rowsOf, type Scene } from './scene.ts';
import { unknownDepartments } from './sections.ts';

type Row = RowsOf<'default-schedules'> & { year: number; department: string };
type Heading = (name: string) => string;

export async function uploadDefaultSchedules(scene: Scene): Promise<Outcome> {
  const { trx, institution, form } = scene;
  const { issues, headings, ignored, ...read } = rowsOf('default-schedules', scene);
  const rows = read.rows as Row[];
  const heading: Heading = (name) => headings.get(name) ?? name;
  const term = await requireTerm(scene);
  const timetableId = await lockTimetableInForce(trx, term.id);
  const known = await weekOfTerm(trx, term.id, timetableId);
  const departments = await departmentIds(trx, institution.id);
  issues.push(...unknownDepartments(rows, departments, heading('department')));
  const [assigned, unassigned] = await assign(scene, term.id, rows, departments, heading);
  const [timed, untimed] = setTimes(assigned, heading);
  issues.push(...unassigned, ...untimed, ...duplicates(timed, weeklyKey, null));
  const scopes = new Set(rows.map(({ department, year }) => `${departments.get(department)} ${year}`));
  const isInPlace = inPlaceOf(timed);
  const others = known.filter((one) => one.active && !isInPlace(one));
  const replaced = form.replace ? others.filter(({ departmentId, year }) => scopes.has(`${departmentId} ${year}`)) : [];
  issues.push(...await clashIssues(scene, goodRows(timed, issues), others.filter((one) => !replaced.includes(one)), heading));
  if (!mayWrite(scene, issues)) return { ...nothing, ignored, issues, written: false };

  const good = goodRows(timed, issues);
  const rooms = await ensureRooms(scene, good);
  const wanted = good.map((one) => ({ ...one, roomId: rooms.ids.get(roomKey(one.venue))! }));
  const { created, changed, ended } = weeklyChanges(known, wanted);
  if (issues.length === 0) ended.push(...replaced.map(({ id }) => id));
  await endWeekly(trx, { ids: ended });
  await updateWeekly(trx, changed);
  await insertWeekly(trx, timetableId, created);
  return {
    ...nothing, ignored, issues, written: true, created: created.length, updated: changed.length, unchanged: good.length - created.length - changed.length,
    ended: ended.length, roomsCreated: rooms.made,
  };
}

type Assigned = Row & { assignmentId: number; assignment: AssignmentRecord };
type Timed = Omit<Assigned, 'week'> & { weekday: number; start: string; end: string; week: Week };
const roomKey = (venue: string) => venue.toUpperCase();

/** Finds what is taught by whom to the section; or says what of it there isn't. */
async function assign(
  { trx, institution }: Scene, termId: number, rows: readonly Row[], departments: ReadonlyMap<string, number>, heading: Heading,
): Promise<[Assigned[], RowIssue[]]> {
  const sections = await sectionIds(trx, institution.id);
  const faculty = new Map((await allFaculty(trx, institution.id)).map(({ facultyId, id }) => [facultyId, id]));
  const subjects = new Map((await allSubjects(trx, institution.id)).map(({ code, id }) => [code, id]));
  const assignments = new Map((await assignmentsOfTerm(trx, termId)).filter(({ active }) => active)
    .map((assignment) => [`${assignment.facultyId} ${assignment.subjectId} ${assignment.sectionId}`, assignment]));
  const assigned: Assigned[] = [];
  const issues: RowIssue[] = [];
  for (const row of rows) {
    const departmentId = departments.get(row.department);
    if (departmentId === undefined) continue;
    const facultyId = faculty.get(row.faculty_id);
    const subjectId = subjects.get(row.subject_code);
    const sectionId = sections.get(sectionKey({ ...row, departmentId }));
    const before = issues.length;
    if (subjectId === undefined) issues.push({ row: row.row, column: heading('subject_code'), code: 'subject-unknown', value: row.subject_code });
    if (facultyId === undefined) issues.push({ row: row.row, column: heading('faculty_id'), code: 'faculty-unknown', value: row.faculty_id });
    if (sectionId === undefined) issues.push({ row: row.row, column: heading('section'), code: 'section-unknown', value: row.section });
    if (issues.length > before) continue;
    const assignment = assignments.get(`${facultyId} ${subjectId} ${sectionId}`);
    if (assignment) assigned.push({ ...row, assignment, assignmentId: assignment.id });
    else issues.push({ row: row.row, column: heading('faculty_id'), code: 'assignment-unknown', value: row.faculty_id });
  }
  return [assigned, issues];
}

/** When they are: as the row says, or by its period. */
function setTimes(rows: readonly Assigned[], heading: Heading): [Timed[], RowIssue[]] {
  const timed: Timed[] = [];
  const issues: RowIssue[] = [];
  for (const row of rows) {
    const { start_time: start, end_time: end, period, day: weekday } = row;
    const week = row.week ?? 'every';
    if (start !== null && end !== null) {
      if (start < end) timed.push({ ...row, weekday, start, end, week });
      else issues.push({ row: row.row, column: heading('end_time'), code: 'times-order', value: end });
      continue;
    }
    if (period === null) {
      issues.push({ row: row.row, column: heading(start === null ? 'period' : 'end_time'), code: 'required' });
      continue;
    }
    const times = timesOfPeriod(period, row.assignment.subjectType);
    if ('code' in times) issues.push({ row: row.row, column: heading('period'), value: String(period), ...times });
    else timed.push({ ...row, weekday, ...times, week });
  }
  return [timed, issues];
}

/** Rows that can't be beside others of the file, or beside what the week has besides it. */
async function clashIssues({ trx, institution }: Scene, rows: readonly Timed[], others: readonly WeeklyRecord[], heading: Heading): Promise<RowIssue[]> {
  const names = new Map((await roomsOf(trx, institution.id)).map(({ id, name }) => [id, name]));
  const classes = [
    ...others.map((one) => ({ ...one, row: null, roomKey: roomKey(names.get(one.roomId)!), facultyKey: String(one.facultyId), sectionKey: String(one.sectionId) })),
    ...rows.map((one) => ({
      row: one.row, weekday: one.weekday, start: one.start, end: one.end, week: one.week, roomKey: roomKey(one.venue),
      facultyKey: String(one.assignment.facultyId), sectionKey: String(one.assignment.sectionId),
    })),
  ];
  const columns = { 'room-clash': heading('venue'), 'faculty-clash': heading('faculty_id'), 'section-clash': heading('section') } as const;
  return weeklyClashes(classes).flatMap(({ item, code, with: other }): RowIssue[] =>
    (item.row === null ? [] : [{ row: item.row, column: columns[code], code, details: { other: other.row ?? 0, start: other.start, end: other.end } }]));
}

/** Rooms by name, whatever its case. One that there isn't yet is made, of the kind of its first class and as large as the largest section in it. */
async function ensureRooms({ trx, institution }: Scene, rows: readonly Timed[]): Promise<{ ids: Map<string, number>; made: string[] }> {
  const read = async () => new Map((await roomsOf(trx, institution.id)).map(({ id, name }) => [roomKey(name), id]));
  const known = await read();
  const missing = rows.filter(({ venue }) => !known.has(roomKey(venue)));
  if (missing.length === 0) return { ids: known, made: [] };
  const sizes = await sectionSizes(trx, [...new Set(missing.map(({ assignment }) => assignment.sectionId))]);
  const rooms = [...Map.groupBy(missing, ({ venue }) => roomKey(venue)).values()].map((classes) => ({
    name: classes[0]!.venue, kind: classes[0]!.assignment.subjectType,
    capacity: Math.max(1, ...classes.map(({ assignment }) => sizes.get(assignment.sectionId) ?? 0)),
  }));
  await insertRooms(trx, institution.id, rooms);
  return { ids: await read(), made: rooms.map(({ name }) => name).sort() };
}
