// A student's word on their own interviews, and what mails may do to it afterwards.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { interviewTimesOf } from '../../db/repositories/interviews.ts';
import { sessionsOfStudent, type Session } from '../../db/repositories/sessions.ts';
import type { Finding } from '../../domain/interviews/types.ts';
import type { Person } from '../../services/context.ts';
import { openQuestions, settleDoubt } from '../../services/doubts.ts';
import { followInterview } from '../../services/excuses.ts';
import { personById } from '../../services/links.ts';
import { addInterview, answerInterview, correctInterview, deleteInterview } from '../../services/reviewing.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';
import { interviewsOf, mailed, type MailParts, NOW, toldTo } from './scene.ts';

let campus: TestCampus;
const context = () => testContext(campus.db, { now: NOW });
let nextStudent = 0;

beforeAll(async () => {
  campus = await testCampus({ students: 120 });
});
afterAll(async () => {
  await campus?.close();
});

const TEN = new Date('2026-11-25T04:30:00Z');
const FIVE = new Date('2026-11-25T11:30:00Z');
const later = (date: Date, minutes: number) => new Date(date.getTime() + minutes * 60_000);

interface Somebody {
  id: number;
  person: Person;
  mail: (parts: Partial<Finding>, mail?: MailParts) => ReturnType<typeof mailed>;
  only: () => Promise<Awaited<ReturnType<typeof interviewsOf>>[number]>;
  told: () => Promise<string[]>;
}

/** A student whom no other test uses. */
async function someone(): Promise<Somebody> {
  const id = (nextStudent += 1);
  const { user_id: userId } = await campus.db.knex('students').where({ id }).first('user_id');
  return {
    id, person: (await personById(context(), userId))!,
    mail: (parts, mail) => mailed(context(), id, parts, mail),
    only: async () => {
      const [interview, ...others] = await interviewsOf(context(), id);
      expect(others).toEqual([]);
      return interview!;
    },
    told: async () => (await toldTo(campus.db.knex, userId)).map(({ kind }) => kind),
  };
}

const intentsOf = (interviewId: number) => campus.db.knex('intents').where({ workflow_id: `interview/${interviewId}` });
const marks = (studentId: number) => campus.db.knex('attendance').where({ student_id: studentId }).select('status', 'interview_id');

/** The student's first class on or after the campus's Tuesday. */
async function firstClass(studentId: number): Promise<Session> {
  const from = DateTime.fromISO('2026-11-24T00:00:00+05:30');
  return (await sessionsOfStudent(campus.db.knex, studentId, from.toJSDate(), from.plus({ days: 5 }).toJSDate()))[0]!;
}

const during = (session: Session) => ({ start: later(session.startsAt, 5).toISOString(), end: later(session.startsAt, 35).toISOString() });

describe('I11 yes and no', () => {
  test('yes confirms, and only then classes are excused', async () => {
    const student = await someone();
    const session = await firstClass(student.id);
    await student.mail({ ...during(session), confidence: 0.5, company: 'Yes Yarns' });
    const { id } = await student.only();
    await followInterview(context(), id);
    expect(await marks(student.id)).toEqual([]);
    expect(await answerInterview(context(), student.person, id, 'yes')).toMatchObject({ outcome: 'done', interview: { status: 'confirmed', askedBecause: null } });
    expect(await intentsOf(id)).toHaveLength(1);
    await followInterview(context(), id);
    expect(await marks(student.id)).toEqual([{ status: 'on_duty', interview_id: id }]);
  });

  test('no rejects; what is said twice is said once, and what holds is told', async () => {
    const student = await someone();
    await student.mail({ confidence: 0.5, company: 'No Nettles' });
    const { id } = await student.only();
    expect(await answerInterview(context(), student.person, id, 'no')).toMatchObject({ outcome: 'done', interview: { status: 'rejected' } });
    for (const said of ['no', 'yes'] as const) {
      expect(await answerInterview(context(), student.person, id, said)).toMatchObject({ outcome: 'settled', interview: { status: 'rejected' } });
    }
    expect((await student.only()).version).toBe(2);
  });

  test('an answer to an earlier version of the question decides nothing', async () => {
    const student = await someone();
    await student.mail({ confidence: 0.5, company: 'Moving Moss' });
    const asked = await student.only();
    await student.mail({ kind: 'reschedule', confidence: 0.5, company: 'Moving Moss', start: FIVE.toISOString() });
    expect(await answerInterview(context(), student.person, asked.id, 'yes', asked.version)).toMatchObject({
      outcome: 'changed', interview: { status: 'asked', startsAt: FIVE },
    });
    expect(await answerInterview(context(), student.person, asked.id, 'yes', asked.version + 1)).toMatchObject({ outcome: 'done' });
  });

  test('twenty times yes at once is one yes', async () => {
    const student = await someone();
    await student.mail({ ...during(await firstClass(student.id)), confidence: 0.5, company: 'Twenty Tulips' });
    const { id } = await student.only();
    const answers = await Promise.all(Array.from({ length: 20 }, () => answerInterview(context(), student.person, id, 'yes')));
    expect(answers.filter(({ outcome }) => outcome === 'done')).toHaveLength(1);
    expect(await student.only()).toMatchObject({ status: 'confirmed', version: 2 });
    expect(await intentsOf(id)).toHaveLength(1);
  });

  test('yes and no at once: one of them holds, and everybody is told the same', async () => {
    for (const company of ['Either Elder', 'Either Esparto', 'Either Edelweiss', 'Either Eucalyptus']) {
      const student = await someone();
      await student.mail({ confidence: 0.5, company });
      const { id } = await student.only();
      const answers = await Promise.all('yynynnyn'.split('').map((letter) => answerInterview(context(), student.person, id, letter === 'y' ? 'yes' : 'no')));
      expect(answers.filter(({ outcome }) => outcome === 'done')).toHaveLength(1);
      expect(new Set(answers.map(({ interview }) => interview.status)).size).toBe(1);
    }
  });

  test('another student’s interview is not there, and a lecturer has none', async () => {
    const [one, other] = [await someone(), await someone()];
    await one.mail({ confidence: 0.5, company: 'Private Pines' });
    const { id } = await one.only();
    for (const ask of [
      () => answerInterview(context(), other.person, id, 'yes'), () => deleteInterview(context(), other.person, id),
      () => correctInterview(context(), other.person, id, { start: FIVE }), () => answerInterview(context(), one.person, 999_999, 'yes'),
    ]) await expect(ask()).rejects.toMatchObject({ code: 'not-found' });
    const { user_id: lecturer } = await campus.db.knex('faculty').first('user_id');
    const teaching = (await personById(context(), lecturer))!;
    await expect(answerInterview(context(), teaching, id, 'yes')).rejects.toMatchObject({ code: 'not-allowed' });
    expect(await one.only()).toMatchObject({ status: 'asked', version: 1 });
  });
});

describe('I11 the student corrects and deletes', () => {
  test('another time confirms and moves; the student is told once, and the process looks', async () => {
    const student = await someone();
    await student.mail({ confidence: 0.5, company: 'Corrected Cacti' });
    const { id } = await student.only();
    expect(await correctInterview(context(), student.person, id, { start: FIVE, end: later(FIVE, 45) })).toMatchObject({
      status: 'confirmed', startsAt: FIVE, endsAt: later(FIVE, 45), correctedFrom: TEN.toISOString(),
    });
    await correctInterview(context(), student.person, id, { start: FIVE, end: later(FIVE, 45) });
    expect(await student.told()).toEqual(['interview-question', 'interview-moved']);
    expect((await student.only()).version).toBe(2);
  });

  test('a bare date becomes a time without being “moved”', async () => {
    const student = await someone();
    await student.mail({ start: '2026-11-25', company: 'Someday Sorrel' });
    await correctInterview(context(), student.person, (await student.only()).id, { start: TEN });
    expect(await student.only()).toMatchObject({ startsAt: TEN, endsAt: later(TEN, 60), correctedFrom: '2026-11-25' });
    expect(await student.told()).toEqual(['interview-found']);
  });

  test('what the mails said before doesn’t come back; a mail that moves it does, and the student is told', async () => {
    const student = await someone();
    const event = (calendarSequence: number, start: Date, more: Partial<Finding> = {}) => student.mail({
      company: 'Lasting Laurel', source: 'calendar', calendarUid: 'lasting@company.example', calendarSequence, start: start.toISOString(), ...more,
    });
    await event(0, TEN);
    await correctInterview(context(), student.person, (await student.only()).id, { start: later(TEN, 30) });
    await event(0, TEN);
    await event(1, TEN, { location: 'Block 4', kind: 'reschedule' });
    expect(await student.only()).toMatchObject({ startsAt: later(TEN, 30), location: 'Block 4' });
    await event(2, FIVE, { kind: 'reschedule' });
    expect(await student.only()).toMatchObject({ startsAt: FIVE, correctedFrom: null });
    expect(await student.told()).toEqual(['interview-found', 'interview-moved', 'interview-moved']);
  });

  test('a time in the past, too far ahead, backwards or too long is refused', async () => {
    const student = await someone();
    await student.mail({ company: 'Timely Thyme' });
    const { id } = await student.only();
    const wrong: { start: Date; end?: Date }[] = [
      { start: new Date('2026-11-22T04:30:00Z') }, { start: new Date('2028-11-22T04:30:00Z') }, { start: TEN, end: later(TEN, -10) }, { start: TEN, end: later(TEN, 241) },
    ];
    for (const times of wrong) await expect(correctInterview(context(), student.person, id, times)).rejects.toMatchObject({ code: 'time-not-ahead' });
    await answerInterview(context(), student.person, id, 'no');
    await deleteInterview(context(), student.person, id);
    await expect(correctInterview(context(), student.person, id, { start: FIVE })).rejects.toMatchObject({ code: 'interview-gone' });
  });

  test('delete takes back what followed, and no mail brings it again', async () => {
    const student = await someone();
    const session = await firstClass(student.id);
    await student.mail({ ...during(session), company: 'Deleted Dill' });
    const { id } = await student.only();
    await followInterview(context(), id);
    expect(await marks(student.id)).toHaveLength(1);
    await deleteInterview(context(), student.person, id);
    await followInterview(context(), id);
    expect(await marks(student.id)).toEqual([]);
    expect(await student.mail({ ...during(session), company: 'Deleted Dill' })).toBe('dropped');
    expect(await student.only()).toMatchObject({ status: 'rejected' });
  });
});

describe('I11 by hand', () => {
  test('one that no mail told of is entered, certain from the beginning', async () => {
    const student = await someone();
    const made = await addInterview(context(), student.person, { company: 'Handmade Hemp', start: TEN, round: 'assessment' });
    expect(made).toMatchObject({ source: 'student', status: 'confirmed', startsAt: TEN, endsAt: later(TEN, 90), date: '2026-11-25', companyName: 'Handmade Hemp' });
    expect(await interviewTimesOf(campus.db.knex, [student.id], TEN, FIVE)).toHaveLength(1);
    expect(await student.told()).toEqual([]);
  });

  test('one that stands already is meant, also when it is asked ten times at once', async () => {
    const student = await someone();
    await student.mail({ company: 'Known Kale Pvt Ltd', confidence: 0.5 });
    const made = await Promise.all(Array.from({ length: 10 }, () => addInterview(context(), student.person, { company: 'KNOWN KALE', start: TEN })));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(await student.only()).toMatchObject({ status: 'confirmed', companyName: 'Known Kale Pvt Ltd' });
  });

  test('a mail about one that the student added is merged, and doesn’t move it unless it says so', async () => {
    const student = await someone();
    await addInterview(context(), student.person, { company: 'Merged Mint', start: TEN, end: later(TEN, 20) });
    await student.mail({ company: 'Merged Mint', link: 'https://meet.example/m', calendarUid: 'mint@company.example', calendarSequence: 0 });
    expect(await student.only()).toMatchObject({ endsAt: later(TEN, 20), link: 'https://meet.example/m', source: 'student' });
    await student.mail({ company: 'Merged Mint', kind: 'reschedule', start: FIVE.toISOString() });
    expect(await student.only()).toMatchObject({ startsAt: FIVE });
  });
});

describe('I12 which interview a mail means', () => {
  async function twoOfOneCompany() {
    const student = await someone();
    await student.mail({ company: 'Twin Teak', round: 'technical' });
    await student.mail({ company: 'Twin Teak', round: 'hr', start: '2026-11-26T10:00:00+05:30' });
    const [first, second] = await interviewsOf(context(), student.id);
    return { student, first: first!, second: second! };
  }

  test('a cancellation that fits two is asked about, and calls off the one that the student names', async () => {
    const { student, first, second } = await twoOfOneCompany();
    expect(await student.mail({ company: 'Twin Teak', kind: 'cancel', start: '2026-11-27' })).toBe('asked');
    const [question] = await openQuestions(context(), student.person);
    expect(question!.options.map(({ interviewId }) => interviewId)).toEqual([first.id, second.id]);
    expect(await settleDoubt(context(), student.person, question!.doubtId, second.id)).toMatchObject({ outcome: 'cancelled', interview: { status: 'cancelled' } });
    expect((await interviewsOf(context(), student.id)).map(({ status }) => status)).toEqual(['confirmed', 'cancelled']);
    expect((await student.told()).at(-1)).toBe('interview-called-off');
    expect(await settleDoubt(context(), student.person, question!.doubtId, first.id)).toEqual({ outcome: 'over', interview: null });
    expect(await openQuestions(context(), student.person)).toEqual([]);
  });

  test('a move that fits two moves the one that the student names, or none', async () => {
    const { student, first } = await twoOfOneCompany();
    await student.mail({ company: 'Twin Teak', kind: 'reschedule', start: '2026-11-27T10:00:00+05:30' });
    const [question] = await openQuestions(context(), student.person);
    await settleDoubt(context(), student.person, question!.doubtId, first.id);
    expect((await interviewsOf(context(), student.id)).find(({ id }) => id === first.id)).toMatchObject({
      status: 'confirmed', startsAt: new Date('2026-11-27T04:30:00Z'),
    });
    expect((await student.told()).at(-1)).toBe('interview-moved');

    await student.mail({ company: 'Twin Teak', kind: 'reschedule', start: '2026-11-28T10:00:00+05:30' });
    const [again] = await openQuestions(context(), student.person);
    expect(await settleDoubt(context(), student.person, again!.doubtId, null)).toMatchObject({ outcome: 'none' });
    expect((await interviewsOf(context(), student.id)).filter(({ date }) => date === '2026-11-28')).toEqual([]);
  });

  test('one that has gone meanwhile can’t be named; nobody else can answer; ten answers at once are one', async () => {
    const { student, first, second } = await twoOfOneCompany();
    const other = await someone();
    await student.mail({ company: 'Twin Teak', kind: 'cancel', start: '2026-11-27' });
    const { doubtId } = (await openQuestions(context(), student.person))[0]!;
    await expect(settleDoubt(context(), other.person, doubtId, null)).rejects.toMatchObject({ code: 'not-found' });
    await deleteInterview(context(), student.person, first.id);
    expect(await settleDoubt(context(), student.person, doubtId, first.id)).toMatchObject({ outcome: 'gone', interview: { status: 'rejected' } });
    const answers = await Promise.all(Array.from({ length: 10 }, () => settleDoubt(context(), student.person, doubtId, second.id)));
    expect(answers.filter(({ outcome }) => outcome === 'cancelled')).toHaveLength(1);
  });
});
