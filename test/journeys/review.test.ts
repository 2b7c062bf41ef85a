// What a student says, and what others' mails say, carried out by the interviews' processes on real servers.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { sessionsOfStudent } from '../../db/repositories/sessions.ts';
import { withdrawConsent } from '../../services/consent.ts';
import type { ServiceContext } from '../../services/context.ts';
import { personById } from '../../services/links.ts';
import { answerInterview, deleteInterview } from '../../services/reviewing.ts';
import { eventually, startBeadle } from '../support/beadle.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';
import { appendMails } from '../support/imap.ts';
import { invitationMail } from '../support/mails.ts';
import { studentsWithMailboxes, type TestStudent } from '../support/sweep.ts';

const MONDAY = DateTime.utc().setZone('Asia/Kolkata').startOf('week').plus({ weeks: 1 }).toISODate()!;

describe('I10, I11, I1a review, corroboration and withdrawal through the processes', () => {
  let campus: TestCampus;
  let context: ServiceContext;
  let beadle: Awaited<ReturnType<typeof startBeadle>>;

  beforeAll(async () => {
    campus = await testCampus({ students: 120, from: MONDAY });
    context = testContext(campus.db, { now: () => DateTime.utc(), rules: { quietSeconds: 600, quietMaxSeconds: 600 } });
    beadle = await startBeadle(context);
  });
  afterAll(async () => {
    await beadle?.stop();
    await campus?.close();
  });

  const interviewOf = (student: TestStudent) => campus.db.knex('student_company_drive').where({ student_id: student.id }).first();
  const marks = (student: TestStudent) => campus.db.knex('attendance').where({ student_id: student.id });
  const become = (student: TestStudent, status: string) => eventually(async () => ((await interviewOf(student))?.status === status), `${student.id} ${status}`);
  const excused = (student: TestStudent, count: number) => eventually(async () => (await marks(student)).length === count, `${count} excuses of ${student.id}`);

  /** An invitation into the student's own class; `verified` as the campus's server says it. */
  async function invited(student: TestStudent, company: string, { verified }: { verified: boolean }): Promise<void> {
    const from = DateTime.fromISO(MONDAY, { zone: 'Asia/Kolkata' }).plus({ days: 2 });
    const [session] = await sessionsOfStudent(campus.db.knex, student.id, from.toJSDate(), from.plus({ days: 1 }).toJSDate());
    const start = DateTime.fromJSDate(session!.startsAt, { zone: 'Asia/Kolkata' });
    const mail = invitationMail({ to: student.email, messageId: `<${company.length}.${student.id}@mail.example>`, now: DateTime.utc() }, { company, start, uid: `${company.length}.${student.id}@mail.example` });
    await appendMails(student.login, [verified ? mail : mail.replace(/^Authentication-Results: .*\r\n/m, '')]);
    await beadle.sweep();
  }

  test('two lone mails are asked about; the third bears them out, and all three are excused', async () => {
    const students = await studentsWithMailboxes(context, 3);
    for (const student of students.slice(0, 2)) await invited(student, 'Chorus Chalk', { verified: false });
    expect((await Promise.all(students.slice(0, 2).map(interviewOf))).map(({ status }) => status)).toEqual(['asked', 'asked']);
    await invited(students[2]!, 'Chorus Chalk', { verified: false });
    for (const student of students) await become(student, 'confirmed');
    for (const student of students) await eventually(async () => (await marks(student)).length > 0, `an excuse of ${student.id}`);
  });

  test('yes excuses, delete takes it back, and a withdrawal too', async () => {
    const [said, withdrawn] = await studentsWithMailboxes(context, 2) as [TestStudent, TestStudent];
    await invited(said, 'Yes Yew', { verified: false });
    expect(await interviewOf(said)).toMatchObject({ status: 'asked', asked_because: 'unverified' });
    const person = (await personById(context, said.userId))!;
    await answerInterview(context, person, (await interviewOf(said)).id, 'yes');
    await eventually(async () => (await marks(said)).length > 0, 'an excuse');
    await deleteInterview(context, person, (await interviewOf(said)).id);
    await excused(said, 0);

    await invited(withdrawn, 'Gone Gentian', { verified: true });
    await eventually(async () => (await marks(withdrawn)).length > 0, 'an excuse');
    await withdrawConsent(context, (await personById(context, withdrawn.userId))!);
    await excused(withdrawn, 0);
    expect(await beadle.sweep()).toMatchObject({ failing: 0 });
    expect(await campus.db.knex('notices').where('params', 'like', '%Gentian%')).toEqual([]);
  });
});
