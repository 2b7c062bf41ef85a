// Classes that are added, changed, deleted, archived and handed over by hand.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { findSession, rosterOf, type Session } from '../../db/repositories/sessions.ts';
import { toldTo } from '../services/scene.ts';
import { NOW, startTestApi, type TestApi } from './harness.ts';

let campus: TestApi;
beforeAll(async () => { campus = await startTestApi(); });
afterAll(() => campus.close());

const knex = () => campus.campus.db.knex;
/** Sundays have no classes. */
const SUNDAY = '2026-11-29';
const NEXT_SUNDAY = '2026-12-06';

let skipped = 0;
/** A class to come, another each time. */
async function someClass(): Promise<Session> {
  const [id] = await knex()('schedule').where('starts_at', '>', NOW.plus({ days: 1 }).toJSDate()).where({ status: 'scheduled' }).orderBy('id').offset(skipped += 1).limit(1).pluck('id');
  return (await findSession(knex(), id))!;
}
const roomOf = async (session: Session) => (await knex()('rooms').where('id', session.roomId).first('name'))!.name as string;
const add = (userId: number, payload: object) => campus.as(userId, { method: 'POST', url: '/api/faculty/schedule/create', payload });
const change = (userId: number, id: number, payload: object) => campus.as(userId, { method: 'PUT', url: `/api/faculty/schedule/update/${id}`, payload });
const remove = (userId: number, id: number, more = '') => campus.as(userId, { method: 'DELETE', url: `/api/faculty/schedule/delete/${id}${more}` });
const codeOf = (answer: { json(): { error?: { code: string } } }) => answer.json().error?.code ?? 'done';
const kindsTold = async (userId: number, sessionId: number) =>
  (await toldTo(knex(), userId)).filter(({ params }) => params['sessionId'] === sessionId).map(({ kind }) => kind);
const another = async (session: Session) => (await knex()('faculty as f').join('users as u', 'u.id', 'f.user_id').whereNot('f.id', session.facultyId)
  .where('u.role', 'faculty').select({ id: 'f.id', key: 'f.faculty_id', userId: 'u.id' })) as { id: number; key: string; userId: number }[];

describe('A8 classes by hand', () => {
  test('one that is added is claimed, told of and listed', async () => {
    const like = await someClass();
    const venue = await roomOf(like);
    const answer = await add(like.facultyUserId, { assignment_id: like.assignmentId, date: SUNDAY, start_time: '09:00', end_time: '10:00', venue });
    expect([answer.statusCode, answer.json().schedule_details]).toEqual([201, { date: SUNDAY, time: '09:00 - 10:00', venue }]);
    const id = answer.json().schedule_id;
    expect(await knex()('claims').where({ session_id: id }).count({ n: '*' }).first()).toEqual({ n: 24 });
    const [student] = await rosterOf(knex(), id);
    expect(await kindsTold(student!.userId, id)).toEqual(['class-added']);
    const list = (await campus.as(like.facultyUserId, `/api/faculty/schedules?date=${SUNDAY}`)).json();
    expect(list).toMatchObject({ success: true, total_classes: 1, schedules: [{ id, start_time: '09:00', end_time: '10:00', venue, status: false, state: 'scheduled' }] });
  });

  test('may be named by subject and section; where that says too little, it is refused', async () => {
    const like = await someClass();
    const { year, name: section, code: department } = await knex()('sections as x').join('departments as d', 'd.id', 'x.department_id').where('x.id', like.sectionId).first('x.year', 'x.name', 'd.code');
    const at = { date: SUNDAY, start_time: '11:00', end_time: '12:00', venue: await roomOf(like) };
    const named = await add(like.facultyUserId, { subject_code: like.subjectCode, year: `E${year}`, department, section, ...at });
    expect(named.statusCode).toBe(201);
    const [admin] = await campus.usersOf('admin');
    expect(codeOf(await add(admin!, { year, department, section, ...at }))).toBe('assignment-unclear');
  });

  test('of fifty at once for the same time exactly one is made', async () => {
    const like = await someClass();
    const payload = { assignment_id: like.assignmentId, date: NEXT_SUNDAY, start_time: '14:00', end_time: '15:00', venue: await roomOf(like) };
    const answers = await Promise.all(Array.from({ length: 50 }, () => add(like.facultyUserId, payload)));
    expect(answers.filter(({ statusCode }) => statusCode === 201)).toHaveLength(1);
    expect(new Set(answers.filter(({ statusCode }) => statusCode !== 201).map(codeOf))).toEqual(new Set(['faculty-taken']));
  });

  test('what stands against one is told apart', async () => {
    // No head of department: that one reaches more than what they teach.
    const assigned: { id: number; section: number; faculty: number; userId: number }[] = await knex()('faculty_assignment as a').join('faculty as f', 'f.id', 'a.faculty_id')
      .join('users as u', 'u.id', 'f.user_id').where('u.role', 'faculty').orderBy('a.id').select({ id: 'a.id', section: 'a.section_id', faculty: 'f.id', userId: 'f.user_id' });
    const besides = (session: Session, ofSection: boolean) =>
      assigned.find(({ faculty, section }) => faculty !== session.facultyId && (section === session.sectionId) === ofSection);
    let like = await someClass();
    while (!besides(like, true) || !besides(like, false)) like = await someClass();
    const [sameSection, otherSection] = [besides(like, true)!, besides(like, false)!];
    const venue = await roomOf(like);
    const at = { date: NEXT_SUNDAY, start_time: '17:00', end_time: '18:00', venue };
    const own = { assignment_id: like.assignmentId, ...at };
    expect((await add(like.facultyUserId, own)).statusCode).toBe(201);
    const [otherRoom] = await knex()('rooms').whereNot('id', like.roomId).limit(1).pluck('name');
    const later = { start_time: '20:00', end_time: '21:00' };
    const tries: [string, number, object][] = [
      ['room-taken', otherSection.userId, { ...own, assignment_id: otherSection.id }],
      ['section-taken', sameSection.userId, { ...own, assignment_id: sameSection.id, venue: otherRoom }],
      ['room-unknown', like.facultyUserId, { ...own, venue: 'Nowhere 9' }],
      ['slot-not-aligned', like.facultyUserId, { ...own, start_time: '17:01' }],
      ['time-past', like.facultyUserId, { ...own, date: '2026-11-21' }],
      ['outside-term', like.facultyUserId, { ...own, date: '2031-01-05' }],
      ['bad-request', like.facultyUserId, { ...own, end_time: '16:00' }],
      ['not-found', otherSection.userId, { ...own, ...later }],
    ];
    for (const [code, userId, payload] of tries) expect([code, codeOf(await add(userId, payload))]).toEqual([code, code]);
  });

  test('a new time and room are claimed and told of; the topic may change after the class too', async () => {
    const session = await someClass();
    const [student] = await rosterOf(knex(), session.id);
    const moved = await change(session.facultyUserId, session.id, { date: SUNDAY, start_time: '18:30' });
    expect([moved.statusCode, moved.json().updated_schedule.date]).toEqual([200, SUNDAY]);
    const after = (await findSession(knex(), session.id))!;
    expect(after.endsAt.getTime() - after.startsAt.getTime()).toBe(session.endsAt.getTime() - session.startsAt.getTime());
    expect(DateTime.fromJSDate(after.startsAt, { zone: 'Asia/Kolkata' }).toFormat('HH:mm')).toBe('18:30');
    expect(await kindsTold(student!.userId, session.id)).toEqual(['class-moved']);
    const [freeRoom] = await knex()('rooms').whereNot('id', session.roomId).orderBy('id', 'desc').limit(1).pluck('name');
    expect((await change(session.facultyUserId, session.id, { venue: freeRoom })).json().updated_schedule.venue).toBe(freeRoom);
    await knex()('schedule').where({ id: session.id }).update({ status: 'completed' });
    expect((await change(session.facultyUserId, session.id, { topic_discussed: 'Wave equations' })).json().updated_schedule.topic_discussed).toBe('Wave equations');
    expect(codeOf(await change(session.facultyUserId, session.id, { venue: await roomOf(session) }))).toBe('session-not-scheduled');
    expect(codeOf(await change((await another(session))[0]!.userId, session.id, { topic_discussed: 'x' }))).toBe('not-found');
  });

  test('a room that is too small is refused, but for one that the class has already', async () => {
    const session = await someClass();
    const needed = (await rosterOf(knex(), session.id)).length;
    const small = `Closet ${session.id}`;
    const kind = { organisation_id: session.organisationId, building: 'X', kind: 'theory', equipment: '[]' };
    await knex()('rooms').insert([{ ...kind, name: small, capacity: needed - 1 }, { ...kind, name: `${small} A`, capacity: needed }]);
    const at = { assignment_id: session.assignmentId, date: NEXT_SUNDAY, start_time: '07:00', end_time: '08:00' };
    const added = await add(session.facultyUserId, { ...at, venue: small });
    expect([added.statusCode, added.json().error]).toMatchObject([409, { code: 'room-too-small', message: `The room has ${needed - 1} seats, and the class ${needed} students.` }]);
    expect(codeOf(await change(session.facultyUserId, session.id, { venue: small }))).toBe('room-too-small');
    expect((await findSession(knex(), session.id))!.roomId).toBe(session.roomId);
    expect(codeOf(await change(session.facultyUserId, session.id, { venue: `${small} A` }))).toBe('done');
    // The section has grown: its usual room stays its room.
    await knex()('rooms').where('id', session.roomId).update({ capacity: needed - 1 });
    try {
      const usual = await roomOf(session);
      expect(codeOf(await change(session.facultyUserId, session.id, { venue: usual }))).toBe('done');
      expect(codeOf(await change(session.facultyUserId, session.id, { date: SUNDAY, start_time: '06:00' }))).toBe('done');
      expect(codeOf(await add(session.facultyUserId, { ...at, venue: usual }))).toBe('done');
    } finally {
      await knex()('rooms').where('id', session.roomId).update({ capacity: session.roomCapacity });
    }
  });

  test('one in which attendance was taken can’t be deleted, only archived: its marks stay', async () => {
    const session = await someClass();
    const [student] = await rosterOf(knex(), session.id);
    const now = NOW.toJSDate();
    await knex()('attendance').insert({ session_id: session.id, student_id: student!.studentId, status: 'present', method: 'manual', received_at: now, updated_at: now });
    expect(codeOf(await remove(session.facultyUserId, session.id))).toBe('session-has-marks');
    expect(codeOf(await remove(session.facultyUserId, session.id, '?archive=true'))).toBe('session-not-scheduled');
    await knex()('schedule').where({ id: session.id }).update({ status: 'completed' });
    const archived = await remove(session.facultyUserId, session.id, '?archive=true');
    expect([archived.statusCode, archived.json().status]).toEqual([200, 'archived']);
    const { schedules } = (await campus.as(session.facultyUserId, `/api/faculty/schedules?date=${session.date}`)).json();
    expect(schedules.map(({ id }: { id: number }) => id)).not.toContain(session.id);
    expect(await knex()('attendance').where({ session_id: session.id })).toHaveLength(1);
    const free = await someClass();
    expect((await remove(free.facultyUserId, free.id)).json().status).toBe('cancelled');
  });
});

describe('A9 another takes a class', () => {
  /** Somebody who is free then. */
  async function freeFor(session: Session) {
    const busy = new Set(await knex()('claims').where({ kind: 'faculty' }).andWhere('slot', '>=', session.startsAt.getTime() / 300_000).andWhere('slot', '<', session.endsAt.getTime() / 300_000).pluck('resource_id'));
    return (await another(session)).find(({ id }) => !busy.has(id));
  }
  /** A class of somebody who is no head of department, and somebody who is free then. */
  async function classAndOther(): Promise<{ session: Session; other: NonNullable<Awaited<ReturnType<typeof freeFor>>> }> {
    for (;;) {
      const session = await someClass();
      const { role } = await knex()('users').where('id', session.facultyUserId).first('role');
      const other = await freeFor(session);
      if (role === 'faculty' && other) return { session, other };
    }
  }
  const ask = (userId: number, sessionId: number, key: string) => campus.as(userId, { method: 'POST', url: `/api/sessions/${sessionId}/substitute`, payload: { faculty_id: key } });
  const answer = (userId: number, id: number, word: 'yes' | 'no') => campus.as(userId, { method: 'POST', url: `/api/substitutions/${id}/answer`, payload: { answer: word } });

  test('who takes it asks, the other agrees: claims, rights and lists follow, and both are told', async () => {
    const { session, other } = await classAndOther();
    const asked = await ask(session.facultyUserId, session.id, other.key.toLowerCase());
    expect(asked.json()).toMatchObject({ session_id: session.id, faculty_id: other.key, status: 'open' });
    expect((await findSession(knex(), session.id))!.facultyId).toBe(session.facultyId);
    expect((await campus.as(other.userId, '/api/substitutions')).json().substitutions).toMatchObject([{ id: asked.json().id, session_id: session.id }]);
    expect(codeOf(await answer(session.facultyUserId, asked.json().id, 'yes'))).toBe('not-found');
    expect((await answer(other.userId, asked.json().id, 'yes')).json().status).toBe('accepted');
    expect((await answer(other.userId, asked.json().id, 'yes')).statusCode).toBe(200);
    expect(codeOf(await answer(other.userId, asked.json().id, 'no'))).toBe('substitution-over');
    expect(await knex()('claims').where({ session_id: session.id, kind: 'faculty' }).distinct('resource_id').pluck('resource_id')).toEqual([other.id]);
    const listed = async (userId: number) => (await campus.as(userId, `/api/faculty/schedules?date=${session.date}`)).json().schedules.map(({ id }: { id: number }) => id);
    expect([(await listed(other.userId)).includes(session.id), (await listed(session.facultyUserId)).includes(session.id)]).toEqual([true, false]);
    expect((await change(other.userId, session.id, { topic_discussed: 'Taken over' })).statusCode).toBe(200);
    expect(codeOf(await change(session.facultyUserId, session.id, { topic_discussed: 'Mine' }))).toBe('not-found');
    for (const userId of [session.facultyUserId, other.userId]) expect(await kindsTold(userId, session.id)).toContain('substitution-set');
  });

  test('a refusal leaves it; the asker is told', async () => {
    const { session, other } = await classAndOther();
    const { id } = (await ask(session.facultyUserId, session.id, other.key)).json();
    expect((await answer(other.userId, id, 'no')).json().status).toBe('declined');
    expect((await findSession(knex(), session.id))!.facultyId).toBe(session.facultyId);
    expect(await kindsTold(session.facultyUserId, session.id)).toContain('substitution-declined');
  });

  test('an admin decides at once, and gives it back', async () => {
    const { session, other } = await classAndOther();
    const [admin] = await campus.usersOf('admin');
    expect((await ask(admin!, session.id, other.key)).json()).toMatchObject({ id: null, status: 'accepted' });
    const { faculty_id: assigned } = await knex()('faculty').where('id', session.facultyId).first('faculty_id');
    expect((await ask(admin!, session.id, assigned)).json()).toMatchObject({ status: 'accepted' });
    expect(await findSession(knex(), session.id)).toMatchObject({ facultyId: session.facultyId, sequence: session.sequence + 2 });
  });

  test('who has another class then, isn’t there, or takes it already is refused', async () => {
    const { session, other } = await classAndOther();
    const [admin] = await campus.usersOf('admin');
    const elsewhere = await someClass();
    await knex()('claims').insert({ kind: 'faculty', resource_id: other.id, slot: session.startsAt.getTime() / 300_000, session_id: elsewhere.id });
    expect(codeOf(await ask(admin!, session.id, other.key))).toBe('faculty-taken');
    expect(codeOf(await ask(admin!, session.id, 'NOBODY'))).toBe('substitute-unknown');
    const { faculty_id: own } = await knex()('faculty').where('id', session.facultyId).first('faculty_id');
    expect(codeOf(await ask(admin!, session.id, own))).toBe('substitute-unknown');
    expect(codeOf(await ask(other.userId, session.id, other.key))).toBe('not-found');
  });
});
