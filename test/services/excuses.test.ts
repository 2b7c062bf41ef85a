import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { latestRound } from '../../db/repositories/rescheduling.ts';
import { affectedStudents } from '../../db/repositories/round-members.ts';
import { rosterOf, type Session, sessionsOfStudent } from '../../db/repositories/sessions.ts';
import { followInterview } from '../../services/excuses.ts';
import { planRound } from '../../services/rescheduling.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';
import { interviewAt, interviewsOf, mailed, NOW, toldTo } from './scene.ts';

let campus: TestCampus;
let clock = DateTime.fromISO(NOW, { zone: 'utc' });
const context = () => testContext(campus.db, { now: () => clock });
let nextSession = 0;
const sessionsOfSection = new Map<number, Session[]>();

beforeAll(async () => {
  campus = await testCampus({ students: 240, weeks: 3 });
});
afterAll(async () => {
  await campus?.close();
});

const MINUTE = 60_000;
const plus = (date: Date, minutes: number) => new Date(date.getTime() + minutes * MINUTE);

/** A student and a class of theirs to come that no other test uses. */
async function classOf(studentId: number): Promise<Session> {
  const { section_id: section } = await campus.db.knex('students').where({ id: studentId }).first('section_id');
  const start = DateTime.fromISO('2026-11-24T00:00:00Z');
  const all = sessionsOfSection.get(section) ?? (await sessionsOfStudent(campus.db.knex, studentId, start.toJSDate(), start.plus({ weeks: 2 }).toJSDate()));
  sessionsOfSection.set(section, all);
  return all[(nextSession += 1) % all.length]!;
}

const during = (studentId: number, session: Session) => interviewAt(context(), studentId, plus(session.startsAt, 20), plus(session.startsAt, 40));

const marks = (sessionId: number) => campus.db.knex('attendance').where({ session_id: sessionId }).orderBy('student_id')
  .select('student_id', 'status', 'provisional', 'interview_id', 'version');

async function members(session: Session): Promise<number[]> {
  const round = await latestRound(campus.db.knex, session.id);
  return round ? affectedStudents(campus.db.knex, round.id) : [];
}

const intents = async (session: Session): Promise<number> =>
  (await campus.db.knex('intents').where({ workflow_id: `reschedule/${session.id}` })).length;

const userOf = async (studentId: number): Promise<number> => (await campus.db.knex('students').where({ id: studentId }).first('user_id')).user_id;

describe('I16 an interview excuses its student from the classes that it hits', () => {
  test('once: the same asked again changes nothing', async () => {
    const session = await classOf(1);
    const id = await during(1, session);
    const followed = await followInterview(context(), id);
    expect(followed).toEqual({ until: plus(session.startsAt, 40).toISOString(), departmentId: session.departmentId, excused: 1 });
    const before = [await marks(session.id), await members(session), await intents(session), await toldTo(campus.db.knex, await userOf(1))];
    expect(before[0]).toEqual([{ student_id: 1, status: 'on_duty', provisional: 1, interview_id: id, version: 1 }]);
    expect(before[1]).toEqual([1]);
    expect(before[2]).toBe(1);
    await Promise.all(Array.from({ length: 5 }, () => followInterview(context(), id)));
    expect([await marks(session.id), await members(session), await intents(session), await toldTo(campus.db.knex, await userOf(1))]).toEqual(before);
  });

  test.each([['a bare date', { start: '2026-11-26' }], ['five hours', { start: '2026-11-26T09:00:00+05:30', end: '2026-11-26T14:00:00+05:30' }]])(
    '%s excuses from nothing', async (_name, parts) => {
      await mailed(context(), 2, { company: `Company of ${parts.start}`, ...parts });
      const id = (await interviewsOf(context(), 2)).at(-1)!.id;
      expect(await followInterview(context(), id)).toEqual({ until: null, departmentId: null, excused: 0 });
    });

  test('one that is only asked excuses from nothing', async () => {
    const session = await classOf(3);
    await mailed(context(), 3, { start: session.startsAt.toISOString(), confidence: 0.4 });
    const [asked] = await interviewsOf(context(), 3);
    await followInterview(context(), asked!.id);
    expect(await marks(session.id)).toEqual([]);
  });

  test('a mark that is there stays', async () => {
    const session = await classOf(4);
    await campus.db.knex('attendance').insert({ session_id: session.id, student_id: 4, status: 'present', method: 'manual', received_at: new Date(NOW), updated_at: new Date(NOW) });
    const id = await during(4, session);
    await followInterview(context(), id);
    await mailed(context(), 4, { kind: 'cancel' });
    await followInterview(context(), id);
    expect(await marks(session.id)).toMatchObject([{ status: 'present', interview_id: null }]);
    expect(await members(session)).toEqual([]);
  });

  test('who is no longer enrolled on the day has no class there to miss', async () => {
    const session = await classOf(5);
    await campus.db.knex('student_subject').where({ student_id: 5, subject_id: session.subjectId }).update({ valid_to: session.date });
    const id = await during(5, session);
    expect((await followInterview(context(), id)).excused).toBe(0);
    expect((await rosterOf(campus.db.knex, session.id)).map(({ studentId }) => studentId)).not.toContain(5);
  });
});

describe('I15 travel buffers decide which classes are hit', () => {
  test.each([['online', 10, 1, 191], ['online', 15, 0, 192], ['elsewhere', 85, 1, 193], ['elsewhere', 90, 0, 194]] as const)(
    'an interview %s that begins %i minutes after a class hits %i of it', async (mode, gap, hits, student) => {
      const session = await classOf(student);
      const id = await interviewAt(context(), student, plus(session.endsAt, gap), plus(session.endsAt, gap + 30), { mode });
      await followInterview(context(), id);
      expect((await marks(session.id)).filter((mark) => mark.student_id === student)).toHaveLength(hits);
    });
});

describe('I21 an interview that moves or is called off takes back what is not yet applied', () => {
  test('moved: the old excuse and place in the round go, the new ones come, and both processes hear of it', async () => {
    const [from, to] = [await classOf(20), await classOf(20)];
    const id = await during(20, from);
    await followInterview(context(), id);
    await mailed(context(), 20, { kind: 'reschedule', start: plus(to.startsAt, 20).toISOString(), end: plus(to.startsAt, 40).toISOString() });
    await followInterview(context(), id);
    expect(await marks(from.id)).toEqual([]);
    expect(await marks(to.id)).toMatchObject([{ student_id: 20, interview_id: id }]);
    expect([await members(from), await members(to)]).toEqual([[], [20]]);
    expect([await intents(from), await intents(to)]).toEqual([2, 1]);
  });

  test('called off: everything is taken back, except a mark that somebody has changed since', async () => {
    const session = await classOf(21);
    const ids = [await during(21, session), await during(22, session)];
    for (const id of ids) await followInterview(context(), id);
    await campus.db.knex('attendance').where({ interview_id: ids[1]! }).update({ status: 'excused', version: 2 });
    for (const student of [21, 22]) await mailed(context(), student, { kind: 'cancel' });
    for (const id of ids) expect(await followInterview(context(), id)).toMatchObject({ until: null, excused: 0 });
    expect(await marks(session.id)).toMatchObject([{ student_id: 22, status: 'excused', version: 2 }]);
    expect(await members(session)).toEqual([]);
  });

  test('a second interview in the same class keeps its student excused and counted, once, without another word', async () => {
    const session = await classOf(30);
    const first = await during(30, session);
    const second = await interviewAt(context(), 30, plus(session.startsAt, 25), plus(session.startsAt, 45), { company: 'Other Company' });
    for (const id of [first, second]) expect(await followInterview(context(), id)).toMatchObject({ excused: 1 });
    expect(await members(session)).toEqual([30]);
    await mailed(context(), 30, { kind: 'cancel' });
    await followInterview(context(), first);
    expect(await marks(session.id)).toMatchObject([{ student_id: 30, status: 'on_duty', interview_id: second }]);
    expect(await members(session)).toEqual([30]);
    expect((await toldTo(campus.db.knex, await userOf(30))).filter(({ kind }) => kind === 'class-excused')).toHaveLength(1);
    await mailed(context(), 30, { kind: 'cancel', company: 'Other Company' });
    await followInterview(context(), second);
    expect([await marks(session.id), await members(session)]).toEqual([[], []]);
  });

  test('a class that has begun stays as it was, whatever becomes of the interview', async () => {
    const session = await classOf(40);
    const id = await during(40, session);
    await followInterview(context(), id);
    const before = clock;
    clock = DateTime.fromJSDate(plus(session.startsAt, 1), { zone: 'utc' });
    try {
      await mailed(context(), 40, { start: plus(session.startsAt, 20).toISOString(), location: 'Room 5' });
      await followInterview(context(), id);
      await mailed(context(), 40, { kind: 'cancel', start: plus(session.startsAt, 20).toISOString() });
      await followInterview(context(), id);
    } finally {
      clock = before;
    }
    expect(await marks(session.id)).toMatchObject([{ student_id: 40, status: 'on_duty' }]);
  });

  test('a class that begins before the interview is found excuses nobody', async () => {
    const session = await classOf(41);
    const before = clock;
    clock = DateTime.fromJSDate(plus(session.startsAt, 5), { zone: 'utc' });
    try {
      expect((await followInterview(context(), await during(41, session))).excused).toBe(0);
    } finally {
      clock = before;
    }
  });
});

describe('I18 rounds gather those who are hit', () => {
  test('a student for whom the class stayed counts again in the next round, unless the interview is gone', async () => {
    const session = await classOf(121);
    const { knex } = campus.db;
    const [a, b, c] = (await rosterOf(knex, session.id)).map(({ studentId }) => studentId) as [number, number, number];
    const ids = [await during(a, session), await during(b, session)];
    for (const id of ids) await followInterview(context(), id);
    const first = (await latestRound(knex, session.id))!;
    expect(await planRound(context(), first.id)).toBe('on_duty');
    await mailed(context(), a, { kind: 'cancel', start: plus(session.startsAt, 20).toISOString() });
    await followInterview(context(), ids[0]!);
    await followInterview(context(), await during(c, session));
    expect((await latestRound(knex, session.id))!.round).toBe(2);
    expect(await members(session)).toEqual([b, c]);
  });
});
