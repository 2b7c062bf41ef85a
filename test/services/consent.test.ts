// Withdrawing the consent: what came from a student's mail is gone, wherever it stood.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Knex } from 'knex';
import { DateTime } from 'luxon';
import { sessionsOfStudent } from '../../db/repositories/sessions.ts';
import type { Finding } from '../../domain/interviews/types.ts';
import { withdrawConsent } from '../../services/consent.ts';
import type { Person, ServiceContext } from '../../services/context.ts';
import { followInterview } from '../../services/excuses.ts';
import { personById } from '../../services/links.ts';
import { createRecorder, type MailBatch, type ReadMail } from '../../services/mail-batches.ts';
import { connectMailbox } from '../../services/mailbox-set-up.ts';
import { credentialsOf, recordCounts } from '../../services/mailboxes.ts';
import { findMailbox, ownersOf } from '../../db/repositories/mailboxes.ts';
import { openQuestions } from '../../services/doubts.ts';
import { addInterview, answerInterview } from '../../services/reviewing.ts';
import { bothServers, type TestServer } from '../support/both-servers.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';
import { finding, interviewsOf, keyOf, NOW } from './scene.ts';

const COMPANY = 'Vanishing Vetch';
const LINK = 'https://meet.example/vanishing-vetch';
const SENDER = 'talent@vanishing-vetch.example';

/** The tables and columns in which a text stands, whole database searched. */
async function traces(knex: Knex, text: string): Promise<string[]> {
  const [columns] = await knex.raw(
    "select table_name as t, column_name as c from information_schema.columns where table_schema = database() and data_type not in ('bigint', 'int', 'tinyint', 'smallint', 'float', 'date', 'datetime', 'time')",
  );
  const found: string[] = [];
  for (const { t, c } of columns as { t: string; c: string }[]) {
    const rows = await knex(t).whereRaw('locate(?, cast(?? as char)) > 0', [text, c]).limit(1);
    if (rows.length > 0) found.push(`${t}.${c}`);
  }
  return found;
}

describe.each(bothServers)('I1a a student withdraws the consent (%s)', (_name, start) => {
  let server: TestServer;
  let campus: TestCampus;
  let nextStudent = 0;
  let mails = 0;
  const context = (): ServiceContext => testContext(campus.db, { now: NOW });

  beforeAll(async () => {
    server = await start();
    campus = await testCampus({ serverUrl: server.url });
  });
  afterAll(async () => {
    await campus?.close();
    await server?.stop();
  });

  interface Somebody { id: number; person: Person; mailboxId: number }

  async function someone(): Promise<Somebody> {
    const id = (nextStudent += 1);
    const { user_id: userId } = await campus.db.knex('students').where({ id }).first('user_id');
    await connect({ id, userId });
    const { id: mailboxId } = await campus.db.knex('mailboxes').where({ student_id: id }).first('id');
    return { id, person: (await personById(context(), userId))!, mailboxId };
  }

  const connect = (student: { id: number; userId: number }) => campus.db.transaction((trx) => connectMailbox(trx, context(), student, {
    host: 'imap.example', port: 993, security: 'tls', username: `vetch${student.id}@campus.example`, auth: 'password', secret: 'a password of somebody',
  }));

  function mail(parts: Partial<Finding>, fingerprint = keyOf(`mail ${(mails += 1)}`)): ReadMail {
    const messageId = `<${(mails += 1)}.${SENDER}>`;
    const found = finding({ company: COMPANY, link: LINK, evidence: `${SENDER} of ${COMPANY} wrote: ${LINK}`, ...parts });
    return { messageId, messageKey: keyOf(messageId), repliedKeys: [], fingerprint, found: { meant: 'yes', authenticity: 'verified', finding: found }, otherwise: 'dropped' };
  }

  async function batchOf({ mailboxId, id }: Somebody, read: ReadMail[]): Promise<MailBatch> {
    const mailbox = (await findMailbox(campus.db.knex, mailboxId))!;
    const [owner] = await ownersOf(campus.db.knex, [id]);
    for (const { fingerprint, found } of read) {
      await campus.db.knex('mail_extraction').insert({ fingerprint, status: 'done', extraction: JSON.stringify(found), created_at: new Date(NOW) }).onConflict().ignore();
    }
    return {
      mailbox, owner: owner!, from: { uidValidity: mailbox.uidValidity, lastUid: mailbox.lastUid }, to: { uidValidity: 7, lastUid: mailbox.lastUid + read.length },
      isEnd: true, mails: read,
    };
  }

  async function swept(student: Somebody, ...read: ReadMail[]): Promise<void> {
    expect(await createRecorder(context())(await batchOf(student, read))).toMatchObject({ messages: read.length });
  }

  const rows = (student: Somebody) => campus.db.knex('student_company_drive').where({ student_id: student.id }).orderBy('id');

  /** What the processes of interviews do when they are told. */
  async function follow(student: Somebody): Promise<void> {
    for (const { id } of await rows(student)) await followInterview(context(), id);
  }

  async function aClass(student: Somebody) {
    const from = DateTime.fromISO('2026-11-24T00:00:00+05:30');
    return (await sessionsOfStudent(campus.db.knex, student.id, from.toJSDate(), from.plus({ days: 5 }).toJSDate()))[0]!;
  }

  test('company, link and sender stand nowhere in the database any more, and neither does the password', async () => {
    const student = await someone();
    const session = await aClass(student);
    // Well inside the class: its buffers touch no other.
    const at = (minutes: number) => new Date(session.startsAt.getTime() + minutes * 60_000).toISOString();
    const during = { start: at(20), end: at(25) };
    await swept(student, mail({ ...during, round: 'technical', role: COMPANY, location: COMPANY, mode: 'online' }), mail({ start: '2026-11-26T20:00:00+05:30' }),
      mail({ start: '2026-11-27T20:00:00+05:30', confidence: 0.5 }));
    await swept(student, mail({ kind: 'cancel', start: '2026-11-30' }));
    expect(await openQuestions(context(), student.person)).toHaveLength(1);
    const asked = (await interviewsOf(context(), student.id)).find(({ status }) => status === 'asked')!;
    await answerInterview(context(), student.person, asked.id, 'yes');
    await follow(student);
    expect(await campus.db.knex('attendance').where({ student_id: student.id })).toHaveLength(1);
    expect((await traces(campus.db.knex, COMPANY)).toSorted((a, b) => a.localeCompare(b))).toEqual(expect.arrayContaining(['drives.company_name', 'mail_extraction.extraction', 'notices.params', 'student_company_drive.company_name']));
    await campus.db.knex('intents').delete();

    expect(await withdrawConsent(context(), student.person)).toBe(true);
    for (const text of [COMPANY, LINK, SENDER, 'vanishing', `vetch${student.id}@`]) expect([text, await traces(campus.db.knex, text)]).toEqual([text, []]);
    const mailbox = await campus.db.knex('mailboxes').where({ id: student.mailboxId }).first();
    expect(mailbox).toMatchObject({ status: 'withdrawn', username: '', last_uid: 0, uid_validity: null, access_token: null });
    expect(mailbox.secret).toHaveLength(0);
    expect(await interviewsOf(context(), student.id)).toEqual([]);
    const blank = await rows(student);
    expect(blank.map(({ status }) => status)).toEqual(['erased', 'erased', 'erased']);
    const told: string[] = await campus.db.knex('intents').where({ process: 'interview' }).pluck('workflow_id');
    expect(new Set(told)).toEqual(new Set(blank.map(({ id }) => `interview/${id}`)));
    expect(await campus.db.knex('audit_log').where({ action: 'mailbox.withdraw', subject: `student/${student.id}` })).toHaveLength(1);

    await follow(student);
    expect(await campus.db.knex('attendance').where({ student_id: student.id })).toEqual([]);
    expect(await rows(student)).toEqual([]);
    expect(await campus.db.knex('rescheduled_class_student').where({ student_id: student.id })).toEqual([]);
  });

  test('what the student added stays, without what mails had filled in', async () => {
    const student = await someone();
    await addInterview(context(), student.person, { company: 'Staying Stock', start: new Date('2026-11-25T04:30:00Z') });
    await addInterview(context(), student.person, { company: 'Own Link', start: new Date('2026-11-26T04:30:00Z'), link: 'https://meet.example/own' });
    await swept(student, mail({ company: 'Staying Stock', role: 'Tester' }));
    expect(await interviewsOf(context(), student.id)).toMatchObject([{ link: LINK, role: 'Tester' }, {}]);
    await withdrawConsent(context(), student.person);
    expect(await interviewsOf(context(), student.id)).toMatchObject([
      { companyName: 'Staying Stock', link: null, role: null, status: 'confirmed' }, { companyName: 'Own Link', link: 'https://meet.example/own' },
    ]);
    expect(await traces(campus.db.knex, LINK)).toEqual([]);
  });

  test('others keep what the same mail told them', async () => {
    const [one, other] = [await someone(), await someone()];
    const shared = keyOf('the mail that both had');
    for (const student of [one, other]) await swept(student, mail({ company: 'Shared Sorghum' }, shared));
    await swept(one, mail({ company: 'Shared Sorghum', start: '2026-11-27T10:00:00+05:30' }));
    await withdrawConsent(context(), one.person);
    expect(await interviewsOf(context(), other.id)).toMatchObject([{ companyName: 'Shared Sorghum', status: 'confirmed' }]);
    expect(await campus.db.knex('mail_extraction').where('extraction', 'like', '%Shared Sorghum%')).toHaveLength(1);
    expect(await campus.db.knex('drives').where({ company_name: 'Shared Sorghum' })).toHaveLength(1);
    expect(await campus.db.knex('notices').where({ user_id: other.person.userId })).toHaveLength(1);
  });

  test('a second time there is nothing to withdraw; a lecturer has no mailbox', async () => {
    const student = await someone();
    expect([await withdrawConsent(context(), student.person), await withdrawConsent(context(), student.person)]).toEqual([true, false]);
    const { user_id: lecturer } = await campus.db.knex('faculty').first('user_id');
    await expect(withdrawConsent(context(), (await personById(context(), lecturer))!)).rejects.toMatchObject({ code: 'not-allowed' });
  });

  test('a reading that is under way records nothing more, nor does a count bring the mailbox back', async () => {
    const student = await someone();
    const late = await batchOf(student, [mail({ company: 'Late Loosestrife' })]);
    await withdrawConsent(context(), student.person);
    expect(await createRecorder(context())(late)).toBeNull();
    await recordCounts(context(), [{ id: student.mailboxId, pending: 0 }]);
    await recordCounts(context(), [{ id: student.mailboxId, pending: 3 }]);
    expect(await campus.db.knex('mailboxes').where({ id: student.mailboxId }).first()).toMatchObject({ status: 'withdrawn', pending: 0 });
    expect(await traces(campus.db.knex, 'Late Loosestrife')).toEqual([]);
  });

  test('withdrawn while sweeps record: whichever comes first, nothing stays', async () => {
    const others = [await someone(), await someone()];
    for (let round = 0; round < 6; round += 1) {
      const student = await someone();
      const record = createRecorder(context());
      const batches = await Promise.all([student, ...others].map((one) => batchOf(one, [mail({ company: `Racing Rue ${'abcdef'[round]}` })])));
      const [mine] = await Promise.all([
        record(batches[0]!), ...batches.slice(1).map((batch) => createRecorder(context())(batch)), withdrawConsent(context(), student.person),
      ]);
      expect([null, 1]).toContain(mine && mine.messages);
      expect(await interviewsOf(context(), student.id)).toEqual([]);
      expect(await campus.db.knex('notices').where({ user_id: student.person.userId })).toEqual([]);
      expect(await campus.db.knex('mail_seen').where({ mailbox_id: student.mailboxId })).toEqual([]);
      for (const other of others) expect((await interviewsOf(context(), other.id)).filter(({ companyName }) => companyName.endsWith('abcdef'[round]!))).toHaveLength(1);
    }
  });

  test('connecting again later is a new beginning', async () => {
    const student = await someone();
    await swept(student, mail({ company: 'Returning Reed' }));
    await withdrawConsent(context(), student.person);
    await connect({ id: student.id, userId: student.person.userId });
    const mailbox = (await findMailbox(campus.db.knex, student.mailboxId))!;
    expect(mailbox).toMatchObject({ lastUid: 0, uidValidity: null });
    expect(credentialsOf(context(), mailbox)).toEqual({ kind: 'password', password: 'a password of somebody' });
    // What Beadle itself had sent is in the mailbox still, and no longer in its deliveries.
    const own = { ...mail({ company: 'Own Oat' }), messageId: `<${randomUUID()}@beadle>` };
    await swept(student, mail({ company: 'Returning Reed' }), own);
    expect((await interviewsOf(context(), student.id)).map(({ companyName }) => companyName)).toEqual(['Returning Reed']);
  });
});
