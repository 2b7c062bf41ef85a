// The pages in a real browser, signed in at the demo's OpenID provider: the whole way from the QR code to the mark.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { findFreePort, releasePort } from '../../bin/embedded/port.ts';
import { type IdentityProvider, startIdentityProvider } from '../../bin/embedded/identity-provider.ts';
import { findSession, rosterOf, type Session } from '../../db/repositories/sessions.ts';
import { personByEmail, personById } from '../../services/links.ts';
import { openAttendance, takingState } from '../../services/taking.ts';
import { startTestApi, type TestApi } from '../api/harness.ts';
import { startBrowser } from '../support/browser.ts';

const PHONE = { viewport: { width: 375, height: 812 }, hasTouch: true, isMobile: true };
const PROJECTOR = { viewport: { width: 1920, height: 1080 } };
const STRANGER = 'stranger@campus.example';
const MARKED = 'marked as present';
/** Nothing here takes long but the next code. */
const PATIENCE_MS = 15_000;

let port: number;
let campus: TestApi;
let provider: IdentityProvider;
let browser: Browser;
let opened: BrowserContext[] = [];
/** What browsers complained of: a script that fails, something that the policy forbids. */
const complaints: string[] = [];
/** How far the server's clock is ahead. */
let ahead = { seconds: 0 };
const used: number[] = [];
const marked = new Set<number>();

beforeAll(async () => {
  port = await findFreePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  let find: Parameters<typeof startIdentityProvider>[0]['findPerson'] = async () => null;
  provider = await startIdentityProvider({ redirectUri: `${publicUrl}/auth/callback`, findPerson: (email) => find(email) });
  const { issuer, clientId, clientSecret } = provider;
  campus = await startTestApi({
    publicUrl, now: () => DateTime.utc().plus(ahead), identity: { issuer, clientIds: [clientId], clientSecret, mailDomains: ['campus.example'] },
  });
  find = async (email) => (email === STRANGER ? { email, name: 'Sam Stranger' } : personByEmail(campus.context, email));
  await campus.api.listen({ port });
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  await campus.close();
  await provider.stop();
  releasePort(port);
});
afterEach(async () => {
  await Promise.all(opened.map((context) => context.close()));
  opened = [];
  ahead = { seconds: 0 };
  expect(complaints.splice(0)).toEqual([]);
});

/** A browser of somebody's own. */
async function visitor(options: object): Promise<BrowserContext> {
  const context = await browser.newContext({ ...options, baseURL: campus.context.publicUrl });
  opened.push(context);
  context.setDefaultTimeout(PATIENCE_MS);
  context.on('console', (message) => {
    // Answers that say no are none of a browser's complaints.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text());
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  return context;
}

async function visit(path: string, options: object = PHONE): Promise<Page> {
  const page = await (await visitor(options)).newPage();
  await page.goto(path);
  return page;
}

/** From a page that asks for it, to the provider and back. */
async function signInAs(page: Page, email: string): Promise<void> {
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByLabel('Address').fill(email);
  await page.getByRole('button').click();
}

interface Class {
  session: Session;
  teacherEmail: string;
  students: { userId: number; email: string; studentId: number }[];
}

/** A class that began five minutes ago, and that no test has used yet. */
async function runningClass(): Promise<Class> {
  const { knex } = campus.campus.db;
  const [id] = await knex('schedule').where({ status: 'scheduled' }).whereNotIn('id', used).orderBy('starts_at').orderBy('id').limit(1).pluck('id');
  used.push(id);
  const startsAt = DateTime.utc().minus({ minutes: 5 }).startOf('second');
  await knex('schedule').where({ id }).update({ starts_at: startsAt.toJSDate(), ends_at: startsAt.plus({ minutes: 55 }).toJSDate() });
  const session = (await findSession(knex, id))!;
  const students = await Promise.all((await rosterOf(knex, id)).map(async ({ userId, studentId }) => ({ userId, studentId, email: (await personById(campus.context, userId))!.email })));
  return { session, students, teacherEmail: (await personById(campus.context, session.facultyUserId))!.email };
}

/** Opens it as who teaches it. @returns the code of this moment */
async function open({ session }: Class, stepSeconds = 300): Promise<string> {
  const teacher = (await personById(campus.context, session.facultyUserId))!;
  return (await openAttendance(campus.context, teacher, session.id, { stepSeconds })).code!;
}

/** One of a class's who has no device yet. */
function newStudent({ students }: Class, but?: Class): Class['students'][number] {
  const student = students.find(({ studentId }) => !marked.has(studentId) && !but?.students.some((one) => one.studentId === studentId))!;
  marked.add(student.studentId);
  return student;
}

const codeNow = async ({ session }: Class) =>
  (await takingState(campus.context, (await personById(campus.context, session.facultyUserId))!, session.id)).code!;

const linkOf = ({ session }: Class, code: string) => `/check-in?session=${session.id}&code=${code}`;
const marksIn = ({ session }: Class): Promise<{ student_id: number; status: string; method: string }[]> =>
  campus.campus.db.knex('attendance').where({ session_id: session.id }).select('student_id', 'status', 'method');
const answerOf = (page: Page) => page.getByRole('status').textContent();
const said = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text }).waitFor();
const hereOn = (page: Page) => page.getByRole('button', { name: 'I am here' });

describe('A12 the check-in page', () => {
  test('from the QR code by way of the provider to the mark: one tap, and a second one is the same mark', async () => {
    const taught = await runningClass();
    const code = await open(taught);
    const student = newStudent(taught);
    const page = await visit(linkOf(taught, code));
    await signInAs(page, student.email);
    await hereOn(page).waitFor();
    expect(await page.getByLabel('six digits').inputValue()).toBe(code);
    await hereOn(page).dblclick();
    await said(page, `${MARKED} in ${taught.session.subjectCode}`);
    expect(await marksIn(taught)).toEqual([{ student_id: student.studentId, status: 'present', method: 'code' }]);

    // Still signed in with the next visit; and the mark is the same.
    await page.goto(linkOf(taught, code));
    await hereOn(page).click();
    await page.getByRole('status').filter({ hasText: 'present' }).waitFor();
    expect(await marksIn(taught)).toHaveLength(1);
  });

  test('a code that rotated during the sign-in says so, and the new one can be typed', async () => {
    const taught = await runningClass();
    const old = await open(taught, 20);
    const page = await visit(linkOf(taught, old));
    await signInAs(page, newStudent(taught).email);
    await hereOn(page).waitFor();
    ahead = { seconds: 65 };
    await hereOn(page).click();
    await said(page, 'This code is too old.');
    const field = page.getByLabel('six digits');
    expect([await field.inputValue(), await field.evaluate((input) => input.ownerDocument.activeElement === input)]).toEqual(['', true]);
    const code = await codeNow(taught);
    await field.fill(`${code.slice(0, 3)} ${code.slice(3)}`);
    await field.press('Enter');
    await said(page, MARKED);
    expect(await marksIn(taught)).toHaveLength(1);
  });

  test('a wrong code, one of another class, and too few digits are told apart in words', async () => {
    const [taught, other] = [await runningClass(), await runningClass()];
    const [code, others] = [await open(taught), await open(other)];
    const student = newStudent(taught, other);
    // The QR code of the room next door.
    const page = await visit(linkOf(other, others));
    await signInAs(page, student.email);
    await hereOn(page).click();
    await said(page, 'another class’s');
    const field = page.getByLabel('six digits');
    await field.fill('123');
    await hereOn(page).click();
    await said(page, 'Please enter the six digits');
    const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0');
    await field.fill(wrong);
    await hereOn(page).click();
    await said(page, 'This code is wrong.');
    await field.fill(code);
    await hereOn(page).click();
    await said(page, MARKED);
    expect([await marksIn(taught), await marksIn(other)].map((marks) => marks.length)).toEqual([1, 0]);
  });

  test('without a connection it says so, keeps the code, and goes on when there is one', async () => {
    const taught = await runningClass();
    const page = await visit(linkOf(taught, await open(taught)));
    await signInAs(page, newStudent(taught).email);
    await hereOn(page).waitFor();
    await page.context().setOffline(true);
    await hereOn(page).click();
    await said(page, 'no connection');
    await page.context().setOffline(false);
    await hereOn(page).click();
    await said(page, MARKED);
  });

  test('pages that are opened side by side all stay signed in', async () => {
    const taught = await runningClass();
    const page = await visit('/check-in');
    await signInAs(page, newStudent(taught).email);
    await hereOn(page).waitFor();
    const pages = await Promise.all(Array.from({ length: 4 }, () => page.context().newPage()));
    await Promise.all(pages.map((one) => one.goto('/check-in')));
    for (const one of pages) await hereOn(one).waitFor();
    await page.reload();
    await hereOn(page).waitFor();
  });

  test('a browser is one device: whoever signs in there next is told that it is another’s', async () => {
    const taught = await runningClass();
    const code = await open(taught);
    const [first, second] = [newStudent(taught), newStudent(taught)];
    const page = await visit(linkOf(taught, code));
    await signInAs(page, first.email);
    await hereOn(page).click();
    await said(page, MARKED);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await signInAs(page, second.email);
    await hereOn(page).click();
    await said(page, 'This device is another student’s.');
    expect(await marksIn(taught)).toHaveLength(1);
  });
});

describe('A11 the projector page', () => {
  test('who teaches opens attendance, the code that is shown works, and those who are there are counted', async () => {
    const taught = await runningClass();
    const page = await visit(`/projector?session=${taught.session.id}`, PROJECTOR);
    await signInAs(page, taught.teacherEmail);
    await page.getByRole('button', { name: 'Open attendance' }).click();
    const shown = page.locator('#code');
    await shown.waitFor();
    expect(await page.getByRole('heading').textContent()).toContain(taught.session.subjectName);
    expect(await page.locator('#next').textContent()).toMatch(/^Next code in \d+ s$/);
    expect(await page.getByAltText('A QR code').evaluate((picture) => (picture as unknown as { naturalWidth: number }).naturalWidth)).toBeGreaterThan(0);
    const { length } = taught.students;
    await page.getByText(`0 of ${length} are here`).waitFor();

    const code = (await shown.textContent())!.replace(' ', '');
    const phone = await visit(linkOf(taught, code));
    await signInAs(phone, newStudent(taught).email);
    await hereOn(phone).click();
    await said(phone, MARKED);
    await page.getByText(`1 of ${length} are here`).waitFor();

    const until = await page.locator('#until').textContent();
    await page.getByRole('button', { name: '5 more minutes' }).click();
    await page.locator('#until').filter({ hasNotText: until! }).waitFor();
    await page.getByRole('button', { name: 'Complete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Go back' }).click();
    expect(await answerOf(page)).toBe('');
    await page.getByRole('button', { name: 'Complete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Complete' }).click();
    await said(page, 'Attendance is completed.');
    expect((await marksIn(taught)).filter(({ status }) => status === 'absent')).toHaveLength(length - 1);
  });

  test('the next code replaces the one before by itself', async () => {
    const taught = await runningClass();
    const first = await open(taught, 5);
    const page = await visit(`/projector?session=${taught.session.id}`, PROJECTOR);
    await signInAs(page, taught.teacherEmail);
    const shown = page.locator('#code');
    await shown.waitFor();
    const before = (await shown.textContent())!;
    await shown.filter({ hasNotText: before }).waitFor();
    const after = (await shown.textContent())!.replace(' ', '');
    expect(after).not.toBe(first);
    expect(after).toBe(await codeNow(taught));
  });

  test('without a session it lists today’s classes; a student is told that this is not for students', async () => {
    const taught = await runningClass();
    await campus.campus.db.knex('schedule').where({ id: taught.session.id }).update({ date: DateTime.now().setZone('Asia/Kolkata').toISODate() });
    await open(taught);
    const page = await visit('/projector', PROJECTOR);
    await signInAs(page, taught.teacherEmail);
    await page.getByRole('navigation', { name: 'Which class?' }).getByRole('link', { name: taught.session.subjectCode }).first().click();
    await page.waitForURL(/session=\d+$/);
    const students = await visit(`/projector?session=${taught.session.id}`);
    await signInAs(students, newStudent(taught).email);
    await said(students, 'not allowed');
    expect(await students.locator('#code').isVisible()).toBe(false);
  });
});

describe('A1 signing in on a page', () => {
  test('who has no account reads why on a page, and may begin again for the same page', async () => {
    const page = await visit('/check-in?code=123456');
    await signInAs(page, STRANGER);
    await page.getByRole('alert').filter({ hasText: `Nobody with the address ${STRANGER} is known here.` }).waitFor();
    await page.getByRole('link', { name: 'Begin again' }).click();
    await page.getByLabel('Address').fill(newStudent(await runningClass()).email);
    await page.getByRole('button').click();
    await hereOn(page).waitFor();
    expect(await page.getByLabel('six digits').inputValue()).toBe('123456');
  });

  test('every page says its language, and has a name for each thing that is used', async () => {
    for (const path of ['/check-in', '/projector', '/sign-in?next=//elsewhere.example']) {
      const page = await visit(path);
      expect(await page.locator('html').evaluate((html) => [html.getAttribute('lang'), html.getAttribute('dir')])).toEqual(['en-IN', 'ltr']);
      expect(await page.title()).toMatch(/^\S.* · Beadle$/);
      expect(await page.content()).not.toMatch(/\{\{pages/);
    }
  });
});
