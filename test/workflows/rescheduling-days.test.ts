// The paths that take days, with everything real but the length of the days.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { optionsOf } from '../../db/repositories/offers.ts';
import { latestRound, type Round } from '../../db/repositories/rescheduling.ts';
import { findSession, type Session } from '../../db/repositories/sessions.ts';
import { cancelClass } from '../../services/classes.ts';
import { decide } from '../../services/deciding.ts';
import { setRules } from '../../services/departments.ts';
import { takeLeave } from '../../services/faculty-leave.ts';
import { announceChange } from '../../services/interviews.ts';
import { personById } from '../../services/links.ts';
import { parallelCampus, studentsOf, theoryClasses } from '../services/parallel.ts';
import { interviewAt, toldTo } from '../services/scene.ts';
import { eventually } from '../support/beadle.ts';
import type { TestCampus } from '../support/context.ts';
import { record } from '../support/histories.ts';
import { type SkippingCampus, startSkippingCampus } from '../support/skipping-campus.ts';

const MINUTE = 60_000;
const HIT = 3;

describe.each([['', false], [', though its worker dies at every step', true]])('I18, I19, I21 a round over days%s', (_name, deadly) => {
  let campus: TestCampus;
  let beadle: SkippingCampus;
  let classes: Session[];
  let used = 0;

  beforeAll(async () => {
    const nextMonday = DateTime.utc().setZone('Asia/Kolkata').plus({ weeks: 1 }).startOf('week');
    campus = await parallelCampus({ seats: 30, from: nextMonday.toISODate()! });
    beadle = await startSkippingCampus(campus, { deadly, rules: { quietSeconds: 600, quietMaxSeconds: 3600 } });
    classes = await theoryClasses(campus, nextMonday.plus({ weeks: 1 }).toISODate()!);
  });
  afterAll(async () => {
    await beadle?.stop();
    await campus?.close();
  });

  const rules = (changes: object) => campus.db.knex('departments').update({
    makeup_min_students: 3, move_threshold_percent: 100, decision_policy: 'expire', ...changes,
  });
  const roundOf = async (session: Session): Promise<Round | undefined> => latestRound(campus.db.knex, session.id);
  const becomes = (session: Session, status: string) =>
    eventually(async () => (await roundOf(session))?.status === status, `round ${status}`, 15_000);
  const kindsTold = async (userId: number, session: Session) =>
    (await toldTo(campus.db.knex, userId)).filter(({ params }) => params['sessionId'] === session.id).map(({ kind }) => kind);
  const userOf = async (studentId: number): Promise<number> => (await campus.db.knex('students').where({ id: studentId }).first('user_id')).user_id;
  const holds = async ({ id }: Session) => (await campus.db.knex('claims').where({ session_id: id }).whereNotNull('held_until')).length;
  const person = async (userId: number) => (await personById(beadle.context, userId))!;

  /** A class that interviews of three of its students hit; offered, unless it is still to gather. */
  async function hit({ offered = true } = {}): Promise<{ session: Session; students: number[]; interviews: number[] }> {
    const session = classes[used]!;
    const students = (await studentsOf(beadle.context, session)).slice(HIT * (used % 10), HIT * (used % 10) + HIT);
    used += 1;
    const interviews: number[] = [];
    for (const student of students) {
      const at = (minutes: number) => new Date(session.startsAt.getTime() + minutes * MINUTE);
      interviews.push(await interviewAt(beadle.context, student, at(20), at(30), { company: `Company ${session.id} ${student}` }));
    }
    await eventually(async () => (await campus.db.knex('attendance').where({ session_id: session.id })).length === HIT, 'the excuses', 15_000);
    await becomes(session, 'gathering');
    if (offered) {
      await beadle.pass('11 minutes');
      await becomes(session, 'offered');
    }
    return { session, students, interviews };
  }

  /** What a later mail does: the interview is called off, or moves by days. */
  async function change(interviewIds: number[], to: 'cancelled' | { byDays: number }): Promise<void> {
    for (const id of interviewIds) {
      await campus.db.transaction(async (trx) => {
        const interview = await trx('student_company_drive as i').join('students as s', 's.id', 'i.student_id').where('i.id', id)
          .first('i.starts_at', 'i.ends_at', 's.user_id');
        const later = (date: Date) => (to === 'cancelled' ? date : new Date(date.getTime() + to.byDays * 24 * 60 * MINUTE));
        await trx('student_company_drive').where({ id }).update({
          ...(to === 'cancelled' && { status: to }), starts_at: later(interview.starts_at), ends_at: later(interview.ends_at),
          date: later(interview.starts_at).toISOString().slice(0, 10), version: trx.raw('version + 1'),
        });
        await announceChange(trx, beadle.context, id, interview.user_id, to === 'cancelled' ? 'interview-called-off' : 'interview-moved');
      });
    }
    await beadle.settled();
  }

  async function answer(session: Session, choice: 'accept' | 'decline', userId = session.facultyUserId): Promise<void> {
    const round = (await roundOf(session))!;
    const [option] = await optionsOf(campus.db.knex, round.id, round.offer);
    await decide(beadle.context, await person(userId), round.id, choice === 'accept' ? { choice, optionId: option!.id } : { choice });
  }

  const makeupOf = async (session: Session) => (await findSession(campus.db.knex, (await roundOf(session))!.makeupSessionId!))!;
  /** The process has ended; how much is held then. (To wait for its result would let time run on.) */
  const ended = async (session: Session) => {
    const handle = beadle.client.workflow.getHandle(`reschedule/${session.id}`);
    await eventually(async () => (await handle.describe()).status.name === 'COMPLETED', 'the end', 15_000);
    return holds(session);
  };
  /** Attempts that died leave no trace in a history: one way of each path is enough. */
  const remember = async (workflowId: string, name: string) => {
    if (!deadly) await record(beadle.client.workflow.getHandle(workflowId), name);
  };

  test('accepted', async () => {
    await rules({});
    const { session, students } = await hit();
    await answer(session, 'accept');
    await becomes(session, 'made_up');
    expect(await ended(session)).toBe(0);
    const makeup = await makeupOf(session);
    for (const student of students) expect(await kindsTold(await userOf(student), makeup)).toEqual(['class-elsewhere']);
    await remember(`reschedule/${session.id}`, 'days-accepted');
  });

  test('declined: the students stay excused', async () => {
    await rules({});
    const { session, students } = await hit();
    await answer(session, 'decline');
    await becomes(session, 'declined');
    expect(await ended(session)).toBe(0);
    for (const student of students) expect(await kindsTold(await userOf(student), session)).toEqual(['class-excused', 'class-stays']);
    await remember(`reschedule/${session.id}`, 'days-declined');
  });

  test('nobody answers: a reminder after 3 hours, the head of department after 6, and after 12 it expires', async () => {
    await rules({});
    const { session } = await hit();
    await beadle.pass('3 hours');
    await eventually(async () => (await kindsTold(session.facultyUserId, session)).at(-1) === 'reschedule-reminder', 'the reminder', 15_000);
    expect((await roundOf(session))!.escalatedAt).toBeNull();
    await beadle.pass('3 hours');
    await eventually(async () => (await roundOf(session))!.escalatedAt, 'the escalation', 15_000);
    await beadle.pass('6 hours');
    await becomes(session, 'expired');
    expect(await ended(session)).toBe(0);
    expect((await kindsTold(session.facultyUserId, session)).filter((kind) => kind.startsWith('reschedule-')))
      .toEqual(expect.arrayContaining(['reschedule-offer', 'reschedule-reminder', 'reschedule-off']));
    await remember(`reschedule/${session.id}`, 'days-expired');
  });

  test('passed on: the head of department, or an admin, accepts', async () => {
    await rules({});
    const { session } = await hit();
    await beadle.pass('7 hours');
    await eventually(async () => (await roundOf(session))!.escalatedAt, 'the escalation', 15_000);
    const [asked] = await campus.db.knex('notices').where({ kind: 'reschedule-escalated' }).orderBy('id', 'desc').limit(1).pluck('user_id');
    await answer(session, 'accept', asked);
    await becomes(session, 'made_up');
    expect(await ended(session)).toBe(0);
    await remember(`reschedule/${session.id}`, 'days-escalated');
  });

  test('the policy takes the best time, where the department wants it', async () => {
    await rules({ decision_policy: 'automatic' });
    const { session } = await hit();
    await beadle.pass('13 hours');
    await becomes(session, 'made_up');
    expect(await ended(session)).toBe(0);
    await remember(`reschedule/${session.id}`, 'days-automatic');
  });

  test('the interviews move before the decision: the question is off, nothing is held, all are expected again', async () => {
    await rules({});
    const { session, students, interviews } = await hit();
    await change(interviews, { byDays: 40 });
    await becomes(session, 'withdrawn');
    expect(await ended(session)).toBe(0);
    expect((await kindsTold(session.facultyUserId, session)).at(-1)).toBe('reschedule-off');
    for (const student of students) expect((await kindsTold(await userOf(student), session)).at(-1)).toBe('class-expected');
    expect(await campus.db.knex('attendance').where({ session_id: session.id })).toEqual([]);
    await remember(`reschedule/${session.id}`, 'days-moved-before-decision');
  });

  test('the interviews move after the decision: the makeup is called off', async () => {
    await rules({});
    const { session, interviews } = await hit();
    await answer(session, 'accept');
    await becomes(session, 'made_up');
    const makeup = await makeupOf(session);
    await change(interviews, { byDays: 40 });
    await becomes(session, 'undone');
    expect(await findSession(campus.db.knex, makeup.id)).toMatchObject({ status: 'cancelled' });
    expect(await campus.db.knex('claims').where({ session_id: makeup.id })).toEqual([]);
    await remember(`interview/${interviews[0]!}`, 'days-interview-moved-after-decision');
  });

  test('the interviews are called off after the class was missed: the makeup stays', async () => {
    await rules({});
    const { session, interviews } = await hit();
    await answer(session, 'accept');
    await becomes(session, 'made_up');
    const makeup = await makeupOf(session);
    await campus.db.knex('schedule').where({ id: session.id }).update({ starts_at: beadle.context.now().minus({ hours: 1 }).toJSDate(), ends_at: beadle.context.now().toJSDate() });
    await change(interviews, 'cancelled');
    await beadle.pass('1 minute');
    expect(await findSession(campus.db.knex, makeup.id)).toMatchObject({ status: 'scheduled' });
    expect(await campus.db.knex('replacements').where({ session_id: makeup.id })).toHaveLength(HIT);
    await remember(`interview/${interviews[0]!}`, 'days-interview-called-off-after-class');
  });

  test('the class is called off while it is asked about: the question is off', async () => {
    await rules({});
    const { session } = await hit();
    await cancelClass(beadle.context, await person(session.facultyUserId), session.id);
    await becomes(session, 'withdrawn');
    expect(await ended(session)).toBe(0);
    expect(await campus.db.knex('claims').where({ session_id: session.id })).toEqual([]);
    await remember(`reschedule/${session.id}`, 'days-class-called-off');
  });

  test('the faculty member goes on leave: the question is passed on at once', async () => {
    await rules({});
    const { session } = await hit();
    const today = beadle.context.now().setZone('Asia/Kolkata').toISODate()!;
    await takeLeave(beadle.context, await person(session.facultyUserId), { from: today, to: today });
    await eventually(async () => (await roundOf(session))!.escalatedAt, 'the escalation', 15_000);
    await campus.db.knex('faculty_leave').delete();
    await answer(session, 'decline');
    await becomes(session, 'declined');
    expect(await ended(session)).toBe(0);
    await remember(`reschedule/${session.id}`, 'days-on-leave');
  });

  test('the department shortens its hours: the question is passed on and expires by the new ones', async () => {
    await rules({});
    const { session } = await hit();
    const { id: admin } = await campus.db.knex('users').where({ role: 'admin' }).first('id');
    await setRules(beadle.context, await person(admin), session.departmentId, { reminderHours: 0, escalationHours: 0, decisionHours: 2 });
    await eventually(async () => (await roundOf(session))!.escalatedAt, 'the escalation', 15_000);
    await beadle.pass('3 hours');
    await becomes(session, 'expired');
    expect(await ended(session)).toBe(0);
    await rules({ reminder_hours: 3, escalation_hours: 6, decision_hours: 12 });
  });

  test('the class moved, and all interviews are called off: it moves back', async () => {
    await rules({ makeup_min_students: 99, move_threshold_percent: 5 });
    const { session, interviews } = await hit();
    await answer(session, 'accept');
    await becomes(session, 'moved');
    await change(interviews, 'cancelled');
    await becomes(session, 'undone');
    expect(await findSession(campus.db.knex, session.id)).toMatchObject({ startsAt: session.startsAt, roomId: session.roomId, sequence: 2 });
    expect(await ended(session)).toBe(0);
    await remember(`reschedule/${session.id}`, 'days-moved-back');
  });

  test('called off while the round still gathers: nobody is asked anything', async () => {
    await rules({});
    const { session, interviews } = await hit({ offered: false });
    await change(interviews, 'cancelled');
    await beadle.pass('61 minutes');
    await becomes(session, 'withdrawn');
    expect(await kindsTold(session.facultyUserId, session)).toEqual([]);
    await remember(`reschedule/${session.id}`, 'days-called-off-while-gathering');
  });
});
