// A faculty member's word over REST: a row first, then two seconds for its process to carry it out.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { carryOutDecisions, offeredRound, startTestApi, type TestApi } from './harness.ts';

let campus: TestApi;
beforeAll(async () => {
  campus = await startTestApi();
});
afterAll(() => campus.close());

const decide = (userId: number, roundId: number, payload: object) =>
  campus.as(userId, { method: 'POST', url: `/api/reschedules/${roundId}/decision`, payload });

describe('I19 the faculty member is asked', () => {
  test('the offers are the rounds that wait for this person', async () => {
    const { roundId, optionId, session } = await offeredRound(campus, { skip: 5 });
    const { offers } = (await campus.as(session.facultyUserId, '/api/reschedules/offers')).json();
    expect(offers).toMatchObject([{
      round_id: roundId, session: { id: session.id, starts_at: session.startsAt.toISOString() },
      options: [{ id: optionId, room_name: session.roomName, reasons: [{ code: 'same-room' }] }],
    }]);
    const others = (await campus.usersOf('faculty')).filter((userId) => userId !== session.facultyUserId);
    expect((await campus.as(others[0]!, '/api/reschedules/offers')).json()).toEqual({ offers: [] });
  });

  test('an accepted time moves the class, and the answer says so', async () => {
    const { roundId, optionId, session } = await offeredRound(campus, { skip: 8 });
    const stop = carryOutDecisions(campus);
    const answer = await decide(session.facultyUserId, roundId, { choice: 'accept', option_id: optionId });
    expect([answer.statusCode, answer.json()]).toEqual([200, {
      decision_id: expect.any(Number), round_id: roundId, remedy: 'move', choice: 'accept', outcome: 'applied', refusal_code: null,
      message: expect.stringContaining('moved'),
    }]);
    const [moved] = await campus.campus.db.knex('schedule').where({ id: session.id }).pluck('starts_at');
    expect(moved).not.toEqual(session.startsAt);
    const again = await decide(session.facultyUserId, roundId, { choice: 'decline' });
    expect([again.statusCode, again.json().error]).toMatchObject([409, { code: 'round-over', message: expect.stringContaining('moved') }]);
    await stop();
  });

  test('a time that is taken meanwhile is refused in words', async () => {
    const { roundId, optionId, session } = await offeredRound(campus, { skip: 20 });
    const { knex } = campus.campus.db;
    // Another class of the campus goes to the offered room and time.
    const [option] = await knex('rescheduled_class_option').where({ id: optionId });
    const [other] = await knex('schedule').whereNot('id', session.id).orderBy('id', 'desc').limit(1).pluck('id');
    for (let at = option.starts_at.getTime(); at < option.ends_at.getTime(); at += 300_000) {
      await knex('claims').insert({ kind: 'room', resource_id: option.room_id, slot: at / 300_000, session_id: other });
    }
    const stop = carryOutDecisions(campus);
    const answer = await decide(session.facultyUserId, roundId, { choice: 'accept', option_id: optionId });
    expect([answer.statusCode, answer.json()]).toMatchObject([
      200, { outcome: 'refused', refusal_code: 'room-taken', message: expect.stringMatching(/room.*New times/) },
    ]);
    await stop();
  });

  test('an option of another round is not there', async () => {
    const [one, other] = [await offeredRound(campus, { skip: 30 }), await offeredRound(campus, { skip: 31 })];
    const answer = await decide(one.session.facultyUserId, one.roundId, { choice: 'accept', option_id: other.optionId });
    expect(answer.json().error.code).toBe('not-found');
  });
});

describe('rule 9 a door never hangs on a process', () => {
  test('a decision that no process carries out is noted, and can be asked after', async () => {
    const { roundId, session } = await offeredRound(campus, { skip: 40 });
    const noted = await decide(session.facultyUserId, roundId, { choice: 'decline' });
    expect([noted.statusCode, noted.json()]).toMatchObject([202, { outcome: 'pending', message: 'Noted, being processed.' }]);
    const url = `/api/decisions/${noted.json().decision_id}`;
    expect((await campus.as(session.facultyUserId, url)).json()).toEqual(noted.json());
    // Pressed again it is the same decision; another word comes too late.
    const [again, otherwise] = await Promise.all([
      decide(session.facultyUserId, roundId, { choice: 'decline' }), decide(session.facultyUserId, roundId, { choice: 'accept', option_id: 1 }),
    ]);
    expect([again.json().decision_id, otherwise.json().error.code]).toEqual([noted.json().decision_id, 'round-over']);
    const stop = carryOutDecisions(campus);
    let state = noted.json();
    while (state.outcome === 'pending') state = (await campus.as(session.facultyUserId, url)).json();
    expect(state).toMatchObject({ outcome: 'applied', message: expect.stringContaining('stays') });
    await stop();
  });
});
