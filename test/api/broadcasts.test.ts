// Telling many the same: who is told, how often one may, and how far it got.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { DateTime } from 'luxon';
import { registerPushToken } from '../../services/push-tokens.ts';
import { personById } from '../../services/links.ts';
import { renderNotice } from '../../locales/messages.ts';
import { NOW, startTestApi, type TestApi } from './harness.ts';

let now: DateTime = NOW;
let campus: TestApi;
let cr: { id: number; name: string; section: number };
let classmates: number[];
let admin: number;
beforeAll(async () => {
  campus = await startTestApi({ now: () => now });
  const { knex } = campus.campus.db;
  cr = await knex('users as u').join('students as s', 's.user_id', 'u.id').where('u.role', 'cr').orderBy('u.id').first({ id: 'u.id', name: 'u.name', section: 's.section_id' });
  classmates = await knex('students').where({ section_id: cr.section }).andWhereNot({ user_id: cr.id }).orderBy('user_id').pluck('user_id');
  [admin] = (await campus.usersOf('admin')) as [number];
});
afterAll(() => campus.close());
beforeEach(async () => {
  now = NOW;
  for (const table of ['deliveries', 'notices', 'broadcasts', 'push_tokens']) await campus.campus.db.knex(table).delete();
});

const notify = (userId = cr.id, payload: object = { message: 'No class today' }) => campus.as(userId, { method: 'POST', url: '/api/cr/send-notification', payload });
const broadcast = (userId: number, to: object) => campus.as(userId, { method: 'POST', url: '/api/broadcasts', payload: { title: 'Hall B', message: 'is closed', to } });
const history = async (userId = cr.id) => (await campus.as(userId, '/api/cr/notification-history')).json().notifications;
const told = () => campus.campus.db.knex('notices').where({ kind: 'broadcast' }).orderBy('user_id').pluck('user_id');
/** What the channels' processes would record. */
const settle = (userIds: number[], status: 'sent' | 'failed' | 'unknown') => campus.campus.db.knex('deliveries as d').join('notices as n', 'n.id', 'd.notice_id')
  .whereIn('n.user_id', userIds).update({ 'd.status': status });

describe('A23 the class representative tells the class', () => {
  test('everybody of the class but the sender, by the ways that each uses', async () => {
    const [withPhone] = classmates;
    await registerPushToken(campus.context, (await personById(campus.context, withPhone!))!, { token: 'phone', platform: 'android' });
    const answer = await notify();
    expect([answer.statusCode, answer.json()]).toEqual([202, {
      success: true, id: expect.any(Number), status: 'sending', message: `Noted: ${classmates.length} students are being told.`,
      details: { total_students: classmates.length, registered_devices: 1, successful: 0, failed: 0 },
    }]);
    expect(await told()).toEqual(classmates);
    const channels: string[] = await campus.campus.db.knex('deliveries').orderBy('channel').pluck('channel');
    expect(channels).toEqual([...classmates.slice(1).map(() => 'email'), 'push']);
    const { kind, params } = await campus.campus.db.knex('notices').first('kind', 'params');
    const reader = { locale: 'en-IN', timeZone: 'Asia/Kolkata', campusTimeZone: 'Asia/Kolkata' };
    expect(renderNotice(kind, JSON.parse(params), reader)).toEqual({ title: 'Class Update', lines: ['No class today', `From: ${cr.name}`] });
  });

  test('who has left is not told; where nobody is left, it says so', async () => {
    const { knex } = campus.campus.db;
    await knex('users').whereIn('id', classmates.slice(1)).update({ active: false });
    await notify();
    expect(await told()).toEqual(classmates.slice(0, 1));
    await knex('users').whereIn('id', classmates).update({ active: false });
    const answer = await notify();
    expect([answer.statusCode, answer.json().error.code]).toEqual([409, 'nobody-to-tell']);
    await knex('users').whereIn('id', classmates).update({ active: true });
  });

  test('five times an hour, and again when the hour is over', async () => {
    for (let time = 0; time < 5; time += 1) expect((await notify()).statusCode).toBe(202);
    const refused = await notify();
    expect([refused.statusCode, refused.json().error.code, refused.headers['retry-after']]).toEqual([429, 'broadcast-limit', '600']);
    expect(refused.json().error.message).toContain('5');
    now = NOW.plus({ minutes: 60 });
    expect((await notify()).statusCode).toBe(202);
  });

  test('of fifty at once, five are sent', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => notify()));
    const statuses = answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b);
    expect(statuses).toEqual([...Array.from({ length: 5 }, () => 202), ...Array.from({ length: 45 }, () => 429)]);
    expect(await told()).toHaveLength(5 * classmates.length);
  });

  test('the history says how far each got, also long after', async () => {
    await notify();
    expect(await history()).toMatchObject([{ title: 'Class Update', message: 'No class today', recipient_count: classmates.length, status: 'sending' }]);
    await settle(classmates.slice(1), 'sent');
    expect(await history()).toMatchObject([{ status: 'sending', details: { successful: classmates.length - 1, failed: 0 } }]);
    await settle(classmates.slice(0, 1), 'failed');
    const partial = [{ status: 'partial', details: { total_students: classmates.length, successful: classmates.length - 1, failed: 1 } }];
    expect(await history()).toMatchObject(partial);
    await campus.campus.db.knex('deliveries').delete();
    expect(await history()).toMatchObject(partial);
    now = NOW.plus({ hours: 2 });
    await notify();
    await settle(classmates, 'sent');
    expect(await history()).toMatchObject([{ status: 'success', details: { failed: 0 } }, { status: 'partial' }]);
    await notify(cr.id, { title: 'To nobody’s phone', message: 'x' });
    await settle(classmates, 'failed');
    expect((await history())[0]).toMatchObject({ title: 'To nobody’s phone', status: 'failed', details: { successful: 0 } });
  });

  test('who is reached by one of two ways is reached', async () => {
    const [one] = classmates;
    const person = (await personById(campus.context, one!))!;
    for (const token of ['phone', 'old-phone']) await registerPushToken(campus.context, person, { token, platform: 'ios' });
    await notify();
    await settle(classmates, 'sent');
    const [delivery] = await campus.campus.db.knex('deliveries').where({ channel: 'push' }).pluck('id');
    await campus.campus.db.knex('deliveries').where({ id: delivery }).update({ status: 'failed' });
    expect(await history()).toMatchObject([{ status: 'success', details: { successful: classmates.length, failed: 0, registered_devices: 2 } }]);
  });
});

describe('A23 faculty, heads and the office', () => {
  test('faculty tell the classes that they teach, a head the department, the office everybody', async () => {
    const { knex } = campus.campus.db;
    const [lecturer] = await campus.usersOf('faculty');
    const taught: number[] = await knex('faculty_assignment as a').join('faculty as f', 'f.id', 'a.faculty_id').where('f.user_id', lecturer).distinct().pluck('a.section_id');
    const untaught = await knex('sections').whereNotIn('id', taught).first('id');
    expect((await broadcast(lecturer!, { sections: taught })).statusCode).toBe(202);
    expect(await told()).toEqual(await knex('students').whereIn('section_id', taught).orderBy('user_id').pluck('user_id'));
    for (const to of [{ sections: [...taught, untaught.id] }, { sections: [999] }, { departments: [1] }]) expect((await broadcast(lecturer!, to)).statusCode).toBe(404);
    expect((await broadcast(lecturer!, { all: true })).statusCode).toBe(403);

    const [head] = await campus.usersOf('hod');
    const { department_id: own } = await knex('users').where({ id: head }).first('department_id');
    expect((await broadcast(head!, { departments: [own] })).statusCode).toBe(202);
    expect((await broadcast(head!, { departments: [own, 999] })).statusCode).toBe(404);

    await knex('notices').delete().whereNotIn('id', knex('deliveries').select('notice_id'));
    const all = await broadcast(admin, { all: true });
    expect(all.json().details.total_students).toBe(Number((await knex('students').count({ n: '*' }).first())!.n));
  });

  test('one’s own are seen, and no one else’s', async () => {
    await notify();
    await broadcast(admin, { all: true });
    const of = async (userId: number) => (await campus.as(userId, '/api/notifications/history')).json().notifications.map(({ title }: { title: string }) => title);
    expect([await of(cr.id), await of(admin)]).toEqual([['Class Update'], ['Hall B']]);
  });
});
