// Linking and asking over Telegram, on the demo campus.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { insertInterviews } from '../../../db/repositories/interviews.ts';
import { feedByToken } from '../../../services/calendars.ts';
import { makeLinkCode } from '../../../services/links.ts';
import { NOW, TelegramCampus } from './telegram-campus.ts';

let room: TelegramCampus;
beforeAll(async () => void (room = await TelegramCampus.open()));
afterAll(() => room.close());

describe('D3 linking a chat', () => {
  test('a code from /start links the chat, however it is typed, and only once', async () => {
    const student = await room.personOf('students', 3);
    const { code } = await makeLinkCode(room.context, student);
    expect((await room.ask(2001, `/start ${code.toLowerCase()}`)).text).toContain(student.name);
    expect((await room.ask(2002, `/link ${code}`)).text).toMatch(/wrong, used or too old/);
    expect((await room.ask(2001, '/interviews')).text).toContain('No interviews.');
  });

  test('after five wrong codes the chat has to wait, even with the right one', async () => {
    for (let attempt = 1; attempt <= 5; attempt += 1) expect((await room.ask(2003, '/link NOTACODE')).text).toMatch(/wrong/);
    const { code } = await makeLinkCode(room.context, await room.personOf('students', 4));
    expect((await room.ask(2003, `/link ${code}`)).text).toMatch(/wait 15 minutes/);
  });

  test('a code that is a quarter of an hour old no longer works', async () => {
    const earlier = { ...room.context, now: () => DateTime.fromISO(NOW).minus({ minutes: 16 }) };
    const { code } = await makeLinkCode(earlier, await room.personOf('students', 4));
    expect((await room.ask(2004, `/link ${code}`)).text).toMatch(/too old/);
  });

  test('link without a code says how it is written', async () => {
    expect((await room.ask(2005, '/link')).text).toMatch(/Write: link CODE/);
  });

  test('after unlink the chat is a stranger’s again', async () => {
    const chatId = await room.linkedChat(await room.personOf('students', 5));
    expect((await room.ask(chatId, '/unlink')).text).toMatch(/no longer connected/);
    expect((await room.ask(chatId, '/today')).text).toMatch(/don’t know who you are/);
  });
});

describe('D2 what a student asks', () => {
  test('today lists the day’s classes and interviews in their order, in the student’s time', async () => {
    const student = await room.personOf('students', 1);
    await interviewOf(1, 'Aurora <Labs> & Co', '2026-11-23T02:30:00Z', '2026-11-23T03:15:00Z');
    const { text } = await room.ask(await room.linkedChat(student), '/today@BeadleBot');
    const [title, first, ...classes] = text.split('\n');
    expect(title).toBe('Today, Mon, 23 Nov');
    expect(first).toMatch(/^8:00\s–\s8:45\sam\s+Interview: Aurora <Labs> & Co/u);
    expect(classes.length).toBeGreaterThan(1);
    for (const line of classes) expect(line).toMatch(/\d:\d\d.*[ap]m\s+\S+ .+ \([A-Z]+-\d[A-Z]\), room [A-D]-\d+/u);
  });

  test('interviews tells company, time, place and what is not certain', async () => {
    await interviewOf(6, 'Weststern', '2026-11-25T05:00:00Z', '2026-11-25T06:00:00Z', { location: 'Block <2>', link: 'https://meet.example/a?b=1&c=2' });
    await interviewOf(6, 'Kestrel', null, null, { status: 'asked', date: '2026-11-26' });
    const chatId = await room.linkedChat(await room.personOf('students', 6));
    const first = await room.ask(chatId, 'interviews');
    expect(first.text).toMatch(/^Weststern\nWed, 25 Nov, 10:30/);
    expect(first.text).toContain('Where: Block <2>\nhttps://meet.example/a?b=1&c=2');
    expect(first.buttons.map(({ text }) => text)).toEqual(['Change time', 'Delete']);
    const second = await room.server.waitFor((sent) => sent.chatId === chatId && sent.text.includes('Kestrel'));
    expect(second.text).toBe('Kestrel (not certain)\nThu, 26 Nov');
    expect(second.buttons.map(({ text }) => text)).toEqual(['Yes', 'No', 'Edit time']);
  });

  test('calendar gives the own feed, and renew ends the old address', async () => {
    const chatId = await room.linkedChat(await room.personOf('students', 7));
    const addressIn = (text: string) => /http:\S+\/feeds\/(\S+)\.ics/.exec(text)![1]!;
    const first = addressIn((await room.ask(chatId, 'calendar')).text);
    expect(await feedByToken(room.context, first)).toContain('BEGIN:VCALENDAR');
    expect(addressIn((await room.ask(chatId, '/calendar')).text)).toBe(first);
    const second = await room.ask(chatId, '/calendar Renew');
    expect(second.text).toContain('webcal:');
    expect(addressIn(second.text)).not.toBe(first);
    await expect(feedByToken(room.context, first)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('help lists only what the role may do', async () => {
    const chatId = await room.linkedChat(await room.personOf('students', 8));
    const { text } = await room.ask(chatId, '/help');
    expect(text).toContain('interviews –');
    expect(text).not.toContain('makeups');
    expect((await room.ask(chatId, '/makeups')).text).toMatch(/not allowed/);
  });

  test('a name full of markup is shown as it is', async () => {
    const student = await room.personOf('students', 9);
    const name = '</b><a href="tg://user?id=1">&amp; \u202Eאבג</a>';
    await room.campus.db.knex('users').where({ id: student.userId }).update({ name });
    const chatId = room.newChat();
    const { code } = await makeLinkCode(room.context, student);
    expect((await room.ask(chatId, `/link ${code}`)).text).toContain(`Welcome, ${name}.`);
  });
});

async function interviewOf(
  studentId: number, companyName: string, start: string | null, end: string | null,
  more: Partial<{ location: string; link: string; status: 'asked'; date: string }> = {},
): Promise<void> {
  await room.campus.db.transaction((trx) => insertInterviews(trx, [{
    studentId, driveId: null, companyName, companyKey: companyName.toLowerCase(), role: null, round: null, mode: null,
    date: start?.slice(0, 10) ?? '', startsAt: start === null ? null : new Date(start), endsAt: end === null ? null : new Date(end),
    timeZone: 'Asia/Kolkata', location: null, link: null, status: 'confirmed', confidence: 0.9, source: 'rules', evidence: null,
    originKey: Buffer.alloc(32, companyName), calendarSequence: null, ...more,
  }], room.context.now().toJSDate()));
}
