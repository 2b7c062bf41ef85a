// A campus of a benchmark's own on which students mark themselves: private MySQL and Temporal, `beadle api` as a process, a token for everybody.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DateTime } from 'luxon';
import { createPool } from 'mysql2/promise';
import { createTokens } from '../api/tokens.ts';
import { startMysql } from '../bin/embedded/mysql.ts';
import { startTemporal } from '../bin/embedded/temporal.ts';
import { readConfig } from '../config.ts';
import { openDatabase } from '../db/connection.ts';
import { migrate } from '../db/migrate.ts';
import { demoCampus } from '../db/seeds/demo-campus.ts';
import { loadDemoCampus } from '../db/seeds/load-demo-campus.ts';
import type { ServiceContext } from '../services/context.ts';
import { personById } from '../services/links.ts';
import { createSecretBox } from '../services/secret-box.ts';
import { openAttendance } from '../services/taking.ts';
import { startApiProcess } from '../test/support/api-process.ts';
import { SECRET_KEYS, TOKEN_SECRET } from './keys.ts';
import { openWire, postRequest } from './wire.ts';

const CONNECTIONS = 256;
/** What the API has read of open sessions may be so old; a burst begins when all are known. */
const KNOWN_MS = 1_500;
const ROWS_PER_INSERT = 5_000;

/** A student with a code to enter. */
export interface Entry {
  studentId: number;
  sessionId: number;
  /** As it goes over the wire. */
  request: Buffer;
}

export interface MarkCampus {
  /** Ends what is open, and opens so many other sessions, among which all students are spread. */
  open(sessions: number): Promise<Entry[]>;
  /** Sends one mark. @returns milliseconds until the answer. @throws when it is no 201 */
  mark(entry: Entry): Promise<number>;
  /** @throws when not every one of these has exactly one mark */
  check(entries: Entry[]): Promise<void>;
  /** Marks a second that go in as single rows, each committed by itself, over so many connections. They are taken out again. */
  insertAlone(rows: number, connections: number): Promise<number>;
  /** Adds marks of past sessions until there are so many in all. */
  fillHistory(rows: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startMarkCampus(students: number): Promise<MarkCampus> {
  const stateDir = mkdtempSync(join(tmpdir(), 'beadle-bench-'));
  const [mysql, temporal] = await Promise.all([
    startMysql({ stateDir: join(stateDir, 'mysql') }), startTemporal({ stateDir: join(stateDir, 'temporal'), uiPort: false }),
  ]);
  const db = openDatabase(mysql.url);
  const { knex } = db;
  await migrate(knex);
  const from = DateTime.utc().startOf('week').toISODate()!;
  await db.transaction((trx) => loadDemoCampus(trx, demoCampus({ students, seed: 7, from, weeks: 8, timeZone: 'Asia/Kolkata' })));
  const environment = { DATABASE_URL: mysql.url, TEMPORAL_ADDRESS: temporal.address, SECRET_KEYS, TOKEN_SECRET };
  const config = readConfig(environment);
  const context: ServiceContext = {
    db, now: () => DateTime.utc(), campus: config.campus, rules: config.rules, secrets: createSecretBox(SECRET_KEYS, TOKEN_SECRET), publicUrl: 'http://127.0.0.1',
  };
  const api = await startApiProcess(stateDir, { ...environment, NODE_OPTIONS: process.env.BENCH_NODE_OPTIONS ?? '' });
  const url = new URL(api.url);
  const wire = await openWire(url, CONNECTIONS);
  const tokens = createTokens(TOKEN_SECRET, context.now);
  const people: { id: number; user_id: number }[] = await knex('students').orderBy('id').select('id', 'user_id');
  const bearer = new Map(await Promise.all(people.map(async ({ id, user_id }) => [id, `Bearer ${await tokens.mint(user_id)}`] as const)));
  const admin = (await personById(context, (await knex('users').where({ role: 'admin' }).first('id')).id))!;
  let opened = 0;

  return {
    async open(sessions) {
      await knex('attendance_sessions').where({ status: 'open' }).update({ status: 'completed', code: null });
      const ids: number[] = await knex('schedule').orderBy('id').offset(opened).limit(sessions).pluck('id');
      if (ids.length < sessions) throw new Error(`the campus has no ${sessions} sessions left`);
      opened += sessions;
      const now = context.now();
      await knex('schedule').whereIn('id', ids).update({ starts_at: now.minus({ minutes: 5 }).toJSDate(), ends_at: now.plus({ minutes: 50 }).toJSDate(), kind: 'makeup' });
      // A makeup's roster is whoever is entered for it: so all students can be spread evenly.
      const attending = people.map(({ id }, index) => ({ student_id: id, session_id: ids[index % sessions]!, instead_of_id: 1 + (opened % 997), created_at: now.toJSDate() }));
      await knex('replacements').delete();
      for (let first = 0; first < attending.length; first += ROWS_PER_INSERT) await knex('replacements').insert(attending.slice(first, first + ROWS_PER_INSERT));
      const codes = new Map<number, string>();
      for (const id of ids) codes.set(id, (await openAttendance(context, admin, id, { mode: 'single', minutes: 30 })).code!);
      await sleep(KNOWN_MS);
      return attending.map(({ student_id: studentId, session_id: sessionId }) => ({
        studentId, sessionId, request: postRequest(url, '/api/student/mark-attendance', { authorization: bearer.get(studentId)! }, JSON.stringify({ code: codes.get(sessionId) })),
      }));
    },
    async mark({ request }) {
      const began = performance.now();
      const { status, body } = await wire.send(request);
      if (status !== 201) throw new Error(`${status}: ${body}`);
      return performance.now() - began;
    },
    async check(entries) {
      const marked: { session_id: number; student_id: number }[] = await knex('attendance').whereIn('session_id', [...new Set(entries.map(({ sessionId }) => sessionId))]).select('session_id', 'student_id');
      const keys = new Set(marked.map((row) => `${row.session_id} ${row.student_id}`));
      const lost = entries.filter(({ sessionId, studentId }) => !keys.has(`${sessionId} ${studentId}`)).length;
      if (lost > 0 || marked.length !== entries.length) throw new Error(`${lost} marks are lost; there are ${marked.length} of ${entries.length}`);
    },
    async insertAlone(rows, connections) {
      const { hostname: host, port, username: user, password, pathname } = new URL(mysql.url);
      const alone = createPool({ host, port: Number(port), user, password: decodeURIComponent(password), database: pathname.slice(1), connectionLimit: connections });
      // Into the table itself, with its keys and references: marks of sessions that are never opened, from the last one on.
      const ids: number[] = await knex('schedule').orderBy('id', 'desc').limit(Math.ceil(rows / people.length)).pluck('id');
      await knex('attendance').whereIn('session_id', ids).delete();
      await Promise.all(Array.from({ length: connections }, () => alone.query('do 0')));
      let next = 0;
      const began = performance.now();
      await Promise.all(Array.from({ length: connections }, async () => {
        while (next < rows) {
          const row = next++;
          const values = [ids[Math.floor(row / people.length)]!, people[row % people.length]!.id, 1];
          await alone.query("insert into attendance (session_id, student_id, status, method, marked_by, received_at, updated_at) values (?, ?, 'present', 'code', ?, now(3), now(3))", values);
        }
      }));
      const perSecond = rows / ((performance.now() - began) / 1000);
      await alone.end();
      await knex('attendance').whereIn('session_id', ids).delete();
      return perSecond;
    },
    async fillHistory(rows) {
      const [{ held }] = (await knex('attendance').count({ held: '*' })) as [{ held: number }];
      const missing = rows - Number(held);
      if (missing <= 0) return;
      // Sessions that are never opened here, from the last one on, each with every student.
      const ids: number[] = await knex('schedule').orderBy('id', 'desc').limit(Math.ceil(missing / students)).pluck('id');
      for (const id of ids) {
        await knex.raw(`insert ignore into attendance (session_id, student_id, status, method, received_at, updated_at)
          select ?, id, 'present', 'code', '2026-01-01', '2026-01-01' from students`, [id]);
      }
      await knex.raw('analyze table attendance');
    },
    async stop() {
      wire.close();
      await api.end('SIGTERM');
      await db.close();
      await Promise.all([mysql.stop(), temporal.stop()]);
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}
