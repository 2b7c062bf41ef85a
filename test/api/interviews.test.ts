// A student's own interviews over REST.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connectMailbox } from '../../services/mailbox-set-up.ts';
import { interviewsOf, mailed } from '../services/scene.ts';
import { startTestApi, type TestApi } from './harness.ts';

let campus: TestApi;
let student: { id: number; userId: number };
let other: number;
beforeAll(async () => {
  campus = await startTestApi();
  const [one, two] = await campus.campus.db.knex('students').orderBy('id').limit(2).select('id', 'user_id');
  student = { id: one.id, userId: one.user_id };
  other = two.user_id;
});
afterAll(() => campus.close());

const ask = (method: 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object, headers: Record<string, string> = {}, userId = student.userId) =>
  campus.as(userId, { method, url, headers, ...(payload && { payload }) });
const TEN = '2026-11-25T10:00:00+05:30';

describe('I11 interviews by hand over REST', () => {
  test('added, corrected, deleted; each shows at once where the student looks', async () => {
    const made = await ask('POST', '/api/interviews', { company: 'Resting Redwood', starts_at: TEN, round: 'hr', link: 'https://meet.example/r' });
    expect([made.statusCode, made.json()]).toMatchObject([201, {
      company_name: 'Resting Redwood', starts_at: '2026-11-25T04:30:00.000Z', ends_at: '2026-11-25T05:30:00.000Z', status: 'confirmed', round: 'hr', mode: null,
    }]);
    const url = `/api/interviews/${made.json().id}`;
    const moved = await ask('PATCH', url, { starts_at: '2026-11-26T09:00:00Z', ends_at: '2026-11-26T09:40:00Z', company: 'Resting Redwood Ltd' });
    expect(moved.json()).toMatchObject({ company_name: 'Resting Redwood Ltd', date: '2026-11-26', ends_at: '2026-11-26T09:40:00.000Z' });
    const listed = async () => (await campus.as(student.userId, '/api/student/interviews')).json().interviews.map((one: { company_name: string }) => one.company_name);
    expect(await listed()).toEqual(['Resting Redwood Ltd']);
    expect([(await ask('DELETE', url)).statusCode, (await ask('DELETE', url)).statusCode]).toEqual([204, 204]);
    expect((await ask('PATCH', url, { company: 'X1' })).json().error.code).toBe('interview-gone');
  });

  test('an answer is given once; said again, what holds is told', async () => {
    await mailed(campus.context, student.id, { company: 'Answered Aspen', confidence: 0.5 });
    const { id } = (await interviewsOf(campus.context, student.id)).find(({ companyName }) => companyName === 'Answered Aspen')!;
    const url = `/api/interviews/${id}/answer`;
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask('POST', url, { answer: 'yes' })));
    expect(answers.filter((answer) => answer.json().outcome === 'done')).toHaveLength(1);
    expect((await ask('POST', url, { answer: 'no' })).json()).toMatchObject({ outcome: 'settled', interview: { status: 'confirmed' } });
  });

  test('the same request under one key is one interview', async () => {
    const body = { company: 'Keyed Kapok', starts_at: '2026-11-27T10:00:00+05:30' };
    const [first, again] = [await ask('POST', '/api/interviews', body, { 'idempotency-key': 'k' }), await ask('POST', '/api/interviews', body, { 'idempotency-key': 'k' })];
    expect(again.json()).toEqual(first.json());
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  test('another student’s interview is not there', async () => {
    const { id } = (await ask('POST', '/api/interviews', { company: 'Own Oleander', starts_at: '2026-11-28T10:00:00+05:30' })).json();
    const asked = await Promise.all([
      ask('PATCH', `/api/interviews/${id}`, { company: 'Mine' }, {}, other), ask('DELETE', `/api/interviews/${id}`, undefined, {}, other),
      ask('POST', `/api/interviews/${id}/answer`, { answer: 'no' }, {}, other),
    ]);
    expect(asked.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404]);
  });

  test.each([
    ['company', { company: ' ', starts_at: TEN }], ['company', { company: '\u0007', starts_at: TEN }], ['company', { company: '…', starts_at: TEN }],
    ['company', { company: 'x'.repeat(201), starts_at: TEN }], ['starts_at', { company: 'A1', starts_at: '2026-11-25' }],
    ['starts_at', { company: 'A1', starts_at: '2026-11-25T10:00:00' }], ['starts_at', { company: 'A1', starts_at: '2026-11-20T10:00:00Z' }],
    ['starts_at', { company: 'A1', starts_at: TEN, ends_at: '2026-11-25T23:00:00+05:30' }], ['link', { company: 'A1', starts_at: TEN, link: 'javascript:alert(1)' }],
    ['location', { company: 'A1', starts_at: TEN, location: 'a\nb' }], ['status', { company: 'A1', starts_at: TEN, status: 'confirmed' }],
  ])('what is wrong with %s is said: %j', async (field, body) => {
    const answer = await ask('POST', '/api/interviews', body);
    expect([answer.statusCode, answer.json().error.field]).toEqual([400, field]);
  });
});

describe('I12 which interview a mail means, over REST', () => {
  test('is asked and answered once', async () => {
    const company = 'Which Whitebeam';
    for (const start of ['2026-11-25T12:00:00+05:30', '2026-11-26T12:00:00+05:30']) await mailed(campus.context, student.id, { company, start });
    await mailed(campus.context, student.id, { company, kind: 'cancel', start: '2026-11-27' });
    const asked = async () => (await campus.as(student.userId, '/api/student/interview-questions')).json().questions;
    const [{ doubt_id: id, options }] = await asked();
    expect(options).toHaveLength(2);
    const url = `/api/interview-questions/${id}/answer`;
    expect((await ask('POST', url, { interview_id: options[0].interview_id }, {}, other)).statusCode).toBe(404);
    expect((await ask('POST', url, { interview_id: options[0].interview_id })).json()).toMatchObject({ outcome: 'cancelled', interview: { status: 'cancelled' } });
    expect((await ask('POST', url, { interview_id: null })).json()).toEqual({ outcome: 'over', interview: null });
    expect(await asked()).toEqual([]);
  });
});

describe('I1a the consent is withdrawn over REST', () => {
  test('what came from mails is gone at once, what the student added stays; a second time changes nothing', async () => {
    await campus.campus.db.transaction((trx) => connectMailbox(trx, campus.context, { id: student.id, userId: student.userId }, {
      host: 'imap.example', port: 993, security: 'tls', username: 'somebody', auth: 'password', secret: 'secret',
    }));
    await mailed(campus.context, student.id, { company: 'Mailed Maize' });
    await ask('POST', '/api/interviews', { company: 'Added Amaranth', starts_at: TEN });
    expect([(await ask('DELETE', '/api/mailbox')).statusCode, (await ask('DELETE', '/api/mailbox')).statusCode]).toEqual([204, 204]);
    const { interviews } = (await campus.as(student.userId, '/api/student/interviews')).json();
    const names = interviews.map((one: { company_name: string }) => one.company_name);
    expect(names).toContain('Added Amaranth');
    expect(names).not.toContain('Mailed Maize');
    expect((await campus.as(student.userId, '/api/student/mailbox')).json()).toMatchObject({ status: 'withdrawn' });
  });
});
