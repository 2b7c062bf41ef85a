// Sessions made from the weekly timetable, in the database.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { makeSessionsOf, wakeSessionMakers } from '../../services/making-sessions.ts';
import type { ServiceContext } from '../../services/context.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';
import { toldTo } from './scene.ts';

/** Both weeks of the campus's sessions lie behind. */
const NOW = '2026-12-06T02:00:00Z';
const MONDAY = '2026-12-07';

describe('A7 sessions are made from the weekly timetable', () => {
  let campus: TestCampus;
  let context: ServiceContext;
  beforeAll(async () => {
    campus = await testCampus();
    context = testContext(campus.db, { now: () => DateTime.fromISO(NOW, { zone: 'utc' }) });
  });
  afterAll(() => campus.close());

  const knex = () => campus.db.knex;
  const on = (date: string) => knex()('schedule').where({ planned_date: date }).orderBy('id');
  const make = (date = MONDAY) => makeSessionsOf(context, 1, date);
  const none = { made: 0, changed: 0, calledOff: 0, blocked: 0 };

  test('each of the weekday once, also by three at a time, with what it claims', async () => {
    const weekly = await knex()('default_schedule').where({ weekday: 1 }).count({ n: '*' }).first();
    const done = await Promise.all([make(), make(), make()]);
    expect(done.reduce((sum, { made }) => sum + made, 0)).toBe(Number(weekly!.n));
    const sessions = await on(MONDAY);
    expect(sessions).toHaveLength(Number(weekly!.n));
    const [{ id, default_schedule_id: weeklyId, starts_at: startsAt, ends_at: endsAt }] = sessions;
    const { start_time: start } = await knex()('default_schedule').where('id', weeklyId).first('start_time');
    expect(DateTime.fromJSDate(startsAt, { zone: 'Asia/Kolkata' }).toFormat('yyyy-MM-dd HH:mm')).toBe(`${MONDAY} ${start}`);
    const claims = await knex()('claims').where({ session_id: id }).groupBy('kind').orderBy('kind').select('kind').count({ n: '*' });
    const slots = (endsAt - startsAt) / 300_000;
    expect(claims).toEqual([{ kind: 'faculty', n: slots }, { kind: 'room', n: slots }]);
    expect(await make()).toEqual(none);
  });

  test('none on a holiday; one that becomes a holiday calls its own off, and its end brings them back', async () => {
    const tuesday = '2026-12-08';
    await knex()('holidays').insert({ organisation_id: 1, date: tuesday, name: 'Lantern Day' });
    expect(await make(tuesday)).toEqual(none);
    const { made } = await (async () => {
      await knex()('holidays').where({ date: tuesday }).delete();
      return make(tuesday);
    })();
    expect(made).toBeGreaterThan(0);
    await knex()('holidays').insert({ organisation_id: 1, date: tuesday, name: 'Lantern Day' });
    expect(await make(tuesday)).toEqual({ ...none, calledOff: made });
    expect(await knex()('claims as c').join('schedule as s', 's.id', 'c.session_id').where('s.planned_date', tuesday)).toEqual([]);
    await knex()('holidays').where({ date: tuesday }).delete();
    expect(await make(tuesday)).toEqual({ ...none, changed: made });
    expect(await make(tuesday)).toEqual(none);
  });

  test('none outside of the term', async () => {
    expect(await make('2031-01-06')).toEqual(none);
  });

  test('one whose room is taken isn’t made, and who teaches it and the office are told once', async () => {
    const wednesday = '2026-12-16';
    const weekly = await knex()('default_schedule as w').join('faculty_assignment as a', 'a.id', 'w.assignment_id').join('faculty as f', 'f.id', 'a.faculty_id')
      .where('w.weekday', 3).orderBy('w.id').first('w.id', 'w.room_id', 'w.start_time', 'f.user_id');
    const { id: other } = await knex()('schedule').where({ status: 'scheduled' }).first('id');
    const start = DateTime.fromISO(`${wednesday}T${weekly.start_time}`, { zone: 'Asia/Kolkata' }).toSeconds() / 300;
    await knex()('claims').insert({ kind: 'room', resource_id: weekly.room_id, slot: start, session_id: other });
    const first = await make(wednesday);
    expect([first.blocked, first.made > 0]).toEqual([1, true]);
    await make(wednesday);
    const [registrar] = await knex()('users').where({ role: 'registrar' }).pluck('id');
    for (const userId of [weekly.user_id, registrar]) {
      expect((await toldTo(knex(), userId)).filter(({ kind }) => kind === 'class-not-made')).toMatchObject([{ params: { why: 'room' } }]);
    }
    await knex()('claims').where({ session_id: other, slot: start, kind: 'room', resource_id: weekly.room_id }).delete();
    expect(await make(wednesday)).toEqual({ ...none, made: 1 });
  });

  test('one whose section has a class that was added by hand isn’t made, and is when that is gone', async () => {
    const friday = '2026-12-18';
    const weekly = await knex()('default_schedule as w').join('faculty_assignment as a', 'a.id', 'w.assignment_id').join('faculty as f', 'f.id', 'a.faculty_id')
      .where('w.weekday', 5).orderBy('w.id').first('w.id', 'w.start_time', 'w.end_time', 'a.section_id', 'f.user_id');
    // Of another lecturer, in another room: nothing else stands against it.
    const taught = await knex()('faculty_assignment').where({ section_id: weekly.section_id }).orderBy('id', 'desc').first('id');
    const room = await knex()('rooms').orderBy('id', 'desc').first('id');
    const instant = (time: string) => DateTime.fromISO(`${friday}T${time}`, { zone: 'Asia/Kolkata' }).toJSDate();
    const [added] = await knex()('schedule').insert({
      assignment_id: taught.id, room_id: room.id, planned_date: friday, date: friday, starts_at: instant(weekly.start_time), ends_at: instant(weekly.end_time),
      time_zone: 'Asia/Kolkata', updated_at: new Date(NOW),
    });
    expect((await make(friday)).blocked).toBe(1);
    expect(await knex()('schedule').where({ planned_date: friday, default_schedule_id: weekly.id })).toEqual([]);
    expect((await toldTo(knex(), weekly.user_id)).filter(({ kind }) => kind === 'class-not-made').map(({ params }) => params['why'])).toContain('section');
    await knex()('schedule').where({ id: added }).update({ status: 'cancelled' });
    expect(await make(friday)).toEqual({ ...none, made: 1 });
  });

  test('two classes that change rooms with each other both follow; one that was moved by hand doesn’t', async () => {
    const pairs = await knex()('default_schedule as x').join('default_schedule as y', (join) => join.on('x.weekday', 'y.weekday').andOn('x.start_time', 'y.start_time').andOn('x.end_time', 'y.end_time'))
      .whereRaw('x.id < y.id').whereRaw('x.room_id <> y.room_id').select({ weekday: 'x.weekday', one: 'x.id', two: 'y.id', roomOne: 'x.room_id', roomTwo: 'y.room_id' });
    const [swap] = pairs;
    const day = DateTime.fromISO('2026-12-14').plus({ days: swap.weekday - 1 }).toISODate()!;
    await make(day);
    await knex()('default_schedule').where('id', swap.one).update({ room_id: swap.roomTwo });
    await knex()('default_schedule').where('id', swap.two).update({ room_id: swap.roomOne });
    expect(await make(day)).toEqual({ ...none, changed: 2 });
    expect(await knex()('schedule').where({ planned_date: day }).whereIn('default_schedule_id', [swap.one, swap.two]).orderBy('default_schedule_id').pluck('room_id'))
      .toEqual([swap.roomTwo, swap.roomOne]);
    const { id: student } = await knex()('student_subject as e').join('students as st', 'st.id', 'e.student_id').join('faculty_assignment as a', (join) =>
      join.on('a.section_id', 'e.section_id').andOn('a.subject_id', 'e.subject_id')).join('default_schedule as w', 'w.assignment_id', 'a.id').where('w.id', swap.one).first({ id: 'st.user_id' });
    expect((await toldTo(knex(), student)).some(({ kind }) => kind === 'class-moved')).toBe(true);

    await knex()('schedule').where({ planned_date: day, default_schedule_id: swap.one }).increment('sequence', 1);
    await knex()('default_schedule').whereIn('id', [swap.one, swap.two]).update({ active: false });
    expect(await make(day)).toEqual({ ...none, calledOff: 1 });
  });

  test('those of odd and even weeks in theirs', async () => {
    const [first, second] = ['2026-12-24', '2026-12-31'] as const;
    const [odd, even] = (await knex()('default_schedule').where({ weekday: 4, active: true }).orderBy('id').limit(2).pluck('id')) as [number, number];
    await knex()('default_schedule').where({ id: odd }).update({ week: 'odd' });
    await knex()('default_schedule').where({ id: even }).update({ week: 'even' });
    for (const day of [first, second]) await make(day);
    expect(await knex()('schedule').whereIn('planned_date', [first, second]).whereIn('default_schedule_id', [odd, even]).orderBy('date').select('date', 'default_schedule_id'))
      .toEqual([{ date: first, default_schedule_id: odd }, { date: second, default_schedule_id: even }]);
  });

  test('each institution with a term is woken', async () => {
    expect(await wakeSessionMakers(context)).toBe(1);
    expect(await knex()('intents').where({ workflow_id: 'make-sessions/1' }).pluck('message')).toEqual(['wake']);
  });
});
