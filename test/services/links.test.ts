import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { isNewEvent, linkByCode, makeLinkCode, personByEmail, personById, personOfChat, unlink } from '../../services/links.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';
import { NOW } from './scene.ts';

let campus: TestCampus;
let clock = DateTime.fromISO(NOW, { zone: 'utc' });
const context = () => testContext(campus.db, { now: () => clock });
const person = async (userId: number) => (await personById(context(), userId))!;
const chat = (chatId: string) => ({ platform: 'telegram', chatId }) as const;
const codeOf = async (userId: number): Promise<string> => (await makeLinkCode(context(), await person(userId))).code;

beforeAll(async () => {
  campus = await testCampus();
});
afterAll(async () => {
  await campus?.close();
});

describe('D3 linking a chat', () => {
  test('by a code that works once, however it is typed', async () => {
    const code = await codeOf(1);
    expect(code).toMatch(/^[A-HJ-NP-Z2-9]{8}$/);
    const typed = ` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)} `;
    expect((await linkByCode(context(), chat('1'), typed)).userId).toBe(1);
    expect((await personOfChat(context(), chat('1')))!.userId).toBe(1);
    await expect(linkByCode(context(), chat('2'), code)).rejects.toMatchObject({ code: 'link-code-wrong' });
  });

  test('the same code in fifty chats at once links one', async () => {
    const code = await codeOf(2);
    const tries = await Promise.allSettled(Array.from({ length: 50 }, (_, index) => linkByCode(context(), chat(`many ${index}`), code)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await campus.db.knex('chat_links').where({ user_id: 2 })).toHaveLength(1);
  });

  test('within a quarter of an hour', async () => {
    const before = clock;
    const code = await codeOf(3);
    clock = before.plus({ minutes: 15 });
    await expect(linkByCode(context(), chat('3'), code)).rejects.toMatchObject({ code: 'link-code-wrong' });
    clock = before.plus({ minutes: 15 }).minus(1);
    expect((await linkByCode(context(), chat('3'), code)).userId).toBe(3);
    clock = before;
  });

  test('after five wrong codes none helps, until the quarter of an hour is over', async () => {
    const before = clock;
    const code = await codeOf(4);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await expect(linkByCode(context(), chat('4'), `WRONG${attempt}`)).rejects.toMatchObject({ code: 'link-code-wrong' });
    }
    await expect(linkByCode(context(), chat('4'), code)).rejects.toMatchObject({ code: 'link-code-tries' });
    // Another chat is not held back by it.
    expect((await linkByCode(context(), chat('4 too'), code)).userId).toBe(4);
    clock = before.plus({ minutes: 15 });
    expect((await linkByCode(context(), chat('4'), await codeOf(4))).userId).toBe(4);
    clock = before;
  });

  test('a chat belongs to the person linked last; a person may have several', async () => {
    await linkByCode(context(), chat('5'), await codeOf(5));
    await linkByCode(context(), chat('5 too'), await codeOf(5));
    await linkByCode(context(), chat('5'), await codeOf(6));
    expect((await personOfChat(context(), chat('5')))!.userId).toBe(6);
    expect((await personOfChat(context(), chat('5 too')))!.userId).toBe(5);
  });

  test('unlinked, it is nobody’s; again, there is nothing to unlink', async () => {
    await linkByCode(context(), chat('7'), await codeOf(7));
    expect(await unlink(context(), await person(7), chat('7'))).toBe(true);
    expect(await unlink(context(), await person(7), chat('7'))).toBe(false);
    expect(await personOfChat(context(), chat('7'))).toBeNull();
    const actions: string[] = await campus.db.knex('audit_log').where({ user_id: 7 }).orderBy('id').pluck('action');
    expect(actions).toEqual(['chat.link', 'chat.unlink']);
  });

  test('the code of a person who has left links nothing', async () => {
    const code = await codeOf(8);
    await campus.db.knex('users').where({ id: 8 }).update({ active: false });
    await expect(linkByCode(context(), chat('8'), code)).rejects.toMatchObject({ code: 'link-code-wrong' });
    expect(await campus.db.knex('chat_links').where({ user_id: 8 })).toEqual([]);
    expect(await personById(context(), 8)).toBeNull();
  });

  test('a person is found by mail address too, whatever its case', async () => {
    const { email } = await person(9);
    expect((await personByEmail(context(), email.toUpperCase()))!.userId).toBe(9);
    expect(await personByEmail(context(), 'nobody@campus.example')).toBeNull();
  });
});

describe('rule 3 a platform’s event is dealt with once', () => {
  test('also when it comes fifty times at once', async () => {
    const news = await Promise.all(Array.from({ length: 50 }, () => isNewEvent(context(), 'telegram', 'update 1')));
    expect(news.filter(Boolean)).toHaveLength(1);
    expect(await isNewEvent(context(), 'slack', 'update 1')).toBe(true);
  });
});
