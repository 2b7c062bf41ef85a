// Wishes in force: on which channels, and when.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { noPreferences, type NoticePreferences } from '../../domain/notice-ways.ts';
import type { NoticeParams } from '../../domain/notices.ts';
import { takeDeliveries, settleDelivery } from '../../services/deliveries.ts';
import { linkByCode, makeLinkCode, personById } from '../../services/links.ts';
import { noticePreferences, setNoticePreferences } from '../../services/notice-preferences.ts';
import { registerPushToken } from '../../services/push-tokens.ts';
import type { Person } from '../../services/context.ts';
import { tell } from '../../services/telling.ts';
import { samples } from '../locales/samples.ts';
import { type TestCampus, testCampus, testContext } from '../support/context.ts';

/** 23:30 by the campus's clock. */
const NIGHT = '2026-11-24T18:00:00Z';
const MORNING = '2026-11-25T01:30:00Z';
const quiet = { ...noPreferences, quietFrom: '22:00', quietUntil: '07:00' };
let campus: TestCampus;
let person: Person;
const at = (now: string) => testContext(campus.db, { now });
beforeAll(async () => {
  campus = await testCampus();
  const { id } = await campus.db.knex('users').where({ role: 'student' }).orderBy('id').first('id');
  person = (await personById(at(NIGHT), id))!;
  const { code } = await makeLinkCode(at(NIGHT), person);
  await linkByCode(at(NIGHT), { platform: 'telegram', chatId: '77' }, code);
  await registerPushToken(at(NIGHT), person, { token: 'phone', platform: 'android' });
});
afterAll(() => campus.close());
beforeEach(async () => {
  for (const table of ['deliveries', 'notices', 'notice_preferences']) await campus.db.knex(table).delete();
});

const wish = (preferences: NoticePreferences) => setNoticePreferences(at(NIGHT), person, preferences);
const say = (eventKey: string, params: Partial<NoticeParams['class-moved']> = {}, now = NIGHT) => campus.db.transaction((trx) => tell(trx, {
  userIds: [person.userId], kind: 'class-moved', params: { ...samples['class-moved'], start: '2026-11-26T04:30:00Z', oldStart: '2026-11-26T06:30:00Z', ...params }, eventKey,
}, DateTime.fromISO(now).toJSDate()));
const waiting = async () => {
  const rows: { channel: string; due_at: Date }[] = await campus.db.knex('deliveries').orderBy('id').select('channel', 'due_at');
  return rows.map(({ channel, due_at: dueAt }) => [channel, dueAt.toISOString()]);
};

describe('A24 what a person wants', () => {
  test('is kept, and replaced as a whole', async () => {
    expect(await noticePreferences(at(NIGHT), person)).toEqual(noPreferences);
    const all: NoticePreferences = { channels: ['push', 'email'], quietFrom: '22:00', quietUntil: '07:00', reminderMinutes: 30 };
    await wish(all);
    expect(await noticePreferences(at(NIGHT), person)).toEqual(all);
    await wish(noPreferences);
    expect(await noticePreferences(at(NIGHT), person)).toEqual(noPreferences);
  });

  test('decides the ways', async () => {
    await say('first');
    await wish({ ...noPreferences, channels: ['push'] });
    await say('second');
    await wish({ ...noPreferences, channels: ['email'] });
    await say('third');
    await wish({ ...noPreferences, channels: ['discord'] });
    await say('fourth');
    expect((await waiting()).map(([channel]) => channel)).toEqual(['telegram', 'push', 'push', 'email', 'telegram', 'push']);
  });
});

describe('A24 quiet hours', () => {
  beforeEach(() => wish({ ...quiet, channels: ['telegram'] }));

  test('what is told at night comes in the morning; a class of the early morning two hours before it', async () => {
    await say('moved');
    await say('early', { start: '2026-11-25T02:00:00Z' });
    await say('now', { oldStart: '2026-11-24T19:00:00Z' });
    await say('day', {}, '2026-11-25T03:00:00Z');
    expect(await waiting()).toEqual([
      ['telegram', '2026-11-25T01:30:00.000Z'], ['telegram', '2026-11-25T00:00:00.000Z'], ['telegram', '2026-11-24T18:00:00.000Z'], ['telegram', '2026-11-25T03:00:00.000Z'],
    ]);
  });

  test('what waits for the morning holds up nothing that is urgent, and then keeps its order', async () => {
    await say('first');
    await say('second');
    await say('urgent', { oldStart: '2026-11-24T19:00:00Z' });
    const taken = await takeDeliveries(at(NIGHT), 'telegram', 'night', 50);
    expect(taken).toHaveLength(1);
    await settleDelivery(at(NIGHT), taken[0]!, 'night', { kind: 'sent' });
    const order: number[] = [];
    for (let turn = 0; turn < 2; turn += 1) {
      const [next] = await takeDeliveries(at(`2026-11-25T01:30:${turn}5Z`), 'telegram', `morning-${turn}`, 50);
      order.push(next!.id);
      await settleDelivery(at(MORNING), next!, `morning-${turn}`, { kind: 'sent' });
    }
    expect(order).toEqual([...order].toSorted((a, b) => a - b));
    expect(order).toHaveLength(2);
  });
});
