// A newer version of an event takes the place of the older one's message, where the platform can.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DateTime } from 'luxon';
import { createTelegramSender } from '../../activities/chat.ts';
import { createDeliveryActivities } from '../../activities/delivering.ts';
import type { NoticeParams } from '../../domain/notices.ts';
import { linkByCode, makeLinkCode, personById } from '../../services/links.ts';
import { tell } from '../../services/telling.ts';
import { samples } from '../locales/samples.ts';
import { type TestCampus, testCampus, testContext } from '../support/context.ts';
import { TelegramServer } from '../support/telegram-server.ts';

let now = DateTime.fromISO('2026-11-22T10:00:00Z', { zone: 'utc' });
let campus: TestCampus;
let server: TelegramServer;
let userId: number;
const context = () => testContext(campus.db, { now: () => now });
beforeAll(async () => {
  campus = await testCampus();
  server = await new TelegramServer().start();
  server.knows(500);
  ({ id: userId } = await campus.db.knex('users').where({ role: 'student' }).orderBy('id').first('id'));
  const { code } = await makeLinkCode(context(), (await personById(context(), userId))!);
  await linkByCode(context(), { platform: 'telegram', chatId: '500' }, code);
});
afterAll(async () => {
  await server.stop();
  await campus.close();
});
beforeEach(async () => {
  for (const table of ['deliveries', 'notices']) await campus.db.knex(table).delete();
  server.sent.length = 0;
});

/** Tells of a class's new room, and delivers. @returns what became of the delivery */
async function say(eventKey: string, room: string, kind: 'class-moved' | 'makeup-set' = 'class-moved'): Promise<string> {
  const params: NoticeParams['class-moved'] & NoticeParams['makeup-set'] = { ...samples['class-moved'], ...samples['makeup-set'], room };
  await campus.db.transaction((trx) => tell(trx, { userIds: [userId], kind, params, eventKey }, now.toJSDate()));
  const telegram = createTelegramSender({ token: server.token, apiRoot: server.apiRoot, campusTimeZone: 'Asia/Kolkata' });
  await new MockActivityEnvironment().run(() => createDeliveryActivities(context(), { telegram }).deliverBatch('telegram'));
  return (await campus.db.knex('deliveries').orderBy('id', 'desc').first('status')).status;
}
const shown = () => server.sent.map(({ text }) => /room ([\w-]+)/.exec(text)?.[1]);

describe('A24 messages edited in place', () => {
  test('the chat shows the newest version once, however many there were', async () => {
    for (const [version, room] of [[1, 'A-1'], [2, 'A-2'], [3, 'A-3']] as const) expect(await say(`session/9/v${version}`, room)).toBe('sent');
    expect(shown()).toEqual(['A-3']);
  });

  test('another event, or one whose key only begins alike, has a message of its own', async () => {
    for (const [key, room] of [['session/9/v1', 'A-1'], ['session/90/v1', 'A-2'], ['session/9/off', 'A-3'], ['guests/9/v1', 'A-4']] as const) await say(key, room);
    expect(shown()).toEqual(['A-1', 'A-2', 'A-3', 'A-4']);
  });

  test('what changes nothing that is shown counts as sent', async () => {
    await say('session/9/v1', 'A-1');
    expect(await say('session/9/v2', 'A-1')).toBe('sent');
    expect(shown()).toEqual(['A-1']);
  });

  test('where the older message is gone, or older than two days, a new one is sent', async () => {
    await say('session/9/v1', 'A-1');
    server.sent.length = 0;
    expect(await say('session/9/v2', 'A-2')).toBe('sent');
    expect(shown()).toEqual(['A-2']);
    now = now.plus({ hours: 49 });
    expect(await say('session/9/v3', 'A-3')).toBe('sent');
    expect(shown()).toEqual(['A-2', 'A-3']);
  });

  test('what Telegram can’t do now is done later, and not twice', async () => {
    await say('session/9/v1', 'A-1');
    server.fail('editMessageText', { error_code: 502, description: 'Bad Gateway' });
    expect(await say('session/9/v2', 'A-2')).toBe('pending');
    now = now.plus({ minutes: 1 });
    expect(await say('session/8/v1', 'B-1')).toBe('pending');
    expect(shown()).toEqual(['A-2']);
  });
});
