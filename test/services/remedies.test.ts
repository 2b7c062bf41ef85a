import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { optionsOf } from '../../db/repositories/offers.ts';
import { latestRound, type Round } from '../../db/repositories/rescheduling.ts';
import { findSession, rosterOf, type Session, sessionsOfStudent } from '../../db/repositories/sessions.ts';
import { applyDecision, undoRound } from '../../services/applying.ts';
import { cancelClass } from '../../services/classes.ts';
import { dashboardOf } from '../../services/days.ts';
import { decide, offersFor } from '../../services/deciding.ts';
import { takeStep } from '../../services/escalating.ts';
import { followInterview } from '../../services/excuses.ts';
import { takeLeave } from '../../services/faculty-leave.ts';
import { personById } from '../../services/links.ts';
import { closeRound, openRoundOf, planRound } from '../../services/rescheduling.ts';
import { testContext, type TestCampus } from '../support/context.ts';
import { changeInterview, hitBy, parallelCampus, studentsOf, theoryClasses } from './parallel.ts';
import { interviewAt, NOW, toldTo } from './scene.ts';

const HOUR = 3_600_000;
let campus: TestCampus;
const context = (now: string | Date = NOW) => testContext(campus.db, { now: typeof now === 'string' ? now : now.toISOString() });
const rules = (changes: object) => campus.db.knex('departments').update(changes);
const setSeats = (capacity: number) => campus.db.knex('rooms').where({ kind: 'theory' }).update({ capacity });
const userOf = async (studentId: number): Promise<number> => (await campus.db.knex('students').where({ id: studentId }).first('user_id')).user_id;
const person = async (userId: number) => (await personById(context(), userId))!;
const roundOf = async (session: Session): Promise<Round> => (await latestRound(campus.db.knex, session.id))!;
const sessionNow = async ({ id }: Session): Promise<Session> => (await findSession(campus.db.knex, id))!;
const kindsTold = async (userId: number, session: Session) =>
  (await toldTo(campus.db.knex, userId)).filter(({ params }) => params.sessionId === session.id).map(({ kind }) => kind);
const marks = async (session: Session) => campus.db.knex('attendance').where({ session_id: session.id });
const claims = async (where: object) => campus.db.knex('claims').where(where);
const before = (date: Date, hours: number) => new Date(date.getTime() - hours * HOUR);

let classes: Session[];
let used: number;
/** Theory classes of the first section in the second week. */
const nextClass = () => classes[used += 1]!;

beforeEach(async () => {
  campus = await parallelCampus({ seats: 30 });
  classes = await theoryClasses(campus, '2026-11-30');
  used = 0;
});
afterEach(async () => {
  await campus?.close();
});

/** A class of which three students are hit and that is offered a makeup. */
async function makeupOffered(session = nextClass(), count = 3): Promise<{ session: Session; round: Round; students: number[]; interviews: number[] }> {
  await setSeats(30);
  await rules({ makeup_min_students: 3, move_threshold_percent: 100 });
  const students = (await studentsOf(context(), session)).slice(0, count);
  const interviews = await hitBy(context(), session, students);
  const { id } = await roundOf(session);
  expect(await planRound(context(), id)).toBe('offered');
  return { session, round: await roundOf(session), students, interviews };
}

async function accept(session: Session, now: string | Date = NOW): Promise<string> {
  const round = await roundOf(session);
  const [option] = await optionsOf(campus.db.knex, round.id, round.offer);
  const { decisionId } = await decide(context(now), await person(session.facultyUserId), round.id, { choice: 'accept', optionId: option!.id });
  return applyDecision(context(now), decisionId);
}

async function madeUp() {
  const offered = await makeupOffered();
  expect(await accept(offered.session)).toBe('made_up');
  const makeup = (await findSession(campus.db.knex, (await roundOf(offered.session)).makeupSessionId!))!;
  return { ...offered, makeup };
}

describe('I16.1 a seat in another section', () => {
  test('who is free then gets one, is told where and when, and stays excused; the others of the round get the next remedy', async () => {
    await setSeats(31);
    await rules({ makeup_min_students: 9, move_threshold_percent: 100 });
    const session = nextClass();
    const students = (await studentsOf(context(), session)).slice(0, 3);
    await hitBy(context(), session, students);
    const parallel = (await theoryClasses(campus, '2026-11-30', 2)).filter(({ subjectId }) => subjectId === session.subjectId);
    const outcome = await planRound(context(), (await roundOf(session)).id);
    const seats: { student_id: number; session_id: number }[] = await campus.db.knex('replacements').where({ instead_of_id: session.id });
    expect(seats.length).toBeGreaterThan(0);
    expect(outcome).toBe(seats.length === 3 ? 'seated' : 'on_duty');
    for (const { student_id: student, session_id: id } of seats) {
      const there = parallel.find((one) => one.id === id)!;
      expect(there.date >= '2026-11-30' && there.date <= '2026-12-06').toBe(true);
      expect((await sessionNow(there)).guests).toBeLessThanOrEqual(1);
      expect(await claims({ kind: 'student', resource_id: student, session_id: id })).toHaveLength((there.endsAt.getTime() - there.startsAt.getTime()) / 300_000);
      expect(await kindsTold(await userOf(student), there)).toEqual(['class-elsewhere']);
      expect((await marks(session)).find((mark) => mark.student_id === student)).toMatchObject({ status: 'on_duty', provisional: 1 });
      expect((await rosterOf(campus.db.knex, id)).find(({ studentId }) => studentId === student)).toMatchObject({ insteadOfId: session.id, away: false });
      const dashboard = await dashboardOf(context(), await person(await userOf(student)));
      expect(dashboard.rescheduledClasses).toContainEqual(expect.objectContaining({ sessionId: id, status: 'seated', originalStartsAt: session.startsAt }));
      const week = await sessionsOfStudent(campus.db.knex, student, session.startsAt, session.endsAt);
      expect(week.find((one) => one.id === session.id)!.replacedById).toBe(id);
    }
    const [guest] = seats;
    const there = (await findSession(campus.db.knex, guest!.session_id))!;
    expect(await kindsTold(there.facultyUserId, there)).toContain('guests-expected');
  });

  test('one seat, twenty who want it at once: one gets it', async () => {
    await setSeats(30);
    await rules({ makeup_min_students: 99, move_threshold_percent: 100 });
    const session = nextClass();
    const students = (await studentsOf(context(), session)).slice(0, 6);
    await hitBy(context(), session, students);
    const parallel = (await theoryClasses(campus, '2026-11-30', 2)).filter(({ subjectId }) => subjectId === session.subjectId);
    for (const one of parallel) await campus.db.knex('rooms').where({ id: one.roomId }).update({ capacity: 31 });
    const { id } = await roundOf(session);
    await Promise.all(Array.from({ length: 20 }, () => planRound(context(), id)));
    const seats: { session_id: number; seats: number }[] = await campus.db.knex('replacements').where({ instead_of_id: session.id }).groupBy('session_id').select('session_id').count({ seats: '*' });
    expect(seats.length).toBeGreaterThan(0);
    for (const seat of seats) {
      expect(seat.seats).toBe(1);
      expect((await findSession(campus.db.knex, seat.session_id))!.guests).toBe(1);
    }
  });

  test('called off before the class: the student is expected again, the seat is free again, and who taught it has no guest', async () => {
    await setSeats(33);
    await rules({ makeup_min_students: 99, move_threshold_percent: 100 });
    const session = nextClass();
    const [student] = (await studentsOf(context(), session)).slice(5);
    const [interview] = await hitBy(context(), session, [student!]);
    expect(await planRound(context(), (await roundOf(session)).id)).toBe('seated');
    const [seat] = await campus.db.knex('replacements').where({ instead_of_id: session.id });
    const guestsBefore = (await findSession(campus.db.knex, seat.session_id))!.guests;
    await changeInterview(context(), interview!, 'cancelled');
    expect(await campus.db.knex('replacements').where({ instead_of_id: session.id })).toEqual([]);
    expect((await findSession(campus.db.knex, seat.session_id))!.guests).toBe(guestsBefore - 1);
    expect(await claims({ kind: 'student', resource_id: student! })).toEqual([]);
    expect(await marks(session)).toEqual([]);
    expect(await roundOf(session)).toMatchObject({ status: 'undone' });
    expect(await kindsTold(await userOf(student!), session)).toEqual(['class-excused', 'class-expected']);
    await followInterview(context(), interview!);
    expect(await kindsTold(await userOf(student!), session)).toEqual(['class-excused', 'class-expected']);
  });

  test('called off after the cut-off: it stays as arranged, and the student is told so', async () => {
    await setSeats(33);
    await rules({ makeup_min_students: 99, move_threshold_percent: 100 });
    const session = nextClass();
    const [student] = (await studentsOf(context(), session)).slice(7);
    const [interview] = await hitBy(context(), session, [student!]);
    expect(await planRound(context(), (await roundOf(session)).id)).toBe('seated');
    const late = before(session.startsAt, 1.9);
    await changeInterview(context(late), interview!, 'cancelled');
    expect(await campus.db.knex('replacements').where({ instead_of_id: session.id })).toHaveLength(1);
    expect(await marks(session)).toMatchObject([{ status: 'on_duty' }]);
    expect((await kindsTold(await userOf(student!), session)).at(-1)).toBe('place-stands');
  });
});

describe('I16.2 a makeup class', () => {
  test('is offered for those who are hit, held, and made when it is accepted; only they attend it, and only they are told', async () => {
    const { session, round, students } = await makeupOffered();
    expect(round).toMatchObject({ status: 'offered', remedy: 'makeup' });
    const options = await optionsOf(campus.db.knex, round.id, 1);
    for (const option of options) expect(option.startsAt.getTime()).toBeGreaterThanOrEqual(session.endsAt.getTime());
    const held = await campus.db.knex('claims').where({ session_id: session.id }).whereNotNull('held_until');
    expect(new Set(held.map(({ kind, resource_id: id }) => `${kind} ${id}`))).toEqual(new Set([`faculty ${session.facultyId}`, ...options.map(({ roomId }) => `room ${roomId}`)]));
    for (const { held_until: until } of held) expect(until).toEqual(new Date(Date.parse(NOW) + 12 * HOUR));

    expect(await accept(session)).toBe('made_up');
    const { makeupSessionId } = await roundOf(session);
    const makeup = (await findSession(campus.db.knex, makeupSessionId!))!;
    expect(makeup).toMatchObject({ kind: 'makeup', makesUpId: session.id, startsAt: options[0]!.startsAt, roomId: options[0]!.roomId, facultyId: session.facultyId });
    expect((await rosterOf(campus.db.knex, makeup.id)).map(({ studentId }) => studentId)).toEqual(students);
    expect(await sessionNow(session)).toMatchObject({ status: 'scheduled', startsAt: session.startsAt, sequence: session.sequence });
    expect(await campus.db.knex('claims').where({ session_id: session.id }).whereNotNull('held_until')).toEqual([]);
    for (const student of students) expect(await kindsTold(await userOf(student), makeup)).toEqual(['class-elsewhere']);
    expect(await kindsTold(session.facultyUserId, makeup)).toEqual(['makeup-set']);
    const others = (await studentsOf(context(), session)).filter((student) => !students.includes(student));
    expect(await kindsTold(await userOf(others[0]!), makeup)).toEqual([]);
    expect((await marks(session)).map(({ status }) => status)).toEqual(['on_duty', 'on_duty', 'on_duty']);
    expect((await sessionsOfStudent(campus.db.knex, students[0]!, makeup.startsAt, makeup.endsAt)).map(({ id }) => id)).toEqual([makeup.id]);
    expect((await dashboardOf(context(), await person(await userOf(students[0]!)))).rescheduledClasses[0]).toMatchObject({ sessionId: makeup.id, status: 'made_up' });
  });

  test('I18 a later interview joins the accepted makeup, if its student is free then', async () => {
    const { session, makeup } = await madeUp();
    const [, , , later, busy] = await studentsOf(context(), session);
    await interviewAt(context(), busy!, makeup.startsAt, makeup.endsAt, { company: 'Elsewhere Then' });
    const joined = await roundOf(session);
    await hitBy(context(), session, [later!]);
    expect((await rosterOf(campus.db.knex, makeup.id)).map(({ studentId }) => studentId)).toContain(later);
    expect((await roundOf(session)).id).toBe(joined.id);
    expect(await kindsTold(await userOf(later!), makeup)).toEqual(['class-elsewhere']);
    await hitBy(context(), session, [busy!]);
    expect(await roundOf(session)).toMatchObject({ round: joined.round + 1, status: 'gathering' });
  });

  test('I21 one interview is called off before the class: its student is expected again, the makeup stays for the others', async () => {
    const { session, makeup, students, interviews } = await madeUp();
    await changeInterview(context(), interviews[0]!, 'cancelled');
    expect((await rosterOf(campus.db.knex, makeup.id)).map(({ studentId }) => studentId)).toEqual(students.slice(1));
    expect(await sessionNow(makeup)).toMatchObject({ status: 'scheduled' });
    expect((await kindsTold(await userOf(students[0]!), session)).at(-1)).toBe('class-expected');
    expect(await claims({ kind: 'student', resource_id: students[0]! })).toEqual([]);
  });

  test('I21 all interviews are called off before the class: the makeup is called off, everything it took is free', async () => {
    const { session, makeup, interviews } = await madeUp();
    for (const interview of interviews) await changeInterview(context(), interview, 'cancelled');
    expect(await sessionNow(makeup)).toMatchObject({ status: 'cancelled', sequence: 1 });
    expect(await claims({ session_id: makeup.id })).toEqual([]);
    expect((await kindsTold(session.facultyUserId, makeup)).at(-1)).toBe('makeup-off');
    expect(await roundOf(session)).toMatchObject({ status: 'undone' });
    expect(await marks(session)).toEqual([]);
  });

  test('I21 called off after the class was missed: the makeup stays', async () => {
    const { session, makeup, students, interviews } = await madeUp();
    await changeInterview(context(session.endsAt), interviews[0]!, 'cancelled');
    expect((await rosterOf(campus.db.knex, makeup.id)).map(({ studentId }) => studentId)).toEqual(students);
    expect(await marks(session)).toHaveLength(3);
  });

  test('I21 an interview moves into the makeup: the student is excused from that too, and something is looked for', async () => {
    const { session, makeup, students, interviews } = await madeUp();
    const { knex } = campus.db;
    await knex('student_company_drive').where({ id: interviews[0] }).update({ starts_at: makeup.startsAt, ends_at: makeup.endsAt, date: makeup.date });
    await followInterview(context(session.endsAt), interviews[0]!);
    expect(await marks(makeup)).toMatchObject([{ student_id: students[0], status: 'on_duty' }]);
    expect(await roundOf(makeup)).toMatchObject({ status: 'gathering' });
  });

  test('I21 the class is called off meanwhile: the makeup is called off with it, and questions end', async () => {
    const { session, makeup, students } = await madeUp();
    await cancelClass(context(), await person(session.facultyUserId), session.id);
    expect(await sessionNow(session)).toMatchObject({ status: 'cancelled' });
    expect(await sessionNow(makeup)).toMatchObject({ status: 'cancelled' });
    for (const id of [session.id, makeup.id]) expect(await claims({ session_id: id })).toEqual([]);
    expect(await marks(session)).toEqual([]);
    for (const student of students) expect([await kindsTold(await userOf(student), session), await kindsTold(await userOf(student), makeup)])
      .toEqual([['class-excused', 'class-cancelled'], ['class-elsewhere', 'place-off']]);

    const asked = await makeupOffered();
    await cancelClass(context(), await person(asked.session.facultyUserId), asked.session.id);
    expect(await closeRound(context(), asked.round.id, 'withdrawn')).toBe(true);
    expect(await roundOf(asked.session)).toMatchObject({ status: 'withdrawn' });
    expect(await claims({ session_id: asked.session.id })).toEqual([]);
  });

  test('I21 the makeup itself is called off: its students wait again for something to be done', async () => {
    const { session, makeup, students } = await madeUp();
    await Promise.all(Array.from({ length: 5 }, async () => cancelClass(context(), await person(session.facultyUserId), makeup.id)));
    expect(await sessionNow(makeup)).toMatchObject({ status: 'cancelled', sequence: 1 });
    expect(await claims({ session_id: makeup.id })).toEqual([]);
    expect(await roundOf(session)).toMatchObject({ status: 'gathering' });
    for (const student of students) expect((await kindsTold(await userOf(student), makeup)).at(-1)).toBe('class-cancelled');
    expect(await planRound(context(), (await roundOf(session)).id)).toBe('offered');
    expect(await accept(session)).toBe('made_up');
  });
});

describe('I16.3 and I21 moving the whole class, and back', () => {
  async function moved() {
    await setSeats(30);
    await rules({ makeup_min_students: 99, move_threshold_percent: 5 });
    const session = nextClass();
    const students = (await studentsOf(context(), session)).slice(0, 3);
    const interviews = await hitBy(context(), session, students);
    expect(await planRound(context(), (await roundOf(session)).id)).toBe('offered');
    expect(await accept(session)).toBe('moved');
    return { session, students, interviews, round: await roundOf(session) };
  }

  test('while one interview still needs it the class stays moved; when none does it moves back, and everybody is told both times', async () => {
    const { session, interviews, round } = await moved();
    await changeInterview(context(), interviews[0]!, 'cancelled');
    await changeInterview(context(), interviews[1]!, { byDays: 20 });
    expect(await openRoundOf(context(), session.id)).toBeNull();
    await changeInterview(context(), interviews[2]!, 'cancelled');
    expect(await openRoundOf(context(), session.id)).toMatchObject({ roundId: round.id, status: 'undoing' });
    expect(await Promise.all(Array.from({ length: 5 }, () => undoRound(context(), round.id)))).toContain('undone');
    expect(await sessionNow(session)).toMatchObject({ startsAt: session.startsAt, roomId: session.roomId, sequence: session.sequence + 2 });
    expect(await undoRound(context(), round.id)).toBe('over');
    const [student] = await studentsOf(context(), session);
    expect((await kindsTold(await userOf(student!), session)).filter((kind) => kind === 'class-moved')).toHaveLength(2);
  });

  test('when the old room is taken by then, the class stays where it is and who teaches it is told why', async () => {
    const { session, interviews, round } = await moved();
    const [other] = await campus.db.knex('schedule').whereNot({ id: session.id }).orderBy('id', 'desc').limit(1).pluck('id');
    await campus.db.knex('claims').insert({ kind: 'room', resource_id: session.roomId, slot: session.startsAt.getTime() / 300_000, session_id: other });
    for (const interview of interviews) await changeInterview(context(), interview, 'cancelled');
    expect(await undoRound(context(), round.id)).toBe('stands');
    expect(await roundOf(session)).toMatchObject({ status: 'moved' });
    expect((await toldTo(campus.db.knex, session.facultyUserId)).at(-1)).toMatchObject({ kind: 'move-stands', params: { why: 'room' } });
  });

  test('after the cut-off of the old time the class stays where it is, and who teaches it is told why', async () => {
    const { session, interviews, round } = await moved();
    const late = context(before(session.startsAt, 1.5));
    for (const interview of interviews) await changeInterview(late, interview, 'cancelled');
    expect(await undoRound(late, round.id)).toBe('stands');
    expect((await toldTo(campus.db.knex, session.facultyUserId)).at(-1)).toMatchObject({ kind: 'move-stands', params: { why: 'time' } });
    expect((await sessionNow(session)).sequence).toBe(session.sequence + 1);
  });
});

describe('I19 an offer that nobody answers', () => {
  test('a reminder, then the head of department; each once, with the same buttons; then it expires by policy', async () => {
    await rules({ decision_policy: 'expire' });
    const { session, round, students } = await makeupOffered();
    const next = await openRoundOf(context(), session.id);
    expect(next!.next).toEqual({ step: 'remind', at: new Date(Date.parse(NOW) + 3 * HOUR).toISOString() });
    const at = (hours: number) => context(new Date(Date.parse(NOW) + hours * HOUR));
    for (let twice = 0; twice < 2; twice += 1) await takeStep(at(3), round.id, 'remind');
    expect((await openRoundOf(at(3), session.id))!.next).toMatchObject({ step: 'escalate' });
    for (let twice = 0; twice < 2; twice += 1) await takeStep(at(6), round.id, 'escalate');
    const [hod] = await campus.db.knex('users').where({ role: 'hod', department_id: session.departmentId }).pluck('id');
    if (hod !== session.facultyUserId) {
      expect(await kindsTold(hod, session)).toEqual(['reschedule-escalated']);
      expect((await offersFor(at(6), await person(hod))).map((offer) => offer.round.id)).toContain(round.id);
    }
    expect(await kindsTold(session.facultyUserId, session)).toEqual(['reschedule-offer', 'reschedule-reminder']);
    expect((await openRoundOf(at(6), session.id))!.next).toMatchObject({ step: 'decide' });
    await takeStep(at(12), round.id, 'decide');
    expect(await roundOf(session)).toMatchObject({ status: 'expired' });
    expect(await claims({ session_id: session.id })).toHaveLength(2 * (session.endsAt.getTime() - session.startsAt.getTime()) / 300_000);
    expect((await kindsTold(await userOf(students[0]!), session)).at(-1)).toBe('class-stays');
    await expect(decide(at(12), await person(session.facultyUserId), round.id, { choice: 'decline' })).rejects.toMatchObject({ code: 'round-over', details: { status: 'expired' } });
  });

  test('where the department wants it, the policy takes the best time', async () => {
    await rules({ decision_policy: 'automatic' });
    const { session, round } = await makeupOffered();
    const later = context(new Date(Date.parse(NOW) + 12 * HOUR));
    await Promise.all([takeStep(later, round.id, 'decide'), takeStep(later, round.id, 'decide')]);
    expect(await roundOf(session)).toMatchObject({ status: 'made_up' });
    expect(await campus.db.knex('rescheduled_class_decision').where({ rescheduled_class_id: round.id })).toMatchObject([{ user_id: null, outcome: 'applied' }]);
    await rules({ decision_policy: 'expire' });
  });

  test('a faculty member on leave is not waited for: the head of department is asked at once, or an admin', async () => {
    const { session, round } = await makeupOffered();
    const lecturer = await person(session.facultyUserId);
    await takeLeave(context(), lecturer, { from: '2026-11-23', to: '2026-11-24' });
    expect((await openRoundOf(context(), session.id))!.next).toMatchObject({ step: 'escalate', at: new Date(NOW).toISOString() });
    await takeStep(context(), round.id, 'escalate');
    const escalated = await campus.db.knex('notices').where({ kind: 'reschedule-escalated', event_key: `reschedule/${round.id}/offer1/escalated` });
    expect(escalated.length).toBeGreaterThan(0);
    expect(escalated.map(({ user_id: id }) => id)).not.toContain(session.facultyUserId);

    // Found away when the next offer is made, they are not asked at all; and nothing is offered on the days of leave.
    const next = classes.slice(used + 1).find((one) => one.facultyId === session.facultyId);
    if (next) {
      const asked = await makeupOffered(next);
      expect((await kindsTold(session.facultyUserId, next)).includes('reschedule-offer')).toBe(false);
      for (const option of await optionsOf(campus.db.knex, asked.round.id, 1)) expect(option.startsAt.toISOString() >= '2026-11-24T18:30').toBe(true);
    }
    await campus.db.knex('faculty_leave').delete();
  });

  test('leave is checked: days, order, who asks', async () => {
    const lecturer = await person(classes[0]!.facultyUserId);
    for (const [from, to, field] of [['2026-11-22', '2026-11-23', 'from'], ['2026-02-30', '2026-12-01', 'from'], ['2026-12-02', '2026-12-01', 'to'], ['2026-12-01', '2028-12-01', 'to']]) {
      await expect(takeLeave(context(), lecturer, { from: from!, to: to! })).rejects.toMatchObject({ code: 'bad-request', details: { field } });
    }
    const [student] = await studentsOf(context(), classes[0]!);
    await expect(takeLeave(context(), await person(await userOf(student!)), { from: '2026-12-01', to: '2026-12-01' })).rejects.toMatchObject({ code: 'not-allowed' });
  });
});
