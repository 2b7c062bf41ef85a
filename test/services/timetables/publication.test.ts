// What a published timetable does to the sessions, and its undoing, in the database.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { insertRows } from '../../../db/repositories/bulk.ts';
import { makeSessionsOf } from '../../../services/making-sessions.ts';
import type { ServiceContext } from '../../../services/context.ts';
import { bothServers, type TestServer } from '../../support/both-servers.ts';
import { testCampus, testContext, type TestCampus } from '../../support/context.ts';

/** All of the campus's own sessions lie behind. */
const NOW = '2026-12-13T02:00:00Z';
const DAYS = ['2026-12-14', '2026-12-15', '2026-12-16', '2026-12-17', '2026-12-18'];
/** What people are told of a class alone. */
const OF_CLASSES = ['class-moved', 'class-cancelled', 'class-not-made'];

interface Weekly { assignment_id: number; room_id: number; weekday: number; start_time: string; end_time: string }

describe.each(bothServers)('T4 a published timetable and the sessions, on %s', (_, startServer) => {
  let server: TestServer;
  let campus: TestCampus;
  let context: ServiceContext;
  beforeAll(async () => {
    server = await startServer();
    campus = await testCampus({ students: 240, serverUrl: server.url });
    context = testContext(campus.db, { now: () => DateTime.fromISO(NOW, { zone: 'utc' }) });
    for (const day of DAYS) await makeSessionsOf(context, 1, day);
  });
  afterAll(async () => {
    await campus?.close();
    await server?.stop();
  });

  const knex = () => campus.db.knex;
  const byHand = (): Promise<Weekly[]> => knex()('default_schedule').where({ timetable_id: 0 }).orderBy('id').select('assignment_id', 'room_id', 'weekday', 'start_time', 'end_time');
  const publish = async (timetableId: number, weekly: readonly Weekly[] = []) => {
    await campus.db.transaction((trx) => insertRows(trx, 'default_schedule', ['assignment_id', 'room_id', 'weekday', 'start_time', 'end_time', 'timetable_id'],
      weekly.map((one) => [one.assignment_id, one.room_id, one.weekday, one.start_time, one.end_time, timetableId])));
    await knex()('terms').update({ timetable_id: timetableId });
    const sum = { made: 0, changed: 0, calledOff: 0, blocked: 0 };
    for (const day of DAYS) {
      const done = await makeSessionsOf(context, 1, day);
      for (const key of ['made', 'changed', 'calledOff', 'blocked'] as const) sum[key] += done[key];
      expect(await makeSessionsOf(context, 1, day)).toEqual({ made: 0, changed: 0, calledOff: 0, blocked: done.blocked });
    }
    return sum;
  };
  /** Assignment, time and room of what is to be held. */
  const held = async () => (await knex()('schedule').whereIn('planned_date', DAYS).where({ status: 'scheduled', archived: false }).select('id', 'assignment_id', 'room_id', 'starts_at'))
    .map((one) => `${one.id}: ${one.assignment_id} in ${one.room_id} at ${one.starts_at.toISOString()}`).sort();
  const claimed = async () => {
    const rows = await knex()('claims as c').join('schedule as s', 's.id', 'c.session_id').whereIn('s.planned_date', DAYS).whereIn('c.kind', ['room', 'faculty'])
      .groupBy('c.session_id').orderBy('c.session_id').select({ id: 'c.session_id' });
    return rows.map(({ id }) => id);
  };
  const toldOfClasses = async () => Number((await knex()('notices').whereIn('kind', OF_CLASSES).count({ n: '*' }).first())!.n);
  /** Tuesdays and Wednesdays change places, and nothing is left on Fridays. */
  const another = (weekly: readonly Weekly[]): Weekly[] => {
    const swapped: Record<number, number> = { 2: 3, 3: 2 };
    return weekly.filter(({ weekday }) => weekday < 5).map((one) => ({ ...one, weekday: swapped[one.weekday] ?? one.weekday }));
  };

  test('sessions of both go on, others make way, nobody is told of each, and undone everything is as it was', async () => {
    const before = await held();
    const [claims, told] = [await claimed(), await toldOfClasses()];
    const past = await knex()('schedule').where('starts_at', '<', new Date(NOW)).orderBy('id');
    const weekly = await byHand();
    const thursday = weekly.filter(({ weekday }) => weekday === 4);
    const [one, other] = thursday.flatMap((first) => thursday.filter((second) => second.start_time === first.start_time && second.end_time === first.end_time && second !== first)
      .map((second) => [first, second] as const))[0]!;
    // Two classes that go on also change rooms with each other.
    const roomOf = new Map([[one, other.room_id], [other, one.room_id]]);
    const timetable = another(weekly.map((each) => ({ ...each, room_id: roomOf.get(each) ?? each.room_id })));

    const done = await publish(41, timetable);
    const of = (weekdays: readonly number[]) => weekly.filter(({ weekday }) => weekdays.includes(weekday)).length;
    expect(done).toMatchObject({ made: of([2, 3]), changed: 2, calledOff: of([2, 3, 5]), blocked: 0 });
    const during = await held();
    const ids = (list: readonly string[]) => list.map((one) => one.split(':')[0]);
    const thursdays = await knex()('schedule').where({ planned_date: DAYS[3], status: 'scheduled' }).pluck('id');
    expect(ids(before)).toEqual(expect.arrayContaining(thursdays.map(String)));
    expect(during).toContainEqual(expect.stringContaining(`: ${one.assignment_id} in ${other.room_id} at 2026-12-17`));
    expect(new Set(await claimed())).toEqual(new Set(ids(during).map(Number)));
    expect(await toldOfClasses()).toBe(told);

    expect(await publish(0)).toEqual({ made: 0, changed: of([2, 3, 5]) + 2, calledOff: of([2, 3]), blocked: 0 });
    expect(await held()).toEqual(before);
    expect(await claimed()).toEqual(claims);
    expect(await toldOfClasses()).toBe(told);
    expect(await knex()('schedule').where('starts_at', '<', new Date(NOW)).orderBy('id')).toEqual(past);
  });

  test('what it has for one section at once is for students who chose differently: both are made', async () => {
    const weekly = await byHand();
    const sections = new Map((await knex()('faculty_assignment')).map((row) => [row.id, row]));
    const [one, other] = weekly.flatMap((first) => weekly.filter((second) => {
      const [a, b] = [sections.get(first.assignment_id), sections.get(second.assignment_id)];
      return a.section_id === b.section_id && a.faculty_id !== b.faculty_id && first.room_id !== second.room_id && first.weekday === 1 && second.weekday === 2;
    }).map((second) => [first, second] as const))[0]!;
    const { weekday, start_time, end_time } = one;
    expect(await publish(43, [one, { ...other, weekday, start_time, end_time }])).toMatchObject({ blocked: 0 });
    expect(await held()).toHaveLength(2);
    await publish(0);
  });

  test('sessions that were opened, moved, called off by hand or from which students are excused stay as they are', async () => {
    const friday = await knex()('schedule').where({ planned_date: DAYS[4], status: 'scheduled' }).orderBy('id');
    const [opened, moved, excused, left] = friday.map(({ id }) => id);
    const [student] = await knex()('students').pluck('id');
    const at = new Date(NOW);
    const [officer] = await knex()('users').where({ role: 'registrar' }).pluck('id');
    await knex()('attendance_sessions').insert({
      session_id: opened, status: 'open', mode: 'single', nonce: Buffer.alloc(16), step_seconds: 20, opened_at: at, opened_by: officer, closes_at: at, completes_at: at, updated_at: at,
    });
    await knex()('schedule').where({ id: moved }).increment('sequence', 1);
    await knex()('attendance').insert({ session_id: excused, student_id: student, status: 'on_duty', provisional: true, method: 'interview', received_at: at, updated_at: at });
    await publish(42, another(await byHand()));
    expect(await knex()('schedule').whereIn('id', [opened, moved, excused]).orderBy('id').select('id', 'status', 'archived', 'starts_at'))
      .toEqual(friday.filter(({ id }) => [opened, moved, excused].includes(id)).map(({ id, status, archived, starts_at }) => ({ id, status, archived, starts_at })));
    expect(await knex()('schedule').where({ id: left }).first('status', 'archived')).toEqual({ status: 'cancelled', archived: 1 });
  });
});
