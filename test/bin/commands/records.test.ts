// The commands on the records, as processes on a database that begins empty: migrate, demo-data, link-code, mailbox, sweep, senders, departments.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Database, openDatabase } from '../../../db/connection.ts';
import { createSecretBox } from '../../../services/secret-box.ts';
import { TEST_SECRET_KEYS } from '../../support/context.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { beadle, type Settings, settingsFor } from './run-beadle.ts';

const PASSWORD = 'correct horse é battery';
const STUDENTS = 60;

let database: TestDatabase;
let db: Database;
let settings: Settings;
let student: string;

beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase(database.url);
  settings = settingsFor(database.url);
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

describe('D9 the records from the command line', () => {
  test('migrate brings an empty database up to date, and has nothing to do the second time', async () => {
    const first = await beadle(['migrate'], settings);
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(/^Applied: 01-organisation/);
    expect(await beadle(['migrate'], settings)).toMatchObject({ code: 0, out: 'The schema is up to date.\n' });
  });

  test('demo-data refuses a day that is no Monday, and a number that is none', async () => {
    const [tuesday, few] = await Promise.all([
      beadle(['demo-data', '--from', '2026-11-24'], settings), beadle(['demo-data', '--students', 'few'], settings),
    ]);
    expect([tuesday.code, few.code]).toEqual([1, 1]);
    expect(tuesday.err).toMatch(/--from.*must be a Monday, as YYYY-MM-DD/);
    expect(few.err).toMatch(/--students.*must be a whole number/);
  });

  test('demo-data loads a campus once; a second time it says why not and changes nothing', async () => {
    const call = ['demo-data', '--students', String(STUDENTS), '--from', '2026-11-23'];
    expect(await beadle(call, settings)).toMatchObject({ code: 0, out: `Loaded ${STUDENTS} students from 2026-11-23 on.\n` });
    const again = await beadle(call, settings);
    expect(again).toMatchObject({ code: 1, out: '' });
    expect(again.err).toMatch(/^the database holds a campus already/);
    const [{ held }] = await db.knex('students').count({ held: '*' }) as [{ held: number }];
    expect(Number(held)).toBe(STUDENTS);
    student = await db.knex('users').where({ role: 'student' }).first('email').then((row) => row.email);
  });

  test('link-code makes a code for a user, and says when there is none of that address', async () => {
    const made = await beadle(['link-code', student], settings);
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(made.out).toMatch(/^[A-Z2-9]{8}\n$/);
    const nobody = await beadle(['link-code', 'nobody@campus.example'], settings);
    expect(nobody).toMatchObject({ code: 1, out: '' });
    expect(nobody.err).toMatch(/no active user has the address nobody@campus\.example/);
  });
});

describe('I1 mailboxes from the command line', () => {
  test('the password comes from standard input and is kept sealed', async () => {
    const call = ['mailbox', student, '--username', 'login-name', '--host', 'imap.example.edu'];
    expect(await beadle(call, settings, `${PASSWORD}\n`)).toEqual({ code: 0, out: `Connected the mailbox of ${student}.\n`, err: '' });
    const row = await db.knex('mailboxes').first();
    expect(row).toMatchObject({ host: 'imap.example.edu', port: 993, security: 'tls', username: 'login-name', auth: 'password', status: 'active' });
    expect(row.consented_at).toBeInstanceOf(Date);
    for (const table of ['mailboxes', 'audit_log', 'intents']) {
      for (const held of await db.knex(table)) {
        for (const value of Object.values(held as object)) expect(Buffer.isBuffer(value) ? value.toString('utf8') : String(value)).not.toContain('correct horse');
      }
    }
    const box = createSecretBox(TEST_SECRET_KEYS, '');
    expect(box.open({ keyId: row.secret_key_id, value: row.secret })).toBe(PASSWORD);
  });

  test('without a password, a host or a student it says what is missing', async () => {
    const faculty = await db.knex('users').where({ role: 'faculty' }).first('email').then((row) => row.email as string);
    const way = ['--username', 'name', '--host', 'imap.example.edu'];
    const [password, host, person] = await Promise.all([
      beadle(['mailbox', student, ...way], settings, '\n'),
      beadle(['mailbox', student, '--username', 'name'], settings, 'secret'),
      beadle(['mailbox', faculty, ...way], settings, 'secret'),
    ]);
    for (const { code } of [password, host, person]) expect(code).toBe(1);
    expect(password.err).toMatch(/no password on standard input/);
    expect(host.err).toMatch(/--host: name the IMAP server/);
    expect(person.err).toContain(`${faculty} is no student`);
  });
});

describe('I6 a sweep from the command line', () => {
  test('before a worker has made the schedules, it says so', async () => {
    const { code, out, err } = await beadle(['sweep'], settings);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/worker/);
  });
});

describe('I10 the sender list from the command line', () => {
  const senders = (...words: string[]) => beadle(['senders', ...words], settings);

  test('is kept in the name of an admin or of placement staff, who alone may see it', async () => {
    const { email: admin } = await db.knex('users').where({ role: 'admin' }).first('email');
    expect(await senders('list', '--as', admin)).toMatchObject({ code: 0, out: 'Nothing is said of any sender.\n' });
    expect(await senders('deny', '@Pelican.example', '--as', admin)).toMatchObject({ code: 0, out: 'deny: pelican.example\n', err: '' });
    expect((await senders('list', '--as', admin)).out).toMatch(/^deny\tpelican\.example\t\S.*\t\d{4}-\d\d-\d\dT.*Z\n$/);
    expect(await senders('allow', '*.pelican.example', '--as', admin)).toMatchObject({ code: 1, out: '' });
    expect((await senders('allow', '*.pelican.example', '--as', admin)).err).toMatch(/neither an address.*nor a domain/);
    expect((await senders('remove', 'pelican.example', '--as', admin)).out).toBe('Nothing is said of pelican.example any more.\n');
    expect(await senders('list', '--as', student)).toMatchObject({ code: 1, err: 'You are not allowed to do this.\n' });
  });
});

describe("I19 departments' rules from the command line", () => {
  const departments = (...words: string[]) => beadle(['departments', ...words], settings);
  const emailOf = async (role: string): Promise<string> => (await db.knex('users').where({ role }).first('email')).email;

  test('are a table for whoever may see them, and are changed by a head of department', async () => {
    const hod = await emailOf('hod');
    const { code } = await db.knex('departments').first('code');
    const listed = await departments('--as', hod);
    expect(listed).toMatchObject({ code: 0, err: '' });
    expect(listed.out).toMatch(/^id +code +move-percent +makeup-min .*name\n\d+ +\S+ +30 +3 +14 +3 +6 +12 +expire +\S.*\n$/);
    const set = await departments('set', code.toLowerCase(), '--makeup-min', '4', '--policy', 'automatic', '--as', hod);
    expect(set).toMatchObject({ code: 0, err: '' });
    expect(set.out).toMatch(/\n\d+ +\S+ +30 +4 +14 +3 +6 +12 +automatic /);
    expect(await departments('list', '--as', await emailOf('registrar'))).toMatchObject({ code: 0, out: set.out });
  });

  test('what can\'t be is said, and nothing changes', async () => {
    const [hod, registrar] = [await emailOf('hod'), await emailOf('registrar')];
    const { code } = await db.knex('departments').first('code');
    const before = await db.knex('departments');
    const ended = await Promise.all([
      departments('set', code, '--move-percent', '0', '--as', hod), departments('set', code, '--reminder-hours', '9', '--as', hod),
      departments('set', code, '--as', hod), departments('set', 'NONE', '--makeup-min', '4', '--as', hod),
      departments('set', code, '--makeup-min', '5', '--as', registrar), departments('--as', student),
    ]);
    const said = [
      /--move-percent.*must be a whole number from 1 to 100/, /reminder can’t come after/, /name what is to be changed/, /sees no department NONE/,
      /^You are not allowed to do this\.\n$/, /^You are not allowed to do this\.\n$/,
    ];
    ended.forEach(({ code: status, out, err }, index) => {
      expect({ status, out }).toEqual({ status: 1, out: '' });
      expect(err).toMatch(said[index]!);
    });
    expect(await db.knex('departments')).toEqual(before);
  });
});
