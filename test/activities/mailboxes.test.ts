// Sweeping mailboxes on a real Dovecot: the caps, what is fetched, what is read twice (nothing), what stays as it was.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DateTime } from 'luxon';
import { createMailboxActivities } from '../../activities/mailboxes.ts';
import type { ModelAnswer } from '../../domain/interviews/model-question.ts';
import type { ServiceContext } from '../../services/context.ts';
import { keepHouse } from '../../services/housekeeping.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';
import { appendMails, readMails, withImap } from '../support/imap.ts';
import { commandsOf, type ImapProxy, startImapProxy } from '../support/imap-proxy.ts';
import { invitationMail, plainMail, shortlistMail } from '../support/mails.ts';
import { testServers } from '../support/servers.ts';
import { activityEnvironment, inActivity, studentsWithMailboxes, sweepOnce, type TestStudent } from '../support/sweep.ts';

/** A model's answer that says nothing. */
const NO_INTERVIEW: ModelAnswer = {
  kind: 'none', company: null, role: null, round: null, date_as_written: null, time_as_written: null, zone_as_written: null,
  end_or_duration_as_written: null, sentence: null, location: null, link: null, audience: 'personal',
};

let campus: TestCampus;
let context: ServiceContext;
let proxy: ImapProxy;
let numbers = 0;

beforeAll(async () => {
  campus = await testCampus({ students: 480 });
  context = testContext(campus.db, { now: () => DateTime.utc() });
});
beforeEach(async () => {
  proxy = await startImapProxy();
});
afterEach(async () => {
  await proxy.close();
  // Each test sweeps its own mailboxes only.
  await campus.db.knex('mailboxes').update({ status: 'withdrawn' });
});
afterAll(async () => {
  await campus.close();
});

const throughProxy = () => ({ host: proxy.host, port: proxy.port });
const inDays = (days: number, hour = 20) => DateTime.utc().setZone('Asia/Kolkata').startOf('day').plus({ days, hours: hour });
const unique = () => (numbers += 1);

const FIRST = ['Cobalt', 'Heron', 'Juniper', 'Quartz', 'Sable', 'Tamarind', 'Umber', 'Violet', 'Willow', 'Zephyr'];
const SECOND = ['Analytics', 'Biosciences', 'Energy', 'Finance', 'Logistics', 'Mobility', 'Networks', 'Robotics', 'Software', 'Textiles'];

/** An invitation like no other before. */
function invitation(student: TestStudent): string {
  const company = `${FIRST[unique() % 10]!} ${SECOND[Math.floor(unique() / 10) % 10]!}`;
  const messageId = `<invitation-${unique()}@mail.example>`;
  return invitationMail({ to: student.email, messageId, now: DateTime.utc() }, { company, start: inDays(3 + (unique() % 9)), uid: `uid-${unique()}@mail.example` });
}

const note = (student: TestStudent, text = 'The book is due on Friday.') =>
  plainMail({ to: student.email, messageId: `<note-${unique()}@mail.example>`, now: DateTime.utc() }, { subject: 'A book is due', text });

const interviewsOf = (students: TestStudent[]) => campus.db.knex('student_company_drive').whereIn('student_id', students.map(({ id }) => id));
const seenOf = (student: TestStudent) => campus.db.knex('mail_seen').where({ mailbox_id: student.mailboxId });

describe('I10 whom a mail comes from', () => {
  const withoutVerdict = (mail: string) => mail.replace(/^Authentication-Results: .*\r\n/m, '');

  test('each mail is judged by itself, also where its extraction is shared: verified, forged, unknown, and forged below the server’s own word', async () => {
    const students = await studentsWithMailboxes(context, 4);
    const mail = (student: TestStudent) => shortlistMail(
      { to: student.email, messageId: '<one-drive@campus.example>', now: DateTime.utc() },
      { company: 'Larkspur Looms', start: inDays(4), rollNumbers: students.map(({ rollNumber }) => rollNumber) },
    );
    const verdicts = [
      '', 'Authentication-Results: mx.campus.example; dmarc=fail header.from=campus.example\r\n', '',
      'Authentication-Results: mx.campus.example; dmarc=none\r\nAuthentication-Results: mx.campus.example; dmarc=pass\r\n',
    ];
    for (const [index, student] of students.entries()) {
      await appendMails(student.login, [index === 0 ? mail(student) : verdicts[index]! + withoutVerdict(mail(student))]);
      await sweepOnce(context, { authservId: 'mx.campus.example' });
    }
    const rows = await interviewsOf(students).orderBy('student_id').select('status', 'asked_because');
    expect(rows.map((row) => [row.status, row.asked_because])).toEqual([
      ['confirmed', null], ['asked', 'failed'], ['asked', 'unverified'], ['confirmed', null],
    ]);
    expect(await campus.db.knex('mail_extraction').where('extraction', 'like', '%Larkspur Looms%')).toHaveLength(1);
  });

  test('a denied sender’s mail is noted and its body never fetched; a trusted one needs no proof, unless it is forged', async () => {
    const [student] = await studentsWithMailboxes(context, 1, throughProxy()) as [TestStudent];
    const { organisation_id: organisationId } = await campus.db.knex('users').where({ id: student.userId }).first('organisation_id');
    await campus.db.knex('mail_senders').insert([
      { organisation_id: organisationId, pattern: 'mail.example', verdict: 'deny', updated_at: new Date() },
      { organisation_id: organisationId, pattern: 'placements@campus.example', verdict: 'allow', updated_at: new Date() },
    ]);
    const drive = (company: string) => withoutVerdict(shortlistMail(
      { to: student.email, messageId: `<drive-${unique()}@campus.example>`, now: DateTime.utc() }, { company, start: inDays(5), rollNumbers: [student.rollNumber] },
    ));
    await appendMails(student.login, [
      invitation(student), drive('Trusted Teak'), `Authentication-Results: mx.campus.example; dmarc=fail\r\n${drive('Forged Fern')}`,
    ]);
    expect(await sweepOnce(context)).toMatchObject({ messages: 3, candidates: 2 });
    await campus.db.knex('mail_senders').delete();
    expect((await seenOf(student).orderBy('id').pluck('outcome'))).toEqual(['denied', 'entered', 'asked']);
    const bodies = proxy.lines.filter((line) => /BODY\.PEEK\[\]/i.test(line));
    expect(bodies).toHaveLength(1);
    expect(bodies[0]).toMatch(/UID FETCH 2(?:,|:)3 /);
  });
});

describe('I1 the cap on connections', () => {
  test('however many mailboxes have new mail, no more connections are open than the worker may have', async () => {
    const students = await studentsWithMailboxes(context, 30, throughProxy());
    await Promise.all(students.map((student) => appendMails(student.login, [invitation(student)])));
    const counts = await sweepOnce(context, { connections: 4, connectionsPerHost: 20 });
    expect(counts).toMatchObject({ mailboxes: 30, failing: 0, messages: 30, interviews: 30 });
    expect(proxy.mostLoggedIn).toBe(4);
  });

  test('the cap holds over all activities of a worker at once', async () => {
    await studentsWithMailboxes(context, 24, throughProxy());
    const activities = createMailboxActivities(context, {
      connections: 3, connectionsPerHost: 3, batchSize: 5, lookbackDays: 14, maxBytes: 1_000_000, authservId: '', oauth: undefined, askModel: undefined,
    });
    const [end] = await inActivity(activities.planSweep);
    await Promise.all([inActivity(activities.countNewMail, 0, end!), inActivity(activities.countNewMail, 0, end!)]);
    expect(proxy.mostLoggedIn).toBe(3);
  });

  test('one mail host gets no more connections than one host may have, while another is read at the same time', async () => {
    const other = await startImapProxy(undefined, '127.0.0.2');
    await studentsWithMailboxes(context, 10, throughProxy());
    await studentsWithMailboxes(context, 10, { host: other.host, port: other.port });
    const counts = await sweepOnce(context, { connections: 10, connectionsPerHost: 2 });
    await other.close();
    expect(counts).toMatchObject({ mailboxes: 20, failing: 0 });
    expect([proxy.mostLoggedIn, other.mostLoggedIn]).toEqual([2, 2]);
  });
});

describe('I2 the order of reading', () => {
  test('mailboxes with the most new mail are read first', async () => {
    const students = await studentsWithMailboxes(context, 4, throughProxy());
    const news = [1, 4, 2, 3];
    for (const [index, student] of students.entries()) {
      await appendMails(student.login, Array.from({ length: news[index]! }, () => note(student)));
    }
    await sweepOnce(context, { connections: 1, batchSize: 1 });
    const logins = proxy.lines.map((line) => students.findIndex(({ login }) => line.includes(`LOGIN "${login.user}"`))).filter((index) => index >= 0);
    // Each was logged in to once before, to be counted.
    const order = logins.slice(students.length);
    expect(order.map((index) => news[index])).toEqual([4, 3, 2, 1]);
  });

  test('an idle sweep asks STATUS and opens no mailbox, searches nothing, fetches nothing', async () => {
    const [student] = await studentsWithMailboxes(context, 1, throughProxy());
    await appendMails(student!.login, [invitation(student!)]);
    await sweepOnce(context);
    proxy.lines.length = 0;
    expect(await sweepOnce(context)).toMatchObject({ mailboxes: 1, messages: 0 });
    expect(commandsOf(proxy.lines)).toEqual(['LOGIN', 'STATUS', 'LOGOUT']);
  });

  test('a mailbox with a few new mails is read by as few commands as can be, after the client has said who it is', async () => {
    const [student] = await studentsWithMailboxes(context, 1, throughProxy());
    await appendMails(student!.login, [note(student!)]);
    await sweepOnce(context);
    await appendMails(student!.login, [invitation(student!), note(student!)]);
    proxy.lines.length = 0;
    expect(await sweepOnce(context)).toMatchObject({ mailboxes: 1, messages: 2 });
    expect(commandsOf(proxy.lines)).toEqual(['LOGIN', 'STATUS', 'LOGOUT', 'ID', 'LOGIN', 'EXAMINE', 'UID FETCH', 'UID FETCH', 'LOGOUT']);
  });
});

describe('I3 no mail twice', () => {
  test('a second sweep finds nothing new, and a mail that came meanwhile is read by the next', async () => {
    const [student] = await studentsWithMailboxes(context, 1);
    await appendMails(student!.login, [invitation(student!), note(student!)]);
    expect(await sweepOnce(context)).toMatchObject({ messages: 2, interviews: 1 });
    expect(await sweepOnce(context)).toMatchObject({ messages: 0, interviews: 0 });
    await appendMails(student!.login, [invitation(student!)]);
    expect(await sweepOnce(context)).toMatchObject({ messages: 1, interviews: 1 });
    expect(await interviewsOf([student!])).toHaveLength(2);
  });

  test('a mail that lies in the mailbox twice counts once', async () => {
    const [student] = await studentsWithMailboxes(context, 1);
    const raw = invitation(student!);
    await appendMails(student!.login, [raw, raw]);
    expect(await sweepOnce(context)).toMatchObject({ messages: 1, interviews: 1 });
    await appendMails(student!.login, [raw]);
    expect(await sweepOnce(context)).toMatchObject({ messages: 0, interviews: 0 });
    expect(await seenOf(student!)).toHaveLength(1);
  });

  test('after the server has renumbered the mailbox, nothing is read twice and new mail is found', async () => {
    const [student] = await studentsWithMailboxes(context, 1);
    await appendMails(student!.login, [invitation(student!), invitation(student!), note(student!)]);
    await sweepOnce(context);
    const before = await campus.db.knex('mailboxes').where({ id: student!.mailboxId }).first();
    await renumber(student!);
    await appendMails(student!.login, [invitation(student!)]);
    expect(await sweepOnce(context)).toMatchObject({ messages: 1, interviews: 1 });
    const after = await campus.db.knex('mailboxes').where({ id: student!.mailboxId }).first();
    expect(after.uid_validity).not.toBe(before.uid_validity);
    expect(await interviewsOf([student!])).toHaveLength(3);
  });

  test('two readers of one mailbox at the same time write once', async () => {
    const students = await studentsWithMailboxes(context, 3);
    for (const student of students) await appendMails(student.login, [invitation(student), invitation(student), note(student)]);
    const activities = createMailboxActivities(context, {
      connections: 10, connectionsPerHost: 10, batchSize: 10, lookbackDays: 14, maxBytes: 1_000_000, authservId: '', oauth: undefined, askModel: undefined,
    });
    const [end] = await inActivity(activities.planSweep);
    await inActivity(activities.countNewMail, 0, end!);
    // The same lease twice: what a heartbeat that got lost looks like.
    const results = await Promise.all([1, 2].map(() => activityEnvironment('the-same').run(activities.readMailboxes)));
    expect((results as { messages: number }[]).reduce((sum, one) => sum + one.messages, 0)).toBe(9);
    expect(await interviewsOf(students)).toHaveLength(6);
    for (const student of students) expect(await seenOf(student)).toHaveLength(3);
  });

  test('a mail to 300 inboxes that lists 12 students costs one extraction and makes 12 interviews', async () => {
    const students = await studentsWithMailboxes(context, 300);
    const drive = { company: 'Nightjar Systems', start: inDays(5), rollNumbers: students.slice(40, 52).map(({ rollNumber }) => rollNumber) };
    const now = DateTime.utc();
    await fill(students, (student) => shortlistMail({ to: student.email, messageId: '<one-for-all@campus.example>', now }, drive));
    const before = await extractions();
    expect(await sweepOnce(context)).toMatchObject({ mailboxes: 300, messages: 300, interviews: 12 });
    expect((await extractions()) - before).toBe(1);
    expect((await interviewsOf(students).select('student_id')).map((row) => row.student_id).sort((a, b) => a - b))
      .toEqual(students.slice(40, 52).map(({ id }) => id));
    // The same inboxes again: mails that differ in the greeting alone, and a model that is asked.
    await fill(students, (student) => shortlistMail(
      { to: student.email, messageId: `<greeting-${student.id}@campus.example>`, now },
      { ...drive, company: 'Konkan Grid', start: inDays(6), greeting: `Dear ${student.name} (${student.email})` },
    ));
    expect(await sweepOnce(context)).toMatchObject({ messages: 300, interviews: 12 });
    expect((await extractions()) - before).toBe(2);
  });

  test('a mail to many inboxes asks the language model once', async () => {
    const students = await studentsWithMailboxes(context, 40);
    let asked = 0;
    const askModel = async () => {
      asked += 1;
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { answer: NO_INTERVIEW, usage: { promptTokens: 100, completionTokens: 10 } };
    };
    const text = 'You have been shortlisted for the technical interview of Banyan Health. Please report to the hall on the twenty-fourth at ten.';
    await fill(students, (student) => plainMail(
      { to: student.email, messageId: `<vague-${student.id}@mail.example>`, now: DateTime.utc() }, { subject: 'Interview with Banyan Health', text },
    ));
    expect(await sweepOnce(context, { askModel })).toMatchObject({ messages: 40, failing: 0 });
    expect(asked).toBe(1);
  });

  test('two mails with two personal slots are two', async () => {
    const students = await studentsWithMailboxes(context, 2);
    const before = await extractions();
    const start = inDays(4);
    for (const [index, student] of students.entries()) {
      const uid = `slot-${index}-${unique()}@mail.example`;
      await appendMails(student.login, [invitationMail(
        { to: student.email, messageId: `<slot-${unique()}@mail.example>`, now: DateTime.utc() }, { company: 'Tern Robotics', start: start.plus({ hours: index }), uid },
      )]);
    }
    expect(await sweepOnce(context)).toMatchObject({ messages: 2, interviews: 2 });
    expect((await extractions()) - before).toBe(2);
    const starts = await interviewsOf(students).orderBy('starts_at').pluck('starts_at');
    expect(starts).toEqual([start.toJSDate(), start.plus({ hours: 1 }).toJSDate()]);
  });
});

describe('I4 only what is needed, and nothing changed', () => {
  test('a sweep changes no flag, and opens mailboxes for reading alone', async () => {
    const [student] = await studentsWithMailboxes(context, 1, throughProxy());
    await appendMails(student!.login, [{ raw: invitation(student!) }, { raw: note(student!), flags: ['\\Flagged'] }]);
    const before = await readMails(student!.login);
    await sweepOnce(context);
    expect(await readMails(student!.login)).toEqual(before);
    const commands = commandsOf(proxy.lines);
    expect(commands).toContain('EXAMINE');
    for (const command of ['SELECT', 'STORE', 'UID STORE', 'EXPUNGE', 'APPEND', 'UID COPY', 'UID MOVE', 'CREATE']) expect(commands).not.toContain(command);
  });

  test('bodies are fetched of mails that may hold an interview, not of others', async () => {
    const [student] = await studentsWithMailboxes(context, 1, throughProxy());
    const newsletter = ['From: Shop <shop@mail.example>', `To: ${student!.email}`, 'Subject: Half price', 'List-Unsubscribe: <https://shop.example/u>',
      `Date: ${DateTime.utc().toRFC2822()}`, 'Message-ID: <shop@mail.example>', '', 'x'.repeat(200_000), ''].join('\r\n');
    await appendMails(student!.login, [newsletter]);
    await sweepOnce(context);
    expect(proxy.bytes).toBeLessThan(20_000);
    expect((await seenOf(student!).first()).outcome).toBe('skipped');
  });

  test('of a mail of 30 MB only the beginning is fetched, and the mails after it are read', async () => {
    const [student] = await studentsWithMailboxes(context, 1, throughProxy());
    const start = inDays(7);
    const text = `The technical interview of Marigold Labs is scheduled on ${start.toFormat('d MMMM yyyy')} at ${start.toFormat('h:mm a')}, online. You are shortlisted.`;
    const attachment = `${'A'.repeat(76)}\r\n`.repeat(Math.ceil(30_000_000 / 78));
    const raw = Buffer.from([
      'From: Marigold Labs <talent@marigold.example>', `To: ${student!.email}`, 'Subject: Interview invitation', `Date: ${DateTime.utc().toRFC2822()}`,
      'Message-ID: <thirty@mail.example>', 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=part', '', '--part', 'Content-Type: text/plain; charset=utf-8', '',
      text, '', '--part', 'Content-Type: application/zip; name=all.zip', 'Content-Disposition: attachment; filename=all.zip', 'Content-Transfer-Encoding: base64', '',
      `${attachment}--part--`, '',
    ].join('\r\n'));
    await appendMails(student!.login, [raw, invitation(student!)]);
    expect(await sweepOnce(context)).toMatchObject({ messages: 2, failing: 0, interviews: 2 });
    expect(proxy.bytes).toBeLessThan(1_000_000);
  });

  test('of a mail nothing is kept but the sentence that the interview was read in, and that is forgotten in time', async () => {
    const [student] = await studentsWithMailboxes(context, 1);
    const start = inDays(8);
    const secret = 'The gate code of the canteen is seven blue herons.';
    await appendMails(student!.login, [plainMail({ to: student!.email, messageId: '<kept@mail.example>', now: DateTime.utc() }, {
      subject: 'Interview with Willow Freight',
      text: `${secret}\r\n\r\nYour technical interview with Willow Freight is scheduled on ${start.toFormat('d MMMM yyyy')} at ${start.toFormat('h:mm a')}, online.\r\n\r\n${secret}`,
    })]);
    expect(await sweepOnce(context)).toMatchObject({ interviews: 1 });
    const tables: string[] = (await campus.db.knex.raw('show tables'))[0].map((row: Record<string, string>) => Object.values(row)[0]!);
    for (const table of tables) expect(JSON.stringify(await campus.db.knex(table).limit(3000))).not.toContain('blue herons');
    const [found] = await interviewsOf([student!]);
    expect(found.evidence).toContain('technical interview with');
    const later = testContext(campus.db, { now: () => DateTime.utc().plus({ days: 31 }) });
    await keepHouse(later, 30);
    const [kept] = await interviewsOf([student!]);
    expect(kept.evidence).toBeNull();
    expect(await extractions()).toBe(0);
  });
});

describe('I5 mails that are broken', () => {
  test('broken MIME, undeclared 8-bit headers, no Message-ID and no content hold up nothing', async () => {
    const [student] = await studentsWithMailboxes(context, 1);
    const broken = [
      Buffer.from('From: a@mail.example\r\nSubject: Interview\r\nContent-Type: multipart/mixed; boundary=never\r\nContent-Transfer-Encoding: base64\r\n\r\n--nev\r\n%%%not base64%%%'),
      Buffer.from([...Buffer.from('From: Jos'), 0xe9, ...Buffer.from(' <jose@mail.example>\r\nSubject: Entrevista a las 10, a'), 0xf1, ...Buffer.from('o nuevo\r\n\r\nHola.\r\n')]),
      Buffer.from('Subject: no sender, no id, interview\r\n\r\n'),
      Buffer.from('X-Nothing: at all\r\n\r\n'),
      Buffer.from(`Subject: interview ${'=?utf-8?B?'.repeat(200)}\r\nFrom: ${'"'.repeat(300)}<<>>\r\n\r\n\0\0\0\xff\xfe`, 'latin1'),
      Buffer.from('From: c@mail.example\r\nSubject: interview\r\nContent-Type: text/calendar; charset=no-such-set\r\n\r\nBEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:nonsense\r\n'),
    ];
    await appendMails(student!.login, [...broken, invitation(student!)]);
    expect(await sweepOnce(context)).toMatchObject({ failing: 0, messages: broken.length + 1, interviews: 1 });
    expect(await sweepOnce(context)).toMatchObject({ messages: 0 });
  });

  test('mails without a Message-ID are told apart, and are not read again after the mailbox was renumbered', async () => {
    const [student] = await studentsWithMailboxes(context, 1);
    const receivedAt = new Date(Date.now() - 3_600_000);
    const bare = (text: string) => ({ raw: `From: a@mail.example\r\nSubject: ${text}\r\n\r\n${text}\r\n`, receivedAt });
    await appendMails(student!.login, [bare('first'), bare('second')]);
    expect(await sweepOnce(context)).toMatchObject({ messages: 2 });
    await renumber(student!);
    await appendMails(student!.login, [bare('third')]);
    expect(await sweepOnce(context)).toMatchObject({ messages: 1 });
  });
});

/** Gives the mailbox another UIDVALIDITY, as after a restored backup: its UIDs mean nothing any more. */
async function renumber(student: TestStudent): Promise<void> {
  const uidValidity = () => withImap(student.login, async (client) => (await client.status('INBOX', { uidValidity: true }) as { uidValidity: bigint }).uidValidity);
  const before = await uidValidity();
  const folder = join(testServers().stateDir, 'dovecot', 'mail', student.login.user, 'Maildir');
  const list = join(folder, 'dovecot-uidlist');
  writeFileSync(list, readFileSync(list, 'latin1').replace(`V${before}`, `V${before + 1000n}`), 'latin1');
  for (const name of readdirSync(folder).filter((file) => file.startsWith('dovecot.index'))) rmSync(join(folder, name));
  expect(await uidValidity()).toBe(before + 1000n);
}

async function fill(students: TestStudent[], mailTo: (student: TestStudent) => string): Promise<void> {
  const left = students.values();
  await Promise.all(Array.from({ length: 8 }, async () => {
    for (const student of left) await appendMails(student.login, [mailTo(student)]);
  }));
}

async function extractions(): Promise<number> {
  const [{ n }] = await campus.db.knex('mail_extraction').count({ n: '*' }) as [{ n: number }];
  return n;
}
