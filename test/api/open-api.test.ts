// The OpenAPI document is valid, complete and true.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import fc from 'fast-check';
import type { HTTPMethods } from 'fastify';
import { type SheetKind, sheetKinds } from '../../domain/uploads/kinds.ts';
import type { Session } from '../../db/repositories/sessions.ts';
import { appeal } from '../../services/appeals.ts';
import { feedAddress } from '../../services/calendars.ts';
import { completeAttendance } from '../../services/completing.ts';
import { personById } from '../../services/links.ts';
import { exampleForm } from '../support/sheets.ts';
import { openAttendance } from '../../services/taking.ts';
import { allowedBy, faultOf, type Operation, operationsOf } from './document.ts';
import { carryOutDecisions, NOW, offeredRound, PAGES, runningClasses, startTestApi, type TestApi } from './harness.ts';
import { ENDED_JOB, recordsThere } from './record-fixtures.ts';
import { signIn } from '../../services/sign-in.ts';
import { Issuer } from '../support/issuer.ts';

let campus: TestApi;
let document: object;
let issuer: Issuer;
let stopDeciding: () => Promise<void>;
beforeAll(async () => {
  issuer = await new Issuer(() => NOW).start();
  campus = await startTestApi({ identity: { issuer: issuer.issuer, clientIds: [issuer.clientId], mailDomains: ['campus.example'] } });
  document = (await campus.api.inject('/openapi.json')).json();
  stopDeciding = carryOutDecisions(campus);
});
afterAll(async () => {
  await stopDeciding();
  await campus.close();
  await issuer.stop();
});

const hostileTexts = [
  '', ' ', '0', '-1', '1.5', '1e3', '0x10', 'NaN', '9'.repeat(40), '2026-02-30', '0000-01-01', '9999-12-31', "1' OR '1'='1",
  '1;DROP TABLE users', '%00', '../../etc/passwd', '<script>', '\u{1F600}', 'undefined', '__proto__', 'constructor', 'a'.repeat(300),
];
const hostileBodies = [
  '', '{', 'null', '[]', '"text"', '{"__proto__":{"choice":"decline"}}', '{"choice":"accept","option_id":1e400}', '{"choice":"accept"}',
  '{"choice":"decline","choice":"accept","option_id":null}', '\u0000', '[['.repeat(2000), '{"choice":"decline","more":1}',
];
const contentTypes = ['application/json', 'application/json; charset=utf-16', 'text/plain', 'application/xml', 'multipart/form-data', 'nonsense', undefined];

/** Bodies that are right, where a decision's is not what is asked for. */
const soundBodies: Record<string, object> = {
  'PATCH /api/departments/{id}/rules': { horizon_days: 21, decision_policy: 'automatic' },
  'PUT /api/mail-senders': { pattern: 'pelican.example', verdict: 'deny' },
  'POST /api/interviews': { company: 'Sound Sycamore', starts_at: '2026-11-25T10:00:00+05:30' },
  'PATCH /api/interviews/{id}': { starts_at: '2026-11-25T11:00:00+05:30' },
  'POST /api/interviews/{id}/answer': { answer: 'yes' },
  'POST /api/interview-questions/{id}/answer': { interview_id: null },
  'POST /api/leave': { kind: 'medical', reason: 'Sound sleep', from: '2026-12-01', to: '2026-12-02' },
  'POST /api/leave/{id}/decision': { choice: 'grant' },
  'POST /api/faculty/leave': { from: '2026-12-01', to: '2026-12-02' },
  'PUT /api/notices/preferences': { channels: null, quiet_from: null, quiet_until: null, reminder_minutes: null },
  'POST /api/cr/send-notification': { message: 'No class today' },
  'POST /api/broadcasts': { title: 'Hall B', message: 'is closed', to: { all: true } },
  'POST /api/notifications/register-token': { fcm_token: 'a-phone', device_type: 'web' },
  'DELETE /api/notifications/register-token': { fcm_token: 'a-phone' },
  'POST /api/student/bind-device/{student_id}': { binding_id: 'a-phone-of-one' },
};

/** Stands for a form with the example sheet of what is uploaded. */
const EXAMPLE_SHEET = 'the example sheet';
const uploads = new Map(Object.keys(sheetKinds).map((kind) => [`/api/${kind}/upload`, kind as SheetKind]));

/** Classes of a student: one that is open, one that is not, one that is to be completed, and one in which an appeal waits. With the bodies that name them. */
async function attendanceBodies(userId: number): Promise<{ running: number; bodies: Record<string, object> }> {
  const [open, unopened, completing, appealed] = (await runningClasses(campus, userId, 4)) as [Session, Session, Session, Session];
  const { context } = campus;
  const student = (await personById(context, userId))!;
  for (const session of [completing, appealed]) await openAttendance(context, (await personById(context, session.facultyUserId))!, session.id, {});
  const { code } = await openAttendance(context, (await personById(context, open.facultyUserId))!, open.id, { mode: 'single', minutes: 60 });
  await completeAttendance(context, (await personById(context, appealed.facultyUserId))!, appealed.id);
  await appeal(context, student, { sessionId: appealed.id, wanted: 'late', reason: 'The bus' });
  await campus.campus.db.knex('attendance_flags').insert({
    id: 1, session_id: open.id, student_id: student.studentId, kind: 'off-campus', evidence: '{}', created_at: new Date(),
  });
  return {
    running: unopened.id,
    bodies: {
      'POST /api/student/mark-attendance': { code, session_id: open.id },
      'POST /api/faculty/generate-otp': { session_id: unopened.id },
      'POST /api/attendance/session/{session_id}/extend': { minutes: 5 },
      'POST /api/faculty/complete-session': { schedule_id: String(completing.id) },
      'POST /api/attendance/mark-bulk': { session_id: unopened.id, marks: [{ student_id: student.studentNumber, status: 'late' }] },
      'POST /api/attendance/appeals': { session_id: appealed.id, wanted: 'late', reason: 'The bus' },
      'POST /api/attendance/appeals/{id}/decision': { choice: 'reject' },
      'POST /api/attendance/flags/{id}/verdict': { verdict: 'upheld' },
    },
  };
}

/** Requests to an operation: as the document allows, with things that are there, and as nobody should ask. */
function requestsTo(operation: Operation, people: string[], there: Record<string, string[]>) {
  const text = (name: string, allowed: fc.Arbitrary<unknown>) =>
    fc.oneof(allowed.map(String), fc.constantFrom(...(there[name] ?? ['1'])), fc.constantFrom(...hostileTexts), fc.string());
  const values = (place: string) => fc.record(Object.fromEntries(
    operation.parameters.filter((parameter) => parameter.in === place).map(({ name, schema }) => [name, text(name, allowedBy(schema))]),
  ), { requiredKeys: place === 'path' ? operation.parameters.filter((p) => p.in === 'path').map(({ name }) => name) : [] });
  const optionIds = (there['option_id'] ?? []).map((id) => ({ choice: 'accept', option_id: Number(id) }));
  const body = operation.body === null ? fc.constant<string | undefined>(undefined) : fc.oneof(
    allowedBy(operation.body).map((value) => JSON.stringify(value)), fc.constantFrom(...optionIds).map((value) => JSON.stringify(value)), fc.json(),
  );
  return fc.record({
    path: values('path'), query: values('query'), headers: values('header'),
    person: fc.constantFrom(...people),
    payload: fc.oneof({ weight: 3, arbitrary: body }, { weight: 1, arbitrary: fc.constantFrom(...hostileBodies) }),
    contentType: fc.oneof({ weight: 3, arbitrary: fc.constant('application/json') }, { weight: 1, arbitrary: fc.constantFrom(...contentTypes) }),
    condition: fc.option(fc.constantFrom('*', '""', 'W/"x", "y"', ',,,'), { nil: undefined }),
  });
}

describe('D8 the description of the API', () => {
  test('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(document) as Record<string, unknown>)).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  test('names every route, each with a summary, a tag and a name of its own', () => {
    const { paths } = document as { paths: Record<string, Record<string, { summary?: string; tags?: string[]; operationId?: string }>> };
    const described = Object.values(paths).flatMap((methods) => Object.values(methods));
    for (const operation of described) expect([operation.summary, operation.tags?.[0], operation.operationId].every(Boolean)).toBe(true);
    expect(new Set(described.map((operation) => operation.operationId)).size).toBe(described.length);
    const routed = [...campus.api.printRoutes({ commonPrefix: false }).matchAll(/ \(([^)]+)\)/g)]
      .flatMap(([, methods]) => methods!.split(', ').filter((method) => method !== 'HEAD')).length;
    expect(described.length).toBe(routed - PAGES.length);
  });

  test('declares the one shape of errors for every error', () => {
    for (const operation of operationsOf(document)) {
      const errors = [...operation.responses].filter(([status]) => status >= 400);
      expect(errors.length).toBeGreaterThan(0);
      for (const [, content] of errors) expect(content?.get('application/json')?.['required']).toEqual(['error']);
    }
  });

  test('is true: whatever is asked, no answer is one that it does not declare, and none is our fault', async () => {
    const rounds = await Promise.all([10, 20, 30].map((skip) => offeredRound(campus, { skip })));
    const lecturers = rounds.map(({ session }) => session.facultyUserId);
    const roles = ['student', 'cr', 'faculty', 'hod', 'admin', 'registrar'] as const;
    const [asking] = await campus.usersOf('student');
    const { id: studentId } = await campus.campus.db.knex('students').where({ user_id: asking }).first('id');
    await campus.campus.db.knex('interview_doubts').insert({
      student_id: studentId, message_key: Buffer.alloc(32, 1), kind: 'cancel', date: '2026-11-25', created_at: new Date(),
    });
    const users = [...(await Promise.all(roles.map(async (role) => (await campus.usersOf(role))[0]!))), ...lecturers];
    const people = ['', 'Bearer nonsense', ...(await Promise.all(users.map(async (userId) => `Bearer ${await campus.tokens.mint(userId)}`)))];
    const attendance = await attendanceBodies(asking!);
    const { url } = await feedAddress(campus.context, (await personById(campus.context, users[0]!))!);
    const { email, student_id: studentKey } = await campus.campus.db.knex('students as s').join('users as u', 'u.id', 's.user_id')
      .where('u.id', asking).first('u.email', 's.student_id');
    const bodies: Record<string, object> = {
      ...soundBodies, ...attendance.bodies,
      ...await recordsThere(campus.context, { asked: rounds[0]!.session, taken: rounds[2]!.session, student: studentKey }),
      'POST /api/auth/sign-in': { id_token: await issuer.idToken(email) },
      'POST /api/auth/refresh': { refresh_token: (await signIn(campus.context, email)).refreshToken },
      'POST /api/auth/sign-out': { refresh_token: 'any' },
    };
    const there = {
      student_id: [studentKey], code: ['FREE1'],
      roundId: rounds.map(({ roundId }) => String(roundId)), option_id: rounds.map(({ optionId }) => String(optionId)),
      sessionId: rounds.map(({ session }) => String(session.id)), start: ['2026-11-27T16:00:00+05:30', '2026-11-28T04:30:00Z'], room: ['1', '2'],
      id: ['1', '2'], date: ['2026-11-24', '2024-02-29'], token: [url.slice(url.lastIndexOf('/') + 1, -'.ics'.length)],
      'idempotency-key': ['k1', 'k2'], session_id: [String(attendance.running)], week: ['2026-W48', '2026-W53'], assignment_id: ['1', '2', '3'],
      from: ['2026-11-23'], to: ['2026-11-29'], job_id: [ENDED_JOB], timetable_id: ['1'], dept_id: ['1'],
    };
    const first = (name: string) => there[name as keyof typeof there][0]!;
    /** A request that all is right with, of each person. */
    const needed = (operation: Operation, place: string) => Object.fromEntries(
      operation.parameters.filter((parameter) => parameter.in === place && parameter.required).map(({ name }) => [name, first(name)]),
    );
    const sound = (operation: Operation) => people.map((person) => ({
      path: needed(operation, 'path'), query: needed(operation, 'query'), headers: {}, person, payload: uploads.has(operation.path) ? EXAMPLE_SHEET : operation.body === null ? undefined : JSON.stringify(bodies[`${operation.method} ${operation.path}`] ?? { choice: 'decline' }),
      contentType: 'application/json', condition: undefined,
    }));
    const seen = new Map<string, Set<number>>();
    for (const operation of operationsOf(document)) {
      const name = `${operation.method} ${operation.path}`;
      const statuses = seen.set(name, new Set()).get(name)!;
      await fc.assert(fc.asyncProperty(requestsTo(operation, people, there), async (request) => {
        const path = operation.path.replace(/\{(\w+)\}/g, (_, parameter: string) => encodeURIComponent(String(request.path[parameter])));
        const sheet = request.payload === EXAMPLE_SHEET ? exampleForm(uploads.get(operation.path)!) : null;
        // A path with an empty parameter, or with one longer than any, is another path.
        const answer = await campus.api.inject({
          method: operation.method as HTTPMethods, url: path, query: request.query as Record<string, string>,
          ...(operation.method !== 'GET' && request.payload !== undefined && { payload: sheet?.payload ?? request.payload }),
          headers: {
            ...(request.headers as Record<string, string>), ...(request.person !== '' && { authorization: request.person }),
            ...(request.contentType !== undefined && { 'content-type': request.contentType }), ...sheet?.headers,
            ...(request.condition !== undefined && { 'if-none-match': request.condition }),
          },
        });
        statuses.add(answer.statusCode);
        const elsewhere = Object.values(request.path).some((value) => value === '' || String(value).length > 100 || value === '.' || value === '..');
        expect(elsewhere ? null : faultOf(operation, answer)).toBeNull();
        expect(answer.statusCode).toBeLessThan(500);
      }), { numRuns: 40, examples: sound(operation).map((request): [typeof request] => [request]) });
    }
    // The client came far enough to find what is there.
    // Only a browser that was at the provider comes back as one should.
    seen.delete('GET /auth/callback');
    // Nor does any but a page of ours bring its cookie.
    for (const method of ['POST', 'DELETE']) seen.delete(`${method} /api/auth/browser`);
    for (const [name, statuses] of seen) expect([name, [...statuses].some((status) => status < 400)]).toEqual([name, true]);
  });
});
