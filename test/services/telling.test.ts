import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { takeDeliveries } from '../../services/deliveries.ts';
import { linkByCode, makeLinkCode, personById } from '../../services/links.ts';
import { noticesAfter, tell } from '../../services/telling.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';
import { NOW } from './scene.ts';

let campus: TestCampus;
const context = () => testContext(campus.db, { now: NOW });
const now = DateTime.fromISO(NOW).toJSDate();

beforeAll(async () => {
  campus = await testCampus();
});
afterAll(async () => {
  await campus?.close();
});

const say = (userIds: number[], eventKey: string) => campus.db.transaction((trx) =>
  tell(trx, { userIds, kind: 'mailbox-failing', params: { failureCode: 'auth', retryAt: NOW }, eventKey }, now));

async function link(userId: number, platform: 'telegram' | 'slack', chatId: string): Promise<void> {
  const { code } = await makeLinkCode(context(), (await personById(context(), userId))!);
  await linkByCode(context(), { platform, chatId }, code);
}

const waysOf = async (userId: number): Promise<string[]> => {
  const rows = await campus.db.knex('deliveries as d').join('notices as n', 'n.id', 'd.notice_id').where('n.user_id', userId)
    .orderBy('d.id').select('d.channel', 'd.address');
  return rows.map(({ channel, address }) => `${channel} ${String(address)}`);
};

describe('rule 4 people are told by the ways they use', () => {
  test('by mail; with chats linked, in each of them instead', async () => {
    const [quiet, chatty] = [1, 2];
    await link(chatty, 'telegram', '200');
    await link(chatty, 'telegram', '201');
    await say([quiet, chatty], 'first');
    const { email } = await campus.db.knex('users').where({ id: quiet }).first('email');
    expect(await waysOf(quiet)).toEqual([`email ${email}`]);
    expect(await waysOf(chatty)).toEqual(['telegram 200', 'telegram 201']);
  });

  test('a chat on a platform that nobody sends to leaves the mail', async () => {
    await link(3, 'slack', 'U3');
    await say([3], 'slack only');
    expect(await waysOf(3)).toEqual([expect.stringMatching(/^email /)]);
  });

  test('once of each event, whoever is named twice', async () => {
    await say([4, 4, 5], 'twice');
    await say([4, 5, 6], 'twice');
    for (const user of [4, 5, 6]) expect(await waysOf(user)).toHaveLength(1);
  });

  test('twenty who tell one person of one event at once tell it once, and none of them fails', async () => {
    await Promise.all(Array.from({ length: 20 }, () => say([8], 'race')));
    expect(await waysOf(8)).toHaveLength(1);
  });

  test('who has left is not written to', async () => {
    await campus.db.knex('users').where({ id: 7 }).update({ active: false });
    await say([7], 'to all');
    expect(await waysOf(7)).toEqual([]);
  });

  test('what waits for a chat that now belongs to another person is not sent there', async () => {
    await link(8, 'telegram', '800');
    await say([8], 'for the first owner');
    await link(9, 'telegram', '800');
    await say([9], 'for the second owner');
    const taken = [...(await takeDeliveries(context(), 'telegram', 'a', 50)), ...(await takeDeliveries(context(), 'telegram', 'b', 50))];
    const { name } = await campus.db.knex('users').where({ id: 9 }).first('name');
    expect(taken.filter(({ address }) => address === '800').map((delivery) => delivery.name)).toEqual([name]);
    const given = await campus.db.knex('deliveries as d').join('notices as n', 'n.id', 'd.notice_id').where({ 'n.user_id': 8, 'd.channel': 'telegram' }).first('d.status', 'd.error_code');
    expect(given).toEqual({ status: 'failed', error_code: 'not-theirs' });
  });
});

describe('I24 notices since a cursor', () => {
  test('one’s own, the oldest first, a hundred at a time', async () => {
    for (let event = 0; event < 101; event += 1) await say([10], `event ${event}`);
    await say([11], 'of another');
    const person = (await personById(context(), 10))!;
    const first = await noticesAfter(context(), person, 0);
    expect(first).toHaveLength(100);
    const rest = await noticesAfter(context(), person, first.at(-1)!.id);
    expect(rest).toHaveLength(1);
    expect(await noticesAfter(context(), person, rest[0]!.id)).toEqual([]);
  });
});
