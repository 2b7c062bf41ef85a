// Forecasts over the real rest of a term, and warnings after a session.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { findSession, type Session } from '../../db/repositories/sessions.ts';
import type { Person } from '../../services/context.ts';
import { takeDeliveries } from '../../services/deliveries.ts';
import { forecastFor } from '../../services/forecasts.ts';
import { personById } from '../../services/links.ts';
import { askForLeave, decideLeave } from '../../services/student-leave.ts';
import { warnAfter } from '../../services/warnings.ts';
import { attendanceTaken } from '../support/attendance.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';
import { interviewAt, toldTo } from './scene.ts';

const ZONE = 'Asia/Kolkata';
/** Wednesday evening of the first week. */
const NOW = '2026-11-25T14:00:00Z';

let campus: TestCampus;
let student: Person;
let key: string;
/** The first class of a subject of the student's section, and its course's weekly classes. */
let session: Session;
let weekly: { weekday: number; start_time: string; end_time: string }[];
const context = () => testContext(campus.db, { now: NOW });
const knex = () => campus.db.knex;

beforeAll(async () => {
  campus = await testCampus();
  const { user_id: userId, student_id: studentKey, section_id: section } = await knex()('students as s').join('users as u', 'u.id', 's.user_id')
    .where('u.role', 'student').orderBy('s.id').first('s.user_id', 's.student_id', 's.section_id');
  student = (await personById(context(), userId))!;
  key = studentKey;
  const { id } = await knex()('schedule as s').join('faculty_assignment as a', 'a.id', 's.assignment_id').where('a.section_id', section)
    .andWhere('s.date', '<', '2026-11-25').orderBy('s.id').first('s.id');
  session = (await findSession(knex(), id))!;
  weekly = await knex()('default_schedule').where({ assignment_id: session.assignmentId }).select('weekday', 'start_time', 'end_time');
});
beforeEach(async () => {
  for (const table of ['deliveries', 'notices', 'attendance_totals', 'attendance', 'attendance_sessions', 'student_leave', 'replacements']) await knex()(table).delete();
  await knex()('schedule').update({ status: 'scheduled' });
  await knex()('terms').update({ ends_on: '2027-03-14' });
  await knex()('departments').update({ warn_cr: false, warn_faculty: false, warn_guardians: false, warn_threshold_percent: 75 });
  await knex()('students').update({ guardian_email: null });
});
afterAll(() => campus?.close());

/** The course's classes from now to the term's end, counted day by day. */
async function toCome(endsOn = '2027-03-14'): Promise<{ date: string; start: string; end: string }[]> {
  const holidays = new Set<string>(await knex()('holidays').pluck('date'));
  const classes: { date: string; start: string; end: string }[] = [];
  for (let day = DateTime.fromISO('2026-11-25', { zone: ZONE }); day.toISODate()! <= endsOn; day = day.plus({ days: 1 })) {
    if (holidays.has(day.toISODate()!)) continue;
    for (const { weekday, start_time: start, end_time: end } of weekly) {
      if (weekday === day.weekday && DateTime.fromISO(`${day.toISODate()}T${end}`, { zone: ZONE }) > DateTime.fromISO(NOW)) classes.push({ date: day.toISODate()!, start, end });
    }
  }
  return classes;
}

const ofSubject = async () => (await forecastFor(context(), student, key)).subjects.find(({ subjectCode }) => subjectCode === session.subjectCode)!;

describe('A19 the rest of the term', () => {
  test('has dated classes, and the weekly ones after them, until the last day; none on holidays', async () => {
    const classes = await toCome();
    expect(classes.length).toBeGreaterThan(20);
    expect((await ofSubject()).remaining).toBe(classes.length);
    const someday = classes.at(-1)!.date;
    await knex()('holidays').insert({ organisation_id: 1, date: someday, name: 'Snow' });
    expect((await ofSubject()).remaining).toBe((await toCome()).length);
    await knex()('holidays').where({ date: someday }).delete();
  });

  test('a class that is called off doesn’t count, neither does one that a known interview or granted leave falls into', async () => {
    const [first, second, third, ...others] = await toCome();
    await knex()('schedule').where({ assignment_id: session.assignmentId, date: first!.date }).update({ status: 'cancelled' });
    expect((await ofSubject()).remaining).toBe(others.length + 2);
    const starts = DateTime.fromISO(`${second!.date}T${second!.start}`, { zone: ZONE });
    const interviewId = await interviewAt(context(), student.studentId!, starts.plus({ minutes: 5 }).toJSDate(), starts.plus({ minutes: 25 }).toJSDate());
    expect((await ofSubject()).remaining).toBe(others.length + 1);
    const leave = await askForLeave(context(), student, { kind: 'medical', reason: 'A cure', time: { from: third!.date, to: third!.date } });
    expect((await ofSubject()).remaining).toBe(others.length + 1);
    const admin = (await personById(context(), (await knex()('users').where({ role: 'admin' }).first('id')).id))!;
    await decideLeave(context(), admin, leave.id, { choice: 'grant', answer: null });
    expect((await ofSubject()).remaining).toBe(others.length);
    await knex()('student_company_drive').where({ id: interviewId }).update({ status: 'cancelled' });
    expect((await ofSubject()).remaining).toBe(others.length + 1);
  });

  test('a class attended elsewhere counts there, once', async () => {
    const [missed] = await knex()('schedule').where({ assignment_id: session.assignmentId }).andWhere('starts_at', '>', new Date(NOW)).orderBy('starts_at').select('*');
    const before = (await ofSubject()).remaining;
    const makeup = { ...missed, id: undefined, default_schedule_id: null, kind: 'makeup', makes_up_id: missed.id };
    const [id] = await knex()('schedule').insert({ ...makeup, starts_at: new Date(+missed.starts_at + 864e5), ends_at: new Date(+missed.ends_at + 864e5) });
    expect((await ofSubject()).remaining).toBe(before);
    await knex()('replacements').insert({ student_id: student.studentId, session_id: id, instead_of_id: missed.id, created_at: new Date(NOW) });
    expect((await ofSubject()).remaining).toBe(before);
    await knex()('schedule').where({ id }).update({ status: 'cancelled' });
    await knex()('replacements').delete();
    await knex()('schedule').where({ id }).delete();
  });

  test('what is needed follows from the marks', async () => {
    await attendanceTaken(knex(), session.id, { [student.studentId!]: 'absent' });
    const { needed, remaining, percentage } = await ofSubject();
    expect(percentage).toBe(0);
    expect(needed).toBe(Math.ceil(0.75 * (remaining + 1)));
    expect((await forecastFor(context(), student, key, 50)).subjects.find(({ subjectCode }) => subjectCode === session.subjectCode)!.needed).toBe(Math.ceil(0.5 * (remaining + 1)));
  });
});

describe('A19 warnings after a session', () => {
  const warnings = async (userId: number) => (await toldTo(knex(), userId)).filter(({ kind }) => kind.startsWith('attendance-warning'));

  test('who is below the threshold is told once what is needed; nobody else is told', async () => {
    await attendanceTaken(knex(), session.id, { [student.studentId!]: 'absent' });
    expect(await warnAfter(context(), session.id)).toBe(1);
    const remaining = (await toCome()).length;
    expect(await warnings(student.userId)).toEqual([{
      kind: 'attendance-warning', params: {
        subject: `${session.subjectCode} ${session.subjectName}`, level: 'below', threshold: 75, percentage: 0, remaining, needed: Math.ceil(0.75 * (remaining + 1)),
        best: 100 * remaining / (remaining + 1),
      },
    }]);
    await warnAfter(context(), session.id);
    expect(await knex()('notices').count({ n: '*' })).toEqual([{ n: 1 }]);
  });

  test('a worse level is told once more, a past term is not, and neither is a session that isn’t completed', async () => {
    expect(await warnAfter(context(), session.id)).toBe(0);
    await attendanceTaken(knex(), session.id, { [student.studentId!]: 'absent' });
    await warnAfter(context(), session.id);
    const classes = await toCome();
    await knex()('terms').update({ ends_on: classes[2]!.date });
    await warnAfter(context(), session.id);
    await knex()('terms').update({ ends_on: '2026-11-25' });
    await warnAfter(context(), session.id);
    expect((await warnings(student.userId)).map(({ params }) => params['level'])).toEqual(['below', 'every-class-needed', 'out-of-reach']);
    await knex()('terms').insert({ organisation_id: 1, academic_year: 'later', semester: 9, starts_on: '2026-11-25', ends_on: '2027-05-01' });
    expect(await warnAfter(context(), session.id)).toBe(0);
    await knex()('terms').where({ academic_year: 'later' }).delete();
  });

  test('excused and on duty are no reason for a warning', async () => {
    await attendanceTaken(knex(), session.id, { [student.studentId!]: 'excused', [student.studentId! + 1]: 'on_duty' });
    expect(await warnAfter(context(), session.id)).toBe(0);
  });

  test('the representative, the faculty member and the guardian are told where the department wants it; the guardian by mail alone', async () => {
    await knex()('departments').update({ warn_cr: true, warn_faculty: true, warn_guardians: true, warn_threshold_percent: 80 });
    await knex()('students').where({ id: student.studentId }).update({ guardian_email: 'parents@home.example' });
    await attendanceTaken(knex(), session.id, { [student.studentId!]: 'absent' });
    await warnAfter(context(), session.id);
    await warnAfter(context(), session.id);
    const { user_id: representative } = await knex()('students as s').join('users as u', 'u.id', 's.user_id').where({ 's.section_id': session.sectionId, 'u.role': 'cr' }).first('s.user_id');
    for (const userId of [representative, session.facultyUserId]) {
      expect(await warnings(userId)).toMatchObject([{ kind: 'attendance-warning-of', params: { student: `${student.name} (${key})`, threshold: 80 } }]);
    }
    expect((await warnings(student.userId)).map(({ kind }) => kind)).toEqual(['attendance-warning', 'attendance-warning-guardian']);
    const sent = await knex()('deliveries as d').join('notices as n', 'n.id', 'd.notice_id').where('n.user_id', student.userId).orderBy('n.id').select('n.kind', 'd.channel', 'd.address');
    expect(sent).toEqual([
      { kind: 'attendance-warning', channel: 'email', address: student.email }, { kind: 'attendance-warning-guardian', channel: 'email', address: 'parents@home.example' },
    ]);
    const mails = (await takeDeliveries(context(), 'email', 'lease', 50)).filter(({ kind }) => kind !== 'attendance-warning-of');
    expect(new Map(mails.map(({ address, name }) => [address, name]))).toEqual(new Map([[student.email, student.name], ['parents@home.example', '']]));
  });

  test('the statements of a roster don’t grow with it', async () => {
    await attendanceTaken(knex(), session.id, { [student.studentId!]: 'absent' });
    let statements = 0;
    const count = () => { statements += 1; };
    knex().on('query', count);
    await warnAfter(context(), session.id);
    knex().removeListener('query', count);
    expect(statements).toBeLessThan(25);
  });
});
