// Mail in, person told: over real IMAP, Telegram's and SMTP's own wire, decided by a button in the chat.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import ICAL from 'ical.js';
import { DateTime } from 'luxon';
import { createTelegramSender } from '../../activities/chat.ts';
import { createEmailSender } from '../../activities/email.ts';
import { type MailReceiver, startMailReceiver } from '../../bin/embedded/mail-receiver.ts';
import { createTelegramBot, type TelegramBot } from '../../bots/telegram/bot.ts';
import { findSession, sessionsOfStudent, type Session } from '../../db/repositories/sessions.ts';
import { sessionUid } from '../../domain/calendar/uids.ts';
import { feedAddress, feedByToken } from '../../services/calendars.ts';
import type { Person, ServiceContext } from '../../services/context.ts';
import { makeLinkCode, personById } from '../../services/links.ts';
import { connectMailboxes, eventually, startBeadle } from '../support/beadle.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';
import { appendMails, type MailboxLogin, newMailbox } from '../support/imap.ts';
import { quietLog } from '../support/log.ts';
import { TelegramServer } from '../support/telegram-server.ts';

const ZONE = 'Asia/Kolkata';
const MONDAY = DateTime.utc().setZone(ZONE).startOf('week').plus({ weeks: 1 }).toISODate()!;
const LECTURER_CHAT = 501;
const STUDENT_CHAT = 502;

describe('mail in, person told (I14, I16, I19, I20, D2, D6)', () => {
  let campus: TestCampus;
  let context: ServiceContext;
  let telegram: TelegramServer;
  let receiver: MailReceiver;
  let bot: TelegramBot;
  let email: ReturnType<typeof createEmailSender>;
  let beadle: Awaited<ReturnType<typeof startBeadle>>;
  let session: Session;

  beforeAll(async () => {
    campus = await testCampus({ students: 60, from: MONDAY });
    // So many are never hit: the whole class moves.
    await campus.db.knex('departments').update({ makeup_min_students: 200 });
    context = testContext(campus.db, { now: () => DateTime.utc(), rules: { quietSeconds: 1, quietMaxSeconds: 10 } });
    telegram = await new TelegramServer().start();
    receiver = await startMailReceiver();
    const { token, apiRoot } = telegram;
    email = createEmailSender({ smtpUrl: receiver.url, from: 'Beadle <beadle@campus.example>', campusTimeZone: ZONE, now: context.now });
    bot = createTelegramBot({ token, apiRoot, context, log: quietLog });
    await bot.start();
    beadle = await startBeadle(context, { senders: { telegram: createTelegramSender({ token, apiRoot, campusTimeZone: ZONE }), email } });
    const day = DateTime.fromISO(MONDAY, { zone: ZONE }).plus({ days: 2 });
    session = (await sessionsOfStudent(campus.db.knex, 1, day.toJSDate(), day.plus({ days: 1 }).toJSDate()))[0]!;
  });
  afterAll(async () => {
    await bot?.stop();
    await beadle?.stop();
    email?.close();
    await receiver?.stop();
    await telegram?.stop();
    await campus?.close();
  });

  async function linkByChat(person: Person, chatId: number): Promise<void> {
    const { code } = await makeLinkCode(context, person);
    telegram.says(chatId, `/start ${code}`);
    await eventually(async () => campus.db.knex('chat_links').where({ chat_id: String(chatId) }).first(), 'the link');
  }

  async function personOfStudent(id: number): Promise<Person> {
    const { user_id: userId } = await campus.db.knex('students').where({ id }).first('user_id');
    return (await personById(context, userId))!;
  }

  test('a company writes to 24 students; the lecturer presses a button; everybody is told by the way they use', async () => {
    await linkByChat((await personById(context, session.facultyUserId))!, LECTURER_CHAT);
    await linkByChat(await personOfStudent(1), STUDENT_CHAT);
    const students: { id: number; email: string }[] = await campus.db.knex('students as s').join('users as u', 'u.id', 's.user_id')
      .orderBy('s.id').limit(24).select('s.id', 'u.email');
    const logins = new Map<number, MailboxLogin>(students.map(({ id }) => [id, newMailbox(`told${id}`)]));
    await connectMailboxes(context, logins);
    const at = DateTime.fromJSDate(session.startsAt, { zone: ZONE });
    await Promise.all(students.map(({ id, email: to }) => appendMails(logins.get(id)!, [[
      'From: Bittern Labs Careers <careers@bitternlabs.example>', `To: ${to}`, 'Subject: Your interview with Bittern Labs',
      `Date: ${DateTime.now().toRFC2822()}`, `Message-ID: <bittern-${id}@bitternlabs.example>`, 'Content-Type: text/plain', '',
      `Your technical interview with Bittern Labs is scheduled on ${at.toFormat('d MMMM yyyy')} at ${at.toFormat('h:mm a')} IST on Zoom.`, '',
    ].join('\r\n')])));
    await beadle.sweep();

    const found = await telegram.waitFor((sent) => sent.chatId === STUDENT_CHAT && sent.text.includes('Bittern Labs'));
    expect(found.text).toContain(at.toFormat('d'));
    const offer = await telegram.waitFor((sent) => sent.chatId === LECTURER_CHAT && sent.buttons.length > 1);
    expect(offer.text).toContain(session.subjectCode);
    expect(offer.text).not.toContain('Bittern');
    telegram.presses(LECTURER_CHAT, offer, offer.buttons[0]!.callback_data!);
    await eventually(() => Promise.resolve(offer.edited), 'an answer in the offer');

    const moved = await eventually(async () => {
      const now = await findSession(campus.db.knex, session.id);
      return now!.sequence === 1 && now;
    }, 'the move');
    await telegram.waitFor((sent) => sent.chatId === STUDENT_CHAT && sent.text.includes('is moved'));
    await telegram.waitFor((sent) => sent.chatId === LECTURER_CHAT && sent.text.includes('is moved'));
    const other = await personOfStudent(2);
    const mail = await receiver.waitFor(({ to, parsed }) => to.includes(other.email) && /is moved/.test(parsed.subject ?? ''));
    const part = mail.parsed.attachments.find((attachment) => attachment.mimeType === 'text/calendar')!;
    expect(part.method).toBe('REQUEST');
    const invited = new ICAL.Component(ICAL.parse(Buffer.from(part.content as Uint8Array).toString('utf8'))).getFirstSubcomponent('vevent')!;
    expect(invited.getFirstPropertyValue('uid')).toBe(sessionUid(session.id));

    const { url } = await feedAddress(context, other);
    const feed = new ICAL.Component(ICAL.parse(await feedByToken(context, /feeds\/(.*)\.ics$/.exec(url)![1]!)));
    const event = feed.getAllSubcomponents('vevent').map((component) => new ICAL.Event(component)).find(({ uid }) => uid === sessionUid(session.id))!;
    expect([event.sequence, event.startDate.toJSDate()]).toEqual([1, moved.startsAt]);
    await eventually(async () => (await campus.db.knex('deliveries').whereNot({ status: 'sent' }).first()) === undefined, 'all told');
    const telegramTexts = telegram.sent.filter((sent) => sent.chatId === LECTURER_CHAT).map((sent) => sent.text).join('\n');
    expect(telegramTexts).not.toContain('Bittern');
  });
});
