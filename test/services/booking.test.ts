import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { findSession, rosterOf, type Session } from '../../db/repositories/sessions.ts';
import type { Person, ServiceContext } from '../../services/context.ts';
import { applyDecision } from '../../services/applying.ts';
import { decide } from '../../services/deciding.ts';
import { personById } from '../../services/links.ts';
import { bothServers, type TestServer } from '../support/both-servers.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';

const NOW = '2026-11-23T02:00:00Z';
const ROOM = 1;
const FREE = { startsAt: new Date('2026-11-28T08:00:00Z'), endsAt: new Date('2026-11-28T09:00:00Z') };
const SESSIONS = 50;

describe.each(bothServers)('fifty bookings at once of one room, one lecturer and sixty overlapping students on %s (rules 1 and 2)', (_name, start) => {
  let server: TestServer;
  let campus: TestCampus;
  let context: ServiceContext;

  beforeAll(async () => {
    server = await start();
    campus = await testCampus({ students: 240, weeks: 4, serverUrl: server.url });
    context = testContext(campus.db, { now: NOW });
  });
  afterAll(async () => {
    await campus?.close();
    await server?.stop();
  });

  /** Sessions of one lecturer and one section, each with an offer of the very same time and room. */
  async function offersOfTheSameSlot(): Promise<{ session: Session; roundId: number; optionId: number }[]> {
    const { knex } = context.db;
    const ids: number[] = await knex('schedule').where({ assignment_id: 1 }).andWhere('starts_at', '>', '2026-11-24').orderBy('id').pluck('id');
    const first = (await findSession(knex, ids[0]!))!;
    // One assignment has too few sessions: more of the same are made, a week apart, for the bookings to compete.
    for (let week = 5; ids.length < SESSIONS; week += 1) {
      const startsAt = DateTime.fromJSDate(first.startsAt).plus({ weeks: week });
      const [id] = await knex('schedule').insert({
        assignment_id: 1, room_id: first.roomId, planned_date: startsAt.toISODate(), date: startsAt.toISODate(),
        starts_at: startsAt.toJSDate(), ends_at: startsAt.plus({ hours: 1 }).toJSDate(), time_zone: 'Asia/Kolkata', updated_at: new Date(NOW),
      });
      ids.push(id!);
    }
    return Promise.all(ids.slice(0, SESSIONS).map(async (id) => {
      const session = (await findSession(knex, id))!;
      const [roundId] = await knex('rescheduled_class').insert({
        session_id: id, round: 1, status: 'offered', offer: 1, original_starts_at: session.startsAt, original_ends_at: session.endsAt,
        original_room_id: session.roomId, created_at: new Date(NOW), updated_at: new Date(NOW),
      });
      const [optionId] = await knex('rescheduled_class_option').insert({
        rescheduled_class_id: roundId!, offer: 1, position: 1, starts_at: FREE.startsAt, ends_at: FREE.endsAt, room_id: ROOM, reasons: '[]',
      });
      return { session, roundId: roundId!, optionId: optionId! };
    }));
  }

  test('one wins, forty-nine get a clear answer, nobody a database error', async () => {
    const offers = await offersOfTheSameSlot();
    const lecturer = (await personById(context, offers[0]!.session.facultyUserId)) as Person;
    const decisions = await Promise.all(offers.map(({ roundId, optionId }) => decide(context, lecturer, roundId, { choice: 'accept', optionId })));
    const outcomes = await Promise.all(decisions.map(({ decisionId }) => applyDecision(context, decisionId)));

    expect(outcomes.filter((outcome) => outcome === 'moved')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'refused')).toHaveLength(SESSIONS - 1);
    const { knex } = context.db;
    const codes: string[] = await knex('rescheduled_class_decision').where({ outcome: 'refused' }).distinct().pluck('refusal_code');
    expect(codes).toEqual(['faculty-taken']);
    const slots = await knex('claims').whereIn('kind', ['room', 'faculty'])
      .andWhereBetween('slot', [FREE.startsAt.getTime() / 300_000, FREE.endsAt.getTime() / 300_000 - 1])
      .where((mine) => void mine.where({ kind: 'room', resource_id: ROOM }).orWhere({ kind: 'faculty', resource_id: offers[0]!.session.facultyId }));
    expect(slots).toHaveLength(24);
    expect(new Set(slots.map((slot) => slot.session_id)).size).toBe(1);
    const winner = (await findSession(knex, slots[0].session_id))!;
    expect(winner).toMatchObject({ ...FREE, roomId: ROOM, sequence: 1 });
    const roster = await rosterOf(knex, winner.id);
    expect(roster).toHaveLength(60);
    expect(await knex('notices').where({ kind: 'class-moved' })).toHaveLength(roster.length + 1);
  });

  test('the same decision asked fifty times at once is one decision, and applied once', async () => {
    const { knex } = context.db;
    const open = await knex('rescheduled_class').where({ status: 'gathering' }).first();
    await knex('rescheduled_class').where({ id: open.id }).update({ status: 'offered', offer: 2 });
    const at = new Date('2026-11-28T10:00:00Z');
    const [optionId] = await knex('rescheduled_class_option').insert({
      rescheduled_class_id: open.id, offer: 2, position: 1, starts_at: at, ends_at: new Date(at.getTime() + 3_600_000), room_id: ROOM, reasons: '[]',
    });
    const session = (await findSession(knex, open.session_id))!;
    const lecturer = (await personById(context, session.facultyUserId)) as Person;
    const asked = await Promise.all(Array.from({ length: 50 }, () => decide(context, lecturer, open.id, { choice: 'accept', optionId: optionId! })));
    expect(new Set(asked.map(({ decisionId }) => decisionId)).size).toBe(1);
    const applied = await Promise.all(Array.from({ length: 50 }, () => applyDecision(context, asked[0]!.decisionId)));
    expect(new Set(applied)).toEqual(new Set(['moved']));
    expect((await findSession(knex, session.id))!.sequence).toBe(session.sequence + 1);
  });
});
