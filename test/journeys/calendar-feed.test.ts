import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { findSession, sessionsOfStudent } from '../../db/repositories/sessions.ts';
import { feedAddress, feedByToken } from '../../services/calendars.ts';
import { applyDecision } from '../../services/applying.ts';
import { decide } from '../../services/deciding.ts';
import { followInterview } from '../../services/excuses.ts';
import { personById } from '../../services/links.ts';
import { planRound } from '../../services/rescheduling.ts';
import { optionsOf } from '../../db/repositories/offers.ts';
import { latestRound } from '../../db/repositories/rescheduling.ts';
import { interviewUid, sessionUid } from '../../domain/calendar/uids.ts';
import { type ParsedEvent, parseCalendar } from '../domain/calendar/parsed-calendar.ts';
import { interviewAt, mailed, NOW } from '../services/scene.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';

const STUDENT = 1;
const MINUTE = 60_000;
let campus: TestCampus;
let clock = DateTime.fromISO(NOW, { zone: 'utc' });
const context = () => testContext(campus.db, { now: () => clock });

beforeAll(async () => {
  campus = await testCampus({ students: 60, weeks: 4 });
  // One student is enough to have the class moved.
  await campus.db.knex('departments').update({ move_threshold_percent: 1, makeup_min_students: 200 });
});
afterAll(async () => {
  await campus?.close();
});

/** One event as the student's calendar application sees it now. */
async function shown(uid: string): Promise<ParsedEvent | undefined> {
  const { user_id: userId } = await campus.db.knex('students').where({ id: STUDENT }).first('user_id');
  const { url } = await feedAddress(context(), (await personById(context(), userId))!);
  const events = parseCalendar(await feedByToken(context(), /\/feeds\/(.+)\.ics$/.exec(url)![1]!)).events.filter((event) => event.uid === uid);
  expect(events.length).toBeLessThan(2);
  return events[0];
}

describe('D6 a feed through three moves and a cancel', () => {
  test('of a class: one UID, a rising sequence, and the cancellation for thirty days', async () => {
    const { knex } = campus.db;
    const from = DateTime.fromISO('2026-12-01T00:00:00Z');
    const { id } = (await sessionsOfStudent(knex, STUDENT, from.toJSDate(), from.plus({ days: 4 }).toJSDate())).find((session) => session.subjectType === 'theory')!;
    const before = (await shown(sessionUid(id)))!;
    expect(before).toMatchObject({ sequence: 0, status: 'CONFIRMED' });
    let latest = before;
    for (let move = 1; move <= 3; move += 1) {
      const session = (await findSession(knex, id))!;
      const at = (minutes: number) => new Date(session.startsAt.getTime() + minutes * MINUTE);
      await followInterview(context(), await interviewAt(context(), STUDENT, at(10), at(20), { company: `Company ${move}` }));
      const { id: roundId } = (await latestRound(knex, id))!;
      expect(await planRound(context(), roundId)).toBe('offered');
      const [option] = await optionsOf(knex, roundId, 1);
      const { decisionId } = await decide(context(), (await personById(context(), session.facultyUserId))!, roundId, { choice: 'accept', optionId: option!.id });
      expect(await applyDecision(context(), decisionId)).toBe('moved');
      clock = clock.plus({ minutes: 5 });
      const moved = (await shown(sessionUid(id)))!;
      expect(moved).toMatchObject({ uid: before.uid, status: 'CONFIRMED', start: `${option!.startsAt.toISOString().slice(0, 19)}Z` });
      expect(moved.sequence).toBeGreaterThan(latest.sequence);
      expect(moved.stamp >= latest.stamp).toBe(true);
      latest = moved;
    }
    await knex('schedule').where({ id }).update({ status: 'cancelled', sequence: latest.sequence + 1, updated_at: clock.toJSDate() });
    await thirtyDays(sessionUid(id), latest.sequence);
  });

  test('of an interview: the same', async () => {
    const event = { company: 'Wandering Systems', calendarUid: 'wandering@company.example' };
    const start = DateTime.fromISO('2027-01-20T05:00:00Z', { zone: 'utc' });
    await mailed(context(), STUDENT, { ...event, calendarSequence: 0, start: start.toISO()! });
    const { id } = await campus.db.knex('student_company_drive').where({ company_name: event.company }).first('id');
    let latest = (await shown(interviewUid(id)))!;
    for (let move = 1; move <= 3; move += 1) {
      const moved = start.plus({ days: move });
      await mailed(context(), STUDENT, { ...event, kind: 'reschedule', calendarSequence: move, start: moved.toISO()! });
      const now = (await shown(interviewUid(id)))!;
      expect(now).toMatchObject({ uid: latest.uid, status: 'CONFIRMED', start: moved.toISO({ suppressMilliseconds: true }) });
      expect(now.sequence).toBeGreaterThan(latest.sequence);
      latest = now;
    }
    await mailed(context(), STUDENT, { ...event, kind: 'cancel', calendarSequence: 4, start: start.toISO()! });
    await thirtyDays(interviewUid(id), latest.sequence);
  });

  /** A cancelled event is shown as such for thirty days, and then no more. */
  async function thirtyDays(uid: string, sequenceBefore: number): Promise<void> {
    const cancelledAt = clock;
    const cancelled = (await shown(uid))!;
    expect(cancelled).toMatchObject({ uid, status: 'CANCELLED' });
    expect(cancelled.sequence).toBeGreaterThan(sequenceBefore);
    clock = cancelledAt.plus({ days: 30 });
    expect(await shown(uid)).toMatchObject({ status: 'CANCELLED', sequence: cancelled.sequence });
    clock = cancelledAt.plus({ days: 30, minutes: 1 });
    expect(await shown(uid)).toBeUndefined();
    clock = cancelledAt;
  }
});
