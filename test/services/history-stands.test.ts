// History stands: whatever is changed about timetable, section, enrolment, room or faculty, past attendance, totals and percentages stay.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findSession, rosterOf, type Session } from '../../db/repositories/sessions.ts';
import type { Status } from '../../domain/attendance/statuses.ts';
import { classSessions, facultyDashboard, overviewOf } from '../../services/class-overviews.ts';
import type { Person } from '../../services/context.ts';
import { personById } from '../../services/links.ts';
import { replayOf } from '../../services/replay.ts';
import { reportOf } from '../../services/reports.ts';
import { historyOf, standingOf } from '../../services/student-records.ts';
import { attendanceTaken } from '../support/attendance.ts';
import { missingMarks, recountViolations } from '../support/checks/attendance-checker.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';

/** The Friday after four days of classes. */
const NOW = '2026-11-27T02:00:00Z';

let campus: TestCampus;
let admin: Person;
let session: Session;
let keys: string[];
/** A student of the session, and a guest from another section in it. */
let student: number;
let guest: number;
const context = () => testContext(campus.db, { now: NOW });
const knex = () => campus.db.knex;

beforeAll(async () => {
  campus = await testCampus();
  admin = (await personById(context(), (await knex()('users').where({ role: 'admin' }).first('id')).id))!;
  const sessions: number[] = await knex()('schedule').where('date', '<', '2026-11-27').orderBy('id').pluck('id');
  session = (await findSession(knex(), sessions[0]!))!;
  student = (await rosterOf(knex(), session.id))[3]!.studentId;
  const { id: elsewhere } = await knex()('schedule as s').join('faculty_assignment as a', 'a.id', 's.assignment_id').whereNot('a.section_id', session.sectionId)
    .andWhere('s.date', '2026-11-24').first('s.id');
  guest = (await rosterOf(knex(), elsewhere))[0]!.studentId;
  await knex()('replacements').insert({ student_id: guest, session_id: session.id, instead_of_id: elsewhere, created_at: session.startsAt });
  for (const [index, id] of sessions.entries()) {
    const marks = (await rosterOf(knex(), id)).filter(({ away }) => !away)
      .map(({ studentId }): [number, Status] => [studentId, (['present', 'absent', 'late', 'present', 'excused', 'present'] as const)[(studentId + index) % 6]!]);
    await attendanceTaken(knex(), id, { ...Object.fromEntries(marks), ...(id === session.id && { [student]: 'present' as const }) });
  }
  await knex()('attendance_changes').insert({
    session_id: session.id, student_id: student, from_status: 'absent', to_status: 'present', method: 'appeal', user_id: admin.userId, reason: 'Was there', at: session.endsAt,
  });
  await knex()('attendance').where({ session_id: session.id, student_id: student }).update({
    method: 'code', door: 'telegram', code_age: 7, address: Buffer.from([10, 1, 2, 3]),
  });
  keys = await knex()('students').whereIn('id', [student, guest]).orderBy('id').pluck('student_id');
});
afterAll(() => campus?.close());

/** What is past, by every way of asking. */
async function past() {
  const students = await Promise.all(keys.map(async (key) => {
    const { subjects, counts, percentage } = await standingOf(context(), admin, key);
    const history = await historyOf(context(), admin, key, { from: '2026-11-23', to: '2026-11-26' });
    return {
      counts, percentage, history: history.map(({ sessionId, attendance, date }) => ({ sessionId, attendance, date })),
      subjects: subjects.filter(({ total, counts: of }) => total + of.excused + of.on_duty > 0).map(({ subjectCode, counts: of, percentage: share }) => ({ subjectCode, of, share })),
    };
  }));
  const report = [];
  for await (const { class: { classId }, sessions, counts, percentage, students: lines } of await reportOf(context(), admin, {})) {
    if (sessions > 0) report.push({ classId, sessions, counts, percentage, lines: lines.map(({ studentKey, ...line }) => [studentKey, line.counts, line.percentage]) });
  }
  const { students: replayed } = await replayOf(context(), admin, session.id);
  const { classes, all } = await overviewOf(context(), admin);
  return {
    students, report: report.sort((a, b) => a.classId - b.classId), all, classes: classes.filter(({ sessions }) => sessions > 0).map(({ classId, counts }) => ({ classId, counts })).sort((a, b) => a.classId - b.classId),
    held: (await classSessions(context(), admin, session.assignmentId, { page: 1, limit: 50, withStudents: true })).sessions.map(({ sessionId, counts, students: of }) => ({ sessionId, counts, of: of.map(({ studentKey, status }) => [studentKey, status]) })),
    replayed: replayed.map(({ studentKey, receipt, changes }) => ({ studentKey, receipt, changes })),
    rows: await knex()('attendance').orderBy(['session_id', 'student_id']).select('session_id', 'student_id', 'status'),
  };
}

describe('A16 and A21 history stands', () => {
  test('what is kept is what the marks say, to begin with', async () => {
    expect(await recountViolations(knex())).toEqual([]);
    expect(await missingMarks(knex())).toEqual([]);
  });

  const otherSection = async () => (await knex()('sections').whereNot('id', session.sectionId).orderBy('id').first('id')).id;
  const otherFaculty = async () => (await knex()('faculty').whereNot('id', session.facultyId).orderBy('id').first('id')).id;
  const changes: [string, () => Promise<unknown>][] = [
    ['a student’s enrolment ends', () => knex()('student_subject').where({ student_id: student, subject_id: session.subjectId }).update({ valid_to: '2026-11-27' })],
    ['a student is enrolled in another section', async () => knex()('student_subject').insert(
      { student_id: student, subject_id: session.subjectId, section_id: await otherSection(), valid_from: '2026-11-27' })],
    ['a student moves to another section', async () => knex()('students').where({ id: student }).update({ section_id: await otherSection() })],
    ['all enrolments of a student end', () => knex()('student_subject').where({ student_id: guest }).update({ valid_to: '2026-11-27' })],
    ['new students are enrolled', async () => knex()('student_subject').insert((await knex()('students').whereNot('section_id', session.sectionId).limit(5).select('id')).map(({ id }) => (
      { student_id: id, subject_id: session.subjectId, section_id: session.sectionId, valid_from: '2026-11-27' })))],
    ['the weekly timetable is changed', () => knex()('default_schedule').where({ assignment_id: session.assignmentId }).update({ weekday: knex().raw('7 - weekday') })],
    ['the rooms of the weekly timetable are changed', async () => knex()('default_schedule').update({ room_id: (await knex()('rooms').orderBy('id', 'desc').first('id')).id })],
    ['classes to come are moved and called off', async () => {
      await knex()('schedule').where({ status: 'scheduled', assignment_id: session.assignmentId }).update({ room_id: (await knex()('rooms').orderBy('id', 'desc').first('id')).id });
      await knex()('schedule').where({ status: 'scheduled' }).limit(10).update({ status: 'cancelled' });
    }],
    ['a room gets another name and size', () => knex()('rooms').where({ id: session.roomId }).update({ name: 'Z-999', capacity: 5 })],
    ['another faculty member teaches the class from now on', async () => knex()('faculty_assignment').insert(
      { faculty_id: await otherFaculty(), subject_id: session.subjectId, section_id: session.sectionId, term_id: 1 })],
    ['the class is passed on to another faculty member', async () => knex()('faculty_assignment').where({ id: session.assignmentId })
      .update({ faculty_id: (await knex()('faculty').orderBy('id', 'desc').first('id')).id })],
    ['a section gets another name', () => knex()('sections').where({ id: session.sectionId }).update({ name: 'Q' })],
    ['a subject gets another name', () => knex()('subjects').where({ id: session.subjectId }).update({ subject_name: 'Renamed' })],
    ['a holiday is declared on a day that is past', () => knex()('holidays').insert({ organisation_id: 1, date: '2026-11-24', name: 'Late' })],
    ['a student leaves', () => knex()('users').whereIn('id', knex()('students').where({ id: student }).select('user_id')).update({ active: false })],
    ['enrolments are taken out of the books altogether', () => knex()('student_subject').whereIn('student_id', [student, guest]).delete()],
  ];

  test.each(changes)('%s', async (_, change) => {
    const before = await past();
    await change();
    expect(await past()).toEqual(before);
    expect(await recountViolations(knex())).toEqual([]);
  });
});

describe('A21 replay', () => {
  test('has everybody who was expected, why, and how the mark came about; addresses only for who may see them', async () => {
    const teacher = (await personById(context(), (await knex()('faculty as f').join('faculty_assignment as a', 'a.faculty_id', 'f.id').where('a.id', session.assignmentId).first('f.user_id')).user_id))!;
    const [seen, taught] = await Promise.all([replayOf(context(), admin, session.id), replayOf(context(), { ...teacher, role: 'faculty' }, session.id)]);
    expect(seen.students).toHaveLength(Number((await knex()('attendance').where({ session_id: session.id }).count({ n: '*' }))[0]!['n']));
    expect(seen.taking).toMatchObject({ mode: 'rotating', completedBy: null, openedAt: session.startsAt });
    const key = keys[student < guest ? 0 : 1];
    const of = (replay: typeof seen) => replay.students.find(({ studentKey }) => studentKey === key)!;
    expect(of(seen)).toMatchObject({
      because: 'marked', receipt: { status: 'present', method: 'code', door: 'telegram', codeAge: 7, address: '10.1.2.3', receivedAt: session.startsAt },
      changes: [{ from: 'absent', to: 'present', method: 'appeal', by: admin.name, reason: 'Was there', at: session.endsAt }],
    });
    expect(of(taught).receipt).toMatchObject({ door: 'telegram', address: null });
    const came = seen.students.find(({ studentKey }) => studentKey === keys[student < guest ? 1 : 0])!;
    expect(came).toMatchObject({ because: 'instead', insteadOfId: expect.any(Number) });
    expect((await facultyDashboard(context(), teacher)).classes.some(({ classId }) => classId === session.assignmentId)).toBe(true);
  });

  test('before attendance is taken, has who is expected, and no receipts', async () => {
    const [id] = await knex()('schedule').where({ status: 'scheduled' }).orderBy('id', 'desc').limit(1).pluck('id');
    const { taking, students } = await replayOf(context(), admin, id);
    expect(taking).toBeNull();
    expect(students).toHaveLength((await rosterOf(knex(), id)).length);
    expect(students.every(({ receipt, because }) => receipt === null && because === 'enrolled')).toBe(true);
  });
});
