// Reports, defaulters and dashboards over a week of attendance.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import readExcelFile from 'read-excel-file/node';
import type { Status } from '../../domain/attendance/statuses.ts';
import { rosterOf } from '../../db/repositories/sessions.ts';
import { attendanceTaken } from '../support/attendance.ts';
import { recountViolations } from '../support/checks/attendance-checker.ts';
import { startTestApi, type TestApi } from './harness.ts';

/** The Friday after the first four days of classes; 07:30 of the campus. */
const NOW = DateTime.fromISO('2026-11-27T02:00:00Z', { zone: 'utc' });

let campus: TestApi;
/** A class, who teaches it, and a student of it with a name that formulas and markup are made of. */
let taught: { id: number; facultyUserId: number; sectionId: number; departmentId: number; subjectCode: string };
let trickster: string;
beforeAll(async () => {
  campus = await startTestApi({ now: () => NOW });
  const { knex } = campus.campus.db;
  taught = await knex('faculty_assignment as a').join('faculty as f', 'f.id', 'a.faculty_id').join('sections as s', 's.id', 'a.section_id')
    .join('subjects as sub', 'sub.id', 'a.subject_id').orderBy('a.id')
    .first({ id: 'a.id', facultyUserId: 'f.user_id', sectionId: 'a.section_id', departmentId: 's.department_id', subjectCode: 'sub.subject_code' });
  const sessions: number[] = await knex('schedule').where('date', '<', '2026-11-27').orderBy('id').pluck('id');
  for (const [index, id] of sessions.entries()) {
    const roster = await rosterOf(knex, id);
    const marks = roster.map(({ studentId }): [number, Status] => [studentId, (studentId + index) % 7 === 0 || studentId % 11 === 0 ? 'absent' : (studentId + index) % 5 === 0 ? 'late' : (studentId + index) % 13 === 0 ? 'on_duty' : 'present']);
    await attendanceTaken(knex, id, Object.fromEntries(marks));
  }
  await knex('schedule').where({ assignment_id: taught.id, status: 'completed' }).update({ topic_discussed: 'Waves, and "beats"' });
  const [first] = await knex('students').where({ section_id: taught.sectionId }).orderBy('roll_number').select('user_id', 'student_id');
  trickster = first.student_id;
  await knex('users').where({ id: first.user_id }).update({ name: '=SUM(A1)<script>,"x"' });
});
afterAll(() => campus?.close());

const ascending = (a: number, b: number) => a - b;
const ask = (userId: number, url: string) => campus.as(userId, url);
const read = async (userId: number, url: string) => (await ask(userId, url)).json();
const one = async (role: 'admin' | 'registrar' | 'hod') => (await campus.usersOf(role))[0]!;

/** What the marks themselves say of a class, student by student, in the period. */
async function counted(classId: number, { from = '2000-01-01', to = '2199-12-31' } = {}): Promise<Map<string, { attended: number; total: number }>> {
  const rows: { key: string; status: Status }[] = await campus.campus.db.knex('attendance as m').join('schedule as s', 's.id', 'm.session_id')
    .join('students as st', 'st.id', 'm.student_id').where({ 's.assignment_id': classId, 's.status': 'completed' }).whereBetween('s.date', [from, to])
    .select({ key: 'st.student_id', status: 'm.status' });
  return new Map([...Map.groupBy(rows, ({ key }) => key)].map(([key, marks]) => {
    const of = (...wanted: Status[]) => marks.filter(({ status }) => wanted.includes(status)).length;
    return [key, { attended: of('present', 'late'), total: of('present', 'late', 'absent') }];
  }));
}

interface Line { student_id: string; roll_number: string; attended_sessions: number; total_sessions: number; attendance_percentage: number | null }

function expectLines(lines: Line[], expected: Map<string, { attended: number; total: number }>) {
  expect(lines.map(({ student_id }) => student_id).toSorted()).toEqual([...expected.keys()].toSorted());
  for (const line of lines) {
    const { attended, total } = expected.get(line.student_id)!;
    expect(line).toMatchObject({ attended_sessions: attended, total_sessions: total, attendance_percentage: total === 0 ? null : 100 * attended / total });
  }
  expect(lines.map(({ roll_number }) => roll_number)).toEqual(lines.map(({ roll_number }) => roll_number).toSorted());
}

describe('A18 reports', () => {
  test('the counts they are made of are those of the marks', async () => {
    expect(await recountViolations(campus.campus.db.knex)).toEqual([]);
  });

  test('of a class give each student what the marks say, and the class together', async () => {
    const { reportData, next_after } = await read(taught.facultyUserId, `/api/attendance/report?class=${taught.id}`);
    expect(next_after).toBeNull();
    expect(reportData).toHaveLength(1);
    const expected = await counted(taught.id);
    expectLines(reportData[0].students, expected);
    const sum = [...expected.values()].reduce((all, { attended, total }) => ({ attended: all.attended + attended, total: all.total + total }));
    const { class_summary: summary } = reportData[0];
    expect(summary.overall_percentage).toBe(100 * sum.attended / sum.total);
    expect(summary.total_present + summary.total_late + summary.total_absent).toBe(sum.total);
    expect(summary.total_sessions).toBe(Number((await campus.campus.db.knex('schedule').where({ assignment_id: taught.id, status: 'completed' }).count({ n: '*' }))[0]!['n']));
  });

  test('of a period count its sessions only; of no sessions, nobody', async () => {
    const period = { from: '2026-11-24', to: '2026-11-25' };
    const { reportData } = await read(taught.facultyUserId, `/api/attendance/report?class=${taught.id}&from=${period.from}&to=${period.to}`);
    expectLines(reportData[0].students, await counted(taught.id, period));
    const none = await read(taught.facultyUserId, `/api/attendance/report?class=${taught.id}&to=2026-11-22`);
    expect(none.reportData[0]).toMatchObject({ students: [], class_summary: { total_sessions: 0, overall_percentage: null } });
    expect((await ask(taught.facultyUserId, '/api/attendance/report?from=2026-11-24&to=2026-11-23')).json().error.field).toBe('to');
  });

  test('by section, subject and department narrow the classes down, page by page', async () => {
    const admin = await one('admin');
    const classes = async (query: string): Promise<number[]> => (await read(admin, `/api/attendance/report?limit=5000&${query}`)).reportData.map(({ class_id }: { class_id: number }) => class_id);
    const all = await classes('');
    const { knex } = campus.campus.db;
    expect(all.toSorted(ascending)).toEqual(await knex('faculty_assignment').orderBy('id').pluck('id'));
    expect((await classes(`section=${taught.sectionId}`)).toSorted(ascending)).toEqual(await knex('faculty_assignment').where({ section_id: taught.sectionId }).orderBy('id').pluck('id'));
    expect(await classes(`section=${taught.sectionId}&subject=${taught.subjectCode}`)).toEqual([taught.id]);
    expect(await classes(`department=${taught.departmentId}`)).toEqual(all);
    expect(await classes('department=999')).toEqual([]);
    const paged: number[] = [];
    for (let after: number | null = null; ;) {
      const page: { reportData: { class_id: number }[]; next_after: number | null } = await read(admin, `/api/attendance/report?limit=70${after === null ? '' : `&after=${after}`}`);
      paged.push(...page.reportData.map(({ class_id }) => class_id));
      after = page.next_after;
      if (after === null) break;
      expect(page.reportData.length).toBeLessThan(all.length);
    }
    expect(paged).toEqual(all);
    expect((await ask(admin, '/api/attendance/report?after=999999')).json().error.field).toBe('after');
  });

  test('reach as far as the role: own classes, the department, all', async () => {
    const { knex } = campus.campus.db;
    const stranger = (await campus.usersOf('faculty')).find((userId) => userId !== taught.facultyUserId)!;
    const { departmentId: elsewhere } = await otherDepartment();
    for (const [userId, status] of [[taught.facultyUserId, 200], [stranger, 404], [await one('hod'), 200], [await one('registrar'), 200]] as const) {
      for (const what of ['report', 'defaulters']) expect([userId, (await ask(userId, `/api/attendance/${what}?class=${taught.id}`)).statusCode]).toEqual([userId, status]);
      expect((await ask(userId, `/api/faculty/class-attendance/${taught.id}`)).statusCode).toBe(status);
    }
    const own: number[] = await knex('faculty_assignment as a').join('faculty as f', 'f.id', 'a.faculty_id').where('f.user_id', stranger).orderBy('a.id').pluck('a.id');
    const seen = (await read(stranger, '/api/attendance/report?limit=5000')).reportData.map(({ class_id }: { class_id: number }) => class_id);
    expect(seen.toSorted(ascending)).toEqual(own.toSorted(ascending));
    const head = await one('hod');
    const { department_id: before } = await knex('users').where({ id: head }).first('department_id');
    await knex('users').where({ id: head }).update({ department_id: elsewhere });
    const { reportData } = await read(head, '/api/attendance/report?limit=5000');
    expect((await ask(head, `/api/department/overview?department=${before}`)).statusCode).toBe(404);
    await knex('users').where({ id: head }).update({ department_id: before });
    const teaches: number[] = await knex('faculty_assignment as a').join('faculty as f', 'f.id', 'a.faculty_id').where('f.user_id', head).pluck('a.id');
    expect(reportData.map(({ class_id }: { class_id: number }) => class_id).toSorted(ascending)).toEqual(teaches.toSorted(ascending));
  });

  test('as CSV quote what has to be, and keep what looks like a formula from being one', async () => {
    const answer = await ask(taught.facultyUserId, `/api/attendance/report?class=${taught.id}&format=csv`);
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(answer.headers['content-disposition']).toBe('attachment; filename="attendance.csv"');
    const lines = answer.body.split('\r\n');
    expect(lines[0]).toBe('\uFEFFSection,Subject code,Subject,Faculty,Roll number,Student ID,Name,Present,Late,Absent,Excused,On duty,Attended,Counted,Percentage');
    expect(lines).toHaveLength((await counted(taught.id)).size + 2);
    const [line] = lines.filter((text) => text.includes(trickster));
    expect(line).toContain(`,"'=SUM(A1)<script>,""x""",`);
    const { attended, total } = (await counted(taught.id)).get(trickster)!;
    expect(line!.endsWith(`,${attended},${total},${(100 * attended / total).toFixed(2)}`)).toBe(true);
  });

  test('as a workbook have text as text and numbers as numbers', async () => {
    const answer = await ask(taught.facultyUserId, `/api/attendance/report?class=${taught.id}&format=xlsx`);
    const { data } = (await readExcelFile(answer.rawPayload))[0]!;
    expect(data[0]![14]).toBe('Percentage');
    const row = data.find((cells) => cells[5] === trickster)!;
    const { attended, total } = (await counted(taught.id)).get(trickster)!;
    expect(row[6]).toBe('=SUM(A1)<script>,"x"');
    expect(row.slice(12)).toEqual([attended, total, 100 * attended / total]);
  });

  test('as a page for printing have no script, and nothing unescaped', async () => {
    const answer = await ask(taught.facultyUserId, `/api/attendance/defaulters?class=${taught.id}&threshold=100&format=html`);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.body).toMatch(/^<!doctype html><html lang="en-IN">[^]*@page\{size:A4[^]*<\/html>$/);
    expect(answer.body).not.toContain('<script');
    expect(answer.body).toContain('Attendance below 100 %');
  });
});

/** A department in which nothing is taught. */
async function otherDepartment(): Promise<{ departmentId: number }> {
  const { knex } = campus.campus.db;
  const known = await knex('departments').where({ code: 'ZOO' }).first('id');
  const [departmentId] = known ? [known.id] : await knex('departments').insert({ organisation_id: 1, code: 'ZOO', name: 'Zoology' });
  return { departmentId };
}

describe('A18 defaulters', () => {
  test.each([75, 100, 60, 0])('below %i per cent are those whom the marks put there', async (threshold) => {
    const answer = await read(taught.facultyUserId, `/api/attendance/defaulters?class=${taught.id}&threshold=${threshold}`);
    const expected = new Map([...await counted(taught.id)].filter(([, { attended, total }]) => total > 0 && 100 * attended < threshold * total));
    expect(answer.threshold).toBe(threshold);
    expectLines(answer.defaulters, expected);
  });

  test('the threshold is 75 unless another is asked for, a whole number of per cent', async () => {
    expect((await read(taught.facultyUserId, '/api/attendance/defaulters')).threshold).toBe(75);
    for (const wrong of ['101', '-1', 'x', '']) expect((await ask(taught.facultyUserId, `/api/attendance/defaulters?threshold=${wrong}`)).json().error.field).toBe('threshold');
  });

  test('classes attended as another section’s guest count, and a student who has left the section is not listed', async () => {
    const { knex } = campus.campus.db;
    const [victim] = (await read(taught.facultyUserId, `/api/attendance/defaulters?class=${taught.id}&threshold=100`)).defaulters;
    const { id: studentId } = await knex('students').where({ student_id: victim.student_id }).first('id');
    const own = await knex('faculty_assignment').where({ id: taught.id }).first();
    const [section] = await knex('sections').insert({ department_id: taught.departmentId, year: 4, name: 'Z' });
    const [parallel] = await knex('faculty_assignment').insert({ faculty_id: own.faculty_id, subject_id: own.subject_id, section_id: section, term_id: own.term_id });
    await knex('attendance_totals').insert({ assignment_id: parallel, student_id: studentId, present: 40 });
    const lines = async () => (await read(taught.facultyUserId, `/api/attendance/defaulters?class=${taught.id}&threshold=100`)).defaulters
      .filter(({ student_id }: Line) => student_id === victim.student_id);
    expect(await lines()).toMatchObject([{ total_sessions: victim.total_sessions + 40, attended_sessions: victim.attended_sessions + 40 }]);
    const enrolment = { student_id: studentId, subject_id: own.subject_id };
    await knex('student_subject').where(enrolment).update({ valid_to: '2026-11-26' });
    expect(await lines()).toEqual([]);
    await knex('student_subject').where(enrolment).update({ valid_to: null });
    await knex('attendance_totals').where({ assignment_id: parallel }).delete();
    await knex('faculty_assignment').where({ id: parallel }).delete();
    await knex('sections').where({ id: section }).delete();
  });

  test('of a period count its sessions only', async () => {
    const period = { from: '2026-11-23', to: '2026-11-24' };
    const { defaulters } = await read(await one('admin'), `/api/attendance/defaulters?class=${taught.id}&threshold=90&from=${period.from}&to=${period.to}`);
    expectLines(defaulters, new Map([...await counted(taught.id, period)].filter(([, { attended, total }]) => total > 0 && 100 * attended < 90 * total)));
  });
});

describe('A17 dashboards', () => {
  test('a faculty member sees the own classes with their averages, the last class, and today’s sessions', async () => {
    const { knex } = campus.campus.db;
    const answer = await read(taught.facultyUserId, '/api/faculty/dashboard');
    const own: number[] = await knex('faculty_assignment as a').join('faculty as f', 'f.id', 'a.faculty_id').where('f.user_id', taught.facultyUserId).pluck('a.id');
    expect(answer.classes.map(({ assignmentId }: { assignmentId: number }) => assignmentId).toSorted(ascending)).toEqual(own.toSorted(ascending));
    const averages: number[] = [];
    for (const shown of answer.classes) {
      const marks = [...(await counted(shown.assignmentId)).values()];
      const [attended, total] = [marks.reduce((sum, mark) => sum + mark.attended, 0), marks.reduce((sum, mark) => sum + mark.total, 0)];
      expect(shown.classAttendanceAvg).toBe(100 * attended / total);
      averages.push(shown.classAttendanceAvg);
      expect(shown.yearBatch).toBe(`E${shown.year}`);
    }
    expect(answer.stats).toEqual({
      totalAssignments: own.length, overallAttendanceAvg: averages.reduce((sum, average) => sum + average, 0) / averages.length,
      totalCompletedSessions: answer.classes.reduce((sum: number, { completedSessions }: { completedSessions: number }) => sum + completedSessions, 0),
    });
    const last = await knex('schedule').where({ assignment_id: taught.id, status: 'completed' }).orderBy('starts_at', 'desc').first('date');
    expect(answer.classes.find(({ assignmentId }: { assignmentId: number }) => assignmentId === taught.id)).toMatchObject({ lastClassDate: last.date, lastClassTopic: 'Waves, and "beats"' });
    expect(answer.faculty).toMatchObject({ email: expect.stringContaining('@'), id: expect.any(String) });
    const today = await knex('schedule as s').join('faculty_assignment as a', 'a.id', 's.assignment_id').join('faculty as f', 'f.id', 'a.faculty_id')
      .where({ 'f.user_id': taught.facultyUserId, 's.date': '2026-11-27' }).orderBy('s.starts_at').pluck('s.id');
    expect(answer.today.map(({ id }: { id: number }) => id)).toEqual(today);
  });

  test('a class without completed sessions has no average, and isn’t part of the mean', async () => {
    const { knex } = campus.campus.db;
    const { subject_id: subject, ...own } = await knex('faculty_assignment').where({ id: taught.id }).first('faculty_id', 'section_id', 'term_id', 'subject_id');
    const [other] = await knex('subjects').whereNotIn('id', [subject, ...await knex('faculty_assignment').where({ section_id: own.section_id }).pluck('subject_id')]).pluck('id');
    const before = await read(taught.facultyUserId, '/api/faculty/dashboard');
    const [added] = await knex('faculty_assignment').insert({ ...own, subject_id: other });
    const after = await read(taught.facultyUserId, '/api/faculty/dashboard');
    await knex('faculty_assignment').where({ id: added }).delete();
    expect(after.classes.find(({ assignmentId }: { assignmentId: number }) => assignmentId === added)).toMatchObject({ completedSessions: 0, classAttendanceAvg: null, lastClassDate: null });
    expect(after.stats.overallAttendanceAvg).toBe(before.stats.overallAttendanceAvg);
  });

  test('a department by class, section and subject adds up to the same', async () => {
    for (const userId of [await one('hod'), await one('admin')]) {
      const answer = await read(userId, '/api/department/overview');
      for (const groups of [answer.classes, answer.sections, answer.subjects]) {
        for (const status of ['present', 'late', 'absent', 'excused', 'on_duty']) {
          expect(groups.reduce((sum: number, group: Record<string, number>) => sum + group[status]!, 0)).toBe(answer[status]);
        }
      }
      expect(answer.percentage).toBe(100 * (answer.present + answer.late) / (answer.present + answer.late + answer.absent));
    }
  });

  test('a class’s sessions come page by page, the newest first, with their students where they are asked for', async () => {
    const page = (query: string) => read(taught.facultyUserId, `/api/faculty/class-attendance/${taught.id}?${query}`);
    const { pagination } = await page('');
    expect(pagination).toMatchObject({ page: 1, limit: 10, has_more: false });
    const days: string[] = [];
    for (let number = 1; number <= pagination.total_sessions; number += 1) {
      const { attendanceData, pagination: { has_more: hasMore } } = await page(`limit=1&page=${number}&include_students=true`);
      const [[day, [session]]] = Object.entries(attendanceData) as [[string, [Record<string, unknown> & { students: unknown[] }]]];
      days.push(day);
      expect(hasMore).toBe(number < pagination.total_sessions);
      expect(session).toMatchObject({ topic: 'Waves, and "beats"', status: 'completed', total_students: session.students.length });
      expect(Number(session['present']) + Number(session['late'])).toBe(session['present_count']);
    }
    expect(days[0]).toMatch(/^\d\d\/11\/2026$/);
    expect(days).toEqual(days.toSorted().toReversed());
  });
});
