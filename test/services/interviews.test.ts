import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { NOW, type MailParts, finding, interviewsOf, mailed, toldTo } from './scene.ts';
import type { Finding } from '../../domain/interviews/types.ts';
import { myInterviews } from '../../services/interviews.ts';
import { personById } from '../../services/links.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';

let campus: TestCampus;
const context = () => testContext(campus.db, { now: NOW });
let nextStudent = 0;

beforeAll(async () => {
  campus = await testCampus({ students: 120 });
});
afterAll(async () => {
  await campus?.close();
});

/** A student of the campus whom no other test uses, with what mails do to them. */
async function someone() {
  nextStudent += 1;
  const id = nextStudent;
  const { user_id: userId } = await campus.db.knex('students').where({ id }).first('user_id');
  return {
    id,
    userId: userId as number,
    mail: (parts: Partial<Finding>, mail?: MailParts) => mailed(context(), id, parts, mail),
    interviews: () => interviewsOf(context(), id),
    standing: async () => (await interviewsOf(context(), id)).map(({ companyName, startsAt, date, status }) => [companyName, startsAt?.toISOString() ?? date, status]),
    told: async () => (await toldTo(campus.db.knex, userId)).map(({ kind }) => kind),
  };
}

const AT_TEN = '2026-11-25T10:00:00+05:30';
const AT_FIVE = '2026-11-25T17:00:00+05:30';
const TEN = '2026-11-25T04:30:00.000Z';
const FIVE = '2026-11-25T11:30:00.000Z';

describe('I14 an interview is a row of its student', () => {
  test('a certain finding is entered with its usual length, and the student is told once', async () => {
    const student = await someone();
    expect(await student.mail({ role: 'Analyst', round: 'assessment', link: 'https://meet.example/a' })).toBe('entered');
    const [interview] = await student.interviews();
    expect(interview).toMatchObject({
      companyName: 'Nightjar Systems', role: 'Analyst', round: 'assessment', status: 'confirmed', date: '2026-11-25', version: 1, sequence: 0,
      startsAt: new Date(TEN), endsAt: new Date('2026-11-25T06:00:00Z'), link: 'https://meet.example/a',
    });
    expect(await student.told()).toEqual(['interview-found']);
  });

  test('students of one company and day share a drive, whatever the mails call the company; another day is another drive', async () => {
    const [one, two, three] = [await someone(), await someone(), await someone()];
    await one.mail({ company: 'Acme Pvt Ltd' });
    await two.mail({ company: 'ACME', start: AT_FIVE });
    await three.mail({ company: 'Acme', start: '2026-11-26T10:00:00+05:30' });
    const [a, b, c] = await Promise.all([one, two, three].map(async (student) => (await student.interviews())[0]!.driveId));
    expect(a).toBe(b);
    expect(a).not.toBe(c);
  });

  test('long texts are cut to what the table holds', async () => {
    const student = await someone();
    const long = '𝒜ï'.repeat(1500);
    expect(await student.mail({ company: long, role: long, location: long, link: `https://meet.example/${'x'.repeat(600)}`, evidence: long.repeat(30) })).toBe('entered');
    const [interview] = await student.interviews();
    expect(Array.from(interview!.companyName)).toHaveLength(200);
    expect(interview!.companyName.isWellFormed()).toBe(true);
    expect(Array.from(interview!.role!)).toHaveLength(200);
    // Half an address leads nowhere.
    expect(interview!.link).toBeNull();
  });

  test.each([-1, 0.5, 2 ** 32, Number.MAX_VALUE])('a calendar sequence of %d is as none', async (calendarSequence) => {
    const student = await someone();
    expect(await student.mail({ calendarUid: 'odd@company.example', calendarSequence })).toBe('entered');
    expect((await student.interviews())[0]!.calendarSequence).toBeNull();
  });

  test('a zone that no calendar knows becomes the campus’s', async () => {
    const student = await someone();
    await student.mail({ timeZone: 'Mars/Olympus Mons' });
    expect((await student.interviews())[0]!.timeZone).toBe('Asia/Kolkata');
  });

  test('without a company there is nothing to enter', async () => {
    const student = await someone();
    expect(await student.mail({ company: null })).toBe('dropped');
    expect(await student.interviews()).toEqual([]);
  });

  test('the asking student’s interviews are those from today on, by time', async () => {
    const student = await someone();
    await student.mail({ company: 'Later', start: AT_FIVE });
    await student.mail({ company: 'Sooner' });
    await student.mail({ company: 'Before', start: '2026-11-22T10:00:00+05:30' });
    const person = (await personById(context(), student.userId))!;
    expect((await myInterviews(context(), person)).map(({ companyName }) => companyName)).toEqual(['Sooner', 'Later']);
  });
});

describe('I11 confidence decides', () => {
  test.each([
    ['high and meant', 0.6, 'yes', 'entered', 'confirmed', 'interview-found'],
    ['high but perhaps meant', 0.95, 'ask', 'asked', 'asked', 'interview-question'],
    ['middling', 0.59, 'yes', 'asked', 'asked', 'interview-question'],
    ['at the lower edge', 0.35, 'yes', 'asked', 'asked', 'interview-question'],
  ] as const)('%s', async (name, confidence, meant, outcome, status, told) => {
    const student = await someone();
    // Of a company of its own: others' mails would bear it out.
    expect(await student.mail({ confidence, company: `${name} Works` }, { meant })).toBe(outcome);
    expect((await student.interviews())[0]!.status).toBe(status);
    expect(await student.told()).toEqual([told]);
  });

  test('low is dropped without a trace', async () => {
    const student = await someone();
    expect(await student.mail({ confidence: 0.34 })).toBe('dropped');
    expect(await student.interviews()).toEqual([]);
    expect(await student.told()).toEqual([]);
  });

  test('a doubtful mail does not change what is certain; a certain one settles what was doubtful', async () => {
    const student = await someone();
    await student.mail({ confidence: 0.4 });
    await student.mail({ confidence: 0.9 });
    expect(await student.standing()).toEqual([['Nightjar Systems', TEN, 'confirmed']]);
    for (const kind of ['cancel', 'reschedule'] as const) await student.mail({ kind, confidence: 0.4, previousStart: AT_TEN, start: kind === 'cancel' ? AT_TEN : AT_FIVE });
    expect(await student.standing()).toEqual([['Nightjar Systems', TEN, 'confirmed']]);
    expect(await student.told()).toEqual(['interview-question', 'interview-found']);
  });

  test('a doubtful mail about an interview that was called off asks the student', async () => {
    const student = await someone();
    await student.mail({});
    await student.mail({ kind: 'cancel' });
    expect(await student.mail({ confidence: 0.4 })).toBe('asked');
    expect(await student.standing()).toEqual([['Nightjar Systems', TEN, 'asked']]);
    expect(await student.told()).toEqual(['interview-found', 'interview-called-off', 'interview-question']);
  });

  test('what the student said no to is not made anew, by no kind of mail', async () => {
    const student = await someone();
    await student.mail({}, { messageId: '<no@company.example>' });
    await campus.db.knex('student_company_drive').where({ student_id: student.id }).update({ status: 'rejected' });
    const again: [Partial<Finding>, MailParts?][] = [
      [{}], [{ confidence: 0.5 }], [{ kind: 'reschedule', previousStart: AT_TEN, start: AT_FIVE }],
      [{ kind: 'reschedule', start: AT_FIVE }, { replies: ['<no@company.example>'] }], [{ kind: 'cancel' }],
    ];
    for (const [parts, mail] of again) expect(await student.mail(parts, mail)).toBe('dropped');
    expect(await student.standing()).toEqual([['Nightjar Systems', TEN, 'rejected']]);
    expect(await student.told()).toEqual(['interview-found']);
  });
});

describe('I12 a later mail speaks of the interview that it is about', () => {
  test('a reminder is merged and tells nothing twice; what it adds is kept', async () => {
    const student = await someone();
    await student.mail({ company: 'Acme Pvt Ltd', location: 'Hall 2' });
    expect(await student.mail({ company: 'ACME' })).toBe('dropped');
    await student.mail({ company: 'Acme', link: 'https://meet.example/b' });
    expect(await student.interviews()).toMatchObject([{ companyName: 'Acme Pvt Ltd', location: 'Hall 2', link: 'https://meet.example/b', sequence: 1 }]);
    expect(await student.told()).toEqual(['interview-found']);
  });

  test('a second mail adds the time to a bare date; a third with the date alone takes it not away', async () => {
    const student = await someone();
    await student.mail({ start: '2026-11-25' });
    await student.mail({});
    expect(await student.standing()).toEqual([['Nightjar Systems', TEN, 'confirmed']]);
    await student.mail({ start: '2026-11-25' });
    await student.mail({ start: '2026-11-25', calendarUid: 'whole-day@company.example', calendarSequence: 0 });
    await student.mail({ kind: 'reschedule', start: '2026-11-25' });
    expect(await student.standing()).toEqual([['Nightjar Systems', TEN, 'confirmed']]);
  });

  test('two rounds stay two: on two days, at two times of a day, and in one thread', async () => {
    const student = await someone();
    await student.mail({ round: 'technical' }, { messageId: '<first@company.example>' });
    await student.mail({ round: 'hr', start: AT_FIVE }, { replies: ['<first@company.example>'] });
    await student.mail({ round: 'managerial', start: '2026-11-26T10:00:00+05:30' }, { replies: ['<first@company.example>'] });
    expect((await student.interviews()).map(({ round, status }) => [round, status])).toEqual([
      ['technical', 'confirmed'], ['hr', 'confirmed'], ['managerial', 'confirmed'],
    ]);
  });

  test('an invitation in the thread at another time of the day, which does not say that it moves, is asked', async () => {
    const student = await someone();
    await student.mail({ round: 'technical' }, { messageId: '<thread@company.example>' });
    expect(await student.mail({ round: 'technical', start: AT_FIVE }, { replies: ['<thread@company.example>'] })).toBe('asked');
    expect(await student.standing()).toEqual([['Nightjar Systems', TEN, 'confirmed'], ['Nightjar Systems', FIVE, 'asked']]);
  });

  test('of two that a timed mail fits, the one with that very time is meant', async () => {
    const student = await someone();
    await student.mail({ start: '2026-11-25', confidence: 0.4 });
    await student.mail({ start: AT_FIVE, round: 'hr' });
    await campus.db.knex('student_company_drive').insert({
      ...(await campus.db.knex('student_company_drive').where({ student_id: student.id }).orderBy('id').first()),
      id: null, starts_at: null, ends_at: null, round: null, status: 'asked', origin_key: Buffer.alloc(32, 1),
    });
    expect(await student.mail({ start: AT_FIVE })).toBe('dropped');
    expect((await student.standing()).filter(([, start]) => start === FIVE)).toEqual([['Nightjar Systems', FIVE, 'confirmed']]);
  });

  test('a calendar’s event follows its UID: a higher sequence moves it, a lower one is old', async () => {
    const student = await someone();
    const event = (calendarSequence: number, parts: Partial<Finding> = {}) =>
      student.mail({ source: 'calendar', calendarUid: 'event@company.example', calendarSequence, ...parts });
    await event(1);
    expect(await event(1)).toBe('dropped');
    await event(2, { start: AT_FIVE });
    expect(await event(1, { start: '2026-11-27T10:00:00+05:30' })).toBe('dropped');
    expect(await event(1, { kind: 'cancel' })).toBe('dropped');
    expect(await student.standing()).toEqual([['Nightjar Systems', FIVE, 'confirmed']]);
    // Schedulers exist that don't raise it: of two with the same the later mail counts.
    await event(2, { start: AT_TEN });
    expect(await student.standing()).toEqual([['Nightjar Systems', TEN, 'confirmed']]);
    await event(2, { kind: 'cancel' });
    expect(await event(2)).toBe('dropped');
    expect(await student.standing()).toEqual([['Nightjar Systems', TEN, 'cancelled']]);
    await event(3, { start: AT_FIVE });
    expect(await student.standing()).toEqual([['Nightjar Systems', FIVE, 'confirmed']]);
    expect(await student.told()).toEqual(['interview-found', 'interview-moved', 'interview-moved', 'interview-called-off', 'interview-found']);
  });

  test('an event whose first mail was merged into an interview known from a text still follows its UID', async () => {
    const student = await someone();
    await student.mail({});
    const event = { source: 'calendar', calendarUid: 'merged@company.example' } as const;
    await student.mail({ ...event, calendarSequence: 0 });
    await student.mail({ ...event, calendarSequence: 1, start: '2026-11-27T10:00:00+05:30' });
    expect(await student.standing()).toEqual([['Nightjar Systems', '2026-11-27T04:30:00.000Z', 'confirmed']]);
  });

  test.each([
    ['the calendar’s UID', { calendarUid: 'off@company.example', calendarSequence: 1 }, {}],
    ['the thread', { company: null }, { replies: ['<off@company.example>'] }],
    ['the company', {}, {}],
  ] as const)('is called off by %s', async (_name, parts, mail) => {
    const student = await someone();
    await student.mail({ calendarUid: 'off@company.example', calendarSequence: 0 }, { messageId: '<off@company.example>' });
    expect(await student.mail({ kind: 'cancel', ...parts }, mail as MailParts)).toBe('entered');
    expect(await student.standing()).toEqual([['Nightjar Systems', TEN, 'cancelled']]);
    expect(await student.mail({ kind: 'cancel', ...parts }, mail as MailParts)).toBe('dropped');
    expect(await student.told()).toEqual(['interview-found', 'interview-called-off']);
  });

  test('moved by the time it had, by thread, by company; told of the old time', async () => {
    const student = await someone();
    await student.mail({ round: 'technical' }, { messageId: '<a@company.example>' });
    await student.mail({ round: 'hr', start: '2026-11-26T10:00:00+05:30' }, { messageId: '<b@company.example>' });
    await student.mail({ kind: 'reschedule', previousStart: AT_TEN, start: AT_FIVE });
    await student.mail({ kind: 'reschedule', start: '2026-11-26T12:00:00+05:30' }, { replies: ['<b@company.example>'] });
    await student.mail({ kind: 'reschedule', round: 'hr', start: '2026-11-27T12:00:00+05:30' });
    expect(await student.standing()).toEqual([['Nightjar Systems', FIVE, 'confirmed'], ['Nightjar Systems', '2026-11-27T06:30:00.000Z', 'confirmed']]);
    const moved = (await toldTo(campus.db.knex, student.userId)).filter(({ kind }) => kind === 'interview-moved');
    expect(moved[0]!.params).toMatchObject({ previousStart: TEN, start: FIVE });
    expect(moved).toHaveLength(3);
  });

  test('a move that fits two is asked about, and leaves both; one that fits none is new', async () => {
    const student = await someone();
    expect(await student.mail({ kind: 'reschedule' })).toBe('entered');
    await student.mail({ start: '2026-11-26T10:00:00+05:30' });
    expect(await student.mail({ kind: 'reschedule', start: '2026-11-27T10:00:00+05:30' })).toBe('asked');
    expect((await student.standing()).map(([, , status]) => status)).toEqual(['confirmed', 'confirmed']);
    expect((await student.told()).at(-1)).toBe('interview-which');
    expect(await student.mail({ kind: 'cancel', start: '2026-11-30' })).toBe('asked');
    expect((await student.standing()).map(([, , status]) => status)).toEqual(['confirmed', 'confirmed']);
  });

  test('a move that is told twice is one move, also with another interview of the company open', async () => {
    const student = await someone();
    await student.mail({});
    await student.mail({ start: '2026-11-26T10:00:00+05:30' });
    const move = { kind: 'reschedule', previousStart: AT_TEN, start: AT_FIVE } as const;
    expect(await student.mail(move)).toBe('entered');
    expect(await student.mail(move)).toBe('dropped');
    expect(await student.mail({ ...move, previousStart: null })).toBe('dropped');
    expect(await student.standing()).toHaveLength(2);
  });

  test('an interview that moves to where another of its company stands is that one, also for the other’s calendar', async () => {
    const student = await someone();
    await student.mail({});
    const event = { start: AT_FIVE, calendarUid: 'twin@company.example' };
    await student.mail({ ...event, calendarSequence: 0 });
    await student.mail({ kind: 'reschedule', previousStart: AT_TEN, start: AT_FIVE });
    expect(await student.standing()).toEqual([['Nightjar Systems', FIVE, 'confirmed'], ['Nightjar Systems', FIVE, 'cancelled']]);
    expect(await student.told()).toEqual(['interview-found', 'interview-found', 'interview-moved']);
    await student.mail({ ...event, kind: 'cancel', calendarSequence: 1 });
    expect((await student.standing()).map(([, , status]) => status)).toEqual(['cancelled', 'cancelled']);
  });

  test('a doubtful one that moves to where a certain one stands leaves that one alone', async () => {
    const student = await someone();
    await student.mail({ confidence: 0.4 });
    await student.mail({ start: AT_FIVE });
    await student.mail({ kind: 'reschedule', previousStart: AT_TEN, start: AT_FIVE, confidence: 0.4 });
    expect((await student.standing()).map(([, , status]) => String(status)).toSorted((a, b) => a.localeCompare(b))).toEqual(['asked', 'confirmed']);
  });

  test('the same finding fifty times at once is one interview and one notice', async () => {
    const student = await someone();
    const outcomes = await Promise.all(Array.from({ length: 50 }, (_, index) =>
      student.mail({ ...finding(), company: index % 2 ? 'Acme Ltd.' : 'ACME' })));
    expect(outcomes.filter((outcome) => outcome === 'entered')).toHaveLength(1);
    expect(await student.interviews()).toHaveLength(1);
    expect(await student.told()).toEqual(['interview-found']);
  });

  test('mails of one interview in any order never leave two certain ones at the same moment', async () => {
    const mailsOfOne: Partial<Finding>[] = [
      {}, { start: AT_FIVE }, { start: '2026-11-25' }, { kind: 'reschedule', previousStart: AT_TEN, start: AT_FIVE },
      { kind: 'reschedule', start: AT_TEN }, { kind: 'cancel' }, { round: 'hr' }, { confidence: 0.4 },
    ];
    // Every rotation, forwards and backwards: sixteen orders, a student each.
    for (const mails of [mailsOfOne, mailsOfOne.toReversed()]) {
      for (let first = 0; first < mails.length; first += 1) {
        const student = await someone();
        for (const parts of [...mails.slice(first), ...mails.slice(0, first)]) await student.mail(parts);
        const certain = (await student.standing()).filter(([, , status]) => status === 'confirmed').map(([, start]) => start);
        expect(new Set(certain).size).toBe(certain.length);
      }
    }
  });
});
