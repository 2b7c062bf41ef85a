// What moving a class would do, asked before anybody decides.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { departmentRules } from '../../db/repositories/campus.ts';
import { findSession, rosterOf, type Session } from '../../db/repositories/sessions.ts';
import { slotToDateTime } from '../../domain/calendar/slots.ts';
import type { Person, ServiceContext } from '../../services/context.ts';
import { personById } from '../../services/links.ts';
import { searchNewTime } from '../../services/new-time.ts';
import { nextClasses, whatIf } from '../../services/what-if.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';
import { interviewAt, NOW } from './scene.ts';

let campus: TestCampus;
let session: Session;
let teacher: Person;
beforeAll(async () => {
  campus = await testCampus();
  const [id] = await campus.db.knex('schedule').where('starts_at', '>', new Date(Date.parse(NOW) + 24 * 3_600_000)).orderBy('id').limit(1).pluck('id');
  session = (await findSession(campus.db.knex, id))!;
  teacher = await personOfUser(session.facultyUserId);
});
afterAll(() => campus.close());

const context = (now = NOW): ServiceContext => testContext(campus.db, { now });
const personOfUser = async (userId: number): Promise<Person> => (await personById(context(), userId))!;
const kolkata = (text: string) => DateTime.fromISO(text, { zone: 'Asia/Kolkata' });
/** A Friday afternoon inside a weekly slot, when no class is. */
const FREE = kolkata('2026-11-27T16:30');
const codes = (effect: { obstacles: { code: string }[] }) => effect.obstacles.map(({ code }) => code);

describe('I22 the effect of a move is seen before it is made', () => {
  test('where nothing stands against it', async () => {
    const effect = await whatIf(context(), teacher, session.id, { startsAt: FREE });
    const roster = await rosterOf(campus.db.knex, session.id);
    expect(effect).toMatchObject({
      session: { id: session.id }, startsAt: FREE.toJSDate(), room: null, obstacles: [], interviews: 0, calendars: roster.length + 1,
      students: { of: roster.length, busy: 0, overLoad: 0 }, faculty: { busy: false, overLoad: false },
    });
    expect(effect.endsAt.getTime() - effect.startsAt.getTime()).toBe(session.endsAt.getTime() - session.startsAt.getTime());
    expect(effect.rooms[0]).toMatchObject({ id: session.roomId });
    expect(effect.rooms.length).toBeLessThanOrEqual(3);
  });

  test('it says the same as the search: every time that is offered has no obstacle', async () => {
    const { horizonDays } = await departmentRules(campus.db.knex, session.departmentId);
    const { options } = await searchNewTime(context(), session, horizonDays);
    expect(options).toHaveLength(3);
    for (const { start, roomId } of options) {
      const effect = await whatIf(context(), teacher, session.id, { startsAt: slotToDateTime(start, 'utc'), room: roomId });
      expect(effect).toMatchObject({ obstacles: [], room: { id: roomId } });
    }
  });

  test('classes are named by their course, interviews not at all', async () => {
    const other = (await campus.db.knex('schedule as s').join('faculty_assignment as a', 'a.id', 's.assignment_id').join('subjects as sub', 'sub.id', 'a.subject_id')
      .where('a.section_id', session.sectionId).whereNot('s.id', session.id).where('s.starts_at', '>', session.endsAt).orderBy('s.starts_at')
      .first('s.starts_at', 'sub.subject_code'));
    const busy = await whatIf(context(), teacher, session.id, { startsAt: DateTime.fromJSDate(other.starts_at) });
    expect(busy.obstacles).toContainEqual({ code: 'students-busy', count: busy.students.of, of: busy.students.of, label: other.subject_code });
    expect(codes(busy)).toContain('no-weekly-slot');

    const [student] = await rosterOf(campus.db.knex, session.id);
    const afternoon = kolkata('2026-12-02T14:30');
    await interviewAt(context(), student!.studentId, afternoon.toJSDate(), afternoon.plus({ minutes: 30 }).toJSDate(), { company: 'Quiet Harbour' });
    const effect = await whatIf(context(), teacher, session.id, { startsAt: afternoon });
    expect(effect).toMatchObject({ interviews: 1, students: { busy: 1 }, obstacles: [{ code: 'students-busy', count: 1, of: effect.students.of, label: 'other' }] });
    expect(JSON.stringify(effect)).not.toMatch(/Quiet/);
    // With its buffer of a quarter of an hour.
    expect((await whatIf(context(), teacher, session.id, { startsAt: afternoon.plus({ minutes: 40 }) })).interviews).toBe(1);
    expect((await whatIf(context(), teacher, session.id, { startsAt: afternoon.plus({ minutes: 45 }) })).interviews).toBe(0);
  });

  test('a room is wished for by id or by name, and is said to be free or why not', async () => {
    const { knex } = campus.db;
    const taken = await knex('schedule').where('starts_at', session.startsAt).whereNot('room_id', session.roomId).first('room_id');
    const room = await knex('rooms').where({ id: taken.room_id }).first('name', 'kind');
    const now = { startsAt: DateTime.fromJSDate(session.startsAt) };
    const effect = await whatIf(context(), teacher, session.id, { ...now, room: room.name.toLowerCase() });
    expect(effect.room).toMatchObject({ id: taken.room_id });
    expect(codes(effect).filter((code) => code.startsWith('room-'))).toEqual([room.kind === session.subjectType ? 'room-taken' : 'room-unsuitable']);
    expect(codes(await whatIf(context(), teacher, session.id, { ...now, room: session.roomId })).filter((code) => code !== 'no-weekly-slot')).toEqual([]);
    await expect(whatIf(context(), teacher, session.id, { ...now, room: 'The Moon' })).rejects.toMatchObject({ code: 'room-unknown' });
    await expect(whatIf(context(), teacher, session.id, { ...now, room: 999_999 })).rejects.toMatchObject({ code: 'room-unknown' });
  });

  test('rules that stand against it are named: the cut-off, the horizon, days without teaching', async () => {
    const near = new Date(session.startsAt.getTime() - 3_600_000).toISOString();
    expect(codes(await whatIf(context(near), teacher, session.id, { startsAt: FREE }))).toEqual(['class-too-soon']);
    const soon = FREE.minus({ minutes: 60 }).toUTC().toISO()!;
    const later = (await findSession(campus.db.knex, (await campus.db.knex('schedule').where('starts_at', '>', FREE.plus({ days: 2 }).toJSDate()).where('assignment_id', session.assignmentId).first('id')).id))!;
    expect(codes(await whatIf(context(soon), teacher, later.id, { startsAt: FREE }))).toEqual(['too-soon']);
    expect(codes(await whatIf(context(), teacher, session.id, { startsAt: FREE.plus({ days: 14 }) }))).toContain('outside-horizon');
    expect(codes(await whatIf(context(), teacher, session.id, { startsAt: kolkata('2026-11-29T10:00') }))).toEqual(['no-weekly-slot', 'holiday']);
    expect(codes(await whatIf(context(), teacher, session.id, { startsAt: kolkata('2026-11-27T23:50') }))).toEqual(['no-weekly-slot', 'outside-horizon']);
  });

  test('nothing is written', async () => {
    const { knex } = campus.db;
    const rows = async () => (await knex.raw('checksum table schedule, claims, attendance, rescheduled_class, notices, intents, audit_log'))[0];
    const before = await rows();
    await whatIf(context(), teacher, session.id, { startsAt: FREE, room: session.roomId });
    expect(await rows()).toEqual(before);
  });
});

describe('I22 who may ask, and what is refused', () => {
  test('who teaches the class, the head of its department and an admin; other roles may not, and for all others it is not there', async () => {
    const { knex } = campus.db;
    const userIds: number[] = await knex('users').whereIn('role', ['faculty', 'hod', 'admin', 'registrar', 'student', 'cr']).pluck('id');
    const allowed: number[] = [];
    for (const userId of userIds) {
      const person = await personOfUser(userId);
      try {
        await whatIf(context(), person, session.id, { startsAt: FREE });
        allowed.push(userId);
      } catch (error) {
        expect(error).toMatchObject({ code: ['registrar', 'student', 'cr'].includes(person.role) ? 'not-allowed' : 'not-found' });
      }
    }
    const may = await knex('users').where({ role: 'admin' }).orWhere({ role: 'hod', department_id: session.departmentId }).orWhere({ id: session.facultyUserId }).pluck('id');
    expect(new Set(allowed)).toEqual(new Set(may));
    await expect(whatIf(context(), teacher, 999_999, { startsAt: FREE })).rejects.toMatchObject({ code: 'not-found' });
  });

  test('a time that is over, one off the grid, and a class that is over or cancelled', async () => {
    const ask = (startsAt: DateTime, now = NOW) => whatIf(context(now), teacher, session.id, { startsAt });
    await expect(ask(DateTime.fromISO(NOW))).rejects.toMatchObject({ code: 'time-past' });
    await expect(ask(FREE.plus({ minutes: 3 }))).rejects.toMatchObject({ code: 'slot-not-aligned' });
    await expect(ask(FREE.plus({ seconds: 1 }))).rejects.toMatchObject({ code: 'slot-not-aligned' });
    await expect(ask(FREE, session.startsAt.toISOString())).rejects.toMatchObject({ code: 'session-not-scheduled' });
    await campus.db.knex('schedule').where({ id: session.id }).update({ status: 'cancelled' });
    await expect(ask(FREE)).rejects.toMatchObject({ code: 'session-not-scheduled' });
    await campus.db.knex('schedule').where({ id: session.id }).update({ status: 'scheduled' });
  });

  test('the next classes are those of seven days that have not begun', async () => {
    const classes = await nextClasses(context(), teacher);
    expect(classes.map(({ id }) => id)).toContain(session.id);
    for (const { facultyId, startsAt } of classes) {
      expect(facultyId).toBe(teacher.facultyId);
      expect(startsAt.getTime()).toBeGreaterThan(Date.parse(NOW));
      expect(startsAt.getTime()).toBeLessThan(Date.parse(NOW) + 7 * 86_400_000);
    }
    const [admin] = await campus.db.knex('users').where({ role: 'admin' }).pluck('id');
    expect(await nextClasses(context(), await personOfUser(admin))).toEqual([]);
  });
});
