// Sheets of what timetables are made from: periods, what subjects need, when faculty members can't teach (T7).
import {
  allFacultyTimes, allPeriods, allSubjectParts, deleteFacultyTimes, deleteSubjectParts, type FacultyTime, insertFacultyTimes, insertPeriods, insertSubjectParts,
  setPeriodsActive, type SubjectPart, updateFacultyTimes, updateSubjectParts,
} from '../../db/repositories/planning.ts';
import { allFaculty, allSubjects } from '../../db/repositories/records.ts';
import type { RowCode, RowIssue } from '../../domain/uploads/cells.ts';
import { duplicates } from '../../domain/uploads/rows.ts';
import { type Statement, stated } from '../../domain/uploads/stated.ts';
import { goodRows, mayWrite, nothing, type Outcome, rowsOf, type Scene } from './scene.ts';

type Headings = ReadonlyMap<string, string>;
type Timed = { row: number; start_time: string; end_time: string };

/** Days may have fewer periods than others, but not other ones. With `replace`, periods that are missing are no more. */
export async function uploadPeriods(scene: Scene): Promise<Outcome> {
  const { trx, institution, form } = scene;
  const { rows, issues, headings, ignored } = rowsOf('periods', scene);
  const known = await allPeriods(trx, institution.id);
  const keyOf = ({ weekday, start, end }: { weekday: number; start: string; end: string }) => `${weekday} ${start} ${end}`;
  const periods = rows.map((row) => ({ ...row, weekday: row.day, start: row.start_time, end: row.end_time }));
  issues.push(...inOrder(rows, headings), ...duplicates(periods, keyOf, headings.get('day')!));
  const others = form.replace ? [] : known.filter(({ active }) => active).map((one) => ({ ...one, row: 0 }));
  issues.push(...periodClashes(goodRows(periods, issues), others, headings.get('start_time')!));
  if (!mayWrite(scene, issues)) return { ...nothing, ignored, issues, written: false };

  const good = goodRows(periods, issues);
  const there = new Map(known.map((one) => [keyOf(one), one]));
  const created = good.filter((one) => !there.has(keyOf(one)));
  const again = good.flatMap((one) => there.get(keyOf(one)) ?? []).filter(({ active }) => !active);
  const inFile = new Set(good.map(keyOf));
  const ended = form.replace && issues.length === 0 ? known.filter((one) => one.active && !inFile.has(keyOf(one))) : [];
  await setPeriodsActive(trx, ended.map(({ id }) => id), false);
  await setPeriodsActive(trx, again.map(({ id }) => id), true);
  await insertPeriods(trx, institution.id, created);
  return {
    ...nothing, ignored, issues, written: true, created: created.length, updated: again.length, unchanged: good.length - created.length - again.length, ended: ended.length,
  };
}

interface Period { row: number; start: string; end: string }

/** Rows that overlap a period before them, or one that there is, without being the same. */
function periodClashes(rows: readonly Period[], others: readonly Period[], column: string): RowIssue[] {
  return rows.flatMap((one, index): RowIssue[] => {
    const other = [...others, ...rows.slice(0, index)].find(({ start, end }) => start < one.end && one.start < end && (start !== one.start || end !== one.end));
    return other ? [{ row: one.row, column, code: 'periods-cross', details: { other: other.row, start: other.start, end: other.end } }] : [];
  });
}

export async function uploadSubjectParts(scene: Scene): Promise<Outcome> {
  const { trx, institution } = scene;
  const { rows, issues, headings, ignored } = rowsOf('subject-parts', scene);
  const subjects = new Map((await allSubjects(trx, institution.id)).filter(({ active }) => active).map(({ code, id }) => [code, id]));
  issues.push(...unknown(rows, ({ subject_code: code }) => code, subjects, headings.get('subject_code')!, 'subject-unknown'));
  const said = goodRows(rows, issues).map((row): SubjectPart & Statement & { row: number } => withParts({
    row: row.row, subjectId: subjects.get(row.subject_code)!, kind: row.kind, meetings: row.meetings, periods: row.periods,
    roomKind: row.room_kind ?? (row.kind === 'lab' ? 'lab' : 'theory'), equipment: row.equipment ?? [], week: row.week ?? 'every',
  }));
  issues.push(...duplicates(said, ({ owner, key }) => `${owner} ${key}`, headings.get('kind')!));
  const known = (await allSubjectParts(trx, institution.id)).map(withParts);
  return takeOver(scene, { said, known, issues, ignored }, {
    insert: (parts) => insertSubjectParts(trx, parts), update: (parts) => updateSubjectParts(trx, parts), remove: (ids) => deleteSubjectParts(trx, ids),
  });
}

const withParts = <Row extends SubjectPart>(row: Row): Row & Statement =>
  ({ ...row, owner: String(row.subjectId), key: `${row.kind} ${row.periods} ${row.week}`, content: JSON.stringify([row.meetings, row.roomKind, row.equipment]) });

export async function uploadFacultyTimes(scene: Scene): Promise<Outcome> {
  const { trx, institution } = scene;
  const { rows, issues, headings, ignored } = rowsOf('faculty-times', scene);
  const faculty = new Map((await allFaculty(trx, institution.id)).filter(({ active }) => active).map(({ facultyId, id }) => [facultyId, id]));
  issues.push(...inOrder(rows, headings), ...unknown(rows, ({ faculty_id: id }) => id, faculty, headings.get('faculty_id')!, 'faculty-unknown'));
  const said = goodRows(rows, issues).map((row): FacultyTime & Statement & { row: number } => withTimes({
    row: row.row, facultyId: faculty.get(row.faculty_id)!, weekday: row.day, start: row.start_time, end: row.end_time, cost: row.cost,
  }));
  issues.push(...duplicates(said, ({ owner, key }) => `${owner} ${key}`, headings.get('start_time')!));
  const known = (await allFacultyTimes(trx, institution.id)).map(withTimes);
  return takeOver(scene, { said, known, issues, ignored }, {
    insert: (times) => insertFacultyTimes(trx, times), update: (times) => updateFacultyTimes(trx, times), remove: (ids) => deleteFacultyTimes(trx, ids),
  });
}

const withTimes = <Row extends FacultyTime>(row: Row): Row & Statement =>
  ({ ...row, owner: String(row.facultyId), key: `${row.weekday} ${row.start}`, content: `${row.end} ${row.cost}` });

/** What a sheet says of a subject or person is all that there is; with `replace`, of all of them. */
async function takeOver<Row extends Statement & { row: number }>(
  scene: Scene, { said, known, issues, ignored }: { said: Row[]; known: (Statement & { id: number })[]; issues: RowIssue[]; ignored: string[] },
  write: { insert: (rows: Row[]) => Promise<void>; update: (rows: (Row & { id: number })[]) => Promise<void>; remove: (ids: number[]) => Promise<void> },
): Promise<Outcome> {
  if (!mayWrite(scene, issues)) return { ...nothing, ignored, issues, written: false };
  const good = goodRows(said, issues);
  const { created, changed, missing } = stated(known, good, { all: scene.form.replace });
  const ended = issues.length === 0 ? missing : [];
  await write.remove(ended);
  await write.update(changed.map(({ id, row }) => ({ ...row, id })));
  await write.insert(created);
  return {
    ...nothing, ignored, issues, written: true, created: created.length, updated: changed.length, unchanged: good.length - created.length - changed.length, ended: ended.length,
  };
}

function inOrder(rows: readonly Timed[], headings: Headings): RowIssue[] {
  return rows.flatMap(({ row, start_time: start, end_time: end }): RowIssue[] => (start < end ? [] : [{ row, column: headings.get('end_time')!, code: 'times-order', value: end }]));
}

function unknown<Row extends { row: number }>(rows: readonly Row[], valueOf: (row: Row) => string, known: ReadonlyMap<string, number>, column: string, code: RowCode): RowIssue[] {
  return rows.flatMap((row): RowIssue[] => (known.has(valueOf(row)) ? [] : [{ row: row.row, column, code, value: valueOf(row) }]));
}
