// What people read: their day, the dashboard in both shapes, interviews, mailbox, notices.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { drivesOf, insertInterviews, type NewInterview } from '../../db/repositories/interviews.ts';
import { insertNotices } from '../../db/repositories/notices.ts';
import { sessionsOfStudent } from '../../db/repositories/sessions.ts';
import type { Person } from '../../services/context.ts';
import { followInterview } from '../../services/excuses.ts';
import { personById } from '../../services/links.ts';
import { NOW, startTestApi, type TestApi } from './harness.ts';

let campus: TestApi;
let student: Person;
/** The class that the first interview hits. */
let hit: { id: number; startsAt: Date; subjectCode: string };
beforeAll(async () => {
  campus = await startTestApi();
  student = (await personById(campus.context, (await campus.usersOf('student'))[0]!))!;
  const sessions = await sessionsOfStudent(campus.campus.db.knex, student.studentId!, NOW.toJSDate(), NOW.plus({ days: 7 }).toJSDate());
  hit = sessions[0]!;
  const startsAt = DateTime.fromJSDate(hit.startsAt).plus({ minutes: 5 });
  const interviewId = await addInterview({
    companyName: 'Lindwurm AG', date: startsAt.setZone('Asia/Kolkata').toISODate()!, startsAt: startsAt.toJSDate(),
    endsAt: startsAt.plus({ minutes: 30 }).toJSDate(), evidence: 'the sentence of the mail', round: 'assessment',
  });
  await addInterview({ companyName: 'Grüne Wiese', date: '2026-12-03', startsAt: null, endsAt: null });
  await addInterview({ companyName: 'Perhaps Ltd', date: '2026-12-04', startsAt: null, endsAt: null, status: 'asked' });
  await followInterview(campus.context, interviewId);
});
afterAll(() => campus.close());

async function addInterview(more: Pick<NewInterview, 'companyName' | 'date' | 'startsAt' | 'endsAt'> & Partial<NewInterview>): Promise<number> {
  return campus.campus.db.transaction(async (trx) => {
    const companyKey = more.companyName.toLowerCase().replace(/[^a-z]/g, '');
    const [driveId] = await drivesOf(trx, [{ organisationId: student.organisationId, companyName: more.companyName, companyKey, date: more.date }]);
    const [interview] = await insertInterviews(trx, [{
      studentId: student.studentId!, driveId: driveId!, companyKey, role: null, round: null, mode: 'online', timeZone: 'Asia/Kolkata',
      location: null, link: null, status: 'confirmed', confidence: 0.9, source: 'rules', evidence: null, originKey: randomBytes(32), calendarSequence: null, ...more,
    }], NOW.toJSDate());
    return interview!.id;
  });
}

const read = async (url: string, userId = student.userId) => (await campus.as(userId, url)).json();

describe('I23 the student’s dashboard', () => {
  test('has upcoming interviews, rescheduled classes and attendance in one call', async () => {
    const dashboard = await read('/api/student/dashboard');
    expect(dashboard).toMatchObject({
      name: student.name,
      interviews: [
        { company_name: 'Lindwurm AG', status: 'confirmed', mode: 'online', time_zone: 'Asia/Kolkata' },
        { company_name: 'Grüne Wiese', date: '2026-12-03', starts_at: null, ends_at: null },
        { company_name: 'Perhaps Ltd', status: 'asked' },
      ],
      rescheduled_classes: [{ session_id: hit.id, subject_code: hit.subjectCode, status: 'gathering', starts_at: hit.startsAt.toISOString() }],
      attendance: [{ session_id: hit.id, subject_code: hit.subjectCode, status: 'on_duty', provisional: true }],
    });
  });

  test('tells nothing of the mail that an interview was read in', async () => {
    const { body } = await campus.as(student.userId, '/api/student/dashboard');
    expect(body).not.toMatch(/evidence|sentence|origin_key|confidence|company_key|[a-z][A-Z][a-z]+"/);
  });

  test('has the shape of the first class scheduler at its old address', async () => {
    const start = DateTime.fromJSDate(hit.startsAt, { zone: 'Asia/Kolkata' });
    expect(await read('/dashboard')).toEqual({
      student_id: student.studentId,
      name: student.name,
      drives: [
        { company_name: 'Lindwurm AG', drive_stage: 'OA', drive_datetime: start.plus({ minutes: 5 }).toUTC().toISO(), status: 'pending' },
        { company_name: 'Grüne Wiese', drive_stage: 'Interview', drive_datetime: '2026-12-03', status: 'pending' },
      ],
      rescheduled_classes: [{ subject_id: hit.subjectCode, day: start.weekdayLong, time: start.toFormat('HH:mm'), status: 'pending' }],
      attendance: [{ student_id: student.studentId, schedule_id: hit.id, status: 'on_duty' }],
    });
  });
});

describe('I14 days and interviews', () => {
  test('a day has its classes, with what the student is excused from, and its interviews', async () => {
    const date = DateTime.fromJSDate(hit.startsAt, { zone: 'Asia/Kolkata' }).toISODate();
    const day = await read(`/api/days/${date}`);
    expect(day.date).toBe(date);
    expect(day.sessions.filter((session: { excused: boolean }) => session.excused).map((session: { id: number }) => session.id)).toEqual([hit.id]);
    expect(day.interviews).toMatchObject([{ company_name: 'Lindwurm AG', role: null }]);
  });

  test('today is the campus’s day', async () => {
    expect(await read('/api/today')).toEqual(await read('/api/days/2026-11-22'));
  });

  test('a faculty member’s day has the classes that they teach, and an admin’s none', async () => {
    const [lecturer] = await campus.usersOf('faculty');
    const { sessions } = await read('/api/days/2026-11-24', lecturer);
    expect(sessions.length).toBeGreaterThan(0);
    const { name } = await read('/api/me', lecturer);
    expect(new Set(sessions.map((session: { faculty_name: string }) => session.faculty_name))).toEqual(new Set([name]));
    expect((await read('/api/days/2026-11-24', (await campus.usersOf('admin'))[0])).sessions).toEqual([]);
  });

  test('interviews are listed from today on', async () => {
    const { interviews } = await read('/api/student/interviews');
    expect(interviews.map((interview: { company_name: string }) => interview.company_name)).toEqual(['Lindwurm AG', 'Grüne Wiese', 'Perhaps Ltd']);
  });
});

describe('I5 mailboxes that fail', () => {
  test('the student and the admins see the reason, and nobody the credentials', async () => {
    expect(await read('/api/student/mailbox')).toEqual({ status: 'none', failure_code: null, retry_at: null, last_read_at: null });
    const retryAt = NOW.plus({ minutes: 8 });
    await campus.campus.db.knex('mailboxes').insert({
      student_id: student.studentId, host: 'mail.example', port: 993, security: 'tls', username: 'me', auth: 'password',
      secret: Buffer.from('sealed'), secret_key_id: 'test', consented_at: NOW.toJSDate(), status: 'backing_off', failures: 3,
      failure_code: 'wrong-password', retry_at: retryAt.toJSDate(),
    });
    expect(await read('/api/student/mailbox')).toEqual({
      status: 'backing_off', failure_code: 'wrong-password', retry_at: retryAt.toISO(), last_read_at: null,
    });
    expect(await read('/api/mailboxes/failures', (await campus.usersOf('admin'))[0])).toEqual({
      mailboxes: [{ id: expect.any(Number), student_id: student.studentId, failure_code: 'wrong-password', failures: 3, retry_at: retryAt.toISO() }],
    });
  });
});

describe('I6 a sweep by hand', () => {
  test('is started by an admin or the registrar, and by nobody else', async () => {
    const before = campus.sweeps();
    for (const role of ['admin', 'registrar'] as const) {
      const answer = await campus.as((await campus.usersOf(role))[0]!, { method: 'POST', url: '/api/sweeps' });
      expect([answer.statusCode, answer.json()]).toEqual([202, { status: 'started', ui_url: null }]);
    }
    expect((await campus.as(student.userId, { method: 'POST', url: '/api/sweeps' })).statusCode).toBe(403);
    expect(campus.sweeps()).toBe(before + 2);
  });
});

describe('I24 notices since a cursor', () => {
  let reader: number;
  beforeAll(async () => {
    reader = (await campus.usersOf('student'))[1]!;
    await tell(1, 103);
  });
  const tell = (from: number, to: number) => campus.campus.db.transaction(async (trx) => {
    for (let number = from; number <= to; number += 1) {
      const params = {
        subject: 'CS101 Sets', section: 'CSE-1A', start: '2026-11-24T04:30:00Z', end: '2026-11-24T05:20:00Z', room: `R${number}`,
        sessionId: number,
      };
      await insertNotices(trx, [{ userId: reader, kind: 'class-stays', params, eventKey: `e${number}` }], NOW.toJSDate());
    }
  });
  const poll = (after: number, etag?: string) =>
    campus.as(reader, { url: `/api/notices?after=${after}`, headers: { ...(etag && { 'if-none-match': etag }) } });

  test('a client that follows the cursor sees every notice once, the oldest first', async () => {
    const rooms: string[] = [];
    let cursor = 0;
    for (let page = (await poll(0)).json(); page.notices.length > 0; page = (await poll(cursor)).json()) {
      expect(page.notices.length).toBeLessThanOrEqual(100);
      rooms.push(...page.notices.map((notice: { params: { room: string } }) => notice.params.room));
      cursor = page.cursor;
    }
    expect(rooms).toEqual(Array.from({ length: 103 }, (_, index) => `R${index + 1}`));
  });

  test('a notice is in words, in the person’s zone, with its kind and values', async () => {
    const { notices: [notice] } = (await poll(0)).json();
    expect(notice).toMatchObject({
      kind: 'class-stays', title: expect.stringContaining('CS101 Sets'), params: { session_id: 1, section: 'CSE-1A' }, created_at: NOW.toISO(),
    });
    expect(notice.lines.join(' ')).toMatch(/10:00.*10:50/);
  });

  test('a client that has all is told so with a 304, until there is more', async () => {
    const { cursor } = (await poll((await poll(0)).json().cursor)).json();
    const idle = await poll(cursor);
    const etag = String(idle.headers['etag']);
    expect(idle.json()).toEqual({ notices: [], cursor });
    const again = await poll(cursor, etag);
    expect([again.statusCode, again.body, again.headers['cache-control']]).toEqual([304, '', 'private, no-cache']);
    await tell(104, 104);
    const more = await poll(cursor, etag);
    expect([more.statusCode, more.json().notices.length]).toEqual([200, 1]);
  });

  test('a cursor beyond the last stays where it is', async () => {
    expect((await poll(999_999)).json()).toEqual({ notices: [], cursor: 999_999 });
  });
});
