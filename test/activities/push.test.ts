// The push sender against a server that speaks FCM's HTTP v1.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createPushSender } from '../../activities/push.ts';
import type { NoticeKind } from '../../domain/notices.ts';
import { sampleOf, samples } from '../locales/samples.ts';
import { FcmServer } from '../support/fcm-server.ts';

let server: FcmServer;
let sender: ReturnType<typeof createPushSender>;
beforeEach(async () => {
  server = await new FcmServer().start();
  sender = createPushSender({ serviceAccount: server.serviceAccount, campusTimeZone: 'Asia/Kolkata', httpAgent: server.agent });
});
afterEach(async () => {
  await sender.close();
  await server.stop();
  expect(server.faults).toEqual([]);
});

const deliveryTo = (token: string, kind: NoticeKind = 'class-moved', more: { locale?: string; timeZone?: string; params?: Record<string, unknown> } = {}) => ({
  id: 1, address: token, messageId: '<1@beadle>', attempts: 1, locale: 'en-IN', timeZone: 'Asia/Kolkata', name: 'Asha', ...sampleOf(kind), ...more,
});

describe('A22 notices as push messages', () => {
  test.each(Object.keys(samples) as NoticeKind[])('%s arrives as FCM wants it', async (kind) => {
    expect(await sender.send([deliveryTo('phone', kind)])).toEqual([{ kind: 'sent' }]);
    expect(server.sent[0]).toMatchObject({ token: 'phone', data: { kind }, android: { priority: 'high' } });
  });

  test('five hundred devices are told in one batch, each in its person’s words, with one access token', async () => {
    const deliveries = Array.from({ length: 500 }, (_, index) => deliveryTo(`phone-${index}`, 'class-moved', index % 2 ? {} : { timeZone: 'Europe/Berlin' }));
    expect(await sender.send(deliveries)).toEqual(deliveries.map(() => ({ kind: 'sent' })));
    expect(new Set(server.sent.map(({ token }) => token)).size).toBe(500);
    expect(new Set(server.sent.map(({ notification }) => notification.body)).size).toBe(2);
    const bodyOf = (token: string) => server.sent.find((message) => message.token === token)!.notification.body;
    expect(bodyOf('phone-0')).not.toBe(bodyOf('phone-1'));
    expect(server.tokensGiven).toBe(1);
  });

  test('a message that is too long is cut, not refused, in whatever script', async () => {
    for (const text of ['x', 'क', '😀', '"', '\n']) {
      const params = { ...samples['interview-called-off'], company: `A${text.repeat(5_000)}` };
      expect(await sender.send([deliveryTo('phone', 'interview-called-off', { params })])).toEqual([{ kind: 'sent' }]);
    }
    expect(server.sent[0]!.notification.title).toMatch(/…$/);
  });
});

describe('A22 what becomes of a push message that is not taken', () => {
  test.each([
    [{ status: 404, error: 'UNREGISTERED' }, { kind: 'never', errorCode: 'device-gone' }],
    [{ status: 400, error: 'INVALID_ARGUMENT', text: 'The registration token is not a valid FCM registration token' }, { kind: 'never', errorCode: 'device-gone' }],
    [{ status: 403, error: 'SENDER_ID_MISMATCH' }, { kind: 'never', errorCode: 'device-gone' }],
    [{ status: 400, error: 'INVALID_ARGUMENT', text: 'Invalid JSON payload received' }, { kind: 'never', errorCode: 'push-refused' }],
    [{ status: 500, error: 'INTERNAL' }, { kind: 'later', errorCode: 'push-unavailable' }],
    [{ status: 401, error: 'THIRD_PARTY_AUTH_ERROR' }, { kind: 'later', errorCode: 'push-account-refused' }],
    [{ status: 429, error: 'QUOTA_EXCEEDED' }, { kind: 'later', errorCode: 'push-throttled' }],
  ])('%j: only that device is concerned', async (failure, result) => {
    server.fail('second', failure);
    expect(await sender.send(['first', 'second', 'third'].map((token) => deliveryTo(token)))).toEqual([{ kind: 'sent' }, result, { kind: 'sent' }]);
  });

  test('told when to come back, nothing is sent until then', async () => {
    server.fail('phone', { status: 429, error: 'QUOTA_EXCEEDED', retryAfter: '30' });
    expect(await sender.send([deliveryTo('phone')])).toEqual([{ kind: 'later', errorCode: 'push-throttled', afterMs: 30_000 }]);
    const [next] = await sender.send([deliveryTo('another')]);
    expect(next).toMatchObject({ kind: 'later', errorCode: 'push-throttled' });
    expect(next!.kind === 'later' && next!.afterMs! > 0 && next!.afterMs! <= 30_000).toBe(true);
    expect(server.asked).toBe(1);
  });

  test('a server that is overloaded for a moment is asked again', async () => {
    server.fail('phone', { status: 503, error: 'UNAVAILABLE' });
    expect(await sender.send([deliveryTo('phone')])).toEqual([{ kind: 'sent' }]);
    expect(server.asked).toBe(2);
  });

  test('without a way to Google, everything is tried later', async () => {
    const { serviceAccount, agent } = server;
    const away = createPushSender({ serviceAccount, campusTimeZone: 'Asia/Kolkata', httpAgent: Object.assign(agent, { createConnection: () => { throw new Error('no way'); } }) });
    const [result] = await away.send([deliveryTo('phone')]);
    expect(result).toMatchObject({ kind: 'later' });
    await away.close();
  });

  test('an account that can’t be read is said at the start', () => {
    expect(() => createPushSender({ serviceAccount: '/nowhere/account.json', campusTimeZone: 'Asia/Kolkata' })).toThrow(/account\.json/);
    expect(() => createPushSender({ serviceAccount: '{"type":"service_account"}', campusTimeZone: 'Asia/Kolkata' })).toThrow(/project_id/);
    expect(() => createPushSender({ serviceAccount: '{"private_key": "secret', campusTimeZone: 'Asia/Kolkata' })).toThrow(/^(?!.*secret).*no service account/);
  });
});
