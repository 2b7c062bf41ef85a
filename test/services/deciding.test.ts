import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { addClaims, type Claim } from '../../db/repositories/claims.ts';
import { optionsOf } from '../../db/repositories/offers.ts';
import { findRound, latestRound } from '../../db/repositories/rescheduling.ts';
import { findSession, rosterOf, type Session } from '../../db/repositories/sessions.ts';
import type { Person } from '../../services/context.ts';
import { applyDecision } from '../../services/applying.ts';
import { decide, decisionState, offersFor } from '../../services/deciding.ts';
import { followInterview } from '../../services/excuses.ts';
import { personById } from '../../services/links.ts';
import { closeRound, openRoundOf, planRound } from '../../services/rescheduling.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';
import { interviewAt, NOW, toldTo } from './scene.ts';

const MINUTE = 60_000;
const HIT = 3;
let campus: TestCampus;
let nextClass = 0;
const context = (now = NOW) => testContext(campus.db, { now });

beforeAll(async () => {
  campus = await testCampus({ students: 120, weeks: 4 });
  await campus.db.knex('departments').update({ move_threshold_percent: 5, makeup_min_students: 200 });
});
afterAll(async () => {
  await campus?.close();
});

interface Offered {
  session: Session;
  roundId: number;
  optionIds: number[];
  students: number[];
  faculty: Person;
}

/** A theory class that interviews of enough of its students hit, with its offer. */
async function offered(): Promise<Offered> {
  const { knex } = campus.db;
  const ids: number[] = await knex('schedule as s').join('faculty_assignment as a', 'a.id', 's.assignment_id').join('subjects as b', 'b.id', 'a.subject_id')
    .where('b.subject_type', 'theory').andWhere('a.section_id', 1).andWhere('s.starts_at', '>', '2026-11-30').orderBy('s.starts_at').pluck('s.id');
  const session = (await findSession(knex, ids[(nextClass += 2)]!))!;
  const students = (await rosterOf(knex, session.id)).slice(0, HIT).map(({ studentId }) => studentId);
  for (const student of students) {
    const at = (minutes: number) => new Date(session.startsAt.getTime() + minutes * MINUTE);
    await followInterview(context(), await interviewAt(context(), student, at(20), at(40), { company: `Secret ${session.id} of ${student}` }));
  }
  const { id: roundId } = (await latestRound(knex, session.id))!;
  expect(await planRound(context(), roundId)).toBe('offered');
  const optionIds = (await optionsOf(knex, roundId, 1)).map(({ id }) => id);
  return { session, roundId, optionIds, students, faculty: (await personById(context(), session.facultyUserId))! };
}

async function accept({ roundId, optionIds, faculty }: Offered, now = NOW): Promise<string> {
  const { decisionId } = await decide(context(), faculty, roundId, { choice: 'accept', optionId: optionIds[0]! });
  const outcome = await applyDecision(context(now), decisionId);
  expect(await applyDecision(context(now), decisionId)).toBe(outcome);
  const { refusalCode } = await decisionState(context(), faculty, decisionId);
  return refusalCode ?? outcome;
}

async function kindsAbout(session: Session, userId: number): Promise<string[]> {
  return (await toldTo(campus.db.knex, userId)).filter(({ params }) => params.sessionId === session.id).map(({ kind }) => kind);
}

const userOf = async (studentId: number): Promise<number> => (await campus.db.knex('students').where({ id: studentId }).first('user_id')).user_id;

async function someoneWith(where: Record<string, unknown>): Promise<Person> {
  const { id } = await campus.db.knex('users').where(where).first('id');
  return (await personById(context(), id))!;
}

describe('I19 who decides', () => {
  test('who teaches the class, the head of its department, an admin; other roles may not, and for all others it is not there', async () => {
    const { session, roundId, optionIds, faculty } = await offered();
    const department = session.departmentId;
    const others = [
      await someoneWith({ role: 'student' }),
      (await personById(context(), (await campus.db.knex('faculty').whereNot({ user_id: faculty.userId }).first('user_id')).user_id))!,
      { ...(await someoneWith({ role: 'hod' })), departmentId: department + 1, facultyId: null },
      { ...(await someoneWith({ role: 'admin' })), organisationId: session.organisationId + 1 },
      await someoneWith({ role: 'registrar' }),
    ].filter((person) => person.role !== 'hod' || person.departmentId !== department);
    for (const person of others) {
      await expect(decide(context(), person, roundId, { choice: 'decline' })).rejects.toMatchObject({ code: ['student', 'registrar'].includes(person.role) ? 'not-allowed' : 'not-found' });
    }
    const head = await someoneWith({ role: 'hod', department_id: department });
    const admin = await someoneWith({ role: 'admin' });
    const decided = await decide(context(), head, roundId, { choice: 'accept', optionId: optionIds[1]! });
    await expect(decide(context(), admin, roundId, { choice: 'decline' })).rejects.toMatchObject({ code: 'round-over', details: { status: 'decided' } });
    await expect(decisionState(context(), admin, decided.decisionId)).rejects.toMatchObject({ code: 'not-found' });
    expect(await applyDecision(context(), decided.decisionId)).toBe('moved');
    const audited = await campus.db.knex('audit_log').where({ subject: `round/${roundId}` });
    expect(audited).toMatchObject([{ user_id: head.userId, action: 'reschedule.decide' }]);
  });

  test('a class that its head of department leaves as it is: the faculty member who was asked is told', async () => {
    const { roundId, session, faculty } = await offered();
    const head = await someoneWith({ role: 'hod', department_id: session.departmentId });
    const decided = await decide(context(), head, roundId, { choice: 'decline' });
    expect(await applyDecision(context(), decided.decisionId)).toBe('declined');
    expect((await toldTo(campus.db.knex, faculty.userId)).at(-1)).toMatchObject({ kind: 'reschedule-off', params: { why: 'declined', sessionId: session.id } });
  });

  test('a faculty member sees the own open offers; nobody else has any', async () => {
    const { roundId, faculty } = await offered();
    expect((await offersFor(context(), faculty)).map(({ round }) => round.id)).toContain(roundId);
    await expect(offersFor(context(), await someoneWith({ role: 'student' }))).rejects.toMatchObject({ code: 'not-allowed' });
  });

  test('the same click twice is one decision, a different one is refused, and after it the button says what was decided', async () => {
    const { roundId, optionIds, faculty } = await offered();
    const first = await decide(context(), faculty, roundId, { choice: 'decline' });
    expect(await decide(context(), faculty, roundId, { choice: 'decline' })).toEqual(first);
    await expect(decide(context(), faculty, roundId, { choice: 'accept', optionId: optionIds[0]! })).rejects.toMatchObject({ code: 'round-over' });
    await applyDecision(context(), first.decisionId);
    await expect(decide(context(), faculty, roundId, { choice: 'decline' })).rejects.toMatchObject({ code: 'round-over', details: { status: 'declined' } });
  });

  test('an option of another round is not there; nor is a round or a decision that never was', async () => {
    const [one, two] = [await offered(), await offered()];
    await expect(decide(context(), one.faculty, one.roundId, { choice: 'accept', optionId: two.optionIds[0]! })).rejects.toMatchObject({ code: 'not-found' });
    await expect(decide(context(), one.faculty, 999_999, { choice: 'decline' })).rejects.toMatchObject({ code: 'not-found' });
    expect(await applyDecision(context(), 999_999)).toBe('unknown');
  });
});

describe('I20 applying is one transaction', () => {
  test('accepted: row, claims, excuses and notices change together, and everybody hears the old and the new time', async () => {
    const offer = await offered();
    const { session, roundId, optionIds, students, faculty } = offer;
    const { knex } = campus.db;
    const [option] = await optionsOf(knex, roundId, 1);
    expect(await accept(offer)).toBe('moved');
    expect(await findSession(knex, session.id)).toMatchObject({
      startsAt: option!.startsAt, endsAt: option!.endsAt, roomId: option!.roomId, sequence: session.sequence + 1,
      date: DateTime.fromJSDate(option!.startsAt, { zone: 'Asia/Kolkata' }).toISODate(),
    });
    const claims: { kind: string; resource_id: number; slot: number }[] = await knex('claims').where({ session_id: session.id });
    expect(new Set(claims.map(({ kind, resource_id: id }) => `${kind} ${id}`))).toEqual(new Set([`faculty ${session.facultyId}`, `room ${option!.roomId}`]));
    expect(Math.min(...claims.map(({ slot }) => slot)) * 300_000).toBe(option!.startsAt.getTime());
    expect(await knex('attendance').where({ session_id: session.id })).toEqual([]);
    const roster = await rosterOf(knex, session.id);
    for (const { userId } of roster) expect((await kindsAbout(session, userId)).at(-1)).toBe('class-moved');
    const told = (await toldTo(knex, faculty.userId)).at(-1)!;
    expect(told).toMatchObject({ kind: 'class-moved', params: { oldStart: session.startsAt.toISOString(), start: option!.startsAt.toISOString() } });
    expect(await kindsAbout(session, await userOf(students[0]!))).toEqual(['class-excused', 'class-moved']);
    await expect(decide(context(), faculty, roundId, { choice: 'accept', optionId: optionIds[0]! })).rejects.toMatchObject({ details: { status: 'moved' } });
  });

  test('declined: the class stays, and those who are hit hear that their excuse does too', async () => {
    const { session, roundId, students, faculty } = await offered();
    const { decisionId } = await decide(context(), faculty, roundId, { choice: 'decline' });
    expect([await applyDecision(context(), decisionId), await applyDecision(context(), decisionId)]).toEqual(['declined', 'declined']);
    expect(await findSession(campus.db.knex, session.id)).toMatchObject({ startsAt: session.startsAt, sequence: session.sequence });
    expect(await kindsAbout(session, await userOf(students[0]!))).toEqual(['class-excused', 'class-stays']);
    expect(await campus.db.knex('attendance').where({ session_id: session.id })).toHaveLength(HIT);
  });

  test('nobody is told of another’s company', async () => {
    const named: { user_id: number; kind: string; params: string }[] = await campus.db.knex('notices').where('params', 'like', '%Secret%');
    for (const { user_id: userId, kind, params } of named) {
      expect(kind).toMatch(/^interview-/);
      const { studentId } = (await personById(context(), userId))!;
      expect(params).toMatch(new RegExp(`Secret \\d+ of ${studentId}"`));
    }
    expect(named.length).toBeGreaterThan(0);
  });
});

describe('I19 what is offered is held, and accepting checks again', () => {
  const interviewThere = async ({ roundId, students }: Offered) => {
    const [option] = await optionsOf(campus.db.knex, roundId, 1);
    await interviewAt(context(), students.at(-1)!, option!.startsAt, option!.endsAt, { company: 'Came Between' });
  };
  const claimed = (kind: 'room' | 'faculty') => async ({ session, roundId }: Offered) => {
    const [option] = await optionsOf(campus.db.knex, roundId, 1);
    const [other] = await campus.db.knex('schedule').whereNot({ id: session.id }).orderBy('id', 'desc').limit(1).pluck('id');
    const slot = option!.endsAt.getTime() / 300_000 - 1;
    const claim: Claim = { kind, resourceId: kind === 'room' ? option!.roomId : session.facultyId, start: slot, end: slot + 1 };
    // Twelve hours after the offer what it holds stands in nobody's way.
    const later = (hours: number) => DateTime.fromISO(NOW).plus({ hours }).toJSDate();
    const book = (now: Date) => campus.db.transaction((trx) => addClaims(trx, other!, [claim], now));
    await expect(book(later(11.9))).rejects.toThrow('Duplicate entry');
    await book(later(12));
  };

  test.each([
    ['another class took the room when the hold had lapsed', 'room-taken', claimed('room')],
    ['the faculty member was booked when the hold had lapsed', 'faculty-taken', claimed('faculty')],
    ['a student got an interview then', 'student-taken', interviewThere],
  ] as const)('%s: refused, and other times are offered; the old buttons say so', async (_name, code, happens) => {
    const offer = await offered();
    const { session, roundId, optionIds, faculty } = offer;
    const { knex } = campus.db;
    const [refused] = await optionsOf(knex, roundId, 1);
    await happens(offer);
    expect(await accept(offer)).toBe(code);
    expect(await findSession(knex, session.id)).toMatchObject({ startsAt: session.startsAt, sequence: session.sequence });
    expect(await openRoundOf(context(), session.id)).toMatchObject({ roundId, status: 'gathering' });
    await expect(decide(context(), faculty, roundId, { choice: 'accept', optionId: optionIds[1]! }))
      .rejects.toMatchObject({ code: 'round-over', details: { status: 'gathering' } });
    expect(await planRound(context(), roundId)).toBe('offered');
    expect(await findRound(knex, roundId)).toMatchObject({ status: 'offered', offer: 2 });
    const anew = await optionsOf(knex, roundId, 2);
    expect(anew.length).toBeGreaterThan(0);
    expect(anew.map(({ startsAt, roomId }) => [startsAt, roomId])).not.toContainEqual([refused!.startsAt, refused!.roomId]);
    expect((await toldTo(knex, faculty.userId)).at(-1)).toMatchObject({ kind: 'reschedule-offer', params: { roundId } });
    await expect(decide(context(), faculty, roundId, { choice: 'accept', optionId: optionIds[1]! })).rejects.toMatchObject({ code: 'option-taken' });
    expect(await accept({ ...offer, optionIds: [anew[0]!.id] })).toBe('moved');
  });

  test('nobody is hit any more when new times are looked for: who was promised them hears that it is off', async () => {
    const offer = await offered();
    await interviewThere(offer);
    expect(await accept(offer)).toBe('student-taken');
    await campus.db.knex('rescheduled_class_student').where({ rescheduled_class_id: offer.roundId }).update({ status: 'withdrawn' });
    expect(await planRound(context(), offer.roundId)).toBe('withdrawn');
    expect((await kindsAbout(offer.session, offer.faculty.userId)).at(-1)).toBe('reschedule-off');
  });

  test('too late before the class it is refused, and the round expires', async () => {
    const offer = await offered();
    const late = new Date(offer.session.startsAt.getTime() - 60 * MINUTE).toISOString();
    expect(await accept(offer, late)).toBe('round-over');
    expect(await closeRound(context(late), offer.roundId, 'expired')).toBe(true);
    expect(await kindsAbout(offer.session, offer.faculty.userId)).toEqual(['reschedule-offer', 'reschedule-off']);
  });

  test('a class that was cancelled is not moved, and its round ends', async () => {
    const offer = await offered();
    await campus.db.knex('schedule').where({ id: offer.session.id }).update({ status: 'cancelled' });
    expect(await accept(offer)).toBe('session-not-scheduled');
    expect(await closeRound(context(), offer.roundId, 'withdrawn')).toBe(true);
    expect(await openRoundOf(context(), offer.session.id)).toBeNull();
  });

  test('a round that ended before its decision was carried out refuses it', async () => {
    const offer = await offered();
    const { decisionId } = await decide(context(), offer.faculty, offer.roundId, { choice: 'decline' });
    await closeRound(context(), offer.roundId, 'expired');
    expect(await applyDecision(context(), decisionId)).toBe('refused');
  });
});

describe('rule 6 history stands', () => {
  test('who left the class before its date is neither asked about, nor told, nor in the way', async () => {
    const offer = await offered();
    const { session, roundId } = offer;
    const { knex } = campus.db;
    const [option] = await optionsOf(knex, roundId, 1);
    const { studentId: left, userId } = (await rosterOf(knex, session.id)).at(-1)!;
    await knex('student_subject').where({ student_id: left, subject_id: session.subjectId }).update({ valid_to: session.date });
    await interviewAt(context(), left, option!.startsAt, option!.endsAt);
    expect(await accept(offer)).toBe('moved');
    expect(await kindsAbout(session, userId)).toEqual([]);
    await knex('student_subject').where({ student_id: left }).update({ valid_to: null });
  });
});
