// Reminders: of what, for whom, when, and once; they move with their class.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { noPreferences } from '../../domain/notice-ways.ts';
import { sessionsOfFaculty, sessionsOfStudent, type Session } from '../../db/repositories/sessions.ts';
import type { Person } from '../../services/context.ts';
import { wakeDueChannels } from '../../services/deliveries.ts';
import { personById } from '../../services/links.ts';
import { setNoticePreferences } from '../../services/notice-preferences.ts';
import { type TestCampus, testCampus, testContext } from '../support/context.ts';

const MONDAY = DateTime.fromISO('2026-11-23T00:00', { zone: 'Asia/Kolkata' });
let campus: TestCampus;
let student: Person;
let session: Session;
const at = (now: DateTime) => testContext(campus.db, { now: () => now });
beforeAll(async () => {
  campus = await testCampus();
  const { id } = await campus.db.knex('users').where({ role: 'student' }).orderBy('id').first('id');
  student = (await personById(at(MONDAY), id))!;
  session = (await sessionsOfStudent(campus.db.knex, student.studentId!, MONDAY.toJSDate(), MONDAY.plus({ days: 1 }).toJSDate()))[0]!;
});
afterAll(() => campus.close());
beforeEach(async () => {
  const { knex } = campus.db;
  for (const table of ['deliveries', 'notices', 'notice_preferences', 'attendance']) await knex(table).delete();
  await knex('schedule').where({ id: session.id }).update({ starts_at: session.startsAt, ends_at: session.endsAt, status: 'scheduled' });
});

const wish = (person: Person, reminderMinutes: number | null) => setNoticePreferences(at(MONDAY), person, { ...noPreferences, reminderMinutes });
/** What the schedule does, so many minutes before a moment. */
const look = (minutes: number, moment = session.startsAt) => wakeDueChannels(at(DateTime.fromJSDate(moment).minus({ minutes })));
const reminded = async (userId = student.userId): Promise<string[]> => campus.db.knex('notices').where({ user_id: userId }).orderBy('id').pluck('event_key');
const keyOf = (moment: Date) => `reminder/session/${session.id}/${DateTime.fromJSDate(moment, { zone: 'utc' }).toFormat('yyyyLLddHHmm')}`;

describe('A24 reminders of classes', () => {
  test('come so many minutes before as the person wants, once, and to nobody who wants none', async () => {
    await look(10);
    expect(await campus.db.knex('notices')).toEqual([]);
    await wish(student, 30);
    await look(31);
    expect(await reminded()).toEqual([]);
    await look(30);
    await look(29);
    expect(await reminded()).toEqual([keyOf(session.startsAt)]);
    expect(await campus.db.knex('notices')).toHaveLength(1);
    expect(await campus.db.knex('deliveries').pluck('urgency')).toEqual(['reminder']);
  });

  test('go to who takes the class: to a substitute, and not to whom it is assigned', async () => {
    const { knex } = campus.db;
    const { id: facultyId, userId } = await knex('faculty').whereNot('id', session.facultyId).orderBy('id').first({ id: 'id', userId: 'user_id' });
    for (const id of [userId, session.facultyUserId]) await wish((await personById(at(MONDAY), id))!, 30);
    await knex('schedule').where({ id: session.id }).update({ substitute_id: facultyId });
    await look(30);
    await knex('schedule').where({ id: session.id }).update({ substitute_id: null });
    expect(await reminded(userId)).toContain(keyOf(session.startsAt));
    expect(await reminded(session.facultyUserId)).not.toContain(keyOf(session.startsAt));
  });

  test('move with their class', async () => {
    await wish(student, 30);
    const later = DateTime.fromJSDate(session.startsAt).plus({ hours: 5 }).toJSDate();
    await campus.db.knex('schedule').where({ id: session.id }).update({ starts_at: later, ends_at: DateTime.fromJSDate(later).plus({ hours: 1 }).toJSDate() });
    await look(30);
    expect(await reminded()).not.toContain(keyOf(session.startsAt));
    await look(31, later);
    expect(await reminded()).not.toContain(keyOf(later));
    await look(30, later);
    expect(await reminded()).toContain(keyOf(later));
  });

  test('one who was reminded of the old time is reminded of the new', async () => {
    await wish(student, 30);
    await look(20);
    const later = DateTime.fromJSDate(session.startsAt).plus({ hours: 5 }).toJSDate();
    await campus.db.knex('schedule').where({ id: session.id }).update({ starts_at: later });
    await look(20, later);
    expect(await reminded()).toEqual(expect.arrayContaining([keyOf(session.startsAt), keyOf(later)]));
  });

  test('are not of a class that is called off, has begun, or from which one is excused', async () => {
    await wish(student, 30);
    await campus.db.knex('schedule').where({ id: session.id }).update({ status: 'cancelled' });
    await look(20);
    await campus.db.knex('schedule').where({ id: session.id }).update({ status: 'scheduled' });
    await look(0);
    await campus.db.knex('attendance').insert({
      session_id: session.id, student_id: student.studentId, status: 'on_duty', method: 'interview', received_at: new Date(), updated_at: new Date(),
    });
    await look(20);
    expect(await reminded()).toEqual([]);
  });

  test('who attends another class instead is reminded of that one', async () => {
    await wish(student, 30);
    const { knex } = campus.db;
    const other = await knex('schedule').where('starts_at', '>', DateTime.fromJSDate(session.startsAt).plus({ days: 2 }).toJSDate()).orderBy('id').first('id', 'starts_at');
    await knex('replacements').insert({ student_id: student.studentId, session_id: other.id, instead_of_id: session.id, created_at: new Date() });
    await look(20);
    expect(await reminded()).toEqual([]);
    await look(20, other.starts_at);
    expect((await reminded()).some((key) => key.startsWith(`reminder/session/${other.id}/`))).toBe(true);
    await knex('replacements').delete();
  });

  test('lecturers are reminded of what they teach', async () => {
    const lecturer = (await personById(at(MONDAY), session.facultyUserId))!;
    await wish(lecturer, 60);
    const [first] = await sessionsOfFaculty(campus.db.knex, lecturer.facultyId!, MONDAY.toJSDate(), MONDAY.plus({ days: 1 }).toJSDate());
    await look(60, first!.startsAt);
    expect(await reminded(lecturer.userId)).toEqual([expect.stringContaining(`reminder/session/${first!.id}/`)]);
  });
});

describe('A24 reminders of interviews', () => {
  test('come before one that is confirmed, and not before one that is only asked about', async () => {
    await wish(student, 30);
    const { knex } = campus.db;
    const startsAt = MONDAY.plus({ days: 6, hours: 10 }).toJSDate();
    const row = {
      student_id: student.studentId, company_name: 'Pelican', company_key: 'pelican', date: '2026-11-29', starts_at: startsAt, ends_at: new Date(startsAt.getTime() + 3_600_000),
      time_zone: 'Asia/Kolkata', confidence: 0.9, source: 'student', created_at: startsAt, updated_at: startsAt,
    };
    await knex('student_company_drive').insert([{ ...row, status: 'confirmed', origin_key: Buffer.alloc(32, 1) }, { ...row, status: 'asked', origin_key: Buffer.alloc(32, 2) }]);
    await look(31, startsAt);
    expect(await reminded()).toEqual([]);
    await look(30, startsAt);
    const notices = await knex('notices').select('kind', 'params');
    expect(notices.map(({ kind, params }) => [kind, JSON.parse(params).company])).toEqual([['interview-reminder', 'Pelican']]);
  });
});
