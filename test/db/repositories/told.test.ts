// What the outbox, broadcasts, reminders, devices and sign-ins ask of the database, on both servers.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { noPreferences } from '../../../domain/notice-ways.ts';
import { samples } from '../../locales/samples.ts';
import { broadcast, broadcastHistory } from '../../../services/broadcasts.ts';
import type { Person, ServiceContext } from '../../../services/context.ts';
import { bindDevice } from '../../../services/devices.ts';
import { settleDeliveries, takeDeliveries, wakeDueChannels } from '../../../services/deliveries.ts';
import { keepHouse } from '../../../services/housekeeping.ts';
import { linkByCode, makeLinkCode, personByEmail } from '../../../services/links.ts';
import { setNoticePreferences } from '../../../services/notice-preferences.ts';
import { registerPushToken, removePushToken } from '../../../services/push-tokens.ts';
import { renewSignIn, signIn } from '../../../services/sign-in.ts';
import { tell } from '../../../services/telling.ts';
import { bothServers, type TestServer } from '../../support/both-servers.ts';
import { type TestCampus, testCampus, testContext } from '../../support/context.ts';

describe.each(bothServers)('A22–A24 what people are told, on %s', (_name, start) => {
  let server: TestServer;
  let campus: TestCampus;
  let clock = DateTime.fromISO('2026-11-22T10:00:00Z', { zone: 'utc' });
  let context: ServiceContext;
  let student: Person & { key: string };
  beforeAll(async () => {
    server = await start();
    campus = await testCampus({ serverUrl: server.url });
    context = testContext(campus.db, { now: () => clock });
    const { email, key } = await campus.db.knex('users as u').join('students as s', 's.user_id', 'u.id').where('u.role', 'student').orderBy('u.id').first({ email: 'u.email', key: 's.student_id' });
    student = { ...(await personByEmail(context, email))!, key };
    const { code } = await makeLinkCode(context, student);
    await linkByCode(context, { platform: 'telegram', chatId: '77' }, code);
  });
  afterAll(async () => {
    await campus.close();
    await server.stop();
  });

  test('an event’s newer version finds the message of the older', async () => {
    const say = (eventKey: string) => campus.db.transaction((trx) =>
      tell(trx, { userIds: [student.userId], kind: 'class-moved', params: samples['class-moved'], eventKey }, clock.toJSDate()));
    const send = async (platformMessageId: string) => {
      const taken = await takeDeliveries(context, 'telegram', platformMessageId, 50);
      await campus.db.knex('deliveries').whereIn('id', taken.map(({ id }) => id)).update({ status: 'sent', sent_at: clock.toJSDate(), platform_message_id: platformMessageId });
      return taken.map(({ edits }) => edits);
    };
    await say('session/9/v1');
    expect(await send('m1')).toEqual([undefined]);
    await say('session/9/v2');
    expect(await send('m2')).toEqual(['m1']);
    await say('session/9/v3');
    expect(await send('m3')).toEqual(['m2']);
    await say('session/91/v3');
    expect(await send('m4')).toEqual([undefined]);
  });

  test('a broadcast is counted by people', async () => {
    await registerPushToken(context, student, { token: 'phone', platform: 'android' });
    await registerPushToken(context, student, { token: 'phone', platform: 'web' });
    const admin = (await personByEmail(context, 'admin@campus.example'))!;
    const sent = await broadcast(context, admin, { title: 'Hall B', message: 'is closed', to: 'all' });
    expect(sent).toMatchObject({ devices: 1, status: 'sending' });
    const pushed = await takeDeliveries(context, 'push', 'a', 500);
    expect(pushed.map(({ address }) => address)).toEqual(['phone']);
    expect(await settleDeliveries(context, pushed.map((delivery) => ({ delivery, result: { kind: 'sent' } })), 'a')).toBe(1);
    await campus.db.knex('deliveries').whereIn('channel', ['email', 'telegram']).update({ status: 'failed' });
    expect(await broadcastHistory(context, admin, 'broadcasts.send')).toMatchObject([{ status: 'partial', reached: 1, missed: sent.recipients - 1 }]);
    expect(await removePushToken(context, student, 'phone')).toBe(true);
  });

  test('reminders are found, once', async () => {
    await setNoticePreferences(context, student, { ...noPreferences, channels: ['email'], reminderMinutes: 1_440 });
    await setNoticePreferences(context, student, { ...noPreferences, reminderMinutes: 1_440 });
    const told = async () => Number((await campus.db.knex('notices').where({ kind: 'class-reminder' }).count({ n: '*' }).first())!.n);
    await wakeDueChannels(context);
    const first = await told();
    expect(first).toBeGreaterThan(0);
    await wakeDueChannels(context);
    expect(await told()).toBe(first);
  });

  test('a device is bound and a sign-in renewed; what is over is deleted', async () => {
    expect(await bindDevice(context, student, student.key, { bindingId: 'a-phone-of-one' })).toMatchObject({ kind: 'app' });
    const { refreshToken } = await signIn(context, student.email);
    await renewSignIn(context, refreshToken);
    clock = clock.plus({ days: 31 });
    await keepHouse(context, 30);
    expect([...(await campus.db.knex('sign_ins')), ...(await campus.db.knex('refresh_tokens'))]).toEqual([]);
  });
});
