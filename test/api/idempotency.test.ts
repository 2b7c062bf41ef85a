// A POST under an Idempotency-Key is done once and answered alike, however often it is sent.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { createApi } from '../../api/server.ts';
import { createTokens } from '../../api/tokens.ts';
import { pino } from 'pino';
import { testContext } from '../support/context.ts';
import { carryOutDecisions, NOW, offeredRound, startTestApi, TOKEN_SECRET, type TestApi } from './harness.ts';

let campus: TestApi;
let student: number;
let admin: number;
beforeAll(async () => {
  campus = await startTestApi();
  [student] = (await campus.usersOf('student')) as [number];
  [admin] = (await campus.usersOf('admin')) as [number];
});
afterAll(() => campus.close());

const post = (userId: number, url: string, key: string | undefined, payload: object = {}) =>
  campus.as(userId, { method: 'POST', url, payload, headers: { ...(key !== undefined && { 'idempotency-key': key }) } });
const rowsIn = async (table: string) => Number((await campus.campus.db.knex(table).count({ rows: '*' }))[0]!['rows']);

describe('rule 3 requests that are sent again', () => {
  test('the same request with the same key gets the first answer again', async () => {
    const first = await post(student, '/api/chat-links/code', 'k-1');
    const again = await post(student, '/api/chat-links/code', 'k-1');
    expect([again.statusCode, again.json()]).toEqual([200, first.json()]);
    expect(again.headers['content-type']).toBe(first.headers['content-type']);
    expect([first.headers['idempotency-replayed'], again.headers['idempotency-replayed']]).toEqual([undefined, 'true']);
    expect((await post(student, '/api/chat-links/code', undefined)).json().code).not.toBe(first.json().code);
    expect((await post(student, '/api/chat-links/code', 'k-2')).json().code).not.toBe(first.json().code);
  });

  test("another person's key is another key", async () => {
    const [other] = (await campus.usersOf('faculty')) as [number];
    const codes = await Promise.all([student, other].map(async (userId) => (await post(userId, '/api/chat-links/code', 'shared')).json().code));
    expect(new Set(codes).size).toBe(2);
  });

  test('the same key with another body or route is refused', async () => {
    const { roundId, optionId, session } = await offeredRound(campus, { skip: 3 });
    const url = `/api/reschedules/${roundId}/decision`;
    const stop = carryOutDecisions(campus);
    const decided = await post(session.facultyUserId, url, 'word', { choice: 'decline' });
    expect(decided.json()).toMatchObject({ outcome: 'applied', choice: 'decline' });
    for (const [where, payload] of [[url, { choice: 'accept', option_id: optionId }], ['/api/calendar-feed', {}]] as const) {
      const answer = await post(session.facultyUserId, where, 'word', payload);
      expect([answer.statusCode, answer.json().error.code]).toEqual([409, 'idempotency-key-reused']);
    }
    // Asked without the key, the question is closed; with it, the answer is still what it was.
    expect((await post(session.facultyUserId, url, undefined, { choice: 'decline' })).json().error.code).toBe('round-over');
    expect((await post(session.facultyUserId, url, 'word', { choice: 'decline' })).json()).toEqual(decided.json());
    await stop();
  });

  test('a refusal is kept too', async () => {
    const asked = () => post(student, '/api/sweeps', 'not-for-me');
    expect((await asked()).statusCode).toBe(403);
    const again = await asked();
    expect([again.statusCode, again.headers['idempotency-replayed'], again.json().error.code]).toEqual([403, 'true', 'not-allowed']);
  });

  test('of twenty at once one is done; the others get its answer, or are told that it runs', async () => {
    const before = await rowsIn('link_codes');
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(student, '/api/chat-links/code', 'at-once')));
    expect(await rowsIn('link_codes')).toBe(before + 1);
    const done = answers.filter((answer) => answer.statusCode === 200);
    expect(new Set(done.map((answer) => answer.body)).size).toBe(1);
    expect(done.filter((answer) => answer.headers['idempotency-replayed'] === undefined)).toHaveLength(1);
    for (const answer of answers.filter((one) => one.statusCode !== 200)) {
      expect([answer.statusCode, answer.json().error.code, answer.headers['retry-after']]).toEqual([409, 'request-running', '1']);
    }
    expect((await post(student, '/api/chat-links/code', 'at-once')).body).toBe(done[0]!.body);
  });

  test('a failure on our side frees the key', async () => {
    let works = false;
    const flaky = await startTestApi({ sweep: async () => { if (!works) throw new Error('no connection to Temporal'); } });
    const [userId] = (await flaky.usersOf('admin')) as [number];
    const ask = () => flaky.as(userId, { method: 'POST', url: '/api/sweeps', headers: { 'idempotency-key': 'sweep' } });
    const failed = await ask();
    expect([failed.statusCode, failed.json().error.code]).toEqual([503, 'process-unreachable']);
    works = true;
    expect((await ask()).statusCode).toBe(202);
    expect((await ask()).headers['idempotency-replayed']).toBe('true');
    await flaky.close();
  });

  test('the key of a request whose process was killed is free again after two minutes', async () => {
    const { knex } = campus.campus.db;
    const key = { user_id: admin, idempotency_key: 'killed', request_hash: randomBytes(32) };
    await knex('idempotency_keys').insert({ ...key, created_at: NOW.minus({ seconds: 100 }).toJSDate() });
    expect((await post(admin, '/api/sweeps', 'killed')).statusCode).toBe(409);
    await knex('idempotency_keys').where(key).update({ created_at: NOW.minus({ seconds: 130 }).toJSDate() });
    expect((await post(admin, '/api/sweeps', 'killed')).statusCode).toBe(202);
  });

  test('a key that is no key is refused', async () => {
    for (const key of ['', 'two words', 'x'.repeat(101), 'clé']) {
      const answer = await post(admin, '/api/sweeps', key);
      expect([key, answer.statusCode, answer.json().error.field]).toEqual([key, 400, 'idempotency-key']);
    }
  });

  test('answers are kept sealed, so nobody who reads the table learns a code or an address', async () => {
    const { url } = (await post(student, '/api/calendar-feed', 'sealed')).json();
    const [kept] = await campus.campus.db.knex('idempotency_keys').where({ idempotency_key: 'sealed' }).pluck('response');
    expect(kept).not.toContain(url.slice(-36, -4));
    expect(Buffer.from(JSON.parse(kept).value, 'base64').toString('latin1')).not.toContain('feeds');
  });

  test('another process of the API keeps to the same keys', async () => {
    const context = testContext(campus.campus.db, { now: () => DateTime.fromMillis(NOW.toMillis() + 60_000, { zone: 'utc' }) });
    const second = await createApi({
      context, tokens: createTokens(TOKEN_SECRET, context.now), log: pino({ level: 'silent' }), sweep: async () => undefined,
    });
    const first = await post(student, '/api/chat-links/code', 'two-doors');
    const again = await second.inject({
      method: 'POST', url: '/api/chat-links/code', payload: {},
      headers: { authorization: `Bearer ${await campus.tokens.mint(student)}`, 'idempotency-key': 'two-doors' },
    });
    expect([again.headers['idempotency-replayed'], again.body]).toEqual(['true', first.body]);
    await second.close();
  });
});
