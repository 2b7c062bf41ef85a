// Every no has one shape, in words, with the request's id, and tells nothing of how Beadle is made.
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { InjectOptions } from 'fastify';
import { statusOf } from '../../api/errors.ts';
import { loggedCause } from '../../domain/logged-cause.ts';
import { offeredRound, startTestApi, type TestApi } from './harness.ts';

let campus: TestApi;
let decision: string;
let lecturer: number;
beforeAll(async () => {
  campus = await startTestApi();
  const { roundId, session } = await offeredRound(campus);
  decision = `/api/reschedules/${roundId}/decision`;
  lecturer = session.facultyUserId;
});
afterAll(() => campus.close());

const post = (payload: InjectOptions['payload'], headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  campus.as(lecturer, { method: 'POST', url: decision, ...(payload !== undefined && { payload }), headers });

/** An answer's error, after a look at its shape. */
function errorOf(answer: { statusCode: number; headers: Record<string, unknown>; json(): unknown }) {
  const { error } = answer.json() as { error: { code: keyof typeof statusOf; message: string; field?: string; requestId: string } };
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(Object.keys(answer.json() as object)).toEqual(['error']);
  expect(error.requestId).toBe(answer.headers['x-request-id']);
  expect(statusOf[error.code]).toBe(answer.statusCode);
  expect(error.message).not.toMatch(/select|insert|FST_|undefined|refusals\.|api\.|\{\{/i);
  return error;
}

describe('rule 12 errors', () => {
  test.each([
    ['a field that is missing', { choice: 'accept' }, 'option_id', /option_id: must be a whole number from 1/],
    ['a field of another kind', { choice: 'accept', option_id: '3' }, 'option_id', /must be a whole number/],
    ['a number out of range', { choice: 'accept', option_id: 0 }, 'option_id', /must be a whole number from 1/],
    ['a choice that there isn’t', { choice: 'maybe' }, 'choice', /must be 'accept' \(with option_id\) or 'decline'/],
    ['a field that is not known', { choice: 'decline', why: 'x' }, 'why', /why is not known here/],
    ['a list instead of an object', [], 'body', /body: .*expected object/],
  ])('%s is named, with what would be right', async (_, payload, field, message) => {
    const error = errorOf(await post(payload));
    expect([error.code, error.field]).toEqual(['bad-request', field]);
    expect(error.message).toMatch(message);
  });

  test.each([
    ['/api/days/2026-02-30', 'date', /date: must be a day such as/],
    ['/api/days/1999-12-31', 'date', /from 2000-01-01 to 2199-12-31/],
    ['/api/notices?after=-1', 'after', /after: must be a whole number from 0/],
    ['/api/notices?after=1&after=2', 'after', /after: must be one whole number/],
    ['/api/notices?since=1', 'since', /since is not known here/],
    ['/api/decisions/0x10', 'id', /id: must be a whole number from 1/],
  ])('%s is refused with the name of what is wrong', async (url, field, message) => {
    const error = errorOf(await campus.as(lecturer, url));
    expect([error.code, error.field]).toEqual(['bad-request', field]);
    expect(error.message).toMatch(message);
  });

  test.each([
    ['malformed JSON', '{"choice":', 'bad-request'],
    ['no body', undefined, 'bad-request'],
    ['a poisoned prototype', '{"__proto__":{"choice":"decline"}}', 'bad-request'],
    ['a body that is zipped', gzipSync('{"choice":"decline"}'), 'bad-request'],
    ['a body in UTF-16', Buffer.from('{"choice":"decline"}', 'utf16le'), 'bad-request'],
    ['bytes that are no text', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), 'bad-request'],
    ['more than a megabyte', JSON.stringify({ choice: 'x'.repeat(1_100_000) }), 'body-too-large'],
  ])('%s is refused', async (_, payload, code) => {
    expect(errorOf(await post(payload)).code).toBe(code);
  });

  test.each(['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded', 'nonsense'])(
    'a body of type %s is refused', async (type) => {
      expect(errorOf(await post('choice=decline', { 'content-type': type })).code).toBe('unsupported-media-type');
    });

  test('an empty body is none, though its type be named', async () => {
    const [admin] = (await campus.usersOf('admin')) as [number];
    const headers = { 'content-type': 'application/json' };
    expect((await campus.as(admin, { method: 'POST', url: '/api/sweeps', headers })).statusCode).toBe(202);
    expect(errorOf(await post(undefined)).field).toBe('body');
  });

  test('whoever is not signed in is sent away before the body is read', async () => {
    expect(errorOf(await campus.api.inject({ method: 'POST', url: decision, payload: '{', headers: { 'content-type': 'application/json' } })).code)
      .toBe('not-signed-in');
  });

  test.each(['/nowhere', '/api', '/api/me/', '/API/ME', `/api/days/${'9'.repeat(200)}`, '/api/student/../me/x'])('%s is not there', async (url) => {
    expect(errorOf(await campus.as(lecturer, url)).code).toBe('not-found');
  });

  test('an address that is not well formed is refused', async () => {
    expect(errorOf(await campus.as(lecturer, '/api/days/%zz')).code).toBe('bad-request');
    expect(errorOf(await campus.as(lecturer, { method: 'DELETE', url: '/api/me' })).code).toBe('not-found');
  });

  test("a request's id is the caller's where it is a plain word, and a new one where it is not", async () => {
    const idOf = async (given: string) => (await campus.as(lecturer, { url: '/api/me', headers: { 'x-request-id': given } })).headers['x-request-id'];
    expect(await idOf('trace-1234_5678')).toBe('trace-1234_5678');
    for (const given of ['short', 'a b c d e f g h', 'x'.repeat(65), '{"level":60}']) expect(await idOf(given)).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('a fault of ours is logged under the request id and not shown', async () => {
    const other = await startTestApi();
    const [userId] = await other.usersOf('student');
    await other.campus.db.knex.schema.renameTable('mailboxes', 'elsewhere');
    const answer = await other.as(userId!, '/api/student/mailbox');
    const error = errorOf(answer);
    expect(error).toEqual({ code: 'internal', message: expect.stringContaining(error.requestId), requestId: error.requestId });
    expect(answer.body).not.toMatch(/mailboxes|table|ER_/i);
    const line = other.logged.map((entry) => JSON.parse(entry)).find((entry) => entry.level === 50);
    expect(line).toMatchObject({
      requestId: error.requestId, route: '/api/student/mailbox',
      cause: { code: 'ER_NO_SUCH_TABLE', stack: expect.stringContaining('from `mailboxes`') },
    });
    await other.close();
  });

  test('the log has no address and no value that an error quotes', () => {
    const message = "insert into `users` (`name`) values ('Asha Rao') - Duplicate entry 'asha@campus.example' for key";
    const error = Object.assign(new Error(message), { code: 'ER_DUP_ENTRY' });
    const { code, stack } = loggedCause(error);
    expect(code).toBe('ER_DUP_ENTRY');
    expect(stack).toContain('errors.test.ts');
    expect(stack).not.toMatch(/asha/i);
    expect(loggedCause('mail to asha@campus.example failed')).toEqual({ stack: 'mail to ‹address› failed' });
  });

  test('a database that is gone is a 503 of the health check, and heals', async () => {
    const other = await startTestApi();
    expect((await other.api.inject('/health')).json()).toEqual({ status: 'ok', uptime_seconds: expect.any(Number) });
    await other.campus.db.close();
    const answer = await other.api.inject('/health');
    expect(errorOf(answer).code).toBe('database-unreachable');
    expect(answer.headers['retry-after']).toBeDefined();
    other.campus.db.knex.initialize();
    expect((await other.api.inject('/health')).statusCode).toBe(200);
    await other.close();
  });
});

describe('rule 12 errors on the wire', () => {
  async function send(bytes: string): Promise<{ status: number; error: { code: string; requestId: string } }> {
    const { port } = campus.api.server.address() as { port: number };
    const socket = connect(port, '127.0.0.1');
    socket.write(bytes);
    const answer = await text(socket);
    return { status: Number(answer.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length)), ...JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) };
  }
  beforeAll(() => campus.api.listen({ host: '127.0.0.1', port: 0 }));

  test.each([
    ['what is no HTTP', 'hello\r\n\r\n', 400],
    ['headers without end', `GET /api/me HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['two lengths of one body', 'POST /api/sweeps HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}', 400],
  ])('%s is refused in the same shape', async (_, bytes, status) => {
    const answer = await send(bytes);
    expect([answer.status, answer.error.code]).toEqual([status, 'bad-request']);
    expect(answer.error.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });
});
