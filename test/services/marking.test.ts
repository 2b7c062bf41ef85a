// Students mark themselves with the code: on real rows, alone, twice, and all at once.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { marksOf } from '../../db/repositories/marks.ts';
import { attendeesOf } from '../../db/repositories/sessions.ts';
import type { RefusalCode } from '../../domain/refusal.ts';
import { completeAttendance, takeAttendanceStep, takingProgress } from '../../services/completing.ts';
import { appDevice, chatDevice } from '../../services/device-claims.ts';
import { type CodeEntry, markWithCode } from '../../services/marking.ts';
import { markByHand } from '../../services/marks-by-hand.ts';
import { askSecondCheck } from '../../services/second-checks.ts';
import { flagMarks } from '../../services/suspicion.ts';
import { extendAttendance, openAttendance, rotateCodes, takingState } from '../../services/taking.ts';
import { bothServers, type TestServer } from '../support/both-servers.ts';
import { toldTo } from './scene.ts';
import { type Class, type Student, takingScene, type TakingScene } from './taking-scene.ts';

let scene: TakingScene;
beforeAll(async () => {
  scene = await takingScene();
});
afterAll(() => scene.close());

/** The next class, opened five minutes after its begin, with its code. */
async function opened(options: Parameters<typeof openAttendance>[3] = {}): Promise<Class & { code: string }> {
  const found = await scene.nextClass();
  scene.minutesInto(found.session, 5);
  const { code } = await openAttendance(scene.context, found.teacher, found.session.id, options);
  return { ...found, code: code! };
}

const mark = (student: Student, entry: string | Partial<CodeEntry>) =>
  markWithCode(scene.context, student, { door: 'rest', ...(typeof entry === 'string' ? { code: entry } : { code: '', ...entry }) });

const refusal = async (asked: Promise<unknown>): Promise<{ code: RefusalCode; details: Record<string, unknown> }> =>
  asked.then(() => { throw new Error('it was not refused'); }, ({ code, details }) => ({ code, details }));

const marks = ({ session }: Class) => marksOf(scene.campus.db.knex, session.id);
/** Another code than this one, that is not shown anywhere either. */
const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

describe('A12 marking oneself', () => {
  test('the code that is shown marks the student present, once, whatever is repeated', async () => {
    const { session, students, code } = await opened();
    const first = await mark(students[0]!, code);
    expect(first).toMatchObject({ sessionId: session.id, status: 'present', isNew: true });
    expect(first.subject).toContain(session.subjectCode);
    const again = await mark(students[0]!, code);
    expect(again).toEqual({ ...first, isNew: false });
    expect(await marks({ session } as Class)).toEqual([expect.objectContaining({
      studentId: students[0]!.studentId, status: 'present', method: 'code', markedBy: students[0]!.userId, version: 1,
    })]);
  });

  test('from the moment on that was said when it was opened, a mark is late', async () => {
    const { session, students, code } = await opened({ lateAfterMinutes: 3, mode: 'single', minutes: 8 });
    expect((await mark(students[0]!, code)).status).toBe('present');
    scene.minutesInto(session, 5 + 3);
    expect((await mark(students[1]!, code)).status).toBe('late');
  });

  test('faculty and others who are no students cannot mark themselves', async () => {
    const { teacher, code } = await opened();
    expect((await refusal(mark(teacher as Student, code))).code).toBe('not-allowed');
  });
});

describe('A11 a refused code says why', () => {
  test('wrong, old, and another class’s are told apart', async () => {
    const [one, other] = [await scene.nextClass({ 'a.section_id': 1 }), await scene.nextClass({ 'a.section_id': 2 })];
    await scene.campus.db.knex('schedule').where({ id: other.session.id }).update({ starts_at: one.session.startsAt, ends_at: one.session.endsAt });
    scene.minutesInto(one.session, 5);
    const { code } = await openAttendance(scene.context, one.teacher, one.session.id, {});
    const { code: others } = await openAttendance(scene.context, other.teacher, other.session.id, { mode: 'single' });
    expect(await refusal(mark(one.students[0]!, wrong(code!)))).toEqual({ code: 'code-wrong', details: { left: 4 } });
    expect((await refusal(mark(one.students[0]!, others!))).code).toBe('code-of-another-class');
    scene.minutesInto(one.session, 5 + 2);
    expect((await refusal(mark(one.students[0]!, code!))).code).toBe('code-old');
  });

  test('who is early is told to wait, and for which class', async () => {
    const { session, students } = await scene.nextClass();
    scene.minutesInto(session, -5);
    const answer = await refusal(mark(students[0]!, { code: '123456', sessionId: session.id }));
    expect(answer).toEqual({ code: 'attendance-not-open', details: { subject: session.subjectCode } });
  });

  test('who is late is told so: after the deadline, and after the completion', async () => {
    const { session, students, teacher, code } = await opened({ mode: 'single', minutes: 4 });
    scene.minutesInto(session, 5 + 4.1);
    expect((await refusal(mark(students[0]!, code))).code).toBe('attendance-closed');
    await completeAttendance(scene.context, teacher, session.id);
    expect((await refusal(mark(students[0]!, { code, sessionId: session.id }))).code).toBe('attendance-closed');
  });

  test('who has a mark already is told which', async () => {
    const { session, students, teacher, code } = await opened();
    await mark(students[0]!, code);
    expect(await refusal(mark(students[0]!, { code: wrong(code), sessionId: session.id }))).toEqual({ code: 'already-marked', details: { status: 'present' } });
    await markByHand(scene.context, teacher, session.id, { marks: [{ student: students[1]!.studentNumber!, status: 'absent' }] });
    expect(await refusal(mark(students[1]!, code))).toEqual({ code: 'already-marked', details: { status: 'absent' } });
  });

  test('in the middle of the night there is no class', async () => {
    const { students } = await opened();
    scene.at('2026-12-24T20:00:00Z');
    for (const { session_id: id } of await scene.campus.db.knex('attendance_sessions').where({ status: 'open' })) await takeAttendanceStep(scene.context, id);
    expect((await refusal(mark(students[0]!, '123456'))).code).toBe('no-class-now');
  });

  test('a session that is not the student’s is not there', async () => {
    const { session, students } = await opened();
    const elsewhere = await scene.campus.db.knex('schedule as s').join('faculty_assignment as a', 'a.id', 's.assignment_id')
      .whereNot('a.section_id', session.sectionId).first('s.id');
    expect((await refusal(mark(students[0]!, { code: '123456', sessionId: elsewhere.id }))).code).toBe('not-found');
  });
});

describe('A11 five wrong codes', () => {
  test('block the student in this session for a minute, even for the right code; nobody else', async () => {
    const { students, code } = await opened({ mode: 'single' });
    const answers = [];
    for (let tries = 0; tries < 6; tries += 1) answers.push((await refusal(mark(students[0]!, wrong(code)))).code);
    expect(answers).toEqual(['code-wrong', 'code-wrong', 'code-wrong', 'code-wrong', 'code-tries', 'code-tries']);
    expect(await refusal(mark(students[0]!, code))).toEqual({ code: 'code-tries', details: { seconds: 60 } });
    expect((await mark(students[1]!, code)).status).toBe('present');
    scene.at(scene.context.now().plus({ seconds: 61 }).toJSDate());
    expect((await mark(students[0]!, code)).status).toBe('present');
  });

  test('count exactly, also when fifty come at once', async () => {
    const { students, code } = await opened({ mode: 'single' });
    const answers = await Promise.all(Array.from({ length: 50 }, () => refusal(mark(students[2]!, wrong(code)))));
    expect(answers.filter((answer) => answer.code === 'code-wrong').map(({ details }) => details['left'])).toEqual([4, 3, 2, 1]);
    expect(answers.filter((answer) => answer.code === 'code-tries')).toHaveLength(46);
  });
});

describe('A10 opening', () => {
  test('a session is opened once; asked again it stays as it is, and its codes are six digits', async () => {
    const { session, teacher } = await scene.nextClass();
    scene.minutesInto(session, 0);
    const states = await Promise.all(Array.from({ length: 10 }, () => openAttendance(scene.context, teacher, session.id, {})));
    expect(new Set(states.map(({ code }) => code)).size).toBe(1);
    expect(states[0]!.code).toMatch(/^\d{6}$/);
    expect(states[0]).toMatchObject({ status: 'open', mode: 'rotating', stepSeconds: 20, there: 0 });
    const intents = await scene.campus.db.knex('intents').where({ workflow_id: `attendance/${session.id}`, message: 'opened' });
    expect(intents).toHaveLength(1);
  });

  test('no earlier than a quarter of an hour before its begin, and not when it is over', async () => {
    const { session, teacher } = await scene.nextClass();
    scene.minutesInto(session, -16);
    expect(await refusal(openAttendance(scene.context, teacher, session.id, {}))).toEqual({ code: 'session-too-early', details: { minutes: 15 } });
    scene.at(new Date(session.endsAt.getTime() + 15 * 60_000));
    expect((await refusal(openAttendance(scene.context, teacher, session.id, {}))).code).toBe('session-over');
  });

  test('single codes of sessions that are open at the same time differ', async () => {
    const classes = [];
    for (let count = 0; count < 6; count += 1) classes.push(await scene.nextClass());
    const codes = [];
    for (const { session, teacher } of classes) {
      scene.minutesInto(session, 1);
      codes.push((await openAttendance(scene.context, teacher, session.id, { mode: 'single', minutes: 240 })).code);
    }
    expect(new Set(codes).size).toBe(codes.length);
  });

  test('replaced codes are worthless, an extended deadline counts, and one whose codes are over gets new ones', async () => {
    const { session, students, teacher, code } = await opened({ mode: 'single', minutes: 5 });
    const { code: next } = await rotateCodes(scene.context, teacher, session.id);
    expect((await refusal(mark(students[0]!, code))).code).toBe(code === next ? 'never' : 'code-wrong');
    const { closesAt } = await extendAttendance(scene.context, teacher, session.id, 10);
    expect(closesAt).toEqual(new Date(session.startsAt.getTime() + 20 * 60_000));
    scene.minutesInto(session, 15);
    expect((await mark(students[0]!, next!)).isNew).toBe(true);
    scene.minutesInto(session, 21);
    expect((await takingState(scene.context, teacher, session.id)).code).toBeNull();
    const reopened = await openAttendance(scene.context, teacher, session.id, {});
    expect(reopened.there).toBe(1);
    expect((await mark(students[1]!, reopened.code!)).isNew).toBe(true);
  });

  test('only who teaches it, the head of its department or an admin opens a session', async () => {
    const { session, students } = await scene.nextClass();
    scene.minutesInto(session, 1);
    const users = scene.campus.db.knex('users');
    const other = await users.clone().where({ role: 'faculty' }).whereNot('id', session.facultyUserId).first('id');
    const admin = await users.clone().where({ role: 'admin' }).first('id');
    expect((await refusal(openAttendance(scene.context, await scene.person(other.id), session.id, {}))).code).toBe('not-found');
    expect((await refusal(openAttendance(scene.context, students[0]!, session.id, {}))).code).toBe('not-allowed');
    expect((await openAttendance(scene.context, await scene.person(admin.id), session.id, {})).status).toBe('open');
  });
});

describe('A3 one device', () => {
  test('the first one that is used is bound; another is refused, and so is none', async () => {
    const { students, code, session, teacher } = await opened({ mode: 'single' });
    const [student] = students as [Student];
    const phone = appDevice('phone-of-the-first');
    expect((await mark(student, { code, device: phone })).isNew).toBe(true);
    const next = await nextOf({ session, teacher, students } as Class);
    expect((await refusal(mark(next.student(student), { code: next.code, device: chatDevice({ platform: 'telegram', chatId: '5' }) }))).code).toBe('device-bound');
    expect((await refusal(mark(next.student(student), { code: next.code }))).code).toBe('device-needed');
    expect((await mark(next.student(student), { code: next.code, device: phone })).isNew).toBe(true);
  });

  test('one device is one student’s, also when fifty students come with it at once; the others are flagged', async () => {
    const { students, code, session } = await opened({ mode: 'single' });
    const device = appDevice(`shared-${createHash('sha1').update(code).digest('hex')}`);
    const many = students.slice(10, 40);
    const answers = await Promise.allSettled(many.map((student) => mark(student, { code, device })));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(new Set(answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason.code] : [])))).toEqual(new Set(['device-taken']));
    expect(await scene.campus.db.knex('devices').where({ device_hash: device.hash })).toHaveLength(1);
    expect(await scene.campus.db.knex('attendance_flags').where({ session_id: session.id, kind: 'shared-device' })).toHaveLength(many.length - 1);
  });

  /** A later class of the same section. */
  async function nextOf({ session }: Class) {
    const next = await scene.nextClass({ 'a.section_id': session.sectionId });
    scene.minutesInto(next.session, 2);
    const { code } = await openAttendance(scene.context, next.teacher, next.session.id, { mode: 'single' });
    return { ...next, code: code!, student: (known: Student) => next.students.find(({ studentId }) => studentId === known.studentId)! };
  }
});

describe('A15 flags', () => {
  test('what is odd is flagged once, with evidence', async () => {
    const { session, students, code, teacher } = await opened({ mode: 'single', minutes: 30 });
    scene.minutesInto(session, 5 + 10);
    await mark(students[0]!, code);
    await completeAttendance(scene.context, teacher, session.id);
    await flagMarks(scene.context, session.id);
    await flagMarks(scene.context, session.id);
    const flags = await scene.campus.db.knex('attendance_flags').where({ session_id: session.id });
    expect(flags).toEqual([expect.objectContaining({ student_id: students[0]!.studentId, kind: 'stale-code', evidence: JSON.stringify({ seconds: 600 }), verdict: 'open' })]);
  });
});

describe('A15 a second check', () => {
  test('comes at a moment of the class that nobody knows; who does not enter the code that is shown then is flagged, and marks stay', async () => {
    const { session, students, teacher, code } = await opened();
    // The first ones have devices by now.
    const [here, gone, late] = students.slice(45) as [Student, Student, Student];
    for (const student of [here, gone]) await mark(student, code);
    for (let again = 0; again < 3; again += 1) await askSecondCheck(scene.context, teacher, session.id);
    const checks = await scene.campus.db.knex('attendance_checks').where({ session_id: session.id });
    expect(checks).toHaveLength(1);
    const due: Date = checks[0].due_at;
    expect(due.getTime()).toBeGreaterThan(scene.context.now().toMillis());
    expect(due.getTime()).toBeLessThan(session.endsAt.getTime() - 2 * 60_000);
    expect((await takingProgress(scene.context, session.id))!.nextAt).toBe(due.toISOString());

    scene.at(new Date(due.getTime() - 1));
    await takeAttendanceStep(scene.context, session.id);
    expect(await kindsTo(here)).not.toContain('second-check');
    scene.at(due);
    await Promise.all([1, 2].map(() => takeAttendanceStep(scene.context, session.id)));
    expect((await kindsTo(here)).filter((kind) => kind === 'second-check')).toHaveLength(1);
    expect(await kindsTo(late)).not.toContain('second-check');
    expect(await kindsTo(teacher)).toContain('second-check-begun');
    const { code: next } = await takingState(scene.context, teacher, session.id);
    expect(await mark(here, next!)).toMatchObject({ status: 'present', isNew: false });
    expect(await mark(late, next!)).toMatchObject({ status: 'present', isNew: true });

    scene.at(new Date(due.getTime() + 3 * 60_000));
    await takeAttendanceStep(scene.context, session.id);
    await takeAttendanceStep(scene.context, session.id);
    const flags = await scene.campus.db.knex('attendance_flags').where({ session_id: session.id }).select('student_id', 'kind');
    expect(flags).toEqual([{ student_id: gone.studentId, kind: 'check-missed' }]);
    expect((await marks({ session } as Class)).map(({ status }) => status)).toEqual(['present', 'present', 'present']);
    expect((await takingProgress(scene.context, session.id))!).toMatchObject({ status: 'open', nextAt: new Date(session.endsAt.getTime() + 15 * 60_000).toISOString() });
  });

  test('is refused when too little is left of the class, or where no code is shown', async () => {
    const { session, teacher } = await opened();
    scene.at(new Date(session.endsAt.getTime() - 3.5 * 60_000));
    expect((await refusal(askSecondCheck(scene.context, teacher, session.id))).code).toBe('session-over');
    const { session: other, teacher: another } = await scene.nextClass();
    expect((await refusal(askSecondCheck(scene.context, another, other.id))).code).toBe('attendance-not-open');
  });

  const kindsTo = async ({ userId }: { userId: number }) => (await toldTo(scene.campus.db.knex, userId)).map(({ kind }) => kind);
});

describe.each(bothServers)('A13 A14 a burst, on %s', (_name, start) => {
  let server: TestServer;
  let burst: TakingScene;
  beforeAll(async () => {
    server = await start();
    burst = await takingScene({ students: 360, serverUrl: server.url });
  }, 60_000);
  afterAll(async () => {
    await burst?.close();
    await server?.stop();
  });

  test('everybody at once, each twice: one row each, and a completion in the middle makes nobody absent who was told present', async () => {
    const { session, teacher, students } = await burst.nextClass();
    burst.minutesInto(session, 3);
    const { code } = await openAttendance(burst.context, teacher, session.id, {});
    const attempts = [...students, ...students].map((student) => markWithCode(burst.context, student, { code: code!, door: 'rest' })
      .then((receipt) => ({ student, receipt }), ({ code: refused }) => ({ student, refused })));
    const completing = (async () => {
      await attempts[20];
      return completeAttendance(burst.context, teacher, session.id);
    })();
    const outcomes = await Promise.all(attempts);
    await completing;
    const rows = await marksOf(burst.campus.db.knex, session.id);
    const status = new Map(rows.map((row) => [row.studentId, row.status]));
    expect(rows).toHaveLength((await attendeesOf(burst.campus.db.knex, session.id)).length);
    for (const { student, ...outcome } of outcomes) {
      // All were received before the completion: so all are there.
      expect([student.studentId, 'receipt' in outcome ? outcome.receipt.status : outcome]).toEqual([student.studentId, 'present']);
      expect(status.get(student.studentId)).toBe('present');
    }
    expect(outcomes.filter((outcome) => 'receipt' in outcome && outcome.receipt.isNew)).toHaveLength(students.length);
    const [totals] = await burst.campus.db.knex('attendance_totals').where({ assignment_id: session.assignmentId }).sum({ present: 'present', absent: 'absent' });
    expect([Number(totals!['present']), Number(totals!['absent'])]).toEqual([students.length, 0]);
    const taking = await burst.campus.db.knex('attendance_sessions').where({ session_id: session.id }).first('present', 'absent', 'status');
    expect(taking).toEqual({ present: students.length, absent: 0, status: 'completed' });
  });

  test('two processes that mark the same students at once make one row each', async () => {
    const { session, teacher, students } = await burst.nextClass();
    burst.minutesInto(session, 3);
    const { code } = await openAttendance(burst.context, teacher, session.id, {});
    const another = { ...burst.context };
    const both = [burst.context, another].flatMap((context) => students.map((student) => markWithCode(context, student, { code: code!, door: 'rest' })));
    const receipts = await Promise.all(both);
    expect(receipts.every(({ status }) => status === 'present')).toBe(true);
    expect(receipts.filter(({ isNew }) => isNew)).toHaveLength(students.length);
    expect(await marksOf(burst.campus.db.knex, session.id)).toHaveLength(students.length);
  });
});
