// The main job from end to end, on real servers: a mail, an interview, a class hit, an offer, a word, a moved class, people told.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { sessionsOfStudent } from '../../db/repositories/sessions.ts';
import { personById } from '../../services/links.ts';
import { decide, offersFor } from '../../services/deciding.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';
import { connectMailboxes, eventually, startBeadle } from '../support/beadle.ts';
import { historyText } from '../support/history-text.ts';
import { appendMails, type MailboxLogin, newMailbox } from '../support/imap.ts';

const MONDAY = DateTime.utc().setZone('Asia/Kolkata').startOf('week').plus({ weeks: 1 }).toISODate()!;

describe('the main job (I1, I7a, I14, I16, I17, I19, I20)', () => {
  let campus: TestCampus;
  let beadle: Awaited<ReturnType<typeof startBeadle>>;
  const logins = new Map<number, MailboxLogin>();

  beforeAll(async () => {
    campus = await testCampus({ students: 120, from: MONDAY });
    // So many are never hit: the whole class moves.
    await campus.db.knex('departments').update({ makeup_min_students: 200 });
  });
  afterAll(async () => {
    await beadle?.stop();
    await campus?.close();
  });

  test('a shortlist to a whole section moves the class that it hits, and tells everybody', async () => {
    const { db } = campus;
    const context = testContext(db, { now: () => DateTime.utc(), rules: { quietSeconds: 2, quietMaxSeconds: 10 } });
    const students: { id: number; email: string; roll_number: string }[] = await db.knex('students as s')
      .join('users as u', 'u.id', 's.user_id').where('s.section_id', 1).select('s.id', 'u.email', 's.roll_number').limit(40);
    for (const student of students) logins.set(student.id, newMailbox(`student${student.id}`));
    await connectMailboxes(context, logins);
    const from = DateTime.fromISO(MONDAY, { zone: 'Asia/Kolkata' }).plus({ days: 2 });
    const [session] = await sessionsOfStudent(db.knex, students[0]!.id, from.toJSDate(), from.plus({ days: 1 }).toJSDate());
    const at = DateTime.fromJSDate(session!.startsAt, { zone: 'Asia/Kolkata' });
    const listed = students.slice(0, 25);
    const raw = (to: string) => [
      'From: Placement Cell <placements@campus.example>', `To: ${to}`, 'Subject: Nightjar Systems technical interview: shortlist',
      `Date: ${DateTime.now().toRFC2822()}`, 'Message-ID: <nightjar-1@campus.example>', 'MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', '',
      `The technical interview of Nightjar Systems is scheduled on ${at.toFormat('d MMMM yyyy')} at ${at.toFormat('h:mm a')}, online.`,
      'Shortlisted students:', ...listed.map((student, index) => `${index + 1}. ${student.roll_number}`), '',
    ].join('\r\n');
    await Promise.all(students.map((student) => appendMails(logins.get(student.id)!, [raw(student.email)])));

    beadle = await startBeadle(context);
    const counts = await beadle.sweep();
    expect(counts).toMatchObject({ mailboxes: 40, failing: 0, messages: 40, interviews: 25 });
    const [{ extractions }] = await db.knex('mail_extraction').count({ extractions: '*' }) as [{ extractions: number }];
    expect(extractions).toBe(1);

    const facultyUser = (await personById(context, session!.facultyUserId))!;
    const [offer] = await eventually(async () => {
      const offers = await offersFor(context, facultyUser);
      return offers.length > 0 && offers;
    }, 'an offer');
    expect(offer!.session.id).toBe(session!.id);
    expect(offer!.options.length).toBeGreaterThan(0);
    await decide(context, facultyUser, offer!.round.id, { choice: 'accept', optionId: offer!.options[0]!.id });
    await eventually(async () => (await db.knex('rescheduled_class').where({ id: offer!.round.id, status: 'moved' }).first()), 'the move');

    const moved = await db.knex('schedule').where({ id: session!.id }).first();
    expect(moved.starts_at).toEqual(offer!.options[0]!.startsAt);
    expect(moved.sequence).toBe(1);
    const told = await db.knex('notices').where({ kind: 'class-moved' }).count({ n: '*' }).first();
    const roster = await db.knex('student_subject').where({ section_id: session!.sectionId, subject_id: session!.subjectId }).count({ n: '*' }).first();
    expect(told!.n).toBe(Number(roster!.n) + 1);
    expect(await db.knex('attendance').where({ session_id: session!.id })).toEqual([]);
    expect(await db.knex('notices').where({ kind: 'class-moved' }).andWhere('params', 'like', '%Nightjar%')).toEqual([]);
  });

  test('no history holds mail text, a name or an address (rule 10), and every workflow says what it is (rule 8)', async () => {
    const { db } = campus;
    const people: { name: string; email: string }[] = await db.knex('users').select('name', 'email');
    const words = people.flatMap(({ name, email }) => [name, email]);
    const kinds = new Set<string>();
    const texts: string[] = [];
    for await (const { workflowId, runId, type, searchAttributes, status } of beadle.client.workflow.list()) {
      const handle = beadle.client.workflow.getHandle(workflowId, runId);
      texts.push(await historyText(handle));
      kinds.add(type);
      if (['wakeDeliveries', 'keepHouse', 'wakeSessionMakers', 'makeSessions'].includes(type)) continue;
      expect(`${type}: ${String(searchAttributes.BeadleKind)} ${String(searchAttributes.BeadleStatus)}`).toMatch(/: \w+ \w+$/);
      if (status.name === 'RUNNING' && type === 'followInterview') expect(searchAttributes.BeadleDepartment).toHaveLength(1);
    }
    expect([...kinds].toSorted()).toEqual(expect.arrayContaining(['deliverNotices', 'followInterview', 'rescheduleSession', 'sweepMailboxes']));
    const all = texts.join('\n');
    // The decoding shows what it should: ids and counts are there.
    expect(all).toContain('"interviews":25');
    for (const word of [...words, 'Nightjar', 'Shortlisted', 'campus.example', 'technical interview']) {
      expect(all.includes(word) ? `a history holds "${word}"` : 'clean').toBe('clean');
    }
  });
});
