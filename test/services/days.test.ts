import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { latestRound } from '../../db/repositories/rescheduling.ts';
import { sessionsOfStudent } from '../../db/repositories/sessions.ts';
import { dashboardOf, dayOf } from '../../services/days.ts';
import { followInterview } from '../../services/excuses.ts';
import { personById } from '../../services/links.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';
import { interviewAt, mailed, NOW } from './scene.ts';

let campus: TestCampus;
const context = () => testContext(campus.db, { now: NOW });
const studentPerson = async (id: number) =>
  (await personById(context(), (await campus.db.knex('students').where({ id }).first('user_id')).user_id))!;

beforeAll(async () => {
  campus = await testCampus();
});
afterAll(async () => {
  await campus?.close();
});

/** A student's class on the Wednesday, hit by an interview. */
async function excused(student: number) {
  const [session] = await sessionsOfStudent(campus.db.knex, student, new Date('2026-11-24T18:30:00Z'), new Date('2026-11-25T18:30:00Z'));
  const at = (minutes: number) => new Date(session!.startsAt.getTime() + minutes * 60_000);
  await followInterview(context(), await interviewAt(context(), student, at(20), at(30)));
  return session!;
}

describe('I14 a day with its classes and interviews', () => {
  test('a student’s, with what they are excused from; not what they said no to, nor another day’s', async () => {
    const session = await excused(1);
    await mailed(context(), 1, { company: 'Refused', start: '2026-11-25T16:00:00+05:30' });
    await campus.db.knex('student_company_drive').where({ company_name: 'Refused' }).update({ status: 'rejected' });
    await mailed(context(), 1, { company: 'Bare Date', start: '2026-11-25' });
    await mailed(context(), 1, { company: 'Next Day', start: '2026-11-26' });
    const day = await dayOf(context(), await studentPerson(1), '2026-11-25');
    expect(day.date).toBe('2026-11-25');
    expect(day.sessions.length).toBeGreaterThan(1);
    expect(day.sessions.filter((one) => one.excused).map(({ id }) => id)).toEqual([session.id]);
    expect(day.interviews.map(({ companyName }) => companyName).toSorted()).toEqual(['Bare Date', 'Nightjar Systems']);
  });

  test('the campus’s day, not the machine’s: late on Sunday in UTC is Monday there', async () => {
    const late = testContext(campus.db, { now: '2026-11-22T19:00:00Z' });
    expect((await dayOf(late, await studentPerson(2))).date).toBe('2026-11-23');
  });

  test('a faculty member’s classes; nothing for who neither learns nor teaches', async () => {
    const { user_id: userId } = await campus.db.knex('faculty').first('user_id');
    const teacher = (await personById(context(), userId))!;
    const week = await Promise.all([23, 24, 25, 26, 27].map((day) => dayOf(context(), teacher, `2026-11-${day}`)));
    expect(week.flatMap(({ sessions }) => sessions).every(({ facultyId }) => facultyId === teacher.facultyId)).toBe(true);
    expect(week.flatMap(({ sessions }) => sessions).length).toBeGreaterThan(0);
    const admin = (await personById(context(), (await campus.db.knex('users').where({ role: 'admin' }).first('id')).id))!;
    expect(await dayOf(context(), admin, '2026-11-25')).toEqual({ date: '2026-11-25', sessions: [], interviews: [] });
  });

  test.each(['2026-02-30', '2026-13-01', 'tomorrow', '', '2026-11', '2026-11-25T10:00'])('%j is no day', async (date) => {
    await expect(dayOf(context(), await studentPerson(3), date)).rejects.toMatchObject({ code: 'bad-request' });
  });
});

describe('I23 the dashboard', () => {
  test('what is to come, what is rescheduled and the attendance, in one call', async () => {
    const session = await excused(4);
    await mailed(context(), 4, { company: 'Over', start: '2026-11-22T10:00:00+05:30' });
    const dashboard = await dashboardOf(context(), await studentPerson(4));
    expect(dashboard.interviews.map(({ companyName }) => companyName)).toEqual(['Nightjar Systems']);
    expect((await latestRound(campus.db.knex, session.id))!.status).toBe('gathering');
    expect(dashboard.rescheduledClasses).toMatchObject([{ sessionId: session.id, status: 'gathering', subjectCode: session.subjectCode }]);
    expect(dashboard.attendance).toEqual([
      { sessionId: session.id, subjectCode: session.subjectCode, startsAt: session.startsAt, status: 'on_duty', provisional: true },
    ]);
  });

  test('is for students', async () => {
    const { user_id: userId } = await campus.db.knex('faculty').first('user_id');
    await expect(dashboardOf(context(), (await personById(context(), userId))!)).rejects.toMatchObject({ code: 'not-allowed' });
  });
});
