// What takes people and rooms, on both servers: the ways of asking agree with each other and with the rows.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { takenAt, takenIntervals } from '../../../db/repositories/claims.ts';
import { classesOfStudents } from '../../../db/repositories/sessions.ts';
import { toSlot } from '../../../domain/calendar/slots.ts';
import { bothServers, type TestServer } from '../../support/both-servers.ts';
import { testCampus, type TestCampus } from '../../support/context.ts';

describe.each(bothServers)('I17 what takes people and rooms, on %s', (_name, start) => {
  let server: TestServer;
  let campus: TestCampus;
  beforeAll(async () => {
    server = await start();
    campus = await testCampus({ serverUrl: server.url });
  });
  afterAll(async () => {
    await campus?.close();
    await server?.stop();
  });
  const MONDAY = toSlot('2026-11-22T18:30:00Z');
  const DAY = 288;

  test('rooms at a few times: what is asked at those times is what is asked all along, where it lies in them', async () => {
    const { knex } = campus.db;
    const now = new Date('2026-11-23');
    const rooms: number[] = await knex('rooms').orderBy('id').pluck('id');
    const { session_id: except } = await knex('claims').where({ kind: 'room' }).first('session_id');
    const all = await takenIntervals(knex, 'room', rooms, MONDAY, MONDAY + 5 * DAY, { except, now });
    const times = [{ start: MONDAY + 110, end: MONDAY + 121 }, { start: MONDAY + DAY + 100, end: MONDAY + DAY + 170 }];
    const then = await takenAt(knex, 'room', rooms, times, { except, now });
    const slotsIn = (intervals: { start: number; end: number }[]) => times.flatMap(({ start, end }) =>
      Array.from({ length: end - start }, (_, offset) => start + offset).filter((slot) => intervals.some((each) => each.start <= slot && slot < each.end)));
    expect([...then.keys()]).toEqual(rooms);
    for (const room of rooms) expect(slotsIn(then.get(room)!)).toEqual(slotsIn(all.get(room)!));
    expect([...then.values()].flat().length).toBeGreaterThan(0);
    expect(await takenAt(knex, 'room', rooms, [], { except, now })).toEqual(new Map(rooms.map((id) => [id, []])));
    expect(await takenAt(knex, 'room', [], times, { except, now })).toEqual(new Map());
  });

  test('a student has the classes of the days on which the enrolment holds', async () => {
    const { knex } = campus.db;
    const [from, to] = [new Date('2026-11-22T18:30:00Z'), new Date('2026-12-06T18:30:00Z')];
    const enrolments: { id: number; subject_id: number }[] = await knex('student_subject').where({ student_id: 1 }).orderBy('id');
    const codes = async () => (await classesOfStudents(knex, [1, 2], from, to, { except: 0 }))
      .filter(({ studentId }) => studentId === 1).map(({ startsAt, subjectCode }) => `${startsAt.toISOString()} ${subjectCode}`).sort((a, b) => (a < b ? -1 : 1));
    const before = await codes();
    const [left, joined] = enrolments as [typeof enrolments[0], typeof enrolments[0]];
    await knex('student_subject').where({ id: left.id }).update({ valid_to: '2026-11-25' });
    await knex('student_subject').where({ id: joined.id }).update({ valid_from: '2026-11-30' });
    const codeOf = async (id: number): Promise<string> => (await knex('subjects').where({ id }).first('subject_code')).subject_code;
    const [leftCode, joinedCode] = [await codeOf(left.subject_id), await codeOf(joined.subject_id)];
    const after = await codes();
    // The campus's day begins at 18:30 UTC.
    expect(after).toEqual(before.filter((entry) =>
      !(entry.endsWith(leftCode) && entry >= '2026-11-24T18:30') && !(entry.endsWith(joinedCode) && entry < '2026-11-29T18:30')));
    expect(after.length).toBeLessThan(before.length);
    const { id: except, starts_at: startsAt } = await knex('schedule as s').join('faculty_assignment as a', 'a.id', 's.assignment_id')
      .where({ 'a.subject_id': joined.subject_id, 'a.section_id': 1 }).orderBy('s.starts_at', 'desc').first('s.id', 's.starts_at');
    const others = await classesOfStudents(knex, [1], from, to, { except });
    expect(others.map((each) => each.startsAt.getTime())).not.toContain(startsAt.getTime());
    expect(await classesOfStudents(knex, [], from, to, { except: 0 })).toEqual([]);
  });
});
