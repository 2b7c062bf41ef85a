// Completing a session, marks by hand, and appeals: on real rows, with what they add up to.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { excuse } from '../../db/repositories/attendance.ts';
import { insertReplacements } from '../../db/repositories/replacements.ts';
import { marksOf } from '../../db/repositories/marks.ts';
import { appeal, appealsFor, decideAppeal } from '../../services/appeals.ts';
import { completeAttendance, takeAttendanceStep, takingProgress } from '../../services/completing.ts';
import { markWithCode } from '../../services/marking.ts';
import { markByHand } from '../../services/marks-by-hand.ts';
import { rollOf } from '../../services/roll.ts';
import { openAttendance } from '../../services/taking.ts';
import { interviewAt, toldTo } from './scene.ts';
import { type Class, takingScene, type TakingScene } from './taking-scene.ts';

let scene: TakingScene;
beforeAll(async () => {
  scene = await takingScene();
});
afterAll(() => scene.close());

const knex = () => scene.campus.db.knex;
const codeOf = (asked: Promise<unknown>) => asked.then(() => 'not refused', ({ code }: { code: string }) => code);
const number = (found: Class, index: number) => found.students[index]!.studentNumber!;

/** Statuses of a session's students, in the order of the class. */
async function statusesIn({ session, students }: Class): Promise<(string | undefined)[]> {
  const marks = new Map((await marksOf(knex(), session.id)).map((mark) => [mark.studentId, mark.status]));
  return students.map(({ studentId }) => marks.get(studentId));
}

async function opened(): Promise<Class & { code: string }> {
  const found = await scene.nextClass();
  scene.minutesInto(found.session, 5);
  return { ...found, code: (await openAttendance(scene.context, found.teacher, found.session.id, {})).code! };
}

describe('A10 completing a session', () => {
  test('who is not marked is absent; who has an interview or another class instead is on duty; and it is counted once', async () => {
    const found = await opened();
    const { session, students, teacher, code } = found;
    const [present, excused, away] = students;
    await markWithCode(scene.context, present!, { code, door: 'rest' });
    const interviewId = await interviewAt(scene.context, excused!.studentId, session.startsAt, session.endsAt);
    await scene.campus.db.transaction((trx) => excuse(trx, { sessionId: session.id, studentId: excused!.studentId, interviewId }, session.startsAt));
    const { session: other } = await scene.nextClass();
    await scene.campus.db.transaction((trx) =>
      insertReplacements(trx, [{ studentId: away!.studentId, sessionId: other.id, insteadOfId: session.id }], session.startsAt));

    const answers = await Promise.all(Array.from({ length: 10 }, () => completeAttendance(scene.context, teacher, session.id, 'Trees')));
    const counts = { present: 1, late: 0, absent: students.length - 3, excused: 0, on_duty: 2 };
    expect(answers).toEqual(answers.map(() => counts));
    expect((await statusesIn(found)).slice(0, 4)).toEqual(['present', 'on_duty', 'on_duty', 'absent']);
    expect(await knex()('schedule').where({ id: session.id }).first('status', 'topic_discussed')).toEqual({ status: 'completed', topic_discussed: 'Trees' });
    const totals = await knex()('attendance_totals').where({ assignment_id: session.assignmentId, student_id: excused!.studentId }).first();
    expect(totals).toMatchObject({ present: 0, absent: 0, on_duty: 1 });
    // The excuse stands now, whatever becomes of the interview.
    expect(await knex()('attendance').where({ session_id: session.id, provisional: true })).toEqual([]);
  });

  test('who is excused for an interview and comes nevertheless is present', async () => {
    const { session, students, code } = await opened();
    const interviewId = await interviewAt(scene.context, students[4]!.studentId, session.startsAt, session.endsAt);
    await scene.campus.db.transaction((trx) => excuse(trx, { sessionId: session.id, studentId: students[4]!.studentId, interviewId }, session.startsAt));
    expect(await markWithCode(scene.context, students[4]!, { code, door: 'telegram' })).toMatchObject({ status: 'present', isNew: true });
    const changes = await knex()('attendance_changes').where({ session_id: session.id, student_id: students[4]!.studentId });
    expect(changes).toEqual([expect.objectContaining({ from_status: 'on_duty', to_status: 'present', method: 'code', user_id: students[4]!.userId })]);
  });

  test('one that nobody completes completes itself, not before its time, and once', async () => {
    const found = await opened();
    const { session } = found;
    expect(await takingProgress(scene.context, session.id)).toEqual({
      status: 'open', departmentId: session.departmentId, nextAt: new Date(session.endsAt.getTime() + 15 * 60_000).toISOString(),
    });
    scene.at(new Date(session.endsAt.getTime() + 14 * 60_000));
    await takeAttendanceStep(scene.context, session.id);
    expect((await takingProgress(scene.context, session.id))!.status).toBe('open');
    scene.at(new Date(session.endsAt.getTime() + 15 * 60_000));
    await Promise.all([1, 2, 3].map(() => takeAttendanceStep(scene.context, session.id)));
    expect((await takingProgress(scene.context, session.id))!.status).toBe('completed');
    expect(new Set(await statusesIn(found))).toEqual(new Set(['absent']));
    const [{ absent }] = await knex()('attendance_totals').where({ assignment_id: session.assignmentId, student_id: found.students[0]!.studentId }).select('absent');
    expect(absent).toBe(1);
  });

  test('one that was never opened has no attendance: that is no absence', async () => {
    const { session, teacher } = await scene.nextClass();
    scene.minutesInto(session, 5);
    expect(await codeOf(completeAttendance(scene.context, teacher, session.id))).toBe('attendance-not-open');
    const roll = await rollOf(scene.context, teacher, session.id);
    expect(roll.status).toBe('not_taken');
    expect(new Set(roll.students.map(({ status }) => status))).toEqual(new Set(['not_taken']));
  });
});

describe('A12 marks by hand', () => {
  test('take the roll of a class of which no code was shown, and it completes itself', async () => {
    const found = await scene.nextClass();
    const { session, teacher, students } = found;
    scene.minutesInto(session, 20);
    const marks = students.map((_, index) => ({ student: number(found, index), status: index % 3 === 0 ? 'absent' as const : 'present' as const }));
    expect(await markByHand(scene.context, teacher, session.id, { marks })).toEqual({ created: students.length, changed: 0, unchanged: 0 });
    expect(await markByHand(scene.context, teacher, session.id, { marks })).toEqual({ created: 0, changed: 0, unchanged: students.length });
    expect(await statusesIn(found)).toEqual(marks.map(({ status }) => status));
    scene.at(new Date(session.endsAt.getTime() + 15 * 60_000));
    await takeAttendanceStep(scene.context, session.id);
    expect((await takingProgress(scene.context, session.id))!.status).toBe('completed');
  });

  test('are all entered or none; who is not on the roster or named twice is named', async () => {
    const found = await opened();
    const { session, teacher } = found;
    const mark = (...names: string[]) => markByHand(scene.context, teacher, session.id, { marks: names.map((student) => ({ student, status: 'present' as const })) });
    await expect(mark(number(found, 0), 'S999999')).rejects.toMatchObject({ code: 'student-not-on-roster', details: { field: 'marks.1.student_id', student: 'S999999' } });
    const roll = await knex()('students').where({ id: found.students[0]!.studentId }).first('roll_number');
    await expect(mark(number(found, 0).toLowerCase(), roll.roll_number)).rejects.toMatchObject({ code: 'student-named-twice' });
    expect(await marksOf(knex(), session.id)).toEqual([]);
  });

  test('that change one which stands need a reason, which is kept with what it was; totals follow, until the cut-off', async () => {
    const found = await opened();
    const { session, teacher, students, code } = found;
    await markWithCode(scene.context, students[0]!, { code, door: 'rest' });
    await completeAttendance(scene.context, teacher, session.id);
    const change = (status: 'late' | 'excused', reason?: string) =>
      markByHand(scene.context, teacher, session.id, { marks: [{ student: number(found, 1), status }], reason });
    expect(await codeOf(change('late'))).toBe('reason-needed');
    expect(await change('late', 'came at 10:20')).toEqual({ created: 0, changed: 1, unchanged: 0 });
    const totals = () => knex()('attendance_totals').where({ assignment_id: session.assignmentId, student_id: students[1]!.studentId }).first('late', 'absent', 'excused');
    expect(await totals()).toEqual({ late: 1, absent: 0, excused: 0 });
    expect(await knex()('attendance_sessions').where({ session_id: session.id }).first('late', 'absent')).toEqual({ late: 1, absent: students.length - 2 });
    const history = await knex()('attendance_changes').where({ session_id: session.id, student_id: students[1]!.studentId });
    expect(history).toEqual([expect.objectContaining({ from_status: 'absent', to_status: 'late', method: 'manual', user_id: teacher.userId, reason: 'came at 10:20' })]);
    scene.at(new Date(session.endsAt.getTime() + 48 * 3_600_000 + 1));
    await expect(change('excused', 'too late')).rejects.toMatchObject({ code: 'marks-cut-off', details: { hours: 48 } });
  });

  test('fifty changes of one mark at once leave one row, fifty entries of history and true totals', async () => {
    const found = await opened();
    const { session, teacher, students } = found;
    await completeAttendance(scene.context, teacher, session.id);
    const statuses = ['present', 'late', 'excused', 'absent'] as const;
    const totals = () => knex()('attendance_totals').where({ assignment_id: session.assignmentId, student_id: students[2]!.studentId }).first(...statuses);
    const { absent, ...before } = await totals();
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, (_, index) => markByHand(scene.context, teacher, session.id, {
      marks: [{ student: number(found, 2), status: statuses[index % 4]! }], reason: `change ${index}`,
    })));
    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
    const changed = outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value.changed === 1).length;
    expect(await knex()('attendance_changes').where({ session_id: session.id, student_id: students[2]!.studentId })).toHaveLength(changed);
    const mark = (await marksOf(knex(), session.id, [students[2]!.studentId]))[0]!;
    const elsewhere: Record<string, number> = { ...before, absent: absent - 1 };
    expect(await totals()).toEqual({ ...elsewhere, [mark.status]: elsewhere[mark.status]! + 1 });
  });

  test('are for who takes attendance in the class', async () => {
    const found = await opened();
    const other = await knex()('users').where({ role: 'faculty' }).whereNot('id', found.teacher.userId).first('id');
    const marks = [{ student: number(found, 0), status: 'present' as const }];
    expect(await codeOf(markByHand(scene.context, await scene.person(other.id), found.session.id, { marks }))).toBe('not-found');
    expect(await codeOf(markByHand(scene.context, found.students[0]!, found.session.id, { marks }))).toBe('not-allowed');
    expect(await codeOf(rollOf(scene.context, found.students[0]!, found.session.id))).toBe('not-allowed');
  });
});

describe('A12 appeals', () => {
  test('wait for who teaches the class; one that is granted changes the mark and the totals, and both are told', async () => {
    const found = await opened();
    const { session, teacher, students } = found;
    const [student] = students;
    const ask = () => appeal(scene.context, student!, { sessionId: session.id, wanted: 'present', reason: 'My telephone was empty.' });
    expect(await codeOf(ask())).toBe('not-found');
    await completeAttendance(scene.context, teacher, session.id);
    const made = await Promise.all(Array.from({ length: 10 }, ask));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect((await toldTo(knex(), teacher.userId)).filter(({ kind }) => kind === 'appeal-made')).toHaveLength(1);
    const [waiting] = await appealsFor(scene.context, teacher);
    expect(waiting).toMatchObject({ id: made[0]!.id, studentNumber: student!.studentNumber, status: 'open' });

    expect(await codeOf(decideAppeal(scene.context, students[1]!, waiting!.id, { choice: 'granted' }))).toBe('not-allowed');
    const decided = await decideAppeal(scene.context, teacher, waiting!.id, { choice: 'granted', answer: 'I saw you.' });
    expect(decided).toMatchObject({ status: 'granted', answer: 'I saw you.' });
    expect(await decideAppeal(scene.context, teacher, waiting!.id, { choice: 'granted' })).toMatchObject({ status: 'granted' });
    expect(await codeOf(decideAppeal(scene.context, teacher, waiting!.id, { choice: 'rejected' }))).toBe('appeal-decided');
    expect((await statusesIn(found))[0]).toBe('present');
    expect(await knex()('attendance_totals').where({ assignment_id: session.assignmentId, student_id: student!.studentId }).first('present', 'absent')).toEqual({ present: 1, absent: 0 });
    expect(await knex()('attendance_changes').where({ session_id: session.id })).toEqual([
      expect.objectContaining({ from_status: 'absent', to_status: 'present', method: 'appeal', user_id: teacher.userId, reason: 'My telephone was empty.' }),
    ]);
    expect((await toldTo(knex(), student!.userId)).filter(({ kind }) => kind === 'appeal-decided')).toHaveLength(1);
    expect((await appealsFor(scene.context, student!)).map(({ id }) => id)).toEqual([waiting!.id]);
    expect(await codeOf(ask())).toBe('appeal-needless');
  });

  test('are made when the session is completed, not before', async () => {
    const { session, students, code } = await opened();
    await markWithCode(scene.context, students[0]!, { code, door: 'rest' });
    expect(await codeOf(appeal(scene.context, students[0]!, { sessionId: session.id, wanted: 'late', reason: 'x' }))).toBe('appeal-too-early');
  });
});

test('A13 an appeal and a change by hand that meet leave totals that agree with the marks', async () => {
  const found = await opened();
  const { session, teacher, students } = found;
  await completeAttendance(scene.context, teacher, session.id);
  const appeals = await Promise.all(students.slice(0, 20).map((student) => appeal(scene.context, student, { sessionId: session.id, wanted: 'present', reason: 'I was there.' })));
  await Promise.all([
    ...appeals.map(({ id }) => decideAppeal(scene.context, teacher, id, { choice: 'granted' })),
    ...students.slice(0, 20).map((_, index) => markByHand(scene.context, teacher, session.id, { marks: [{ student: number(found, index), status: 'late' }], reason: 'late' })),
  ]);
  const marks = await marksOf(knex(), session.id);
  const count = (status: string) => marks.filter((mark) => mark.status === status).length;
  const totals = await knex()('attendance_totals').where({ assignment_id: session.assignmentId }).sum({ present: 'present', late: 'late', absent: 'absent' }).first();
  const before = await knex()('schedule as s').join('attendance as t', 't.session_id', 's.id').where({ 's.assignment_id': session.assignmentId, 's.status': 'completed' })
    .whereNot('s.id', session.id).select('t.status');
  const others = (status: string) => before.filter((row: { status: string }) => row.status === status).length;
  expect([totals!['present'], totals!['late'], totals!['absent']].map(Number)).toEqual(['present', 'late', 'absent'].map((status) => count(status) + others(status)));
});
