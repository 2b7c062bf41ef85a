import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { optionsOf } from '../../db/repositories/offers.ts';
import { latestRound } from '../../db/repositories/rescheduling.ts';
import { findSession, type Session } from '../../db/repositories/sessions.ts';
import { applyDecision } from '../../services/applying.ts';
import { decide } from '../../services/deciding.ts';
import { followInterview } from '../../services/excuses.ts';
import { personById } from '../../services/links.ts';
import { openRoundOf, planRound } from '../../services/rescheduling.ts';
import { findSeats } from '../../services/seats.ts';
import { testContext, type TestCampus } from '../support/context.ts';
import { changeInterview, hitBy, parallelCampus, studentsOf, theoryClasses } from './parallel.ts';
import { NOW } from './scene.ts';

let campus: TestCampus;
const context = () => testContext(campus.db, { now: NOW });

beforeEach(async () => {
  campus = await parallelCampus({ seats: 31 });
});
afterEach(async () => {
  await campus?.close();
});

/** One for which the other section has a seat at a time when its students are free. */
async function classWithSeats(): Promise<Session> {
  for (const session of await theoryClasses(campus, '2026-11-30')) {
    const [student] = await studentsOf(context(), session);
    if ((await findSeats(context(), session, [student!])).length > 0) return session;
  }
  throw new Error('no class has seats in the other section');
}

/** A class that is moved for some of its students; others got the few seats in the other section before. */
async function movedBesideASeat() {
  const { knex } = campus.db;
  const session = await classWithSeats();
  await knex('departments').update({ makeup_min_students: 99, move_threshold_percent: 5 });
  const students = (await studentsOf(context(), session)).slice(0, 9);
  const interviews = await hitBy(context(), session, students);
  const round = (await latestRound(knex, session.id))!;
  expect(await planRound(context(), round.id)).toBe('offered');
  const offered = (await latestRound(knex, session.id))!;
  const [option] = await optionsOf(knex, offered.id, offered.offer);
  const faculty = (await personById(context(), session.facultyUserId))!;
  const { decisionId } = await decide(context(), faculty, offered.id, { choice: 'accept', optionId: option!.id });
  expect(await applyDecision(context(), decisionId)).toBe('moved');
  const seated: number[] = await knex('replacements').where({ instead_of_id: session.id }).pluck('student_id');
  expect(seated.length).toBeGreaterThan(0);
  expect(seated.length).toBeLessThan(students.length);
  const of = (isSeated: boolean) => interviews.filter((_, index) => seated.includes(students[index]!) === isSeated);
  return { session, seated, ofSeated: of(true), ofMoved: of(false) };
}

describe('I21 a class that is moved while some of its students attend another section', () => {
  test('they keep their places when their interviews are looked at again, and lose them when these are off', async () => {
    const { knex } = campus.db;
    const { session, seated, ofSeated } = await movedBesideASeat();
    const before = await knex('replacements').where({ instead_of_id: session.id });
    for (const interview of ofSeated) await followInterview(context(), interview);
    expect(await knex('replacements').where({ instead_of_id: session.id })).toEqual(before);
    expect(await knex('attendance').where({ session_id: session.id }).orderBy('student_id').pluck('student_id')).toEqual(seated.toSorted((a, b) => a - b));

    for (const interview of ofSeated) await changeInterview(context(), interview, 'cancelled');
    expect(await knex('replacements').where({ instead_of_id: session.id })).toEqual([]);
    expect(await knex('attendance').where({ session_id: session.id })).toEqual([]);
  });

  test('whose interview is off, but who has another class when it now takes place, goes on attending the other section', async () => {
    const { knex } = campus.db;
    const { session, seated, ofSeated } = await movedBesideASeat();
    // Another class of theirs is put where this one went; nobody asked those who are away.
    const moved = (await findSession(knex, session.id))!;
    const other = (await theoryClasses(campus, '2026-12-07')).find(({ subjectId }) => subjectId !== session.subjectId)!;
    await knex('schedule').where({ id: other.id }).update({ starts_at: moved.startsAt, ends_at: moved.endsAt, date: moved.date });
    for (const interview of ofSeated) await changeInterview(context(), interview, 'cancelled');
    expect((await knex('replacements').where({ instead_of_id: session.id }).orderBy('student_id').pluck('student_id'))).toEqual(seated.toSorted((a, b) => a - b));
    expect(await knex('notices').where({ kind: 'place-stands' })).toHaveLength(seated.length);
  });

  test('it moves back when nobody needs the move any more, also while those others are away', async () => {
    const { session, ofMoved } = await movedBesideASeat();
    for (const interview of ofMoved) await changeInterview(context(), interview, 'cancelled');
    expect(await openRoundOf(context(), session.id)).toMatchObject({ status: 'undoing' });
    expect((await findSession(campus.db.knex, session.id))!.startsAt).not.toEqual(session.startsAt);
  });
});
