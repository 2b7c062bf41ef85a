// Recording what was read of a mailbox: one transaction per batch, and mails that are not what they seem.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { type Finding } from '../../domain/interviews/types.ts';
import { findMailbox, ownersOf } from '../../db/repositories/mailboxes.ts';
import { createRecorder, type MailBatch, messageKeyOf, type ReadMail } from '../../services/mail-batches.ts';
import type { ServiceContext } from '../../services/context.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';
import { studentsWithMailboxes } from '../support/sweep.ts';

const finding: Finding = {
  kind: 'invite', company: 'Violet Textiles', role: null, round: 'technical', mode: 'online', start: DateTime.utc().plus({ days: 6 }).toISO(), end: null,
  previousStart: null, timeZone: 'Asia/Kolkata', location: null, link: null, confidence: 0.9, source: 'rules', evidence: 'Your interview is then.',
};

const read = (messageId: string, found: ReadMail['found'] = null): ReadMail =>
  ({ messageId, messageKey: messageKeyOf(messageId), repliedKeys: [], fingerprint: null, found, otherwise: 'nothing' });

describe('I3 one transaction for mails, cursor and what was found', () => {
  let campus: TestCampus;
  let context: ServiceContext;

  beforeAll(async () => {
    campus = await testCampus({ students: 60 });
    context = testContext(campus.db, { now: () => DateTime.utc() });
  });
  afterAll(async () => {
    await campus.close();
  });

  async function aMailbox() {
    const [student] = await studentsWithMailboxes(context, 1);
    const mailbox = (await findMailbox(campus.db.knex, student!.mailboxId))!;
    const [owner] = await ownersOf(campus.db.knex, [student!.id]);
    const batch = (mails: ReadMail[], from = 0): MailBatch =>
      ({ mailbox, owner: owner!, from: { uidValidity: from === 0 ? null : 7, lastUid: from }, to: { uidValidity: 7, lastUid: from + mails.length }, isEnd: true, mails });
    return { student: student!, mailbox, owner: owner!, batch, record: (one: MailBatch) => createRecorder(context)(one) };
  }

  const outcomes = (mailboxId: number) => campus.db.knex('mail_seen').where({ mailbox_id: mailboxId }).orderBy('id').pluck('outcome');

  test('a batch whose cursor has moved writes nothing', async () => {
    const { student, batch, record } = await aMailbox();
    const found = { meant: 'yes', authenticity: 'verified', finding } as const;
    expect(await record(batch([read('<first@mail.example>', found)]))).toEqual({ messages: 1, candidates: 1, interviews: 1 });
    expect(await record(batch([read('<second@mail.example>', found)]))).toBeNull();
    expect(await outcomes(student.mailboxId)).toEqual(['entered']);
    expect(await campus.db.knex('student_company_drive').where({ student_id: student.id })).toHaveLength(1);
  });

  test('twenty readers with the same batch write it once', async () => {
    const { student, batch, record } = await aMailbox();
    const one = batch([read('<race@mail.example>', { meant: 'yes', authenticity: 'verified', finding })]);
    const results = await Promise.all(Array.from({ length: 20 }, () => record(one)));
    expect(results.filter((result) => result !== null)).toEqual([{ messages: 1, candidates: 1, interviews: 1 }]);
    expect(await outcomes(student.mailboxId)).toEqual(['entered']);
  });

  test('Message-IDs that are none (8 bit, endless, empty) are recorded like others', async () => {
    const { student, batch, record } = await aMailbox();
    const hostile = ['<ünï-\ud83d\ude00@mail.example>', `<${'x'.repeat(5_000)}@mail.example>`, '', '\ufffd\0', "<'; drop table mail_seen; --@mail.example>"];
    expect(await record(batch(hostile.map((id) => read(id))))).toMatchObject({ messages: hostile.length });
    expect(await outcomes(student.mailboxId)).toEqual(hostile.map(() => 'nothing'));
  });

  test('a mail that Beadle itself sent is no interview (I12)', async () => {
    const { student, batch, record } = await aMailbox();
    await record(batch([read('<cause@mail.example>', { meant: 'yes', authenticity: 'verified', finding })]));
    const { message_id: own } = await campus.db.knex('deliveries as d').join('notices as n', 'n.id', 'd.notice_id')
      .where('n.user_id', student.userId).first('d.message_id');
    const echo = { meant: 'yes', authenticity: 'verified', finding: { ...finding, company: 'Sable Finance' } } as const;
    expect(await record(batch([read(own, echo)], 1))).toMatchObject({ messages: 1, interviews: 0 });
    expect(await outcomes(student.mailboxId)).toEqual(['entered', 'own']);
  });

  test('batches of thirty mailboxes at once: each is recorded once, one drive a company and day, and one that breaks holds up nobody', async () => {
    const mailboxes: Awaited<ReturnType<typeof aMailbox>>[] = [];
    while (mailboxes.length < 30) mailboxes.push(await aMailbox());
    const record = createRecorder(context);
    const ofCompany = (company: string, id: string) => read(id, { meant: 'yes', authenticity: 'verified', finding: { ...finding, company } });
    const results = await Promise.allSettled(mailboxes.map(({ batch, student }, index) => {
      const mails = [ofCompany('Umber Mobility', `<a${student.id}@mail.example>`), ofCompany('Willow Energy', `<b${student.id}@mail.example>`)];
      // No user has this id: the notice can't be written.
      const one = batch(mails);
      return record(index === 7 ? { ...one, owner: { ...one.owner, userId: 999_999 } } : one);
    }));
    expect(results[7]!.status).toBe('rejected');
    const others = results.filter((_, index) => index !== 7);
    expect(others).toEqual(others.map(() => ({ status: 'fulfilled', value: { messages: 2, candidates: 2, interviews: 2 } })));
    const ids = mailboxes.map(({ student }) => student.id);
    const interviews = await campus.db.knex('student_company_drive').whereIn('student_id', ids).select('student_id', 'drive_id');
    expect(interviews).toHaveLength(58);
    expect(new Set(interviews.map((interview) => interview.drive_id)).size).toBe(2);
    const broken = mailboxes[7]!;
    expect(await findMailbox(campus.db.knex, broken.mailbox.id)).toMatchObject({ lastUid: 0, uidValidity: null });
    const told = await campus.db.knex('notices').whereIn('user_id', mailboxes.map(({ student }) => student.userId)).andWhere({ kind: 'interview-found' });
    expect(told).toHaveLength(58);
  });
});
