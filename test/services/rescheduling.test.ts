import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { optionsOf } from '../../db/repositories/offers.ts';
import { findRound, latestRound } from '../../db/repositories/rescheduling.ts';
import { findSession, rosterOf, type Session } from '../../db/repositories/sessions.ts';
import { followInterview } from '../../services/excuses.ts';
import { searchNewTime } from '../../services/new-time.ts';
import { closeRound, openRoundOf, planRound } from '../../services/rescheduling.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';
import { interviewAt, NOW, toldTo } from './scene.ts';

const HOUR = 3_600_000;
let campus: TestCampus;
let nextClass = 0;
const context = (now = NOW) => testContext(campus.db, { now });

beforeAll(async () => {
  campus = await testCampus({ students: 120, weeks: 3 });
  await campus.db.knex('departments').update({ horizon_days: 14, move_threshold_percent: 5, makeup_min_students: 200 });
});
afterAll(async () => {
  await campus?.close();
});

/** A theory class to come of which so many students have an interview, each of another company; its round gathers. */
async function classHit(count: number): Promise<{ session: Session; roundId: number; students: number[]; interviews: number[] }> {
  const { knex } = campus.db;
  const ids: number[] = await knex('schedule as s').join('faculty_assignment as a', 'a.id', 's.assignment_id').join('subjects as b', 'b.id', 'a.subject_id')
    .where('b.subject_type', 'theory').andWhere('s.starts_at', '>', '2026-11-24').orderBy('s.starts_at').pluck('s.id');
  const session = (await findSession(knex, ids[(nextClass += 3)]!))!;
  const students = (await rosterOf(knex, session.id)).slice(0, count).map(({ studentId }) => studentId);
  const interviews: number[] = [];
  for (const student of students) {
    const id = await interviewAt(context(), student, new Date(session.startsAt.getTime() + 20 * 60_000), new Date(session.startsAt.getTime() + 40 * 60_000), {
      company: `Secret ${session.id} of ${student}`,
    });
    await followInterview(context(), id);
    interviews.push(id);
  }
  return { session, roundId: (await latestRound(knex, session.id))!.id, students, interviews };
}

/** What the person of a student, or the faculty member, was told about a session, by kind. */
async function toldAbout(session: Session, userId: number): Promise<string[]> {
  return (await toldTo(campus.db.knex, userId)).filter(({ params }) => params.sessionId === session.id).map(({ kind }) => kind);
}

async function usersOf(students: number[]): Promise<number[]> {
  return campus.db.knex('students').whereIn('id', students).orderBy('id').pluck('user_id');
}

describe('I16 and I17 a class that interviews hit is planned for', () => {
  test('below the threshold it stays: the faculty member is told why, the students that their excuse stands', async () => {
    const { session, roundId, students } = await classHit(2);
    expect(await planRound(context(), roundId)).toBe('on_duty');
    expect(await findRound(campus.db.knex, roundId)).toMatchObject({ status: 'on_duty', offer: 0 });
    const told = await toldTo(campus.db.knex, session.facultyUserId);
    expect(told.at(-1)).toMatchObject({ kind: 'reschedule-impossible', params: { why: 'too-few', hit: 2, roster: 60, thresholdPercent: 5 } });
    for (const user of await usersOf(students)) expect(await toldAbout(session, user)).toEqual(['class-excused', 'class-stays']);
    const marks = await campus.db.knex('attendance').where({ session_id: session.id });
    expect(marks.map(({ status }) => status)).toEqual(['on_duty', 'on_duty']);
  });

  test('three times are offered, each free for room, faculty member and every student, on teaching days inside the horizon', async () => {
    const { session, roundId, students } = await classHit(3);
    const { knex } = campus.db;
    // One of them has another interview just where the class might go.
    const saturday = DateTime.fromISO('2026-11-28T09:00:00', { zone: 'Asia/Kolkata' });
    await interviewAt(context(), students[0]!, saturday.toJSDate(), saturday.plus({ hours: 3 }).toJSDate(), { company: 'Busy Saturday' });
    await knex('holidays').insert({ organisation_id: session.organisationId, date: '2026-11-27', name: 'Founders’ day' });
    expect(await planRound(context(), roundId)).toBe('offered');
    const options = await optionsOf(knex, roundId, 1);
    expect(options.map(({ position }) => position)).toEqual([1, 2, 3]);
    const roster = (await rosterOf(knex, session.id)).map(({ studentId }) => studentId);
    for (const { startsAt, endsAt, roomId } of options) {
      expect(endsAt.getTime() - startsAt.getTime()).toBe(session.endsAt.getTime() - session.startsAt.getTime());
      const local = DateTime.fromJSDate(startsAt, { zone: 'Asia/Kolkata' });
      expect(startsAt.getTime()).toBeGreaterThanOrEqual(Date.parse(NOW) + 2 * HOUR);
      expect(local.diff(DateTime.fromISO('2026-11-23', { zone: 'Asia/Kolkata' }), 'days').days).toBeLessThan(14);
      expect(local.toISODate()).not.toBe('2026-11-27');
      expect(local.weekday).not.toBe(7);
      const [rooms] = await knex.raw('select id from schedule where room_id = ? and id <> ? and starts_at < ? and ends_at > ? and status = \'scheduled\'', [roomId, session.id, endsAt, startsAt]);
      expect(rooms).toEqual([]);
      expect((await knex('rooms').where({ id: roomId }).first()).capacity).toBeGreaterThanOrEqual(roster.length);
      const [taught] = await knex.raw(
        'select s.id from schedule s join faculty_assignment a on a.id = s.assignment_id where a.faculty_id = ? and s.id <> ? and s.starts_at < ? and s.ends_at > ?',
        [session.facultyId, session.id, endsAt, startsAt],
      );
      expect(taught).toEqual([]);
      const [classes] = await knex.raw(
        `select s.id from schedule s join faculty_assignment a on a.id = s.assignment_id
         join student_subject e on e.subject_id = a.subject_id and e.section_id = a.section_id and e.valid_from <= s.date and (e.valid_to is null or e.valid_to > s.date)
         where e.student_id in (?) and s.id <> ? and s.starts_at < ? and s.ends_at > ?`,
        [roster, session.id, endsAt, startsAt],
      );
      expect(classes).toEqual([]);
      const [interviews] = await knex.raw(
        `select id from student_company_drive where student_id in (?) and status = 'confirmed'
         and starts_at - interval 15 minute < ? and ends_at + interval 15 minute > ?`,
        [roster, endsAt, startsAt],
      );
      expect(interviews).toEqual([]);
    }
    await knex('holidays').where({ date: '2026-11-27' }).delete();
    const offer = (await toldTo(knex, session.facultyUserId)).at(-1)!;
    expect(offer).toMatchObject({ kind: 'reschedule-offer', params: { roundId, hit: 3, roster: 60 } });
    expect((offer.params.options as { id: number }[]).map(({ id }) => id)).toEqual(options.map(({ id }) => id));
  });

  test('planned twice, also at once, it is planned once', async () => {
    const { session, roundId } = await classHit(3);
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => planRound(context(), roundId)));
    expect(new Set(outcomes)).toEqual(new Set(['offered']));
    expect(await planRound(context(), roundId)).toBe('offered');
    expect(await findRound(campus.db.knex, roundId)).toMatchObject({ offer: 1 });
    expect(await toldAbout(session, session.facultyUserId)).toEqual(['reschedule-offer']);
  });

  test('where no time is free, it says what blocked the nearest ones, with nobody’s interview in it', async () => {
    const { session, roundId, students } = await classHit(3);
    const { knex } = campus.db;
    for (let day = 0; day < 15; day += 1) {
      for (const [from, hours] of [[8, 3.5], [11.5, 3.5], [15, 3.5]] as const) {
        const start = DateTime.fromISO('2026-11-23', { zone: 'Asia/Kolkata' }).plus({ days: day, hours: from });
        await interviewAt(context(), students[1]!, start.toJSDate(), start.plus({ hours }).toJSDate(), { company: `Everywhere ${day} ${from}` });
      }
    }
    expect(await planRound(context(), roundId)).toBe('on_duty');
    const told = (await toldTo(knex, session.facultyUserId)).at(-1)!;
    expect(told).toMatchObject({ kind: 'reschedule-impossible', params: { why: 'no-slot' } });
    const blocked = told.params.blocked as { reasons: { code: string; label?: string; count?: number }[] }[];
    expect(blocked).toHaveLength(3);
    for (const { reasons } of blocked) expect(reasons).toContainEqual(expect.objectContaining({ code: 'students-busy', label: 'other' }));
    expect(JSON.stringify(told)).not.toMatch(/Secret|Everywhere/);
    expect((await knex('rescheduled_class').where({ id: roundId }).first('blocked')).blocked).not.toMatch(/Secret|Everywhere/);
    await knex('student_company_drive').where('company_name', 'like', 'Everywhere%').update({ status: 'cancelled' });
  });

  test('a laboratory class is offered laboratories that have what its own has, and no others', async () => {
    const { knex } = campus.db;
    const [id] = await knex('schedule as s').join('faculty_assignment as a', 'a.id', 's.assignment_id').join('subjects as b', 'b.id', 'a.subject_id')
      .where('b.subject_type', 'lab').andWhere('s.starts_at', '>', '2026-11-24').orderBy('s.starts_at').limit(1).pluck('s.id');
    const session = (await findSession(knex, id))!;
    const own = await knex('rooms').where({ id: session.roomId }).first();
    await knex('rooms').where({ id: own.id }).update({ capacity: 1 });
    const laboratory = (name: string, equipment: string[]) =>
      knex('rooms').insert({ organisation_id: 1, name, building: 'Annex', capacity: 200, kind: 'lab', equipment: JSON.stringify(equipment) });
    await knex('rooms').where({ kind: 'lab' }).whereNot({ id: own.id }).update({ capacity: 1 });
    await laboratory('Z-101', ['a furnace']);
    expect((await searchNewTime(context(), session, 14)).options).toEqual([]);
    const [suitable] = await laboratory('Z-102', [...JSON.parse(own.equipment), 'a furnace']);
    const { options } = await searchNewTime(context(), session, 14);
    expect(options.map(({ roomId }) => roomId)).toEqual([suitable, suitable, suitable]);
    await knex('rooms').where({ kind: 'lab' }).update({ capacity: own.capacity });
  });

  test('too late before the class nothing is offered', async () => {
    const { session, roundId } = await classHit(3);
    const late = new Date(session.startsAt.getTime() - HOUR).toISOString();
    expect(await planRound(context(late), roundId)).toBe('on_duty');
    expect((await toldTo(campus.db.knex, session.facultyUserId)).at(-1)!.params.why).toBe('too-late');
  });

  test('students who left the class since do not count; with all of them gone the round is withdrawn', async () => {
    const { session, roundId, students } = await classHit(3);
    const enrolment = () => campus.db.knex('student_subject').where({ subject_id: session.subjectId }).whereIn('student_id', students);
    await enrolment().update({ valid_to: session.date });
    expect(await planRound(context(), roundId)).toBe('withdrawn');
    expect(await toldAbout(session, session.facultyUserId)).toEqual([]);
    await enrolment().update({ valid_to: null });
  });

  test('a roster that shrank below those who are hit is planned for all the same', async () => {
    const { session, roundId } = await classHit(3);
    const enrolment = () => campus.db.knex('student_subject').where({ subject_id: session.subjectId, section_id: session.sectionId });
    const roster = (await rosterOf(campus.db.knex, session.id)).map(({ studentId }) => studentId);
    await enrolment().whereIn('student_id', roster.slice(1)).update({ valid_to: session.date });
    expect(await planRound(context(), roundId)).toBe('offered');
    await enrolment().update({ valid_to: null });
  });

  test('a class that was cancelled meanwhile is not moved', async () => {
    const { session, roundId } = await classHit(3);
    await campus.db.knex('schedule').where({ id: session.id }).update({ status: 'cancelled' });
    expect(await planRound(context(), roundId)).toBe('withdrawn');
  });

  test('a round that no database knows is over', async () => {
    expect(await planRound(context(), 999_999)).toBe('over');
    expect(await closeRound(context(), 999_999, 'expired')).toBe(true);
  });
});

describe('I18 a round waits for quiet', () => {
  test('as the rules say; not when the class is near', async () => {
    const { session, roundId } = await classHit(1);
    const waiting = { ...context(), rules: { ...context().rules, quietSeconds: 600, quietMaxSeconds: 3600 } };
    expect(await openRoundOf(waiting, session.id)).toEqual({
      roundId, departmentId: session.departmentId, status: 'gathering', quietMs: 600_000, quietMaxMs: 3_600_000, next: null,
    });
    const near = new Date(session.startsAt.getTime() - 5 * HOUR).toISOString();
    expect(await openRoundOf({ ...waiting, now: context(near).now }, session.id)).toMatchObject({ quietMs: 0, quietMaxMs: 0 });
    await planRound(context(), roundId);
    expect(await openRoundOf(waiting, session.id)).toBeNull();
  });
});

describe('I21 a round ends without a decision', () => {
  test('not while somebody is hit; when nobody is, the faculty member who was asked hears that it is off, once', async () => {
    const { session, roundId, interviews } = await classHit(3);
    await planRound(context(), roundId);
    expect(await closeRound(context(), roundId, 'withdrawn')).toBe(false);
    await campus.db.knex('student_company_drive').whereIn('id', interviews).update({ status: 'cancelled' });
    for (const id of interviews) await followInterview(context(), id);
    expect(await closeRound(context(), roundId, 'withdrawn')).toBe(true);
    expect(await closeRound(context(), roundId, 'expired')).toBe(true);
    expect(await findRound(campus.db.knex, roundId)).toMatchObject({ status: 'withdrawn' });
    expect(await toldAbout(session, session.facultyUserId)).toEqual(['reschedule-offer', 'reschedule-off']);
    expect(await campus.db.knex('attendance').where({ session_id: session.id })).toEqual([]);
  });

  test('expired: the faculty member and those who are hit hear that the class takes place', async () => {
    const { session, roundId, students } = await classHit(3);
    await planRound(context(), roundId);
    expect(await closeRound(context(), roundId, 'expired')).toBe(true);
    expect(await toldAbout(session, session.facultyUserId)).toEqual(['reschedule-offer', 'reschedule-off']);
    for (const user of await usersOf(students)) expect(await toldAbout(session, user)).toEqual(['class-excused', 'class-stays']);
  });

  test('the class was cancelled while the faculty member was asked', async () => {
    const { session, roundId } = await classHit(3);
    await planRound(context(), roundId);
    await campus.db.knex('schedule').where({ id: session.id }).update({ status: 'cancelled' });
    expect(await closeRound(context(), roundId, 'withdrawn')).toBe(true);
    expect(await toldAbout(session, session.facultyUserId)).toEqual(['reschedule-offer', 'reschedule-off']);
  });
});
