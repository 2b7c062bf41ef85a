// What every platform's chat gets back, whatever goes wrong.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pino from 'pino';
import { handle } from '../../../bots/commands/index.ts';
import { openDatabase } from '../../../db/connection.ts';
import { pendingDecision, settleDecision } from '../../../db/repositories/offers.ts';
import type { Person, ServiceContext } from '../../../services/context.ts';
import { linkByCode, makeLinkCode } from '../../../services/links.ts';
import { testCampus, testContext, type TestCampus } from '../../support/context.ts';
import { offerFor } from '../offer.ts';

const silent = pino({ level: 'silent' });
let campus: TestCampus;
let context: ServiceContext;
beforeAll(async () => {
  campus = await testCampus();
  context = testContext(campus.db, { now: '2026-11-23T03:00:00Z' });
});
afterAll(() => campus.close());

async function chatOf(person: Person, platform: 'telegram' | 'slack') {
  const chat = { platform, chatId: `chat of ${person.userId}` };
  await linkByCode(context, chat, (await makeLinkCode(context, person)).code);
  return chat;
}

describe('D1 a command is the same on every platform', () => {
  test('one person’s two chats give the same answer', async () => {
    const { faculty } = await offerFor(context, 1);
    const [telegram, slack] = [await chatOf(faculty, 'telegram'), await chatOf(faculty, 'slack')];
    for (const text of ['today', '/makeups', 'HELP', 'nonsense', 'today tomorrow']) {
      expect(await handle(context, silent, slack, { text })).toEqual(await handle(context, silent, telegram, { text }));
    }
  });

  test('a chat that is not linked can press nothing', async () => {
    const [answer] = await handle(context, silent, { platform: 'discord', chatId: '9' }, { action: 'decide:1:1' });
    expect(answer!.lines[0]).toMatch(/don’t know who you are/);
  });
});

describe('D2 a decision that could not be carried out', () => {
  test('says why, and that new times will come', async () => {
    const { faculty, roundId, optionIds } = await offerFor(context, 2);
    const chat = await chatOf(faculty, 'slack');
    campus.db.onIntents(() => {
      void pendingDecision(campus.db.knex, roundId).then((decision) =>
        decision && campus.db.transaction((trx) => settleDecision(trx, decision.id, 'refused', 'student-taken')));
    });
    const [answer] = await handle(context, silent, chat, { action: `decide:${roundId}:${optionIds[1]}` });
    expect(answer).toEqual({
      lines: ['A student is no longer free then.', 'New times are being looked for and will be sent to you.'], settles: true,
    });
  });
});

describe('D12 a fault of ours', () => {
  test('is logged under a reference, which is all that the chat is told', async () => {
    const lines: string[] = [];
    const log = pino({}, { write: (line) => void lines.push(line) });
    const away = openDatabase('mysql://nobody:wrong@127.0.0.1:9/nothing');
    const [answer] = await handle({ ...context, db: away }, log, { platform: 'telegram', chatId: '1' }, { text: 'today' });
    await away.close();
    const [, reference] = /^Something went wrong, and it is our fault\. If it goes on, name this reference: ([0-9A-F]{8})$/.exec(answer!.lines[0]!)!;
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({ reference, platform: 'telegram', cause: { code: 'ECONNREFUSED' } });
  });
});
