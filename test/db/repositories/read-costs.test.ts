// What the everyday questions about attendance cost the server: no statement reads more than a hundred rows for each that it gives.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Knex } from 'knex';
import { openDatabase, type Database } from '../../../db/connection.ts';
import { rosterOf } from '../../../db/repositories/sessions.ts';
import type { Status } from '../../../domain/attendance/statuses.ts';
import { facultyDashboard } from '../../../services/class-overviews.ts';
import type { Person, ServiceContext } from '../../../services/context.ts';
import { personById } from '../../../services/links.ts';
import { defaultersOf, reportOf } from '../../../services/reports.ts';
import { createScheduleReader, daysOfWeek, historyOf, standingOf } from '../../../services/student-records.ts';
import { attendanceTaken } from '../../support/attendance.ts';
import { bothServers, type TestServer } from '../../support/both-servers.ts';
import { testCampus, testContext, type TestCampus } from '../../support/context.ts';

const MOST_READ_PER_ROW = 100;
/** Two weeks after the first class. */
const NOW = '2026-12-05T02:00:00Z';

async function all<Part>(parts: Promise<AsyncIterable<Part>>): Promise<Part[]> {
  const found: Part[] = [];
  for await (const part of await parts) found.push(part);
  return found;
}

describe.each(bothServers)('A17 and A18 what questions about attendance read on %s', (_name, start) => {
  let server: TestServer;
  let campus: TestCampus;
  /** With one connection, whose counters are looked at. */
  let single: Database;
  let context: ServiceContext;
  let student: Person;
  let key: string;
  let teacher: Person;

  beforeAll(async () => {
    server = await start();
    campus = await testCampus({ serverUrl: server.url });
    const { knex } = campus.db;
    for (const id of await knex('schedule').where('starts_at', '<', new Date(NOW)).orderBy('id').pluck('id')) {
      const marks = (await rosterOf(knex, id)).map(({ studentId }): [number, Status] => [studentId, (studentId + Number(id)) % 3 === 0 ? 'absent' : 'present']);
      await attendanceTaken(knex, id, Object.fromEntries(marks));
    }
    await knex.raw('analyze table schedule, faculty_assignment, student_subject, students, users, attendance, attendance_totals, attendance_sessions');
    single = openDatabase(campus.url, { poolSize: 1 });
    context = testContext(single, { now: NOW });
    const row = await knex('students as s').join('users as u', 'u.id', 's.user_id').where('u.role', 'student').first('s.user_id', 's.student_id');
    student = (await personById(context, row.user_id))!;
    key = row.student_id;
    teacher = (await personById(context, (await knex('users').where({ role: 'faculty' }).first('id')).id))!;
  });
  afterAll(async () => {
    await single?.close();
    await campus?.close();
    await server?.stop();
  });

  const readSoFar = async (knex: Knex): Promise<number> => {
    const [rows] = await knex.raw("show session status like 'Handler_read%'");
    return (rows as { Value: string }[]).reduce((sum, { Value: value }) => sum + Number(value), 0);
  };

  /** The statements that a question asks, each with how many rows it read and gave. */
  async function statementsOf(ask: () => Promise<unknown>): Promise<{ sql: string; read: number; given: number }[]> {
    const asked: { sql: string; bindings: readonly unknown[] }[] = [];
    const note = (query: { sql: string; bindings: readonly unknown[] }) => asked.push(query);
    single.knex.on('query', note);
    await ask();
    single.knex.removeListener('query', note);
    const costs = [];
    for (const { sql, bindings } of asked) {
      const none = await readSoFar(single.knex);
      const before = await readSoFar(single.knex);
      const [rows] = await single.knex.raw(sql, bindings as never[]);
      const after = await readSoFar(single.knex);
      // Looking at the counters counts too.
      costs.push({ sql, read: after - before - (before - none), given: (rows as unknown[]).length });
    }
    return costs;
  }

  const questions: [string, () => Promise<unknown>][] = [
    ['a student’s week', () => createScheduleReader(context)(student, daysOfWeek('2026-W48'))],
    ['a student’s attendance', () => standingOf(context, student, key)],
    ['a student’s history', () => historyOf(context, student, key, { from: '2026-12-01', to: '2026-12-04' })],
    ['the faculty dashboard', () => facultyDashboard(context, teacher)],
    ['a class report', async () => all(reportOf(context, teacher, { classId: await ownClass() }))],
    ['defaulters of a class', async () => all(defaultersOf(context, teacher, { classId: await ownClass(), thresholdPercent: 75 }))],
    ['defaulters of own classes', () => all(defaultersOf(context, teacher, { thresholdPercent: 75 }))],
  ];
  const ownClass = async () => (await campus.db.knex('faculty_assignment').where({ faculty_id: teacher.facultyId }).first('id')).id;

  test.each(questions)('%s', async (_question, ask) => {
    const costs = await statementsOf(ask);
    expect(costs.length).toBeGreaterThan(0);
    expect(costs.length).toBeLessThan(8);
    for (const { sql, read, given } of costs) expect({ sql, isCheap: read <= MOST_READ_PER_ROW * Math.max(1, given), read, given }).toMatchObject({ isCheap: true });
  });
});
