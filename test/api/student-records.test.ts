// What a student reads of the own attendance, and who else may.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { sessionsOfStudent, type StudentSession } from '../../db/repositories/sessions.ts';
import type { Person } from '../../services/context.ts';
import { personById } from '../../services/links.ts';
import { attendanceTaken } from '../support/attendance.ts';
import { missingMarks, recountViolations } from '../support/checks/attendance-checker.ts';
import { startTestApi, type TestApi } from './harness.ts';

/** Wednesday, 11:00 of the campus. */
const NOW = DateTime.fromISO('2026-11-25T05:30:00Z', { zone: 'utc' });
const MONDAY = DateTime.fromISO('2026-11-23', { zone: 'Asia/Kolkata' });

let campus: TestApi;
let student: Person;
let key: string;
/** The student's classes of the week, by start. */
let week: StudentSession[];
beforeAll(async () => {
  campus = await startTestApi({ now: () => NOW });
  const { knex } = campus.campus.db;
  student = (await personById(campus.context, (await campus.usersOf('student'))[0]!))!;
  key = (await knex('students').where({ id: student.studentId }).first('student_id')).student_id;
  week = await sessionsOfStudent(knex, student.studentId!, MONDAY.toJSDate(), MONDAY.plus({ days: 7 }).toJSDate());
  const before = week.filter(({ date }) => date < '2026-11-25');
  for (const [index, { id }] of before.entries()) {
    await attendanceTaken(knex, id, { [student.studentId!]: (['absent', 'present', 'late', 'excused', 'on_duty'] as const)[index % 5]! });
  }
  const [room] = await knex('rooms').limit(1).pluck('id');
  const first = week[0]!;
  // A class in which no attendance was taken, and one that was called off.
  for (const [status, time] of [['scheduled', '07:00'], ['cancelled', '07:30']] as const) {
    const startsAt = DateTime.fromISO(`2026-11-24T${time}`, { zone: 'Asia/Kolkata' });
    await knex('schedule').insert({
      assignment_id: first.assignmentId, room_id: room, planned_date: '2026-11-24', date: '2026-11-24', starts_at: startsAt.toJSDate(),
      ends_at: startsAt.plus({ minutes: 25 }).toJSDate(), time_zone: 'Asia/Kolkata', status, updated_at: NOW.toJSDate(),
    });
  }
});
afterAll(() => campus?.close());

const read = async (url: string, userId = student.userId) => (await campus.as(userId, url)).json();
const statusOf = async (url: string, userId: number) => (await campus.as(userId, url)).statusCode;

interface Counts { present: number; late: number; absent: number; excused: number; on_duty: number }

describe('A16 a student’s attendance', () => {
  test('is counted by subject and overall: excused and on duty neither way', async () => {
    const answer = await read(`/api/student/attendance/${key}`);
    expect(answer).toMatchObject({ success: true, student_id: key, name: student.name });
    const taken = week.filter(({ date }) => date < '2026-11-25').length;
    const sum = (counts: Counts) => counts.present + counts.late + counts.absent + counts.excused + counts.on_duty;
    expect(sum(answer)).toBe(taken);
    expect(answer.subjects.reduce((total: number, subject: Counts) => total + sum(subject), 0)).toBe(taken);
    for (const subject of answer.subjects) {
      expect(subject.total).toBe(subject.present + subject.late + subject.absent);
      expect(subject.attended).toBe(subject.present + subject.late);
      expect(subject.percentage).toBe(subject.total === 0 ? null : 100 * subject.attended / subject.total);
    }
    expect(answer.overall).toBe(100 * (answer.present + answer.late) / (answer.present + answer.late + answer.absent));
    expect(new Set(answer.subjects.map(({ subject_code }: { subject_code: string }) => subject_code))).toEqual(new Set(week.map(({ subjectCode }) => subjectCode)));
  });

  test('is kept as counts that counting again confirms', async () => {
    expect(await recountViolations(campus.campus.db.knex)).toEqual([]);
    expect(await missingMarks(campus.campus.db.knex)).toEqual([]);
  });

  test('is found whatever the case of the id, and not there for a strange one', async () => {
    expect((await read(`/api/student/attendance/${key.toLowerCase()}`)).student_id).toBe(key);
    for (const strange of ['S990001', '%F0%9F%98%80', '%20', 'x'.repeat(90)]) expect(await statusOf(`/api/student/attendance/${strange}`, student.userId)).toBe(404);
  });

  test('a student’s history has the mark of each class that has begun; no mark is no absence', async () => {
    const { history } = await read(`/api/student/history/${key}?from=2026-11-23&to=2026-11-29`);
    const begun = week.filter(({ startsAt }) => startsAt <= NOW.toJSDate());
    expect(history).toHaveLength(begun.length + 1);
    expect(history[0]).toEqual({
      session_id: String(week[0]!.id), date: '2026-11-23', subjectCode: week[0]!.subjectCode, subject: week[0]!.subjectName, venue: week[0]!.roomName,
      time: expect.stringMatching(/^\d\d:\d\d AM - \d\d:\d\d [AP]M$/), topicDiscussed: null, status: 'absent', facultyName: week[0]!.facultyName,
    });
    const of = (date: string) => history.filter((one: { date: string }) => one.date === date);
    expect(of('2026-11-24')[0]).toMatchObject({ time: '07:00 AM - 07:25 AM', status: 'not_taken' });
    expect((await read(`/api/student/history/${key}?date=2026-11-24`)).history).toEqual(of('2026-11-24'));
    expect((await read(`/api/student/history/${key}`)).history).toEqual(of('2026-11-25'));
  });

  test('who teaches the student sees the own classes of it, the head of department and the office all of them, nobody else any', async () => {
    const { knex } = campus.campus.db;
    const own = week[0]!;
    const all = (await read(`/api/student/attendance/${key}`)).subjects;
    const teaches = await read(`/api/student/attendance/${key}`, own.facultyUserId);
    expect(teaches.subjects.map((subject: { subject_code: string }) => subject.subject_code)).toContain(own.subjectCode);
    expect(teaches.subjects.length).toBeLessThan(all.length);
    const { history } = await read(`/api/student/history/${key}?from=2026-11-23&to=2026-11-24`, own.facultyUserId);
    expect(new Set(history.map((one: { facultyName: string }) => one.facultyName))).toEqual(new Set([own.facultyName]));

    const [hod] = await knex('users').where({ role: 'hod', department_id: student.departmentId }).pluck('id');
    for (const userId of [hod, ...(await campus.usersOf('admin')), ...(await campus.usersOf('registrar'))]) {
      expect((await read(`/api/student/attendance/${key}`, userId)).subjects).toHaveLength(all.length);
    }
    const teachers = new Set(week.map(({ facultyUserId }) => facultyUserId));
    const stranger = (await campus.usersOf('faculty')).find((userId) => !teachers.has(userId))!;
    const classmate = (await campus.usersOf('student'))[1]!;
    for (const userId of [stranger, classmate, (await campus.usersOf('cr'))[0]!]) {
      for (const what of ['attendance', 'history']) expect(await statusOf(`/api/student/${what}/${key}`, userId)).toBe(404);
    }
  });
});

describe('A16 a student’s schedule', () => {
  test('is today’s and tomorrow’s, in the fields of the system that came before, and never has a code', async () => {
    const { knex } = campus.campus.db;
    const today = week.filter(({ date }) => date === '2026-11-25');
    await knex('attendance_sessions').insert({
      session_id: today[0]!.id, status: 'open', mode: 'single', nonce: Buffer.alloc(16, 2), step_seconds: 20, code: '135790', code_since: NOW.toJSDate(),
      opened_at: NOW.toJSDate(), opened_by: today[0]!.facultyUserId, closes_at: NOW.plus({ minutes: 5 }).toJSDate(),
      completes_at: NOW.plus({ minutes: 50 }).toJSDate(), updated_at: NOW.toJSDate(),
    });
    const answer = await read('/api/student/schedule');
    await knex('attendance_sessions').where({ session_id: today[0]!.id }).delete();
    expect(answer.today_schedule.map(({ id }: { id: string }) => id)).toEqual(today.map(({ id }) => String(id)));
    expect(answer.today_schedule[0]).toMatchObject({
      subject: today[0]!.subjectName, subject_code: today[0]!.subjectCode, location: today[0]!.roomName, faculty_name: today[0]!.facultyName, date: '2026-11-25',
      status: true, session_status: 'open', otp: '******', otp_created_at: NOW.toISO(), attendance_marked: false, attendance_status: 'not_taken',
    });
    expect(JSON.stringify(answer)).not.toContain('135790');
    expect(answer.tomorrow_schedule.every((one: { date: string; attendance_status: null }) => one.date === '2026-11-26' && one.attendance_status === null)).toBe(true);
    expect(answer.student_info).toMatchObject({ name: student.name, year: expect.any(Number), section: expect.any(String) });
  });

  test('of a week has every class of it with its mark, those called off too', async () => {
    const { schedule, from, to } = await read('/api/student/schedule?week=2026-W48');
    expect([from, to]).toEqual(['2026-11-23', '2026-11-29']);
    expect(schedule).toHaveLength(week.length + 2);
    expect(schedule[0]).toMatchObject({ id: String(week[0]!.id), attendance_status: 'absent', attendance_marked: true, session_status: 'completed', otp: null });
    expect(schedule.filter(({ session_status }: { session_status: string }) => session_status === 'cancelled')).toMatchObject([{ time: '07:30 AM - 07:55 AM', attendance_status: null }]);
    expect((await read('/api/student/schedule?from=2026-11-23&to=2026-11-29')).schedule).toEqual(schedule);
  });

  test.each([
    ['week=2026-W54', 'week'], ['week=2025-W53', 'week'], ['from=2026-11-23', 'from'], ['from=2026-11-23&to=2026-11-22', 'to'], ['from=2026-01-01&to=2026-12-31', 'to'],
    ['date=2026-11-23&week=2026-W48', 'querystring'], ['email=x', 'email'],
  ])('refuses %s', async (query, field) => {
    const answer = await campus.as(student.userId, `/api/student/schedule?${query}`);
    expect([answer.statusCode, answer.json().error.field]).toEqual([400, field]);
  });
});

describe('A19 a student’s forecast', () => {
  test('says for each subject how many of the classes to come are needed, in numbers and in words', async () => {
    const answer = await read(`/api/student/forecast/${key}`);
    expect(answer).toMatchObject({ success: true, student_id: key, threshold: 75, term_ends_on: '2027-03-14' });
    const { subjects } = await read(`/api/student/attendance/${key}`);
    expect(answer.subjects).toHaveLength(subjects.length);
    for (const [index, subject] of answer.subjects.entries()) {
      const { attended, total, percentage } = subjects[index];
      expect(subject).toMatchObject({ subject_code: subjects[index].subject_code, percentage, may_miss: subject.remaining - subject.needed });
      expect(subject.needed).toBe(Math.max(0, Math.ceil(0.75 * (total + subject.remaining) - attended)));
      expect(subject.message).toBe(`To reach 75 %, attend ${subject.needed} of the next ${subject.remaining} classes.`);
    }
  });

  test('goes by another threshold where one is asked for, and refuses what is none', async () => {
    const [all] = (await read(`/api/student/forecast/${key}?threshold=100`)).subjects.filter(({ percentage }: { percentage: number | null }) => percentage !== null && percentage < 100);
    expect(all).toMatchObject({ needed: null, may_miss: null, message: expect.stringContaining('ends at') });
    for (const wrong of ['0', '101', '75.5', 'x']) expect(await statusOf(`/api/student/forecast/${key}?threshold=${wrong}`, student.userId)).toBe(400);
  });
});
