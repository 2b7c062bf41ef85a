import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Knex } from 'knex';
import { checkCampus, type CheckedCampus } from './campus-checker.ts';
import { overAt, simulatedMonth, type Simulated } from './simulation.ts';

let month: Simulated;
let campus: CheckedCampus & Required<Pick<CheckedCampus, 'feeds'>>;

beforeAll(async () => {
  month = await simulatedMonth({ students: 300, drives: 14, seed: 4, from: '2026-08-03' });
  campus = await overAt(month.db, '2026-08-31');
}, 300_000);
afterAll(() => month?.drop());

class Restored extends Error {}

/** What the checker says of the month with one thing broken in it; afterwards all is as it was. */
async function brokenBy(statement: (knex: Knex) => Promise<unknown>): Promise<string[]> {
  const { feeds: _, ...rows } = campus;
  let said: string[] = [];
  await month.db.knex.transaction(async (trx) => {
    await statement(trx);
    said = await checkCampus(trx, rows);
    throw new Restored();
  }).catch((error: unknown) => {
    if (!(error instanceof Restored)) throw error;
  });
  return said;
}

/** The first row that a query gives: what is to be broken. */
async function some(knex: Knex, sql: string): Promise<Record<string, number>> {
  const [[row]] = await knex.raw(`${sql} limit 1`);
  if (!row) throw new Error(`the month has nothing like it: ${sql}`);
  return row as Record<string, number>;
}

const PLACE = `
  select p.id, p.student_id as student, p.session_id as place, p.instead_of_id as missed, m.interview_id as interview
  from replacements as p join schedule as s on s.id = p.session_id
  join rescheduled_class as c on c.session_id = p.instead_of_id
  join rescheduled_class_student as m on m.rescheduled_class_id = c.id and m.student_id = p.student_id and m.status in ('seated', 'made_up')`;
const STAYS = `
  select t.student_id as student, t.session_id as session, t.interview_id as interview
  from attendance as t join schedule as s on s.id = t.session_id
  where s.status = 'scheduled' and not exists (select 1 from replacements as p where p.student_id = t.student_id and p.instead_of_id = t.session_id)`;

/** Takes back what students were told of a kind. */
async function untold(knex: Knex, kind: string): Promise<void> {
  const ids: number[] = await knex('notices as n').join('students as st', 'st.user_id', 'n.user_id').where({ kind }).pluck('n.id');
  expect(ids.length).toBeGreaterThan(0);
  await knex('deliveries').whereIn('notice_id', ids).delete();
  await knex('notices').whereIn('id', ids).delete();
}

describe('the checker of a campus', () => {
  test('finds nothing in a month that went well', async () => {
    expect(await checkCampus(month.db.knex, campus)).toEqual([]);
  });

  // Each: what is broken, what must be said, and what else follows from that very thing.
  test.each<[string, (knex: Knex) => Promise<unknown>, RegExp, RegExp?]>([
    ['a room with two sessions', async (knex) => {
      const { a, b } = await some(knex, "select a.id as a, b.id as b from schedule as a join schedule as b on b.starts_at = a.starts_at and b.id > a.id where a.kind = 'regular' and b.kind = 'regular'");
      await knex('schedule').where({ id: b }).update({ room_id: knex('schedule as x').where('x.id', a!).select('x.room_id') });
    }, /^room \d+ has sessions/, /claim of room/],
    ['a faculty member with two sessions', async (knex) => {
      const { a, b } = await some(knex, `select a.id as a, b.id as b from schedule as a join schedule as b on b.starts_at = a.starts_at and b.id > a.id
        where not exists (select 1 from replacements as p where p.session_id in (a.id, b.id) or p.instead_of_id in (a.id, b.id)) and not exists (select 1 from attendance as t where t.session_id in (a.id, b.id))`);
      const { assignment } = await some(knex, `select assignment_id as assignment from schedule where id = ${a}`);
      const { faculty } = await some(knex, `select faculty_id as faculty from faculty_assignment where id = ${assignment}`);
      await knex('faculty_assignment').where({ id: knex('schedule').where({ id: b }).select('assignment_id') }).update({ faculty_id: faculty });
    }, /^faculty member \d+ has sessions/, /claim of faculty|^faculty member/],
    ['a claim too many', (knex) => knex('claims').insert({ kind: 'room', resource_id: 1, slot: 1, session_id: 1 }), /is not for its time|nothing needs the claim/],
    ['a claim that is missing', (knex) => knex('claims').where({ kind: 'faculty', session_id: 5 }).delete(), /^there is no claim of faculty \d+ for session 5$/],
    ['a hold', (knex) => knex('claims').insert({ kind: 'room', resource_id: 1, slot: 2, session_id: 1, held_until: new Date() }), /^room 1 is still held for session 1$/],
    ['a session that is called off, with its claims', (knex) => knex.raw(
      "update schedule set status = 'cancelled' where id = (select id from (select max(s.id) as id from schedule as s where s.kind = 'regular') as x)"), /^nothing needs the claim of (?:room|faculty)/, /was not told that session/],
    ['a seat that is not counted', async (knex) => knex('schedule').where({ id: (await some(knex, 'select id from schedule where guests > 0')).id! }).decrement('guests'), /^session \d+ counts \d+ guests and has \d+$/],
    ['a room that is too small', async (knex) => {
      const { room } = await some(knex, `select s.room_id as room from schedule as s where s.guests > 0`);
      await knex('rooms').where({ id: room }).update({ capacity: 3 });
    }, /^session \d+ has \d+ people in a room for 3$/, /was put into room \d+ for 3/],
    ['a place in a session that is called off', async (knex) => knex('schedule').where({ id: (await some(knex, PLACE)).place! }).update({ status: 'cancelled' }),
      /^student \d+ is sent to session \d+, which is called off$/, /claim|made up|is during session|was not told that session|from session \d+, which is called off|instead of \d+, which is called off/],
    ['a place instead of a session that is called off', async (knex) => knex('schedule').where({ id: (await some(knex, PLACE)).missed! }).update({ status: 'cancelled' }),
      /^student \d+ attends session \d+ instead of \d+, which is called off$/, /claim|is excused from session \d+, which is called off|was not told that session/],
    ['a student with a place who is not on duty in the class missed', async (knex) => {
      const { student, missed } = await some(knex, PLACE);
      await knex('attendance').where({ student_id: student, session_id: missed }).delete();
    }, /^student \d+ attends session \d+ instead of \d+, but is not on duty there$/],
    ['a place instead of a class that is not the student’s', async (knex) => {
      const { id, session } = await some(knex, `select p.id, o.id as session from replacements as p join schedule as s on s.id = p.instead_of_id join schedule as o on o.starts_at > s.ends_at and o.assignment_id not in (
        select x.id from faculty_assignment as x join student_subject as e on e.section_id = x.section_id and e.subject_id = x.subject_id where e.student_id = p.student_id)`);
      await knex('replacements').where({ id }).update({ instead_of_id: session });
    }, /^student \d+ attends session \d+ instead of \d+, without being on its roster$/, /^student \d+ |is during session|which it is not the makeup of/],
    ['an interview during a place', async (knex) => {
      const { interview, place } = await some(knex, PLACE);
      const { starts_at: start, ends_at: end } = await knex('schedule').where({ id: place }).first('starts_at', 'ends_at');
      await knex('student_company_drive').where({ id: interview }).update({ starts_at: start, ends_at: end });
    }, /^student \d+ has a place in session \d+ during interview \d+$/, /is during session|is excused from session/],
    ['a student who is not excused', async (knex) => {
      const { student, session } = await some(knex, STAYS);
      await knex('attendance').where({ student_id: student, session_id: session }).delete();
    }, /^interview \d+ of student \d+ is during session \d+, from which nobody excused the student$/],
    ['a student who was not told that the class stays', async (knex) => {
      const { student, session } = await some(knex, `${STAYS} and exists (select 1 from student_company_drive as i where i.id = t.interview_id and i.updated_at < s.starts_at)
        and exists (select 1 from notices as n join students as st on st.user_id = n.user_id where st.id = t.student_id and n.kind = 'class-stays' and json_extract(n.params, '$.sessionId') = s.id)`);
      await knex.raw("delete d from deliveries as d join notices as n on n.id = d.notice_id where n.kind = 'class-stays' and json_extract(n.params, '$.sessionId') = ?", [session!]);
      await knex.raw("delete from notices where kind = 'class-stays' and json_extract(params, '$.sessionId') = ? and user_id = (select user_id from students where id = ?)", [session!, student!]);
    }, /^interview \d+ of student \d+ is during session \d+, and nobody said why it stays$/],
    ['an interview that is off with all that followed from it', async (knex) => {
      const { interview } = await some(knex, `${PLACE} where exists (select 1 from student_company_drive as i where i.id = m.interview_id and i.status = 'confirmed')`);
      await knex.raw("update student_company_drive set status = 'cancelled', updated_at = created_at where id = ?", [interview!]);
    }, /^interview \d+ is off, but its student \d+ is still in round \d+ of session \d+$/, /is excused from session \d+ by interview/],
    ['a class that was moved out of all weekly slots', async (knex) => {
      const { place } = await some(knex, `${PLACE} where s.kind = 'makeup'`);
      await knex.raw('update schedule set starts_at = starts_at + interval 6 hour, ends_at = ends_at + interval 6 hour where id = ?', [place!]);
    }, /^session \d+ was put to .*, outside of all weekly slots$/, /is not for its time|has sessions|is on .* and says/],
    ['a makeup on a holiday', async (knex) => {
      const { date } = await knex('schedule').where({ kind: 'makeup', status: 'scheduled' }).first('date');
      await knex('holidays').insert({ organisation_id: 1, date, name: 'Sports Day' });
    }, /^session \d+ was put on holiday /],
    ['a makeup in a room of another kind', async (knex) => {
      const { place } = await some(knex, `${PLACE} where s.kind = 'makeup'`);
      await knex.raw("update rooms set kind = if(kind = 'lab', 'theory', 'lab') where id = (select room_id from schedule where id = ?)", [place!]);
    }, /^session \d+ was put into room \d+, which is of another kind$/],
    ['a makeup on a day of leave', async (knex) => {
      const { faculty, day } = await some(knex, "select a.faculty_id as faculty, cast(s.date as char) as day from schedule as s join faculty_assignment as a on a.id = s.assignment_id where s.kind = 'makeup' and s.status = 'scheduled'");
      await knex('faculty_leave').insert({ faculty_id: faculty, starts_on: day, ends_on: day });
      await knex('audit_log').insert({ action: 'faculty.leave', subject: `faculty/${faculty}`, at: new Date('2026-01-01'), details: JSON.stringify({ from: day, to: day }) });
    }, /^session \d+ was put on [\d-]+, when faculty member \d+ is known to be away$/],
    ['a student who was not told where to go', (knex) => untold(knex, 'class-elsewhere'), /^student \d+ attends session \d+ instead of \d+, and was not told$/],
    ['a student who was not told of an excuse', (knex) => untold(knex, 'class-excused'), /^student \d+ is excused from session \d+, and was not told$/],
    ['a student who was not told that a class is off', (knex) => untold(knex, 'class-cancelled'), /^student \d+ was not told that session \d+ is off$/],
    ['a student who was not told that a class was moved', (knex) => untold(knex, 'class-moved'), /^student \d+ was not told where session \d+ was moved$/],
    ['a faculty member who is told of a company', async (knex) => {
      const { company_name: company } = await knex('drives').first('company_name');
      await knex.raw("update notices set params = json_set(params, '$.subject', ?) where kind = 'reschedule-offer' limit 1", [company]);
    }, /^notice \d+ \(reschedule-offer\) speaks of /],
    ['an open round', (knex) => knex.raw("update rescheduled_class set status = 'gathering' where status = 'on_duty' limit 1"), /^round \d+ of session \d+ is still gathering$/],
    ['a decision that nobody carries out', (knex) => knex.raw("update rescheduled_class_decision set outcome = 'pending' limit 1"), /^decision \d+ is carried out by nobody$/],
    ['an intent that nobody carries out', (knex) => knex.raw('update intents set done_at = null limit 1'), /^intent \d+ .* is carried out by nobody$/],
    ['a round that is undone with somebody in it', (knex) => knex.raw("update rescheduled_class set status = 'undone' where status in ('expired', 'declined') limit 1"), /^round \d+ of session \d+ is undone, but somebody waits in it$/],
    ['a makeup for nobody', async (knex) => {
      const { place } = await some(knex, `${PLACE} where s.kind = 'makeup'`);
      await knex('claims').where({ kind: 'student', session_id: place }).delete();
      await knex('replacements').where({ session_id: place }).delete();
    }, /^makeup \d+ takes place for nobody$/, /nobody attends makeup|has no place|and nobody said why it stays/],
    ['a student whose place is gone', async (knex) => {
      const { id, student, place } = await some(knex, `${PLACE} where s.kind = 'makeup'`);
      await knex('claims').where({ kind: 'student', resource_id: student, session_id: place }).delete();
      await knex('replacements').where({ id }).delete();
    }, /^student \d+ of round \d+ is to attend another session instead of \d+, but has no place$/, /and nobody said why it stays|takes place for nobody|nobody attends makeup/],
    ['a mark of a student who is not on the roster', (knex) => knex.raw(`
      insert into attendance (session_id, student_id, status, method, received_at, updated_at)
      select s.id, st.id, 'present', 'manual', s.updated_at, s.updated_at from schedule as s join faculty_assignment as a on a.id = s.assignment_id join students as st on st.section_id <> a.section_id where s.guests = 0 limit 1`),
    /^student \d+ has a mark in session \d+, without being on its roster$/],
    ['an excuse without an interview', (knex) => knex.raw(`
      insert into attendance (session_id, student_id, status, provisional, method, received_at, updated_at)
      select s.id, e.student_id, 'on_duty', 1, 'interview', s.updated_at, s.updated_at
      from schedule as s join faculty_assignment as a on a.id = s.assignment_id join student_subject as e on e.section_id = a.section_id and e.subject_id = a.subject_id
      where s.kind = 'regular' and s.status = 'scheduled' and not exists (select 1 from attendance as t where t.session_id = s.id) limit 1`),
    /^student \d+ is excused from session \d+ by interview null, which is not during it$/, /, and was not told$/],
  ])('says what is wrong with %s, and nothing else', async (_, statement, wanted, besides = /^$/) => {
    const said = await brokenBy(statement);
    expect(said.filter((line) => wanted.test(line)).length).toBeGreaterThan(0);
    expect(said.filter((line) => !wanted.test(line) && !besides.test(line))).toEqual([]);
  });

  test('says what a feed lacks and what it should not have', async () => {
    const { userIds, feedOf } = campus.feeds;
    const forged = { userIds: userIds.slice(0, 1), feedOf: async (userId: number) => (await feedOf(userId)).replace('STATUS:CONFIRMED', 'STATUS:TENTATIVE') };
    const said = await checkCampus(month.db.knex, { ...campus, feeds: forged });
    expect(said).toEqual([expect.stringMatching(/^the feed of user \d+ lacks: .* CONFIRMED /), expect.stringMatching(/^the feed of user \d+ should not have: .* TENTATIVE /)]);
  });
});
