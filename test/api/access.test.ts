// Who may ask what: every route of the document against everybody.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { HTTPMethods } from 'fastify';
import type { Role } from '../../services/context.ts';
import { createTokens } from '../../api/tokens.ts';
import { exampleForm } from '../support/sheets.ts';
import { NOW, offeredRound, PAGES, startTestApi, TOKEN_SECRET, type TestApi } from './harness.ts';

const EVERYBODY = ['student', 'cr', 'faculty', 'hod', 'admin', 'registrar'] as const satisfies Role[];
const STUDENTS = ['student', 'cr'];
const TEACHING = ['faculty', 'hod'];
const OFFICE = ['admin', 'registrar'];

/** Each route that needs a person: how it is asked, who is let in, for whom it isn't there (`elsewhere`), and what the others are told. */
const routes: {
  method: HTTPMethods; path: string; url?: string; payload?: object; headers?: Record<string, string>; allowed: readonly string[]; elsewhere?: readonly string[]; otherwise?: number;
}[] = [
  { method: 'GET', path: '/api/me', allowed: EVERYBODY },
  { method: 'GET', path: '/api/today', allowed: EVERYBODY },
  { method: 'GET', path: '/api/days/{date}', url: '/api/days/2026-11-24', allowed: EVERYBODY },
  { method: 'GET', path: '/api/student/dashboard', allowed: STUDENTS },
  { method: 'GET', path: '/dashboard', allowed: STUDENTS },
  { method: 'GET', path: '/api/student/interviews', allowed: STUDENTS },
  { method: 'GET', path: '/api/student/mailbox', allowed: STUDENTS },
  { method: 'GET', path: '/api/notices', allowed: EVERYBODY },
  { method: 'GET', path: '/api/reschedules/offers', allowed: [...TEACHING, 'admin'] },
  {
    method: 'POST', path: '/api/reschedules/{roundId}/decision', url: '/api/reschedules/999/decision', payload: { choice: 'decline' },
    allowed: [], elsewhere: [...TEACHING, 'admin'],
  },
  { method: 'DELETE', path: '/api/faculty/schedule/delete/{id}', url: '/api/faculty/schedule/delete/999999', allowed: [], elsewhere: [...TEACHING, 'admin'] },
  {
    method: 'POST', path: '/api/faculty/schedule/create', payload: { assignment_id: 999_999, date: '2026-12-01', start_time: '09:00', end_time: '10:00', venue: 'X' },
    allowed: [], elsewhere: [...TEACHING, 'admin'],
  },
  {
    method: 'PUT', path: '/api/faculty/schedule/update/{id}', url: '/api/faculty/schedule/update/999999', payload: { topic_discussed: 'x' },
    allowed: [], elsewhere: [...TEACHING, 'admin'],
  },
  { method: 'GET', path: '/api/faculty/schedules', allowed: [...TEACHING, 'admin'] },
  {
    method: 'POST', path: '/api/sessions/{sessionId}/substitute', url: '/api/sessions/999999/substitute', payload: { faculty_id: 'X' },
    allowed: [], elsewhere: [...TEACHING, 'admin'],
  },
  { method: 'GET', path: '/api/substitutions', allowed: [...TEACHING, 'admin'] },
  { method: 'POST', path: '/api/substitutions/{id}/answer', url: '/api/substitutions/999/answer', payload: { answer: 'no' }, allowed: [], elsewhere: [...TEACHING, 'admin'] },
  { method: 'DELETE', path: '/api/students/remove/{id}', url: '/api/students/remove/S000000', allowed: [], elsewhere: ['admin'] },
  { method: 'DELETE', path: '/api/faculties/remove/{id}', url: '/api/faculties/remove/F0', allowed: [], elsewhere: ['admin'] },
  { method: 'DELETE', path: '/api/subjects/remove/{code}', url: '/api/subjects/remove/X0', allowed: [], elsewhere: ['admin'] },
  { method: 'GET', path: '/api/crs', allowed: OFFICE },
  { method: 'POST', path: '/api/crs', payload: { id: 'S000000', mobile: '+91 90000 00000' }, allowed: [], elsewhere: OFFICE },
  { method: 'DELETE', path: '/api/crs/{student_id}', url: '/api/crs/S000000', allowed: [], elsewhere: OFFICE },
  { method: 'GET', path: '/api/terms', allowed: OFFICE },
  { method: 'PUT', path: '/api/terms', payload: { academic_year: '2031-32', semester: 1, starts_on: '2031-07-01', ends_on: '2031-12-01' }, allowed: OFFICE },
  { method: 'GET', path: '/api/holidays', allowed: OFFICE },
  { method: 'PUT', path: '/api/holidays', payload: { date: '2031-08-15', name: 'Lantern Day' }, allowed: OFFICE },
  { method: 'DELETE', path: '/api/holidays/{date}', url: '/api/holidays/2031-08-16', allowed: [], elsewhere: OFFICE },
  { method: 'POST', path: '/api/faculty/leave', payload: { from: '2026-12-01', to: '2026-12-01' }, allowed: TEACHING },
  { method: 'GET', path: '/api/decisions/{id}', url: '/api/decisions/999', allowed: [], elsewhere: [...TEACHING, 'admin'] },
  {
    method: 'GET', path: '/api/sessions/{sessionId}/what-if', url: '/api/sessions/999999/what-if?start=2026-11-27T10:30:00Z', allowed: [], elsewhere: [...TEACHING, 'admin'],
  },
  { method: 'POST', path: '/api/calendar-feed', allowed: EVERYBODY },
  { method: 'POST', path: '/api/calendar-feed/renew', allowed: EVERYBODY },
  { method: 'POST', path: '/api/chat-links/code', allowed: EVERYBODY },
  { method: 'GET', path: '/api/mailboxes/failures', allowed: ['admin'] },
  { method: 'GET', path: '/api/mailboxes/costs', allowed: ['admin'] },
  { method: 'POST', path: '/api/sweeps', allowed: ['admin', 'registrar'] },
  {
    method: 'POST', path: '/api/interviews', payload: { company: 'Accessible Ash', starts_at: '2026-11-25T10:00:00+05:30' }, allowed: STUDENTS,
  },
  { method: 'PATCH', path: '/api/interviews/{id}', url: '/api/interviews/999', payload: { company: 'Ash' }, allowed: [], elsewhere: STUDENTS },
  { method: 'DELETE', path: '/api/interviews/{id}', url: '/api/interviews/999', allowed: [], elsewhere: STUDENTS },
  { method: 'POST', path: '/api/interviews/{id}/answer', url: '/api/interviews/999/answer', payload: { answer: 'yes' }, allowed: [], elsewhere: STUDENTS },
  { method: 'GET', path: '/api/student/interview-questions', allowed: STUDENTS },
  {
    method: 'POST', path: '/api/interview-questions/{id}/answer', url: '/api/interview-questions/999/answer', payload: { interview_id: null },
    allowed: [], elsewhere: STUDENTS,
  },
  { method: 'POST', path: '/api/student/mark-attendance', payload: { code: '123456', session_id: 999_999 }, allowed: [], elsewhere: STUDENTS },
  { method: 'POST', path: '/api/attendance/appeals', payload: { session_id: 999_999, wanted: 'late', reason: 'x' }, allowed: [], elsewhere: STUDENTS },
  { method: 'GET', path: '/api/attendance/appeals', allowed: [...STUDENTS, ...TEACHING, 'admin'] },
  {
    method: 'POST', path: '/api/attendance/appeals/{id}/decision', url: '/api/attendance/appeals/999/decision', payload: { choice: 'grant' },
    allowed: [], elsewhere: [...TEACHING, 'admin'],
  },
  { method: 'POST', path: '/api/faculty/generate-otp', payload: { session_id: 999_999 }, allowed: [], elsewhere: [...TEACHING, 'admin'] },
  { method: 'POST', path: '/api/faculty/complete-session', payload: { session_id: 999_999 }, allowed: [], elsewhere: [...TEACHING, 'admin'] },
  {
    method: 'POST', path: '/api/attendance/mark-bulk', payload: { session_id: 999_999, marks: [{ student_id: 'S1', status: 'late' }] },
    allowed: [], elsewhere: [...TEACHING, 'admin'],
  },
  { method: 'POST', path: '/api/attendance/flags/{id}/verdict', url: '/api/attendance/flags/999/verdict', payload: { verdict: 'upheld' }, allowed: [], elsewhere: [...TEACHING, 'admin'] },
  { method: 'GET', path: '/api/attendance/session/{session_id}', url: '/api/attendance/session/999999', allowed: [], elsewhere: [...TEACHING, 'admin', 'registrar'] },
  { method: 'GET', path: '/api/attendance/session/{session_id}/code', url: '/api/attendance/session/999999/code', allowed: [], elsewhere: [...TEACHING, 'admin'] },
  {
    method: 'POST', path: '/api/attendance/session/{session_id}/extend', url: '/api/attendance/session/999999/extend', payload: { minutes: 5 },
    allowed: [], elsewhere: [...TEACHING, 'admin'],
  },
  { method: 'POST', path: '/api/attendance/session/{session_id}/second-check', url: '/api/attendance/session/999999/second-check', allowed: [], elsewhere: [...TEACHING, 'admin'] },
  { method: 'POST', path: '/api/attendance/session/{session_id}/rotate', url: '/api/attendance/session/999999/rotate', allowed: [], elsewhere: [...TEACHING, 'admin'] },
  { method: 'DELETE', path: '/api/mailbox', allowed: STUDENTS },
  { method: 'GET', path: '/api/departments/rules', allowed: ['hod', 'admin', 'registrar'] },
  { method: 'PATCH', path: '/api/departments/{id}/rules', url: '/api/departments/1/rules', payload: { horizon_days: 21 }, allowed: ['hod', 'admin'] },
  ...(['students', 'faculties', 'subjects', 'faculty-assignments', 'default-schedules'] as const).flatMap((kind) => [
    { method: 'POST' as const, path: `/api/${kind}/upload`, ...exampleForm(kind), allowed: OFFICE },
    { method: 'GET' as const, path: `/api/${kind}/template`, allowed: OFFICE },
    { method: 'GET' as const, path: `/api/${kind}`, allowed: OFFICE },
  ]),
  ...(['periods', 'subject-parts', 'faculty-times'] as const).flatMap((kind) => [
    { method: 'POST' as const, path: `/api/${kind}/upload`, ...exampleForm(kind), allowed: OFFICE },
    { method: 'GET' as const, path: `/api/${kind}/template`, allowed: OFFICE },
  ]),
  { method: 'GET', path: '/api/mail-senders', allowed: ['admin', 'registrar'] },
  { method: 'PUT', path: '/api/mail-senders', payload: { pattern: 'pelican.example', verdict: 'allow' }, allowed: ['admin', 'registrar'] },
  { method: 'DELETE', path: '/api/mail-senders/{id}', url: '/api/mail-senders/999', allowed: ['admin', 'registrar'] },
  { method: 'GET', path: '/api/student/attendance/{student_id}', url: '/api/student/attendance/S990001', allowed: [], otherwise: 404 },
  { method: 'GET', path: '/api/student/forecast/{student_id}', url: '/api/student/forecast/S990001', allowed: [], otherwise: 404 },
  { method: 'GET', path: '/api/student/history/{student_id}', url: '/api/student/history/S990001', allowed: [], otherwise: 404 },
  { method: 'GET', path: '/api/student/schedule', allowed: STUDENTS },
  { method: 'POST', path: '/api/leave', payload: { kind: 'medical', reason: 'Accessible ailment', from: '2026-12-01', to: '2026-12-01' }, allowed: STUDENTS },
  { method: 'GET', path: '/api/leave', allowed: [...STUDENTS, ...TEACHING, 'admin'] },
  {
    method: 'POST', path: '/api/leave/{id}/decision', url: '/api/leave/999/decision', payload: { choice: 'reject' }, allowed: [], elsewhere: [...TEACHING, 'admin'],
  },
  { method: 'DELETE', path: '/api/leave/{id}', url: '/api/leave/999', allowed: [], elsewhere: STUDENTS },
  { method: 'GET', path: '/api/faculty/dashboard', allowed: TEACHING },
  { method: 'GET', path: '/api/faculty/class-attendance/{assignment_id}', url: '/api/faculty/class-attendance/999999', allowed: [], elsewhere: [...TEACHING, 'admin', 'registrar'] },
  { method: 'GET', path: '/api/department/overview', allowed: ['hod', 'admin', 'registrar'] },
  {
    method: 'POST', path: '/api/timetable/generate', payload: { organization_id: 'NOWHERE', semester: 1, academic_year: '2026-27' }, allowed: [], elsewhere: OFFICE,
  },
  ...(['progress', 'result'] as const).map((part) => (
    { method: 'GET' as const, path: `/api/timetable/${part}/{job_id}`, url: `/api/timetable/${part}/tt_000000000000`, allowed: [], elsewhere: OFFICE })),
  { method: 'POST', path: '/api/timetable/cancel/{job_id}', url: '/api/timetable/cancel/tt_000000000000', allowed: [], elsewhere: OFFICE },
  { method: 'GET', path: '/api/timetable/{timetable_id}/entries', url: '/api/timetable/999/entries', allowed: [], elsewhere: OFFICE },
  ...(['publish', 'unpublish'] as const).map((part) => (
    { method: 'POST' as const, path: `/api/timetable/{timetable_id}/${part}`, url: `/api/timetable/999/${part}`, allowed: [], elsewhere: ['admin' as const] })),
  {
    method: 'POST', path: '/api/timetable/{timetable_id}/move-effect', url: '/api/timetable/999/move-effect', allowed: [], elsewhere: OFFICE,
    payload: { assignment_id: 1, part: 0, occurrence: 0, weekday: 1, start: '09:00', room_id: 1 },
  },
  {
    method: 'POST', path: '/api/timetable/{timetable_id}/moves', url: '/api/timetable/999/moves', allowed: [], elsewhere: OFFICE,
    payload: { moves: [{ assignment_id: 1, part: 0, occurrence: 0, weekday: 1, start: '09:00', room_id: 1 }] },
  },
  { method: 'GET', path: '/api/timetable/department/{dept_id}', url: '/api/timetable/department/999', allowed: [], elsewhere: ['hod', ...OFFICE] },
  { method: 'GET', path: '/api/timetable/faculty/me', allowed: TEACHING },
  { method: 'GET', path: '/api/timetable/student/me', allowed: STUDENTS },
  {
    method: 'GET', path: '/api/attendance/session/{session_id}/replay', url: '/api/attendance/session/999999/replay', allowed: [],
    elsewhere: [...TEACHING, 'admin', 'registrar'],
  },
  { method: 'GET', path: '/api/attendance/report', allowed: [...TEACHING, 'admin', 'registrar'] },
  { method: 'GET', path: '/api/attendance/defaulters', allowed: [...TEACHING, 'admin', 'registrar'] },
  { method: 'GET', path: '/api/student/device-binding/{student_id}', url: '/api/student/device-binding/S000000', allowed: [], elsewhere: [...STUDENTS, 'admin'] },
  {
    method: 'POST', path: '/api/student/bind-device/{student_id}', url: '/api/student/bind-device/S000000', payload: { binding_id: 'a-phone-of-somebody' },
    allowed: [], elsewhere: STUDENTS,
  },
  { method: 'POST', path: '/api/admin/reset-device-binding/{student_id}', url: '/api/admin/reset-device-binding/S000000', allowed: [], elsewhere: ['admin'] },
  { method: 'POST', path: '/api/notifications/register-token', payload: { fcm_token: 'a-phone' }, allowed: EVERYBODY },
  { method: 'DELETE', path: '/api/notifications/register-token', payload: { fcm_token: 'a-phone' }, allowed: EVERYBODY },
  { method: 'POST', path: '/api/cr/send-notification', payload: { message: 'No class today' }, allowed: ['cr'] },
  { method: 'GET', path: '/api/cr/notification-history', allowed: ['cr'] },
  { method: 'POST', path: '/api/broadcasts', payload: { title: 'Hall B', message: 'is closed', to: { all: true } }, allowed: ['admin', 'registrar'] },
  { method: 'GET', path: '/api/notifications/history', allowed: ['cr', ...TEACHING, 'admin', 'registrar'] },
  { method: 'GET', path: '/api/notices/preferences', allowed: EVERYBODY },
  { method: 'PUT', path: '/api/notices/preferences', payload: { channels: null, quiet_from: null, quiet_until: null, reminder_minutes: null }, allowed: EVERYBODY },
];

let campus: TestApi;
beforeAll(async () => {
  campus = await startTestApi();
});
afterAll(() => campus.close());

describe('D13 sign-in and roles', () => {
  test('the table names every route that needs a person', async () => {
    const { paths } = (await campus.api.inject('/openapi.json')).json();
    const described = Object.entries<Record<string, { security?: unknown }>>(paths).flatMap(([path, operations]) =>
      Object.entries(operations).filter(([, operation]) => operation.security).map(([method]) => `${method.toUpperCase()} ${path}`));
    expect(described.sort()).toEqual(routes.map(({ method, path }) => `${String(method)} ${path}`).sort());
  });

  test('pages are for everybody; what they show is asked for with a token', async () => {
    for (const path of PAGES) {
      const answer = await campus.api.inject(path.replace(':part', 'check-in.js'));
      // Nobody can sign in where there is no provider.
      expect([path, answer.statusCode]).toEqual([path, path === '/sign-in' ? 503 : 200]);
    }
  });

  test.each(routes)('$method $path lets in only those whom the token signs in', async ({ method, path, url = path, payload = {}, headers }) => {
    const [student] = await campus.usersOf('student');
    const ask = (authorization?: string) => campus.api.inject({ method, url, payload, headers: { ...headers, ...(authorization && { authorization }) } });
    const expired = await createTokens(TOKEN_SECRET, () => NOW.minus({ days: 31 })).mint(student!);
    const forged = await createTokens('thirty-two characters of another', () => NOW).mint(student!);
    const gone = await campus.tokens.mint(999_999);
    expect((await ask()).headers['www-authenticate']).toBe('Bearer realm="beadle"');
    for (const authorization of [undefined, 'Basic YTpi', 'Bearer', 'Bearer x', `Bearer ${expired}`, `Bearer ${forged}`, `Bearer ${gone}`]) {
      const answer = await ask(authorization);
      expect([authorization, answer.statusCode, answer.json().error.code]).toEqual([authorization, 401, 'not-signed-in']);
      expect(answer.headers['www-authenticate']).toContain('Bearer');
    }
    expect((await ask(`Bearer ${expired}`)).headers['www-authenticate']).toContain('invalid_token');
  });

  test.each(routes)('$method $path lets in only the roles that it is for', async ({ method, path, url = path, payload, headers, allowed, elsewhere = [], otherwise = 403 }) => {
    for (const role of EVERYBODY) {
      const [userId] = await campus.usersOf(role);
      const { statusCode } = await campus.as(userId!, { method, url, ...(payload && { payload }), ...(headers && { headers }) });
      expect([role, statusCode < 300 ? 'let in' : statusCode]).toEqual([role, allowed.includes(role) ? 'let in' : elsewhere.includes(role) ? 404 : otherwise]);
    }
  });

  test('a person who has left is signed in no more', async () => {
    const userId = (await campus.usersOf('student')).at(-1)!;
    const token = await campus.tokens.mint(userId);
    const ask = () => campus.api.inject({ url: '/api/me', headers: { authorization: `Bearer ${token}` } });
    expect((await ask()).json()).toMatchObject({ user_id: userId, role: 'student' });
    await campus.campus.db.knex('users').where({ id: userId }).update({ active: false });
    expect((await ask()).statusCode).toBe(401);
  });

  test("another faculty member's round and another person's decision are not there", async () => {
    const { roundId, optionId, session } = await offeredRound(campus);
    const others = (await campus.usersOf('faculty')).filter((userId) => userId !== session.facultyUserId);
    const payload = { choice: 'accept', option_id: optionId };
    const url = `/api/reschedules/${roundId}/decision`;
    expect((await campus.as(others[0]!, { method: 'POST', url, payload })).json().error.code).toBe('not-found');
    const decided = await campus.as(session.facultyUserId, { method: 'POST', url, payload: { choice: 'decline' } });
    const own = `/api/decisions/${decided.json().decision_id}`;
    expect((await campus.as(session.facultyUserId, own)).statusCode).toBe(200);
    expect((await campus.as(others[0]!, own)).statusCode).toBe(404);
  });

  test('people see their own things only: whatever is asked is answered for whoever the token names', async () => {
    const [one, other] = await campus.usersOf('student');
    const { knex } = campus.campus.db;
    for (const table of ['deliveries', 'notices']) await knex(table).delete();
    await knex('notices').insert({
      user_id: one, kind: 'mailbox-failing', params: JSON.stringify({ failureCode: 'unreachable', retryAt: NOW.toISO() }), event_key: 'x',
      created_at: NOW.toJSDate(),
    });
    expect((await campus.as(one!, '/api/notices')).json().notices).toHaveLength(1);
    expect((await campus.as(other!, '/api/notices')).json()).toEqual({ notices: [], cursor: 0 });
  });
});
