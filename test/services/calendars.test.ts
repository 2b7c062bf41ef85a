import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { feedAddress, feedByToken } from '../../services/calendars.ts';
import { personById } from '../../services/links.ts';
import { parseCalendar } from '../domain/calendar/parsed-calendar.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';
import { interviewAt, mailed, NOW } from './scene.ts';

let campus: TestCampus;
const context = () => testContext(campus.db, { now: NOW });
const person = async (userId: number) => (await personById(context(), userId))!;
const userOf = async (studentId: number): Promise<number> => (await campus.db.knex('students').where({ id: studentId }).first('user_id')).user_id;

beforeAll(async () => {
  campus = await testCampus();
});
afterAll(async () => {
  await campus?.close();
});

const tokenIn = (url: string): string => /\/feeds\/(.+)\.ics$/.exec(url)![1]!;

async function feedOf(userId: number) {
  return parseCalendar(await feedByToken(context(), tokenIn((await feedAddress(context(), await person(userId))).url)));
}

describe('D6 the address of a feed', () => {
  test('asked for thirty times at once is one address', async () => {
    const someone = await person(2);
    const asked = await Promise.all(Array.from({ length: 30 }, () => feedAddress(context(), someone)));
    expect(new Set(asked.map(({ url }) => url)).size).toBe(1);
    expect(await campus.db.knex('feed_tokens').where({ user_id: 2 })).toHaveLength(1);
  });

  test('is one a person, until it is renewed; then the old one ends', async () => {
    const someone = await person(1);
    const first = await feedAddress(context(), someone);
    expect(first.webcal).toBe(first.url.replace('http:', 'webcal:'));
    expect(await feedAddress(context(), someone)).toEqual(first);
    const second = await feedAddress(context(), someone, { renew: true });
    expect(second.url).not.toBe(first.url);
    await expect(feedByToken(context(), tokenIn(first.url))).rejects.toMatchObject({ code: 'not-found' });
    expect(await feedByToken(context(), tokenIn(second.url))).toContain('BEGIN:VCALENDAR');
    expect(await campus.db.knex('audit_log').where({ action: 'feed.renew' })).toHaveLength(1);
  });

  test('a token that nobody gave out is not found, whatever it looks like', async () => {
    const token = tokenIn((await feedAddress(context(), await person(2))).url);
    const [id, secret] = [token.split('-')[0]!, token.slice(token.indexOf('-') + 1)];
    const wrong = ['', 'x', id, `${id}-`, `${id}-${'A'.repeat(32)}`, `${Number(id) + 1}-${secret}`, `${token}A`, `0-${secret}`, `${'9'.repeat(16)}-${secret}`, `${id}-${'ä'.repeat(32)}`];
    for (const given of wrong) await expect(feedByToken(context(), given)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('of a person who has left there is no feed', async () => {
    const userId = await userOf(3);
    const { url } = await feedAddress(context(), await person(userId));
    await campus.db.knex('users').where({ id: userId }).update({ active: false });
    await expect(feedByToken(context(), tokenIn(url))).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('D6 what a feed shows', () => {
  test('a faculty member’s own classes, and nobody’s interview', async () => {
    const faculty = await campus.db.knex('faculty').first('id', 'user_id');
    const feed = await feedOf(faculty.user_id);
    const [taught] = await campus.db.knex('schedule as s').join('faculty_assignment as a', 'a.id', 's.assignment_id')
      .where('a.faculty_id', faculty.id).count({ n: '*' });
    expect(feed.events).toHaveLength(Number(taught!.n));
    expect(new Set(feed.events.flatMap(({ categories }) => categories))).toEqual(new Set(['class']));
  });

  test('interviews in their own zone, with markup as text; not those without a time or with a no', async () => {
    const at = (day: number) => [new Date(Date.UTC(2026, 10, day, 18)), new Date(Date.UTC(2026, 10, day, 19))] as const;
    const company = 'Smith & <b>Sons</b>; "Ltd", \\n';
    await interviewAt(context(), 20, ...at(25), { company, timeZone: 'America/New_York', location: 'Room <script>;,', link: 'https://meet.example/a?b=c,d;e' });
    await interviewAt(context(), 20, ...at(26), { company: 'Unfit Link', link: 'javascript:alert(1)' });
    await interviewAt(context(), 20, ...at(27), { company: 'Refused' });
    await campus.db.knex('student_company_drive').where({ company_name: 'Refused' }).update({ status: 'rejected' });
    await mailed(context(), 20, { company: 'Some Day', start: '2026-11-28' });
    await mailed(context(), 20, { company: 'Perhaps', start: at(29)[0].toISOString(), confidence: 0.4 });
    const feed = await feedOf(await userOf(20));
    const interviews = feed.events.filter(({ categories }) => categories.includes('interview'));
    expect(interviews.map(({ summary, status }) => [summary, status])).toEqual([[company, 'CONFIRMED'], ['Unfit Link', 'CONFIRMED'], ['Perhaps', 'TENTATIVE']]);
    expect(interviews[0]).toMatchObject({ startZone: 'America/New_York', startLocal: '2026-11-25T13:00:00', start: '2026-11-25T18:00:00Z', location: 'Room <script>;,' });
    expect(interviews[1]!.url).toBeNull();
    expect(feed.zones.toSorted()).toEqual(['America/New_York', 'Asia/Kolkata']);
  });
});
