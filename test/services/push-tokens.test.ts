// Devices for push messages: whose they are, what they are told, and what becomes of those that are gone.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createDeliveryActivities } from '../../activities/delivering.ts';
import { createPushSender } from '../../activities/push.ts';
import type { Person, ServiceContext } from '../../services/context.ts';
import { personById } from '../../services/links.ts';
import { registerPushToken, removePushToken } from '../../services/push-tokens.ts';
import { tell } from '../../services/telling.ts';
import { samples } from '../locales/samples.ts';
import { type TestCampus, testCampus, testContext } from '../support/context.ts';
import { FcmServer } from '../support/fcm-server.ts';

const NOW = '2026-11-22T10:00:00Z';
let campus: TestCampus;
let context: ServiceContext;
let server: FcmServer;
let sender: ReturnType<typeof createPushSender>;
let [one, other] = [null, null] as unknown as [Person, Person];
beforeAll(async () => {
  campus = await testCampus();
  context = testContext(campus.db, { now: NOW });
  const ids = await campus.db.knex('users').where({ role: 'student' }).orderBy('id').limit(2).pluck('id');
  [one, other] = (await Promise.all(ids.map((id) => personById(context, id)))) as [Person, Person];
  server = await new FcmServer().start();
  sender = createPushSender({ serviceAccount: server.serviceAccount, campusTimeZone: 'Asia/Kolkata', httpAgent: server.agent });
});
afterAll(async () => {
  await sender.close();
  await server.stop();
  await campus.close();
});
beforeEach(async () => {
  for (const table of ['deliveries', 'notices', 'push_tokens']) await campus.db.knex(table).delete();
  server.sent.length = 0;
});

const register = (person: Person, token: string) => registerPushToken(context, person, { token, platform: 'android' });
const told = (person: Person, eventKey = 'moved/1') => campus.db.transaction((trx) =>
  tell(trx, { userIds: [person.userId], kind: 'class-moved', params: samples['class-moved'], eventKey }, context.now().toJSDate()));
const deliver = (): Promise<{ sent: number; nextInMs: number | null }> => new MockActivityEnvironment().run(() => createDeliveryActivities(context, { push: sender }).deliverBatch('push'));
const deliveries = () => campus.db.knex('deliveries').orderBy('id').select('channel', 'status', 'error_code');

describe('A22 devices for push messages', () => {
  test('each device of a person is told, and no e-mail is sent besides', async () => {
    await register(one, 'phone');
    await register(one, 'tablet');
    await told(one);
    expect(await deliver()).toEqual({ sent: 2, nextInMs: null });
    expect(server.sent.map(({ token }) => token).toSorted()).toEqual(['phone', 'tablet']);
    expect(await deliveries()).toEqual([1, 2].map(() => ({ channel: 'push', status: 'sent', error_code: null })));
  });

  test('a device that Firebase says is gone is forgotten; the others were told', async () => {
    await register(one, 'phone');
    await register(one, 'old-phone');
    server.fail('old-phone', { status: 404, error: 'UNREGISTERED' });
    await told(one);
    expect((await deliver()).sent).toBe(1);
    expect(await deliveries()).toEqual([
      { channel: 'push', status: 'sent', error_code: null }, { channel: 'push', status: 'failed', error_code: 'device-gone' },
    ]);
    expect(await campus.db.knex('push_tokens').pluck('token')).toEqual(['phone']);
  });

  test('who is told to come back later does so, and others are not told twice', async () => {
    await register(one, 'phone');
    await register(other, 'another');
    server.fail('phone', { status: 500, error: 'INTERNAL' });
    await told(one);
    await told(other);
    const first = await deliver();
    expect([first.sent, first.nextInMs! > 0]).toEqual([1, true]);
    context = testContext(campus.db, { now: '2026-11-22T10:01:00Z' });
    expect((await deliver()).sent).toBe(1);
    context = testContext(campus.db, { now: NOW });
    expect(server.sent.map(({ token }) => token)).toEqual(['another', 'phone']);
  });

  test('a phone that changed hands tells its former owner nothing', async () => {
    await register(one, 'phone');
    await told(one);
    await register(other, 'phone');
    expect((await deliver()).sent).toBe(0);
    expect(await deliveries()).toEqual([{ channel: 'push', status: 'failed', error_code: 'not-theirs' }]);
    await told(other);
    expect((await deliver()).sent).toBe(1);
    expect(await campus.db.knex('push_tokens')).toHaveLength(1);
  });

  test('fifty at once with one token: it is registered once', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, index) => register(index % 2 ? one : other, 'phone')));
    expect(await campus.db.knex('push_tokens')).toHaveLength(1);
  });

  test('of more than ten devices the newest are kept; only one’s own can be removed', async () => {
    for (let index = 0; index < 12; index += 1) {
      context = testContext(campus.db, { now: `2026-11-22T10:00:${String(index).padStart(2, '0')}Z` });
      await register(one, `phone-${index}`);
    }
    context = testContext(campus.db, { now: NOW });
    expect(await campus.db.knex('push_tokens').orderBy('id').pluck('token')).toEqual(Array.from({ length: 10 }, (_, index) => `phone-${index + 2}`));
    expect([await removePushToken(context, other, 'phone-5'), await removePushToken(context, one, 'phone-5'), await removePushToken(context, one, 'phone-5')]).toEqual([false, true, false]);
  });
});
