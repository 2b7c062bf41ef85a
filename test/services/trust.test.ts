// Whose mail is believed: what the mail server says of a sender, and what other students' mails say.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findUserOfStudent } from '../../db/repositories/people.ts';
import { lock } from '../../db/repositories/locks.ts';
import type { Finding } from '../../domain/interviews/types.ts';
import { confirmCorroborated } from '../../services/corroboration.ts';
import { type MailFinding, recordFindings } from '../../services/findings.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';
import { finding, interviewsOf, keyOf, mailed, type MailParts, NOW, toldTo } from './scene.ts';

let campus: TestCampus;
const context = () => testContext(campus.db, { now: NOW });
let nextStudent = 0;

beforeAll(async () => {
  campus = await testCampus({ students: 120 });
});
afterAll(async () => {
  await campus?.close();
});

const someone = () => (nextStudent += 1);
const statusOf = async (studentId: number) => (await interviewsOf(context(), studentId)).map(({ status, askedBecause }) => [status, askedBecause]);
const lone: MailParts = { authenticity: 'unverified' };
const AT_FIVE = '2026-11-25T17:00:00+05:30';

async function toldKinds(studentId: number): Promise<string[]> {
  const { userId } = await findUserOfStudent(campus.db.knex, studentId);
  return (await toldTo(campus.db.knex, userId)).map(({ kind }) => kind);
}

/** The interviews whose processes are told to look, as the intents say. */
const intended = async (): Promise<number[]> =>
  (await campus.db.knex('intents').where({ process: 'interview' }).pluck('workflow_id')).map((id: string) => Number(id.split('/')[1]));

/** Enters one mail each of several students in one batch. */
async function batch(students: number[], parts: Partial<Finding>, authenticity: MailFinding['authenticity']) {
  return context().db.transaction(async (trx) => {
    await lock(trx, { students });
    return recordFindings(trx, context(), await Promise.all(students.map(async (id) => {
      const { userId, organisationId } = await findUserOfStudent(trx, id);
      const key = keyOf(`batch ${id} ${JSON.stringify(parts)}`);
      return {
        student: { id, userId, organisationId }, finding: finding(parts), meant: 'yes' as const, authenticity, messageKey: key, originKey: key, repliedKeys: [],
      };
    })));
  });
}

describe('I10 a mail that nobody vouches for', () => {
  test('alone is asked about, however sure its words are', async () => {
    const student = someone();
    expect(await mailed(context(), student, { company: 'Lone Larch', confidence: 0.98 }, lone)).toBe('asked');
    expect(await statusOf(student)).toEqual([['asked', 'unverified']]);
    expect(await toldKinds(student)).toEqual(['interview-question']);
  });

  test('is entered once a verified one says the same', async () => {
    const student = someone();
    await mailed(context(), student, { company: 'Two Poplars' }, lone);
    expect(await mailed(context(), student, { company: 'Two Poplars' })).toBe('entered');
    expect(await statusOf(student)).toEqual([['confirmed', null]]);
  });

  test('changes nothing that is certain: the student is asked whether a cancellation or a move is meant, once', async () => {
    const student = someone();
    const company = 'Steady Spruce';
    await mailed(context(), student, { company, link: 'https://meet.example/true' });
    for (const parts of [{ kind: 'cancel' }, { kind: 'reschedule', start: AT_FIVE }] as const) {
      const mail = { ...lone, messageId: `<${parts.kind}@company.example>` };
      expect(await mailed(context(), student, { company, ...parts }, mail)).toBe('asked');
      expect(await mailed(context(), student, { company, ...parts }, mail)).toBe('asked');
    }
    expect(await mailed(context(), student, { company, link: 'https://phish.example/x' }, lone)).toBe('dropped');
    expect(await interviewsOf(context(), student)).toMatchObject([{ status: 'confirmed', link: 'https://meet.example/true', version: 1 }]);
    expect(await toldKinds(student)).toEqual(['interview-found', 'interview-which', 'interview-which']);
  });
});

describe('I12 a mail to all that calls off or moves a drive', () => {
  test('asks those whose interview is certain, because it may not mean them', async () => {
    const student = someone();
    await mailed(context(), student, { company: 'General Gorse' });
    expect(await mailed(context(), student, { company: 'General Gorse', kind: 'cancel' }, { meant: 'ask' })).toBe('asked');
    expect(await statusOf(student)).toEqual([['confirmed', null]]);
    expect((await toldKinds(student)).at(-1)).toBe('interview-which');
  });
});

describe('I10 a forged mail', () => {
  test('halves the confidence: a sure one is asked about, a fair one is dropped', async () => {
    const student = someone();
    expect(await mailed(context(), student, { company: 'False Fir', confidence: 0.95 }, { authenticity: 'failed' })).toBe('asked');
    expect(await mailed(context(), student, { company: 'Forged Fig', confidence: 0.65 }, { authenticity: 'failed' })).toBe('dropped');
    expect((await interviewsOf(context(), student)).map(({ status, askedBecause, confidence }) => [status, askedBecause, confidence])).toEqual([['asked', 'failed', 0.48]]);
  });

  test('is never entered by itself, bears out nobody, and is borne out by nobody', async () => {
    const students = Array.from({ length: 6 }, someone);
    expect(new Set(await batch(students.slice(0, 4), { company: 'Masked Maple', confidence: 1 }, 'failed'))).toEqual(new Set(['asked']));
    expect(await batch(students.slice(4), { company: 'Masked Maple' }, 'unverified')).toEqual(['asked', 'asked']);
  });

  test('calls nothing off and asks nothing', async () => {
    const student = someone();
    await mailed(context(), student, { company: 'Quiet Quince' });
    expect(await mailed(context(), student, { company: 'Quiet Quince', kind: 'cancel', confidence: 1 }, { authenticity: 'failed' })).toBe('dropped');
    expect(await toldKinds(student)).toEqual(['interview-found']);
    await mailed(context(), student, { company: 'Open Quince', confidence: 0.5 });
    for (const kind of ['cancel', 'reschedule'] as const) {
      expect(await mailed(context(), student, { company: 'Open Quince', kind, start: AT_FIVE, confidence: 1 }, { authenticity: 'failed' })).toBe('dropped');
    }
    expect((await interviewsOf(context(), student)).map(({ status }) => status)).toEqual(['confirmed', 'asked']);
  });
});

describe('I10 several students’ mails about one drive', () => {
  test('in one batch are all entered', async () => {
    const students = Array.from({ length: 24 }, someone);
    const outcomes = await batch(students, { company: 'Orchard Pears' }, 'unverified');
    expect(outcomes).toEqual(students.map(() => 'entered'));
  });

  test('one after the other: two are asked, the third is entered and has the first two looked at again', async () => {
    const [first, second, third] = [someone(), someone(), someone()] as const;
    for (const student of [first, second]) expect(await mailed(context(), student, { company: 'Willow Weavers' }, lone)).toBe('asked');
    const ids = (await Promise.all([first, second].map((student) => interviewsOf(context(), student)))).flat().map(({ id }) => id);
    for (const id of ids) await confirmCorroborated(context(), id);
    expect(await statusOf(first)).toEqual([['asked', 'unverified']]);

    await campus.db.knex('intents').delete();
    expect(await mailed(context(), third, { company: 'Willow Weavers' }, lone)).toBe('entered');
    expect(await intended()).toEqual(expect.arrayContaining(ids));
    for (const id of [...ids, ...ids]) await confirmCorroborated(context(), id);
    for (const student of [first, second]) {
      expect(await statusOf(student)).toEqual([['confirmed', null]]);
      expect(await toldKinds(student)).toEqual(['interview-question', 'interview-found']);
    }
  });

  test('entered by several workers at once: whichever saw too few is looked at again', async () => {
    const students = Array.from({ length: 8 }, someone);
    await campus.db.knex('intents').delete();
    await Promise.all(students.map((student) => mailed(context(), student, { company: 'Racing Rowan' }, lone)));
    for (const id of await intended()) await confirmCorroborated(context(), id);
    for (const student of students) expect(await statusOf(student)).toEqual([['confirmed', null]]);
  });

  test('leave alone who was asked for another reason, or said no', async () => {
    const [unsure, meant, no] = [someone(), someone(), someone()] as const;
    const company = 'Careful Cedar';
    await mailed(context(), unsure, { company, confidence: 0.4 }, lone);
    await mailed(context(), meant, { company }, { ...lone, meant: 'ask' });
    await mailed(context(), no, { company }, lone);
    await campus.db.knex('student_company_drive').where({ student_id: no }).update({ status: 'rejected', asked_because: null });
    await campus.db.knex('intents').delete();
    await batch([someone(), someone(), someone()], { company }, 'verified');
    const ids = (await Promise.all([unsure, meant, no].map((student) => interviewsOf(context(), student)))).flat().map(({ id }) => id);
    expect((await intended()).filter((id) => ids.includes(id))).toEqual([]);
    for (const id of ids) await confirmCorroborated(context(), id);
    expect([await statusOf(unsure), await statusOf(meant), await statusOf(no)]).toEqual([
      [['asked', 'unsure']], [['asked', 'perhaps-meant']], [['rejected', null]],
    ]);
  });

  test('add to what is certain what is missing, and change nothing of it', async () => {
    const students = [someone(), someone(), someone()] as const;
    const company = 'Adding Ash';
    await batch([...students], { company, start: '2026-11-25' }, 'verified');
    await batch([...students], { company, link: 'https://meet.example/first' }, 'unverified');
    await batch([...students], { company, link: 'https://phish.example/x', location: 'Hall 9', calendarUid: 'adding@x.example', calendarSequence: 9 }, 'unverified');
    expect(await interviewsOf(context(), students[0])).toMatchObject([
      { startsAt: new Date('2026-11-25T04:30:00Z'), link: 'https://meet.example/first', location: 'Hall 9', calendarSequence: null },
    ]);
  });

  test('of another day or another company bear nothing out', async () => {
    await batch([someone(), someone(), someone()], { company: 'Birch Boats' }, 'verified');
    const student = someone();
    expect(await mailed(context(), student, { company: 'Birch Boats', start: '2026-11-26T10:00:00+05:30' }, lone)).toBe('asked');
    expect(await mailed(context(), student, { company: 'Birch Bakes' }, lone)).toBe('asked');
  });

  test('make a mail surer that was read with some doubt, once their interviews are certain', async () => {
    const [before, after] = [someone(), someone()] as const;
    const fair = { company: 'Elm Elevators', confidence: 0.52 };
    expect(await mailed(context(), before, fair)).toBe('asked');
    await batch([someone(), someone(), someone()], { company: 'Elm Elevators' }, 'verified');
    expect(await mailed(context(), after, fair)).toBe('entered');
    expect((await interviewsOf(context(), after))[0]!.confidence).toBeCloseTo(0.62, 5);
  });

  test('an unverified cancellation is not borne out by invitations, but by its like', async () => {
    const students = Array.from({ length: 4 }, someone);
    const company = 'Hazel Harbour';
    await batch(students, { company }, 'verified');
    expect(await mailed(context(), students[0]!, { company, kind: 'cancel' }, lone)).toBe('asked');
    expect(await statusOf(students[0]!)).toEqual([['confirmed', null]]);
    expect(await batch(students.slice(1), { company, kind: 'cancel' }, 'unverified')).toEqual(['entered', 'entered', 'entered']);
  });
});
