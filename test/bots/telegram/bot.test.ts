// The Telegram bot against a server that speaks the Bot API: what it takes, and what it survives.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TelegramServer } from '../../support/telegram-server.ts';
import { offerFor } from '../offer.ts';
import { TelegramCampus } from './telegram-campus.ts';

let room: TelegramCampus;
let server: TelegramServer;
beforeAll(async () => {
  room = await TelegramCampus.open();
  server = room.server;
});
afterAll(() => room.close());

describe('D4 the bot makes itself known', () => {
  test('its commands are registered for private chats', () => {
    const { fields } = server.calls.find(({ method }) => method === 'setMyCommands')!;
    expect(fields).toMatchObject({ scope: { type: 'all_private_chats' } });
    expect((fields['commands'] as { command: string }[]).map(({ command }) => command)).toContain('today');
  });

  test('a token that Telegram refuses ends the start', async () => {
    await expect(room.newBot('1:wrong').start()).rejects.toMatchObject({ error_code: 401 });
  });
});

describe('D4 what a stranger sends', () => {
  test.each([
    ['a text as long as Telegram lets it be', '/today '.padEnd(4096, 'x')], ['emoji', '👩‍👩‍👧‍👦'.repeat(300)],
    ['right-to-left text with marks', '\u202Eשלום /link \u2066'], ['markup', '</b><script>&&&'], ['nothing', ''], ['half a character', '/link \uD83D'],
    ['a path', '/link ../../etc'],
  ])('%s is answered in a sentence', async (_, text) => {
    expect((await room.ask(room.newChat(), text)).text).toMatch(/don’t know who you are|code is wrong|Write: link/);
  });

  test('help is there for anyone, and tells of linking only', async () => {
    const { text } = await room.ask(room.newChat(), '/start');
    expect(text).toContain('link –');
    expect(text).not.toContain('today');
  });

  test('a photo is answered with a word that only text is read', async () => {
    const chatId = room.newChat();
    const { text } = await room.answerTo(chatId, () => server.sends(chatId, { photo: [{ file_id: 'x', file_unique_id: 'x', width: 1, height: 1 }], caption: '/today' }));
    expect(text).toMatch(/only read text/);
  });

  test('in a group it says that it works in private, and nothing about anybody', async () => {
    const { text } = await room.answerTo(-77, () => server.saysInGroup(-77, '/today'));
    expect(text).toMatch(/private chat/);
  });

  test('a button that nobody gave is not understood', async () => {
    const chatId = await room.linkedChat(await room.personOf('students', 10));
    const shown = await room.ask(chatId, '/help');
    expect((await room.answerTo(chatId, () => server.presses(chatId, shown, 'decide:1:1; drop table'))).text).toMatch(/don’t know this/);
  });
});

describe('D5 doing nothing twice', () => {
  test('an update that Telegram gives again is not dealt with again', async () => {
    const student = await room.personOf('students', 11);
    const chatId = await room.linkedChat(student);
    await room.stopBot();
    const before = server.sent.length;
    server.forgetConfirmations();
    await room.startBot();
    expect((await room.ask(chatId, '/interviews')).text).toContain('Your interviews');
    expect(server.sent.length).toBe(before + 1);
  });

  test('Telegram’s wish to wait is honoured', async () => {
    const chatId = room.newChat();
    server.fail('sendMessage', { error_code: 429, description: 'Too Many Requests: retry after 1', parameters: { retry_after: 1 } });
    expect((await room.ask(chatId, '/help')).text).toContain('link –');
    expect(server.calls.filter(({ method, fields }) => method === 'sendMessage' && fields['chat_id'] === chatId)).toHaveLength(2);
  });

  test('a chat that has blocked the bot stops nothing', async () => {
    const [blocked, chatId] = [room.newChat(), room.newChat()];
    server.fail('sendMessage', { error_code: 403, description: 'Forbidden: bot was blocked by the user' });
    server.says(blocked, '/help');
    await server.until(() => server.calls.some(({ fields }) => fields['chat_id'] === blocked));
    expect((await room.ask(chatId, '/help')).text).toContain('link –');
  });

  test('a second poller’s conflict is survived', async () => {
    server.fail('getUpdates', { error_code: 409, description: 'Conflict: terminated by other getUpdates request' });
    await room.ask(room.newChat(), '/help');
    expect((await room.ask(room.newChat(), '/help')).text).toContain('link –');
  });

  test('a stop waits for the answers that were begun, and what comes later is answered after the next start', async () => {
    const offer = await offerFor(room.context, 4);
    const chatId = await room.linkedChat(offer.faculty);
    const shown = await room.ask(chatId, '/help');
    const answered = server.answeredQueries.length;
    server.presses(chatId, shown, `decide:${offer.roundId}:decline`);
    await server.until(() => server.answeredQueries.length > answered);
    expect(shown.edited).toBe(false);
    await room.stopBot();
    expect(shown.text).toContain('Noted');
    const before = server.sent.length;
    server.says(chatId, '/help');
    await room.startBot();
    await server.until(() => server.sent.length > before);
  });
});
