// The Telegram bot against a server that speaks the Bot API, on the demo campus.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import pino from 'pino';
import { createTelegramBot, type TelegramBot } from '../../../bots/telegram/bot.ts';
import { insertInterview } from '../../../db/repositories/interviews.ts';
import { pendingDecision } from '../../../db/repositories/rescheduling.ts';
import type { Person, ServiceContext } from '../../../services/context.ts';
import { feedByToken } from '../../../services/calendars.ts';
import { applyDecision } from '../../../services/deciding.ts';
import { makeLinkCode, personById } from '../../../services/links.ts';
import { testCampus, testContext, type TestCampus } from '../../support/context.ts';
import { TelegramServer } from '../../support/telegram-server.ts';
import { offerFor } from '../offer.ts';

const log = pino({ level: 'silent' });
const NOW = '2026-11-23T03:00:00Z';
let campus: TestCampus;
let context: ServiceContext;
let server: TelegramServer;
let bot: TelegramBot;
let nextChat = 1000;

const newBot = (more: Partial<{ token: string; context: ServiceContext }> = {}) =>
  createTelegramBot({ token: server.token, apiRoot: server.apiRoot, context, log, ...more });

beforeAll(async () => {
  campus = await testCampus();
  context = testContext(campus.db, { now: NOW });
  server = await new TelegramServer().start();
  bot = newBot();
  await bot.start();
});

afterAll(async () => {
  await bot.stop();
  await server.stop();
  await campus.close();
});

async function userOf(table: 'students' | 'faculty', id: number): Promise<Person> {
  const { user_id: userId } = await campus.db.knex(table).where({ id }).first('user_id');
  return (await personById(context, userId))!;
}

/** The bot's next message in a chat after something happened there. */
async function answerTo(chatId: number, act: () => void) {
  const before = server.sent.filter((sent) => sent.chatId === chatId).length;
  act();
  await server.until(() => server.sent.filter((sent) => sent.chatId === chatId).length > before);
  return server.sent.filter((sent) => sent.chatId === chatId)[before]!;
}

const ask = (chatId: number, text: string) => answerTo(chatId, () => server.says(chatId, text));

async function linkedChat(person: Person): Promise<number> {
  const chatId = nextChat++;
  const { code } = await makeLinkCode(context, person);
  expect((await ask(chatId, `/link ${code}`)).text).toContain(`Welcome, ${person.name}`);
  return chatId;
}

describe('D4 the bot makes itself known', () => {
  test('its commands are registered for private chats', () => {
    const { fields } = server.calls.find(({ method }) => method === 'setMyCommands')!;
    expect(fields).toMatchObject({ scope: { type: 'all_private_chats' } });
    expect((fields['commands'] as { command: string }[]).map(({ command }) => command)).toContain('today');
  });

  test('a token that Telegram refuses ends the start', async () => {
    await expect(newBot({ token: '1:wrong' }).start()).rejects.toMatchObject({ error_code: 401 });
  });
});

describe('D3 linking a chat', () => {
  test('a code from /start links the chat, however it is typed, and only once', async () => {
    const student = await userOf('students', 3);
    const { code } = await makeLinkCode(context, student);
    expect((await ask(2001, `/start ${code.toLowerCase()}`)).text).toContain(student.name);
    expect((await ask(2002, `/link ${code}`)).text).toMatch(/wrong, used or too old/);
    expect((await ask(2001, '/interviews')).text).toContain('No interviews.');
  });

  test('after five wrong codes the chat has to wait, even with the right one', async () => {
    for (let attempt = 1; attempt <= 5; attempt += 1) expect((await ask(2003, '/link NOTACODE')).text).toMatch(/wrong/);
    const { code } = await makeLinkCode(context, await userOf('students', 4));
    expect((await ask(2003, `/link ${code}`)).text).toMatch(/wait 15 minutes/);
  });

  test('a code that is a quarter of an hour old no longer works', async () => {
    const earlier = { ...context, now: () => DateTime.fromISO(NOW).minus({ minutes: 16 }) };
    const { code } = await makeLinkCode(earlier, await userOf('students', 4));
    expect((await ask(2004, `/link ${code}`)).text).toMatch(/too old/);
  });

  test('link without a code says how it is written', async () => {
    expect((await ask(2005, '/link')).text).toMatch(/Write: link CODE/);
  });

  test('after unlink the chat is a stranger’s again', async () => {
    const chatId = await linkedChat(await userOf('students', 5));
    expect((await ask(chatId, '/unlink')).text).toMatch(/no longer connected/);
    expect((await ask(chatId, '/today')).text).toMatch(/don’t know who you are/);
  });
});

describe('D2 what a student asks', () => {
  test('today lists the day’s classes and interviews in their order, in the student’s time', async () => {
    const student = await userOf('students', 1);
    await interviewOf(1, 'Aurora <Labs> & Co', '2026-11-23T02:30:00Z', '2026-11-23T03:15:00Z');
    const { text } = await ask(await linkedChat(student), '/today@BeadleBot');
    const [title, first, ...classes] = text.split('\n');
    expect(title).toBe('Today, Mon, 23 Nov');
    expect(first).toMatch(/^8:00\s–\s8:45\sam\s+Interview: Aurora <Labs> & Co/u);
    expect(classes.length).toBeGreaterThan(1);
    for (const line of classes) expect(line).toMatch(/\d:\d\d.*[ap]m\s+\S+ .+ \([A-Z]+-\d[A-Z]\), room [A-D]-\d+/u);
  });

  test('interviews tells company, time, place and what is not certain', async () => {
    await interviewOf(6, 'Weststern', '2026-11-25T05:00:00Z', '2026-11-25T06:00:00Z', { location: 'Block <2>', link: 'https://meet.example/a?b=1&c=2' });
    await interviewOf(6, 'Kestrel', null, null, { status: 'asked', date: '2026-11-26' });
    const { text } = await ask(await linkedChat(await userOf('students', 6)), 'interviews');
    expect(text).toMatch(/Weststern: Wed, 25 Nov, 10:30/);
    expect(text).toContain('Where: Block <2>\nhttps://meet.example/a?b=1&c=2');
    expect(text).toContain('Kestrel: Thu, 26 Nov (not certain)');
  });

  test('calendar gives the own feed, and renew ends the old address', async () => {
    const chatId = await linkedChat(await userOf('students', 7));
    const addressIn = (text: string) => /http:\S+\/feeds\/(\S+)\.ics/.exec(text)![1]!;
    const first = addressIn((await ask(chatId, 'calendar')).text);
    expect(await feedByToken(context, first)).toContain('BEGIN:VCALENDAR');
    expect(addressIn((await ask(chatId, '/calendar')).text)).toBe(first);
    const second = await ask(chatId, '/calendar Renew');
    expect(second.text).toContain('webcal:');
    expect(addressIn(second.text)).not.toBe(first);
    await expect(feedByToken(context, first)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('help lists only what the role may do', async () => {
    const text = (await ask(await linkedChat(await userOf('students', 8)), '/help')).text;
    expect(text).toContain('interviews –');
    expect(text).not.toContain('makeups');
    expect((await ask(nextChat - 1, '/makeups')).text).toMatch(/not allowed/);
  });

  test('a name full of markup is shown as it is', async () => {
    const student = await userOf('students', 9);
    const name = '</b><a href="tg://user?id=1">&amp; \u202Eאבג</a>';
    await campus.db.knex('users').where({ id: student.userId }).update({ name });
    await linkedChat({ ...student, name });
  });
});

describe('D4 what a stranger sends', () => {
  test.each([
    ['a text as long as Telegram lets it be', '/today '.padEnd(4096, 'x')], ['emoji', '👩‍👩‍👧‍👦'.repeat(300)],
    ['right-to-left text with marks', '\u202Eשלום /link \u2066'], ['markup', '</b><script>&&&'], ['nothing', ''], ['half a character', '/link \uD83D'],
    ['a path', '/link ../../etc'],
  ])('%s is answered in a sentence', async (_, text) => {
    expect((await ask(nextChat++, text)).text).toMatch(/don’t know who you are|code is wrong|Write: link/);
  });

  test('help is there for anyone, and tells of linking only', async () => {
    const { text } = await ask(nextChat++, '/start');
    expect(text).toContain('link –');
    expect(text).not.toContain('today');
  });

  test('a photo is answered with a word that only text is read', async () => {
    const chatId = nextChat++;
    const { text } = await answerTo(chatId, () => server.sends(chatId, { photo: [{ file_id: 'x', file_unique_id: 'x', width: 1, height: 1 }], caption: '/today' }));
    expect(text).toMatch(/only read text/);
  });

  test('in a group it says that it works in private, and nothing about anybody', async () => {
    const { text } = await answerTo(-77, () => server.saysInGroup(-77, '/today'));
    expect(text).toMatch(/private chat/);
  });

  test('a button that nobody gave is not understood', async () => {
    const chatId = await linkedChat(await userOf('students', 10));
    const shown = await ask(chatId, '/help');
    expect((await answerTo(chatId, () => server.presses(chatId, shown, 'decide:1:1; drop table'))).text).toMatch(/don’t know this/);
  });
});

describe('D2 a faculty member decides by button', () => {
  test('accepting writes the decision and answers that it is being processed; another press then changes nothing', async () => {
    const offer = await offerFor(context, 1);
    const chatId = await linkedChat(offer.faculty);
    const shown = await ask(chatId, '/makeups');
    expect(shown.text).toContain(`${offer.session.subjectCode} ${offer.session.subjectName}`);
    expect(shown.buttons.map(({ callback_data: data }) => data)).toEqual([
      `decide:${offer.roundId}:${offer.optionIds[0]}`, `decide:${offer.roundId}:${offer.optionIds[1]}`, `decide:${offer.roundId}:decline`,
    ]);
    const before = { ...shown };
    const answered = server.answeredQueries.length;
    server.presses(chatId, before, shown.buttons[0]!.callback_data!);
    await server.until(() => server.answeredQueries.length > answered && shown.edited);
    expect(shown.text).toBe(`${before.text}\n\nNoted, being processed.`);
    expect(shown.buttons).toEqual([]);
    expect(await pendingDecision(campus.db.knex, offer.roundId)).toMatchObject({
      choice: 'accept', optionId: offer.optionIds[0], userId: offer.faculty.userId, outcome: 'pending',
    });

    // The message as the second finger still saw it.
    server.presses(chatId, before, `decide:${offer.roundId}:decline`);
    await server.until(() => shown.text.includes('closed'));
    expect(shown.text).toBe(`${before.text}\n\nThis question is closed. A decision was made and is being processed.`);
    expect(await decisions(offer.roundId)).toHaveLength(1);
  });

  test('another faculty member’s press is refused and learns nothing', async () => {
    const offer = await offerFor(context, 2);
    const other = await facultyBeside(offer.faculty);
    const chatId = await linkedChat(other);
    const shown = await ask(chatId, '/help');
    const answer = await answerTo(chatId, () => server.presses(chatId, shown, `decide:${offer.roundId}:${offer.optionIds[0]}`));
    expect(answer.text).toBe('There is no such thing, or it is not yours to see.');
    expect(shown.edited).toBe(false);
    const missing = await answerTo(chatId, () => server.presses(chatId, shown, 'decide:999999:1'));
    expect(missing.text).toBe(answer.text);
    expect(await decisions(offer.roundId)).toEqual([]);
  });

  test('what the process did within two seconds is said at once', async () => {
    const offer = await offerFor(context, 3);
    const chatId = await linkedChat(offer.faculty);
    const offered = await answerTo(chatId, () => server.says(chatId, '/makeups'));
    const shown = await server.waitFor((sent) => sent.chatId === chatId && sent.buttons.some(({ callback_data: data }) => data?.startsWith(`decide:${offer.roundId}:`)));
    expect(offered.chatId).toBe(shown.chatId);
    const process = applyWhenDecided(offer.roundId);
    server.presses(chatId, shown, `decide:${offer.roundId}:decline`);
    expect(await process).toBe('declined');
    await server.until(() => shown.edited);
    expect(shown.text).toMatch(/Done: the class stays where it is/);
  });
});

describe('D5 doing nothing twice', () => {
  test('an update that Telegram gives again is not dealt with again', async () => {
    const student = await userOf('students', 11);
    const chatId = await linkedChat(student);
    await bot.stop();
    const before = server.sent.length;
    server.forgetConfirmations();
    bot = newBot();
    await bot.start();
    expect((await ask(chatId, '/interviews')).text).toContain('Your interviews');
    expect(server.sent.length).toBe(before + 1);
  });

  test('Telegram’s wish to wait is honoured', async () => {
    const chatId = nextChat++;
    server.fail('sendMessage', { error_code: 429, description: 'Too Many Requests: retry after 1', parameters: { retry_after: 1 } });
    expect((await ask(chatId, '/help')).text).toContain('link –');
    expect(server.calls.filter(({ method, fields }) => method === 'sendMessage' && fields['chat_id'] === chatId)).toHaveLength(2);
  });

  test('a chat that has blocked the bot stops nothing', async () => {
    const [blocked, chatId] = [nextChat++, nextChat++];
    server.fail('sendMessage', { error_code: 403, description: 'Forbidden: bot was blocked by the user' });
    server.says(blocked, '/help');
    await server.until(() => server.calls.some(({ fields }) => fields['chat_id'] === blocked));
    expect((await ask(chatId, '/help')).text).toContain('link –');
  });

  test('a second poller’s conflict is survived', async () => {
    server.fail('getUpdates', { error_code: 409, description: 'Conflict: terminated by other getUpdates request' });
    await ask(nextChat++, '/help');
    expect((await ask(nextChat++, '/help')).text).toContain('link –');
  });

  test('a stop waits for the answers that were begun, and what comes later is answered after the next start', async () => {
    const offer = await offerFor(context, 4);
    const chatId = await linkedChat(offer.faculty);
    const shown = await ask(chatId, '/help');
    const answered = server.answeredQueries.length;
    server.presses(chatId, shown, `decide:${offer.roundId}:decline`);
    await server.until(() => server.answeredQueries.length > answered);
    expect(shown.edited).toBe(false);
    await bot.stop();
    expect(shown.text).toContain('Noted');
    const before = server.sent.length;
    server.says(chatId, '/help');
    bot = newBot();
    await bot.start();
    await server.until(() => server.sent.length > before);
  });
});

async function interviewOf(
  studentId: number, companyName: string, start: string | null, end: string | null,
  more: Partial<{ location: string; link: string; status: 'asked'; date: string }> = {},
): Promise<void> {
  await campus.db.transaction((trx) => insertInterview(trx, {
    studentId, driveId: null, companyName, companyKey: companyName.toLowerCase(), role: null, round: null, mode: null,
    date: start?.slice(0, 10) ?? '', startsAt: start === null ? null : new Date(start), endsAt: end === null ? null : new Date(end),
    timeZone: 'Asia/Kolkata', location: null, link: null, status: 'confirmed', confidence: 0.9, source: 'rules', evidence: null,
    originKey: Buffer.alloc(32, companyName), calendarSequence: null, ...more,
  }, context.now().toJSDate()));
}

async function decisions(roundId: number): Promise<unknown[]> {
  return campus.db.knex('rescheduled_class_decision').where({ rescheduled_class_id: roundId });
}

/** Somebody who teaches, but neither the class nor as its head of department. */
async function facultyBeside(one: Person): Promise<Person> {
  const row = await campus.db.knex('faculty as f').join('users as u', 'u.id', 'f.user_id')
    .where('u.role', 'faculty').whereNot('f.id', one.facultyId).first('f.id');
  return userOf('faculty', row.id);
}

/** What the round's process does as soon as the decision is committed. */
function applyWhenDecided(roundId: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let done = false;
    campus.db.onIntents(() => {
      if (done) return;
      done = true;
      pendingDecision(campus.db.knex, roundId).then((decision) => applyDecision(context, decision!.id)).then(resolve, reject);
    });
  });
}
