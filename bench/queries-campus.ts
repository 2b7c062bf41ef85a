// The campus on which questions about attendance are measured: 4,000 students near the end of a term, with a mark in every class so far; and,
// when it is asked for, earlier terms with as many marks each.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Knex } from 'knex';
import { DateTime } from 'luxon';
import { createTokens } from '../api/tokens.ts';
import { startMysql } from '../bin/embedded/mysql.ts';
import { type Database, openDatabase } from '../db/connection.ts';
import { migrate } from '../db/migrate.ts';
import { demoCampus } from '../db/seeds/demo-campus.ts';
import { loadDemoCampus } from '../db/seeds/load-demo-campus.ts';
import { TOKEN_SECRET } from './keys.ts';

const SERVER = fileURLToPath(new URL('./queries-server.ts', import.meta.url));
const TIME_ZONE = 'Asia/Kolkata';
const FROM = '2026-07-06';
const WEEKS = 16;
/** Wednesday of the last week, at ten. */
const NOW = DateTime.fromISO('2026-10-21T10:00', { zone: TIME_ZONE });
/** Earlier terms' rows have the ids of this one's, so far away. */
const TERM_STEP = 1_000_000;
const TERM_DAYS = 182;
const STATUSES = ['present', 'late', 'absent', 'excused', 'on_duty'] as const;
/** Of a hundred marks, so many are up to which status. */
const SHARES = { present: 78, late: 82, absent: 96, excused: 98, on_duty: 100 };

export interface QueriesCampus {
  db: Database;
  mysqlUrl: string;
  apiUrl: string;
  now: DateTime;
  /** How many marks there are. */
  marks(): Promise<number>;
  /** Adds so many earlier terms. */
  addTerms(terms: number): Promise<void>;
  token(userId: number): Promise<string>;
  stop(): Promise<void>;
}

export async function startQueriesCampus(students: number): Promise<QueriesCampus> {
  const stateDir = mkdtempSync(join(tmpdir(), 'beadle-bench-'));
  const mysql = await startMysql({ stateDir: join(stateDir, 'mysql') });
  const db = openDatabase(mysql.url);
  const { knex } = db;
  await migrate(knex);
  await db.transaction((trx) => loadDemoCampus(trx, demoCampus({ students, seed: 7, from: FROM, weeks: WEEKS, timeZone: TIME_ZONE })));
  await knex('claims').delete();
  await takeAttendance(knex);
  await refreshStatistics(knex);
  const server = spawn(process.execPath, [SERVER], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: process.env.BENCH_NODE_OPTIONS ?? '', DATABASE_URL: mysql.url, BENCH_NOW: NOW.toUTC().toISO()! },
  });
  const [apiUrl] = (await once(createInterface(server.stdout), 'line')) as [string];
  const tokens = createTokens(TOKEN_SECRET, () => NOW);
  return {
    db, mysqlUrl: mysql.url, apiUrl, now: NOW,
    marks: async () => Number((await knex('attendance').count({ n: '*' }).first())!.n),
    async addTerms(terms) {
      for (let back = 1; back <= terms; back += 1) await addEarlierTerm(knex, back);
      await refreshStatistics(knex);
    },
    token: (userId) => tokens.mint(userId),
    async stop() {
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      await ended;
      await db.close();
      await mysql.stop();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

/** What a student's mark in a class of this term is, by the numbers of both. */
const DICE = 'mod(s.id * 31 + e.student_id * 17 + mod(s.id * e.student_id, 89), 100)';
const STATUS = `case ${Object.entries(SHARES).map(([name, below]) => `when ${DICE} < ${below} then '${name}'`).join(' ')} end`;

/** Marks of everybody in every class of this term that has begun, entered for the classes whose numbers are so much higher. */
const enterMarks = (step: number): string => `insert into attendance (session_id, student_id, status, method, received_at, updated_at)
  select s.id + ${step}, e.student_id, ${STATUS}, 'code', s.starts_at, s.starts_at from schedule as s
  join faculty_assignment as a on a.id = s.assignment_id
  join student_subject as e on e.section_id = a.section_id and e.subject_id = a.subject_id and e.valid_to is null
  where s.id < ${TERM_STEP} and s.starts_at < ?`;

/** Everybody has a mark in every class that has begun, all completed. */
async function takeAttendance(knex: Knex): Promise<void> {
  const now = NOW.toJSDate();
  await inBulk(knex, async (bulk) => {
    await bulk.raw(enterMarks(0), [now]);
    await bulk.raw("update schedule set status = 'completed', topic_discussed = concat('Topic ', id) where starts_at < ?", [now]);
    const counts = STATUSES.map((name) => `sum(m.status = '${name}')`).join(', ');
    await bulk.raw(`insert into attendance_sessions (session_id, status, mode, nonce, step_seconds, opened_at, opened_by, closes_at, completes_at, completed_at, updated_at, ${STATUSES.join(', ')})
      select s.id, 'completed', 'rotating', repeat('n', 16), 20, s.starts_at, 1, s.ends_at, s.ends_at, s.ends_at, s.ends_at, ${counts}
      from schedule as s join attendance as m on m.session_id = s.id group by s.id, s.starts_at, s.ends_at`);
    await bulk.raw(`insert into attendance_totals (assignment_id, student_id, ${STATUSES.join(', ')})
      select s.assignment_id, m.student_id, ${counts} from schedule as s join attendance as m on m.session_id = s.id group by s.assignment_id, m.student_id`);
    await addClassTotals(bulk, '0 = 0');
  });
}

/** The whole of this term again, half a year and so many more before. */
async function addEarlierTerm(knex: Knex, back: number): Promise<void> {
  const step = back * TERM_STEP;
  const [days, ids] = [back * TERM_DAYS, { step, days: back * TERM_DAYS }];
  await inBulk(knex, async (bulk) => {
    await bulk.raw(`insert into terms (id, organisation_id, academic_year, semester, starts_on, ends_on)
      select id + :step, organisation_id, :year, 1, starts_on - interval :days day, ends_on - interval :days day from terms where id < ${TERM_STEP}`, { ...ids, year: `before ${back}` });
    await bulk.raw(`insert into faculty_assignment (id, faculty_id, subject_id, section_id, term_id)
      select id + :step, faculty_id, subject_id, section_id, term_id + :step from faculty_assignment where id < ${TERM_STEP}`, ids);
    await bulk.raw(`insert into student_subject (student_id, subject_id, section_id, valid_from, valid_to)
      select student_id, subject_id, section_id, valid_from - interval ${days} day, valid_from - interval ${days - TERM_DAYS + 1} day from student_subject where valid_to is null`);
    await bulk.raw(`insert into schedule (id, assignment_id, room_id, planned_date, date, starts_at, ends_at, time_zone, status, topic_discussed, updated_at)
      select id + :step, assignment_id + :step, room_id, planned_date - interval :days day, date - interval :days day, starts_at - interval :days day,
        ends_at - interval :days day, time_zone, status, topic_discussed, updated_at from schedule where id < ${TERM_STEP} and status = 'completed'`, ids);
    await bulk.raw(enterMarks(step), [NOW.toJSDate()]);
    await bulk.raw(`insert into attendance_sessions (session_id, status, mode, nonce, step_seconds, opened_at, opened_by, closes_at, completes_at, completed_at, updated_at, ${STATUSES.join(', ')})
      select session_id + :step, status, mode, nonce, step_seconds, opened_at, opened_by, closes_at, completes_at, completed_at, updated_at, ${STATUSES.join(', ')}
      from attendance_sessions where session_id < ${TERM_STEP}`, ids);
    await bulk.raw(`insert into attendance_totals (assignment_id, student_id, ${STATUSES.join(', ')})
      select assignment_id + :step, student_id, ${STATUSES.join(', ')} from attendance_totals where assignment_id < ${TERM_STEP}`, ids);
    await addClassTotals(bulk, 's.assignment_id div :size = :back', { size: TERM_STEP, back });
  });
}

/** What the sessions of classes add up to, once they are all there. */
async function addClassTotals(bulk: Knex.Transaction, which: string, values: Record<string, number> = {}): Promise<void> {
  await bulk.raw(`insert into attendance_class_totals (assignment_id, sessions, last_starts_at, ${STATUSES.join(', ')})
    select s.assignment_id, count(*), max(s.starts_at), ${STATUSES.map((name) => `sum(w.${name})`).join(', ')}
    from schedule as s join attendance_sessions as w on w.session_id = s.id where s.status = 'completed' and ${which} group by s.assignment_id`, values);
}

/** Rows that are consistent as they are made needn't be checked one by one. */
async function inBulk(knex: Knex, work: (trx: Knex.Transaction) => Promise<void>): Promise<void> {
  await knex.transaction(async (trx) => {
    await trx.raw('set session foreign_key_checks = 0, unique_checks = 0');
    await work(trx);
    await trx.raw('set session foreign_key_checks = 1, unique_checks = 1');
  });
}

/** A server does so by itself, some seconds after so many rows have come at once. */
async function refreshStatistics(knex: Knex): Promise<void> {
  await knex.raw('analyze table schedule, faculty_assignment, student_subject, students, users, attendance, attendance_totals, attendance_class_totals, attendance_sessions, replacements');
}
