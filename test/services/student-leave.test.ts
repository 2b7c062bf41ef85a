// Leave of students: who is asked, who may decide, whom it covers, who is told.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { sessionsOfStudent, type StudentSession } from '../../db/repositories/sessions.ts';
import type { Person, Role } from '../../services/context.ts';
import { personById } from '../../services/links.ts';
import { completeAttendance } from '../../services/completing.ts';
import { leaveCovering } from '../../services/leave-marks.ts';
import { askForLeave, decideLeave, leavesFor, type WantedLeave, withdrawLeave } from '../../services/student-leave.ts';
import { openAttendance } from '../../services/taking.ts';
import { missingMarks, recountViolations } from '../support/checks/attendance-checker.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';
import { NOW, toldTo } from './scene.ts';

let campus: TestCampus;
let student: Person;
let hod: Person;
let admin: Person;
/** The student's classes of the week, by start. */
let week: StudentSession[];
const at = (hours: number) => testContext(campus.db, { now: () => DateTime.fromISO(NOW, { zone: 'utc' }).plus({ hours }) });
const context = () => at(0);
const wholeDays = (from: string, to: string): WantedLeave => ({ kind: 'medical', reason: 'A broken arm', time: { from, to } });

beforeAll(async () => {
  campus = await testCampus();
  student = await someone('student');
  hod = await someone('hod');
  admin = await someone('admin');
  const monday = DateTime.fromISO(NOW);
  week = await sessionsOfStudent(campus.db.knex, student.studentId!, monday.toJSDate(), monday.plus({ days: 7 }).toJSDate());
});
beforeEach(async () => {
  for (const table of ['student_leave', 'deliveries', 'notices']) await campus.db.knex(table).delete();
});
afterAll(() => campus?.close());

async function someone(role: Role): Promise<Person> {
  return person(await campus.db.knex('users').where({ role }).orderBy('id').first('id').then((row) => row.id));
}
const person = async (userId: number): Promise<Person> => (await personById(context(), userId))!;
const kinds = async (userId: number) => (await toldTo(campus.db.knex, userId)).map(({ kind }) => kind);
const refusal = (code: string) => expect.objectContaining({ code });
const exactly = ({ startsAt, endsAt }: StudentSession): WantedLeave =>
  ({ kind: 'on_duty', reason: 'A regatta', time: { startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString() } });

describe('A20 asking for leave', () => {
  test('is told to the head of department, is the same when asked again, and stands as it was asked', async () => {
    const leave = await askForLeave(context(), student, wholeDays('2026-11-24', '2026-11-25'));
    expect(leave).toMatchObject({
      status: 'open', kind: 'medical', wholeDays: true, startsAt: new Date('2026-11-23T18:30:00Z'), endsAt: new Date('2026-11-25T18:30:00Z'), facultyId: null,
    });
    expect((await askForLeave(context(), student, wholeDays('2026-11-24', '2026-11-25'))).id).toBe(leave.id);
    expect(await kinds(hod.userId)).toEqual(['leave-asked']);
    expect((await leavesFor(context(), student)).map(({ id }) => id)).toEqual([leave.id]);
    expect((await leavesFor(context(), hod)).map(({ id }) => id)).toEqual([leave.id]);
    expect(await leavesFor(context(), await otherFaculty())).toEqual([]);
  });

  test.each([
    [{ from: '2026-11-22', to: '2026-11-24' }, 'from'], [{ from: '2026-11-25', to: '2026-11-24' }, 'to'], [{ from: '2026-11-25', to: '2027-03-24' }, 'to'],
    [{ startsAt: '2026-11-24T04:00:00Z', endsAt: '2026-11-24T04:00:00Z' }, 'ends_at'], [{ startsAt: '2026-11-22T04:00:00Z', endsAt: '2026-11-24T04:00:00Z' }, 'starts_at'],
  ])('is for days to come, in their order, 60 at the most: %j', async (time, field) => {
    await expect(askForLeave(context(), student, { kind: 'other', reason: 'x', time })).rejects.toMatchObject({ code: 'bad-request', details: { field } });
  });

  test('is for students', async () => {
    for (const actor of [hod, admin, await otherFaculty()]) await expect(askForLeave(context(), actor, wholeDays('2026-11-24', '2026-11-24'))).rejects.toEqual(refusal('not-allowed'));
  });
});

async function otherFaculty(): Promise<Person> {
  const teaching = new Set(week.map(({ facultyUserId }) => facultyUserId));
  const ids: number[] = await campus.db.knex('users').where({ role: 'faculty' }).orderBy('id').pluck('id');
  return person(ids.find((id) => !teaching.has(id))!);
}

describe('A20 deciding on leave', () => {
  test('the head of department or an admin grants or rejects it; the student is told, and who teaches the classes of granted leave', async () => {
    const granted = await askForLeave(context(), student, wholeDays('2026-11-24', '2026-11-24'));
    const rejected = await askForLeave(context(), student, wholeDays('2026-11-26', '2026-11-26'));
    expect(await decideLeave(context(), hod, granted.id, { choice: 'grant', answer: 'Get well.' })).toMatchObject({ status: 'granted', answer: 'Get well.' });
    expect(await decideLeave(context(), admin, rejected.id, { choice: 'reject', answer: null })).toMatchObject({ status: 'rejected' });
    expect((await toldTo(campus.db.knex, student.userId)).map(({ params }) => params['granted'])).toEqual([true, false]);
    const teachers = new Set(week.filter(({ date }) => date === '2026-11-24').map(({ facultyUserId }) => facultyUserId));
    for (const userId of teachers) if (userId !== hod.userId) expect(await kinds(userId)).toContain('leave-granted');
    const before = await campus.db.knex('notices').count({ n: '*' });
    await decideLeave(context(), admin, granted.id, { choice: 'grant', answer: null });
    expect(await campus.db.knex('notices').count({ n: '*' })).toEqual(before);
    await expect(decideLeave(context(), hod, granted.id, { choice: 'reject', answer: null })).rejects.toEqual(refusal('leave-settled'));
  });

  test('who alone teaches all that it covers may, who teaches a part of it may not', async () => {
    const one = week.find(({ facultyUserId }) => facultyUserId !== hod.userId)!;
    const teacher = await person(one.facultyUserId);
    const covering = await askForLeave(context(), student, exactly(one));
    expect(covering.facultyId).toBe(one.facultyId);
    expect((await leavesFor(context(), teacher)).map(({ id }) => id)).toEqual([covering.id]);
    expect(await kinds(teacher.userId)).toEqual(['leave-asked']);
    await expect(decideLeave(context(), await otherFaculty(), covering.id, { choice: 'grant', answer: null })).rejects.toEqual(refusal('not-found'));
    expect(await decideLeave(context(), teacher, covering.id, { choice: 'grant', answer: null })).toMatchObject({ status: 'granted' });
    const longer = await askForLeave(context(), student, wholeDays('2026-11-23', '2026-11-28'));
    await expect(decideLeave(context(), teacher, longer.id, { choice: 'grant', answer: null })).rejects.toEqual(refusal('not-found'));
    await expect(decideLeave(context(), student, longer.id, { choice: 'grant', answer: null })).rejects.toEqual(refusal('not-allowed'));
  });
});

describe('A20 withdrawing leave', () => {
  test('open or granted leave can be withdrawn until it begins; those who were told of it are told', async () => {
    const leave = await askForLeave(context(), student, wholeDays('2026-11-24', '2026-11-24'));
    await decideLeave(context(), hod, leave.id, { choice: 'grant', answer: null });
    const classmate = await person(student.userId + 1);
    await expect(withdrawLeave(context(), classmate, leave.id)).rejects.toEqual(refusal('not-found'));
    await expect(withdrawLeave(at(30), student, leave.id)).rejects.toEqual(refusal('leave-settled'));
    await withdrawLeave(context(), student, leave.id);
    await withdrawLeave(context(), student, leave.id);
    expect((await leavesFor(context(), student))[0]).toMatchObject({ status: 'withdrawn' });
    expect(await kinds(hod.userId)).toEqual(expect.arrayContaining(['leave-asked', 'leave-withdrawn']));
    await expect(decideLeave(context(), hod, leave.id, { choice: 'grant', answer: null })).rejects.toEqual(refusal('leave-settled'));
  });

  test('rejected leave stays rejected', async () => {
    const leave = await askForLeave(context(), student, wholeDays('2026-11-24', '2026-11-24'));
    await decideLeave(context(), hod, leave.id, { choice: 'reject', answer: null });
    await expect(withdrawLeave(context(), student, leave.id)).rejects.toEqual(refusal('leave-settled'));
  });
});

describe('A20 what leave covers', () => {
  const covered = (session: StudentSession) => leaveCovering(campus.db.knex, [student.studentId!, student.studentId! + 1], session);
  const grant = async (wanted: WantedLeave) => decideLeave(context(), admin, (await askForLeave(context(), student, wanted)).id, { choice: 'grant', answer: null });

  test('granted leave covers the sessions that it touches, as excused or as on duty; nothing else does', async () => {
    const [first, second] = week as [StudentSession, StudentSession];
    await askForLeave(context(), student, exactly(first));
    expect(await covered(first)).toEqual(new Map());
    await grant(exactly(first));
    expect(await covered(first)).toEqual(new Map([[student.studentId!, 'on_duty']]));
    if (second.startsAt >= first.endsAt) expect(await covered(second)).toEqual(new Map());
    await grant(wholeDays('2026-11-24', '2026-11-24'));
    const byDay = await Promise.all(week.map(async (session) => [session.date, (await covered(session)).get(student.studentId!)] as const));
    expect(new Set(byDay.filter(([date]) => date === '2026-11-24').map(([, mark]) => mark))).toEqual(new Set(['excused']));
    expect(byDay.filter(([date]) => date > '2026-11-24').every(([, mark]) => mark === undefined)).toBe(true);
  });

  test('on duty wins where several cover a session', async () => {
    const [first] = week as [StudentSession];
    await grant(wholeDays(first.date, first.date));
    expect((await covered(first)).get(student.studentId!)).toBe('excused');
    await grant(exactly(first));
    expect((await covered(first)).get(student.studentId!)).toBe('on_duty');
  });
});

describe('A20 leave and marks', () => {
  /** The class as seen some minutes after its start. */
  const during = ({ startsAt }: StudentSession) => testContext(campus.db, { now: () => DateTime.fromJSDate(startsAt, { zone: 'utc' }).plus({ minutes: 10 }) });
  const take = async (session: StudentSession) => {
    const teacher = await person(session.facultyUserId);
    await openAttendance(during(session), teacher, session.id, {});
    await completeAttendance(during(session), teacher, session.id);
  };
  const mark = (session: StudentSession) => campus.db.knex('attendance').where({ session_id: session.id, student_id: student.studentId }).first('status', 'method');
  const consistent = async () => expect([...await recountViolations(campus.db.knex), ...await missingMarks(campus.db.knex)]).toEqual([]);

  test('who is on leave and has no mark when a session is completed is excused, or on duty', async () => {
    const [first] = week as [StudentSession];
    await decideLeave(context(), admin, (await askForLeave(context(), student, exactly(first))).id, { choice: 'grant', answer: null });
    await take(first);
    expect(await mark(first)).toEqual({ status: 'on_duty', method: 'leave' });
    await consistent();
  });

  test('leave granted after the session turns the absence into an excuse, with its history, and the totals follow', async () => {
    const session = week.find(({ date }) => date === '2026-11-24')!;
    const leave = await askForLeave(context(), student, wholeDays('2026-11-24', '2026-11-24'));
    await take(session);
    expect(await mark(session)).toEqual({ status: 'absent', method: 'missing' });
    await decideLeave(at(48), hod, leave.id, { choice: 'grant', answer: null });
    expect(await mark(session)).toEqual({ status: 'excused', method: 'leave' });
    expect(await campus.db.knex('attendance_changes').where({ session_id: session.id, student_id: student.studentId }).select('from_status', 'to_status', 'method', 'user_id'))
      .toEqual([{ from_status: 'absent', to_status: 'excused', method: 'leave', user_id: hod.userId }]);
    await consistent();
  });

  test('rejected leave changes nothing, and granted leave nothing of who was there', async () => {
    const session = week.find(({ date }) => date === '2026-11-25')!;
    const rejected = await askForLeave(context(), student, wholeDays('2026-11-25', '2026-11-25'));
    const granted = await askForLeave(context(), student, { ...wholeDays('2026-11-25', '2026-11-25'), kind: 'other' });
    await take(session);
    await decideLeave(at(72), hod, rejected.id, { choice: 'reject', answer: null });
    expect(await mark(session)).toMatchObject({ status: 'absent' });
    await campus.db.knex('attendance').where({ session_id: session.id, student_id: student.studentId }).update({ status: 'present' });
    await decideLeave(at(72), hod, granted.id, { choice: 'grant', answer: null });
    expect(await mark(session)).toMatchObject({ status: 'present' });
  });
});
