// Interviews that a student tells of: in a line, or by a mail pasted to the bot.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findUserOfStudent } from '../../db/repositories/people.ts';
import type { Person } from '../../services/context.ts';
import { addSaid } from '../../services/adding.ts';
import { personById } from '../../services/links.ts';
import { readPasted } from '../../services/pasting.ts';
import { answerInterview, deleteInterview } from '../../services/reviewing.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';
import { interviewsOf, mailed, NOW, toldTo } from './scene.ts';

let campus: TestCampus;
const context = () => testContext(campus.db, { now: NOW });
let nextStudent = 0;

beforeAll(async () => {
  campus = await testCampus({ students: 120 });
});
afterAll(async () => {
  await campus?.close();
});

async function someone(): Promise<{ id: number; person: Person; rollNumber: string }> {
  const id = (nextStudent += 1);
  const { userId, rollNumber } = await findUserOfStudent(campus.db.knex, id);
  return { id, person: (await personById(context(), userId))!, rollNumber };
}

const invitation = (company: string, when = 'on 25 November at 10 am') => `Your technical interview with ${company} is scheduled ${when}. Link: https://meet.example/${company.length}`;

describe('I11 a pasted mail is a question', () => {
  test('new: nothing counts until the student says yes', async () => {
    const { id, person } = await someone();
    expect(await readPasted(context(), person, invitation('Pasted Plum'))).toMatchObject({
      found: 'interview', interview: { companyName: 'Pasted Plum', status: 'asked', askedBecause: 'by-hand', source: 'student', startsAt: new Date('2026-11-25T04:30:00Z') },
    });
    const [interview] = await interviewsOf(context(), id);
    await answerInterview(context(), person, interview!.id, 'yes');
    expect(await interviewsOf(context(), id)).toMatchObject([{ status: 'confirmed' }]);
    expect(await toldTo(campus.db.knex, person.userId)).toEqual([]);
  });

  test('pasted again, and ten times at once, it is the same; after a no it is asked anew', async () => {
    const { id, person } = await someone();
    const text = invitation('Again Acacia');
    await Promise.all(Array.from({ length: 10 }, () => readPasted(context(), person, text)));
    const [interview, ...others] = await interviewsOf(context(), id);
    expect(others).toEqual([]);
    await deleteInterview(context(), person, interview!.id);
    expect(await readPasted(context(), person, text)).toMatchObject({ interview: { id: interview!.id, status: 'asked' } });
  });

  test('one that a mailbox told of is shown; its time is taken where it had none', async () => {
    const { id, person } = await someone();
    await mailed(context(), id, { company: 'Both Beech', start: '2026-11-25' });
    expect(await readPasted(context(), person, invitation('Both Beech'))).toMatchObject({
      interview: { status: 'confirmed', source: 'rules', startsAt: new Date('2026-11-25T04:30:00Z') },
    });
    expect(await interviewsOf(context(), id)).toHaveLength(1);
  });

  test('a list that names others names not this student', async () => {
    const { person, rollNumber } = await someone();
    const list = (rolls: string[]) => `The online test of Listed Linden is scheduled on 26 November 2026 at 2 pm. Shortlisted students:\n${rolls.map((roll, index) => `${index + 1}. ${roll}`).join('\n')}`;
    expect(await readPasted(context(), person, list(['ZZ99X001', 'ZZ99X002']))).toEqual({ found: 'not-meant' });
    expect(await readPasted(context(), person, list(['ZZ99X001', rollNumber]))).toMatchObject({ found: 'interview' });
  });

  test('a cancellation asks which, and calls nothing off by itself', async () => {
    const { id, person } = await someone();
    await mailed(context(), id, { company: 'Cosmic Clover' });
    const pasted = await readPasted(context(), person, 'We are sorry: your interview with Cosmic Clover on 25 November at 10 am has been cancelled.');
    const [interview] = await interviewsOf(context(), id);
    expect(pasted).toMatchObject({ found: 'which', question: { doing: 'cancel', options: [{ interviewId: interview!.id }] } });
    expect(interview!.status).toBe('confirmed');
  });

  test.each([
    ['nothing in it', 'Please remember that the library closes at five o’clock on Friday.'],
    ['what is over', invitation('Bygone Box', 'on 3 November 2026 at 10 am')],
    ['a cancellation of nothing', 'Your interview with Unheard Ulex on 25 November at 10 am has been cancelled.'],
  ])('%s is nothing', async (_name, text) => {
    const { id, person } = await someone();
    expect(await readPasted(context(), person, text)).toEqual({ found: 'nothing' });
    expect(await interviewsOf(context(), id)).toEqual([]);
  });
});

describe('I11 add COMPANY, WHEN', () => {
  test.each([
    ['Added Alder, 26 Nov 11:00-11:45', 'Added Alder', '2026-11-26T05:30:00.000Z'],
    ['Comma, Dot & Sons, Wed, 25 Nov, 3 pm', 'Comma, Dot & Sons', '2026-11-25T09:30:00.000Z'],
    ['Überbaum, tomorrow 14:00', 'Überbaum', '2026-11-24T08:30:00.000Z'],
  ])('%s', async (text, company, start) => {
    const { person } = await someone();
    expect(await addSaid(context(), person, text)).toMatchObject({
      interview: { companyName: company, startsAt: new Date(start), status: 'confirmed', source: 'student' },
    });
  });

  test.each([
    ['Nothing Nutmeg', 'unclear'], ['Nothing Nutmeg, soon', 'unclear'], [', 26 Nov 11:00', 'unclear'], ['!!!, 26 Nov 11:00', 'unclear'],
    [`${'x'.repeat(201)}, 26 Nov 11:00`, 'unclear'], ['Past Pansy, 20 Nov 11:00', 'past'], ['Long Lily, 26 Nov 9 am to 6 pm', 'long'],
  ])('“%s” is %s', async (text, wrong) => {
    const { id, person } = await someone();
    expect(await addSaid(context(), person, text)).toEqual({ wrong });
    expect(await interviewsOf(context(), id)).toEqual([]);
  });
});
