// How a student's mailbox fares, and ending it, over Telegram.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connectMailbox } from '../../../services/mailbox-set-up.ts';
import type { Person } from '../../../services/context.ts';
import { TelegramCampus } from './telegram-campus.ts';

let room: TelegramCampus;
beforeAll(async () => void (room = await TelegramCampus.open()));
afterAll(() => room.close());

const connect = ({ studentId, userId }: Person) => room.campus.db.transaction((trx) => connectMailbox(trx, room.context, { id: studentId!, userId }, {
  host: 'imap.example', port: 993, security: 'tls', username: 'somebody', auth: 'password', secret: 'secret',
}));
const mailboxOf = ({ studentId }: Person) => room.campus.db.knex('mailboxes').where({ student_id: studentId! });

describe('I1a, I5 mailbox', () => {
  test('says how it fares: none, not yet read, read, failing', async () => {
    const person = await room.personOf('students', 31);
    const chatId = await room.linkedChat(person);
    const says = async () => (await room.ask(chatId, 'mailbox')).text;
    expect(await says()).toBe('Your mailbox\nNo mailbox of yours is connected.');
    await connect(person);
    expect(await says()).toBe('Your mailbox\nIt is connected, but has not been read yet.');
    await mailboxOf(person).update({ last_read_at: new Date('2026-11-23T02:00:00Z') });
    expect(await says()).toMatch(/^Your mailbox\nLast read: Mon, 23 Nov, 7:30/);
    await mailboxOf(person).update({ status: 'backing_off', failure_code: 'wrong-password', retry_at: new Date('2026-11-23T04:00:00Z') });
    expect(await says()).toMatch(/^Your mailbox\nThe mail server refuses the password.*\nThe next try: Mon, 23 Nov, 9:30/);
  });

  test('stop asks once more; no leaves it, yes ends it for good, and a second yes says so', async () => {
    const person = await room.personOf('students', 32);
    await connect(person);
    const chatId = await room.linkedChat(person);
    const shown = await room.ask(chatId, 'mailbox');
    expect(shown.buttons).toEqual([{ text: 'Stop reading my mail', callback_data: 'mailbox:stop' }]);
    const sure = () => room.answerTo(chatId, () => room.server.presses(chatId, shown, 'mailbox:stop'));

    const first = await sure();
    expect(first.buttons.map(({ text }) => text)).toEqual(['Stop and erase', 'Go on reading']);
    room.server.presses(chatId, { ...first }, 'mailbox:keep');
    await room.server.until(() => first.edited);
    expect(first.text).toMatch(/Nothing is changed\.$/);
    expect(await mailboxOf(person).first('status')).toEqual({ status: 'active' });

    const second = await sure();
    room.server.presses(chatId, { ...second }, 'mailbox:erase');
    await room.server.until(() => second.edited);
    expect(second.text).toMatch(/Done: your mail is read no more/);
    expect(await mailboxOf(person).first('status')).toEqual({ status: 'withdrawn' });
    room.server.presses(chatId, { ...second }, 'mailbox:erase');
    await room.server.until(() => second.text.endsWith('Your mail is not read any more: you stopped it.'));
    expect((await room.ask(chatId, 'mailbox')).text).toBe('Your mailbox\nYour mail is not read any more: you stopped it.');
  });

  test('a lecturer has none', async () => {
    const chatId = await room.linkedChat(await room.personOf('faculty', 2));
    expect((await room.ask(chatId, 'mailbox')).text).toBe('You are not allowed to do this.');
    const shown = await room.ask(chatId, 'help');
    expect((await room.answerTo(chatId, () => room.server.presses(chatId, shown, 'mailbox:erase'))).text).toBe('You are not allowed to do this.');
  });
});
