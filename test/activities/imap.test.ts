// Logging in to mailboxes: TLS, STARTTLS, OAuth 2; and what each failure is called, how it is backed off and who is told.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import tls from 'node:tls';
import { DateTime } from 'luxon';
import { startDovecot, type EmbeddedDovecot } from '../../bin/embedded/dovecot.ts';
import { selfSignedCertificate } from '../../bin/embedded/self-signed.ts';
import type { MailboxSetUp } from '../../services/mailbox-set-up.ts';
import { mailboxFailures, myMailbox } from '../../services/mailboxes.ts';
import type { Role, ServiceContext } from '../../services/context.ts';
import { personById } from '../../services/links.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';
import { appendMails, withImap } from '../support/imap.ts';
import { type ImapProxy, startImapProxy } from '../support/imap-proxy.ts';
import { invitationMail, plainMail } from '../support/mails.ts';
import { OAUTH_CLIENT, type OAuthServer, startOAuthServer } from '../support/oauth-server.ts';
import { testServers } from '../support/servers.ts';
import { movableClock, studentsWithMailboxes, sweepOnce, type TestStudent } from '../support/sweep.ts';

let campus: TestCampus;
let clock: ReturnType<typeof movableClock>;
let context: ServiceContext;
let proxy: ImapProxy;
let numbers = 0;

beforeAll(async () => {
  campus = await testCampus({ students: 120 });
});
beforeEach(async () => {
  clock = movableClock(() => DateTime.utc());
  context = testContext(campus.db, { now: clock.now });
  proxy = await startImapProxy();
});
afterEach(async () => {
  await proxy.close();
  await campus.db.knex('mailboxes').update({ status: 'withdrawn' });
});
afterAll(async () => {
  await campus.close();
});

async function one(way: Partial<MailboxSetUp> = {}): Promise<TestStudent> {
  return (await studentsWithMailboxes(context, 1, way))[0]!;
}

const note = (student: TestStudent) =>
  plainMail({ to: student.email, messageId: `<note-${(numbers += 1)}@mail.example>`, now: DateTime.utc() }, { subject: 'A book is due', text: 'On Friday.' });
const rowOf = (student: TestStudent) => campus.db.knex('mailboxes').where({ id: student.mailboxId }).first();

/** The same answer to each attempt to log in. */
const refusingLogins = (answer: string) => ({
  answer: (line: string) => (/^\S+ (?:LOGIN|AUTHENTICATE) /.test(line) ? `${line.split(' ')[0]} ${answer}\r\n` : undefined),
});

describe('I1 TLS', () => {
  let secure: EmbeddedDovecot;
  let startTls: EmbeddedDovecot;
  const trustedBefore = tls.getCACertificates('default');
  const stateDir = (name: string) => join(testServers().stateDir, `${name}-${process.pid}`);

  beforeAll(async () => {
    const users = { everyone: testServers().imap.password };
    secure = await startDovecot({ stateDir: stateDir('imaps'), passwords: users, tls: true });
    const certificate = await selfSignedCertificate(testServers().stateDir);
    startTls = await startDovecot({
      stateDir: stateDir('starttls'), passwords: users,
      extraConfig: `ssl = required\nssl_cert = <${certificate.certificateFile}\nssl_key = <${certificate.keyFile}\n`,
    });
    // What NODE_EXTRA_CA_CERTS does at the start of a process.
    tls.setDefaultCACertificates([...trustedBefore, secure.certificate!, certificate.pem]);
  });
  afterAll(async () => {
    tls.setDefaultCACertificates(trustedBefore);
    await secure.stop();
    await startTls.stop();
  });

  test('a mailbox is read over TLS from a server whose certificate Node trusts', async () => {
    const student = await one({ host: secure.host, port: secure.port, security: 'tls' });
    expect(await sweepOnce(context)).toMatchObject({ mailboxes: 1, failing: 0 });
    expect((await rowOf(student)).status).toBe('active');
  });

  test('a mailbox is read over STARTTLS', async () => {
    const between = await startImapProxy(startTls);
    await one({ host: between.host, port: between.port, security: 'starttls' });
    expect(await sweepOnce(context)).toMatchObject({ mailboxes: 1, failing: 0 });
    await between.close();
    expect(between.lines.some((line) => line.endsWith(' STARTTLS'))).toBe(true);
    expect(between.lines.some((line) => / (?:LOGIN|AUTHENTICATE|STATUS) /.test(line))).toBe(false);
  });

  test('where STARTTLS is asked for and the server has none, nothing secret is sent', async () => {
    const student = await one({ host: proxy.host, port: proxy.port, security: 'starttls' });
    expect(await sweepOnce(context)).toMatchObject({ failing: 1 });
    expect((await rowOf(student)).status).toBe('backing_off');
    expect(proxy.lines.some((line) => / (?:LOGIN|AUTHENTICATE) /.test(line))).toBe(false);
  });

  test('a certificate that nobody vouches for ends the connection before anything is sent', async () => {
    tls.setDefaultCACertificates(trustedBefore);
    const student = await one({ host: secure.host, port: secure.port, security: 'tls' });
    expect(await sweepOnce(context)).toMatchObject({ failing: 1 });
    expect((await rowOf(student)).failure_code).toBe('certificate');
  });
});

describe('I1 how a password is sent', () => {
  test.each([['plain letters', 'LOGIN'], ['pässwörd', 'AUTHENTICATE']])('%s go with %s', async (secret, command) => {
    await one({ host: proxy.host, port: proxy.port, secret });
    expect(await sweepOnce(context)).toMatchObject({ mailboxes: 1, failing: 1 });
    const logins = proxy.lines.filter((line) => / (?:LOGIN|AUTHENTICATE) /.test(line)).map((line) => line.split(' ')[1]);
    expect(logins).toEqual([command]);
  });
});

describe('I1a OAuth 2', () => {
  let oauth: OAuthServer;
  let imap: EmbeddedDovecot;

  beforeAll(async () => {
    oauth = await startOAuthServer();
    // Its password database says which access token is right.
    imap = await startDovecot({
      stateDir: join(testServers().stateDir, `xoauth2-${process.pid}`), passwords: { everyone: 'access' },
      extraConfig: 'auth_mechanisms = xoauth2\n',
    });
  });
  beforeEach(() => {
    Object.assign(oauth, { asked: 0, refreshToken: 'refresh', failWith: undefined, expiresInSeconds: 3600, rotates: false, accessToken: 'access' });
  });
  afterAll(async () => {
    await oauth.close();
    await imap.stop();
  });

  const student = () => one({ auth: 'oauth2', secret: 'refresh', host: imap.host, port: imap.port });
  const sweep = () => sweepOnce(context, { oauth: { tokenUrl: oauth.tokenUrl, ...OAUTH_CLIENT } });

  test('a refresh token gets an access token, which is used until it expires', async () => {
    const { mailboxId } = await student();
    expect(await sweep()).toMatchObject({ mailboxes: 1, failing: 0 });
    clock.forward(50);
    expect(await sweep()).toMatchObject({ failing: 0 });
    expect(oauth.asked).toBe(1);
    clock.forward(10);
    expect(await sweep()).toMatchObject({ failing: 0 });
    expect(oauth.asked).toBe(2);
    const row = await campus.db.knex('mailboxes').where({ id: mailboxId }).first();
    for (const kept of [row.secret, row.access_token]) expect(kept.toString('latin1')).not.toMatch(/refresh|access/);
  });

  test('a new refresh token that comes with the grant replaces the old one', async () => {
    oauth.rotates = true;
    await student();
    for (const _grant of [1, 2, 3]) {
      expect(await sweep()).toMatchObject({ mailboxes: 1, failing: 0 });
      clock.forward(61);
    }
    expect(oauth.refreshToken).toBe('refresh+++');
  });

  test('a refresh token that was withdrawn is the mailbox’s failure', async () => {
    oauth.refreshToken = undefined;
    const failing = await student();
    expect(await sweep()).toMatchObject({ failing: 1 });
    expect((await rowOf(failing)).failure_code).toBe('token-refused');
  });

  test('an access token that the mail server refuses is not used again', async () => {
    oauth.accessToken = 'of another account';
    const failing = await student();
    expect(await sweep()).toMatchObject({ failing: 1 });
    expect((await rowOf(failing)).failure_code).toBe('token-refused');
    oauth.accessToken = 'access';
    clock.forward(3);
    expect(await sweep()).toMatchObject({ mailboxes: 1, failing: 0 });
  });

  test('a token endpoint that is down is waited for, and holds up no other mailbox', async () => {
    oauth.failWith = 503;
    const failing = await student();
    const other = await one();
    await appendMails(other.login, [note(other)]);
    expect(await sweep()).toMatchObject({ mailboxes: 2, failing: 1, messages: 1 });
    expect((await rowOf(failing)).failure_code).toBe('token-endpoint-down');
    oauth.failWith = undefined;
    clock.forward(3);
    expect(await sweep()).toMatchObject({ mailboxes: 2, failing: 0 });
  });
});

describe('I5 a mailbox that fails is backed off by itself', () => {
  test.each([
    ['a wrong password', 'NO [AUTHENTICATIONFAILED] Authentication failed.', 'wrong-password'],
    ['a server that throttles by its code', 'NO [LIMIT] Maximum number of connections exceeded', 'throttled'],
    ['a server that throttles by another code', 'NO [THROTTLED] Account exceeded command or bandwidth limits', 'throttled'],
    ['a server that throttles in words', 'NO Too many simultaneous connections. Please try again later', 'throttled'],
    ['a server that is not available now', 'NO [UNAVAILABLE] Temporary authentication failure', 'throttled'],
  ])('%s: the others are read in the same sweep', async (_what, answer, code) => {
    proxy.behave(refusingLogins(answer));
    const failing = await one({ host: proxy.host, port: proxy.port });
    const other = await one();
    await appendMails(other.login, [note(other)]);
    expect(await sweepOnce(context)).toMatchObject({ mailboxes: 2, failing: 1, messages: 1 });
    const row = await rowOf(failing);
    expect([row.status, row.failure_code, row.failures]).toEqual(['backing_off', code, 1]);
    expect((await rowOf(other)).status).toBe('active');
  });

  test('a server that is down, then up again: each pause is twice the one before, and nothing is lost', async () => {
    const student = await one({ host: proxy.host, port: proxy.port });
    await appendMails(student.login, [note(student)]);
    expect(await sweepOnce(context)).toMatchObject({ messages: 1 });
    const { port } = proxy;
    await proxy.close();
    const pauses: number[] = [];
    for (const _attempt of [1, 2, 3]) {
      const before = clock.now();
      expect(await sweepOnce(context)).toMatchObject({ mailboxes: 1, failing: 1 });
      const row = await rowOf(student);
      expect(row.failure_code).toBe('unreachable');
      pauses.push(Math.round(DateTime.fromJSDate(row.retry_at).diff(before, 'minutes').minutes));
      // Until then it is left alone.
      expect(await sweepOnce(context)).toMatchObject({ mailboxes: 0 });
      clock.forward(pauses.at(-1)! + 1);
    }
    expect(pauses).toEqual([2, 4, 8]);

    await appendMails(student.login, [invitationMail(
      { to: student.email, messageId: '<while-down@mail.example>', now: DateTime.utc() },
      { company: 'Heron Energy', start: DateTime.utc().plus({ days: 5 }), uid: 'while-down@mail.example' },
    ), note(student)]);
    proxy = await startImapProxy();
    await campus.db.knex('mailboxes').where({ id: student.mailboxId }).update({ port: proxy.port });
    expect(proxy.port).not.toBe(port);
    expect(await sweepOnce(context)).toMatchObject({ mailboxes: 1, failing: 0, messages: 2, interviews: 1 });
    expect(await rowOf(student)).toMatchObject({ status: 'active', failures: 0, failure_code: null, retry_at: null });
  });

  test('the student is told at the third failure, and once', async () => {
    proxy.behave(refusingLogins('NO [AUTHENTICATIONFAILED] Authentication failed.'));
    const student = await one({ host: proxy.host, port: proxy.port });
    const told = () => campus.db.knex('notices').where({ user_id: student.userId, kind: 'mailbox-failing' });
    const counts: number[] = [];
    for (const _attempt of [1, 2, 3, 4]) {
      await sweepOnce(context);
      counts.push((await told()).length);
      clock.forward(60);
    }
    expect(counts).toEqual([0, 0, 1, 1]);
    expect(JSON.parse((await told())[0].params)).toMatchObject({ failureCode: 'wrong-password' });
  });

  test('the student sees how the mailbox fares, admins see all that fail, others are refused', async () => {
    proxy.behave(refusingLogins('NO [AUTHENTICATIONFAILED] Authentication failed.'));
    const student = await one({ host: proxy.host, port: proxy.port });
    await sweepOnce(context);
    const person = async (id: number, role?: Role) => {
      const known = (await personById(context, id))!;
      return { ...known, role: role ?? known.role };
    };
    expect(await myMailbox(context, await person(student.userId))).toMatchObject({ status: 'backing_off', failureCode: 'wrong-password' });
    const failures = await mailboxFailures(context, await person(student.userId, 'admin'));
    expect(failures).toContainEqual(expect.objectContaining({ studentId: student.id, failureCode: 'wrong-password', failures: 1 }));
    await expect(mailboxFailures(context, await person(student.userId))).rejects.toMatchObject({ code: 'not-allowed' });
  });

  test('a mail that the server cannot give is passed over in the end, and those around it are read', async () => {
    const student = await one({ host: proxy.host, port: proxy.port });
    await appendMails(student.login, [note(student), note(student), note(student)]);
    const [, bad] = await withImap(student.login, async (client) => {
      await client.mailboxOpen('INBOX', { readOnly: true });
      return (await client.search({ all: true }, { uid: true })) || [];
    });
    proxy.behave({
      answer: (line) => {
        const [tag, uidWord, command, set] = line.split(' ');
        const asksForIt = uidWord === 'UID' && command === 'FETCH' && set !== undefined && set.split(',').some((part) => {
          const [from, to = from] = part.split(':').map(Number);
          return from! <= bad! && bad! <= to!;
        });
        return asksForIt ? `${tag} NO [SERVERBUG2] Internal error occurred\r\n` : undefined;
      },
    });
    const outcomes: unknown[] = [];
    for (const _attempt of [1, 2, 3, 4]) {
      await sweepOnce(context);
      outcomes.push(await campus.db.knex('mail_seen').where({ mailbox_id: student.mailboxId }).count({ n: '*' }).first().then((row) => row!.n));
      clock.forward(24 * 60);
    }
    expect(outcomes).toEqual([0, 1, 1, 3]);
    expect((await rowOf(student)).status).toBe('active');
  });
});

describe('I5 a server that says nothing', () => {
  let silent: Server;
  beforeAll(async () => {
    silent = createServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
  });
  afterAll(() => {
    silent.close();
  });

  test('something that is no IMAP server is a failure of that mailbox alone', async () => {
    const student = await one({ port: (silent.address() as { port: number }).port });
    expect(await sweepOnce(context)).toMatchObject({ failing: 1 });
    expect(['unreachable', 'protocol']).toContain((await rowOf(student)).failure_code);
  });
});
