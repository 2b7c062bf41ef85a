// `bench queries`: a student's week, the faculty dashboard, a class report and defaulters over HTTP at 50 connections, with 1,000,000 marks
// and with ten times as many. The limit of each is the same SQL alone, over as many connections.
import { createPool } from 'mysql2/promise';
import type { Person, ServiceContext } from '../services/context.ts';
import { facultyDashboard } from '../services/class-overviews.ts';
import { personById } from '../services/links.ts';
import { defaultersOf, reportOf } from '../services/reports.ts';
import { createScheduleReader, daysOfWeek } from '../services/student-records.ts';
import { type QueriesCampus, startQueriesCampus } from './queries-campus.ts';
import { quantile, type Result, rounded, say, secondsOf } from './result.ts';
import { getRequest, openWire } from './wire.ts';

const STUDENTS = 4_000;
const CONNECTIONS = 50;
const SECONDS = 4;
const WARM_UP_SECONDS = 2;
const ASKERS = 200;
const EARLIER_TERMS = 9;
const WEEK = '2026-W43';

interface Question {
  name: string;
  /** Who asks, with what. */
  askers: { userId: number; path: string; ask: (context: ServiceContext, person: Person) => Promise<unknown> }[];
}

export async function queries(): Promise<Result> {
  const campus = await startQueriesCampus(STUDENTS);
  try {
    const questions = await questionsOf(campus);
    const small = await measure(campus, questions);
    const seconds = await secondsOf(() => campus.addTerms(EARLIER_TERMS));
    say(`${await campus.marks()} marks, made in ${rounded(seconds)} s`);
    const large = await measure(campus, questions);
    const worst = small.toSorted((a, b) => a.ratio - b.ratio)[0]!;
    return {
      name: 'queries', ours: rounded(1 / worst.perSecond, 6), limit: rounded(1 / worst.sqlPerSecond, 6), ratio: worst.ratio,
      more: { small, large, growth: Object.fromEntries(small.map(({ name, perSecond }, index) => [name, rounded(perSecond / large[index]!.perSecond)])) },
    };
  } finally {
    await campus.stop();
  }
}

async function questionsOf({ db: { knex } }: QueriesCampus): Promise<Question[]> {
  const students: number[] = await knex('students').orderBy('id').pluck('user_id');
  const classes: { id: number; userId: number }[] = await knex('faculty_assignment as a').join('faculty as f', 'f.id', 'a.faculty_id').orderBy('a.id')
    .select({ id: 'a.id', userId: 'f.user_id' });
  const some = <Item>(items: Item[]): Item[] => Array.from({ length: Math.min(ASKERS, items.length) }, (_, index) => items[Math.floor(index * items.length / Math.min(ASKERS, items.length))]!);
  const teachers = [...new Set(classes.map(({ userId }) => userId))];
  const all = async <Part>(parts: Promise<AsyncIterable<Part>>) => { for await (const _ of await parts); };
  return [
    {
      name: 'student week', askers: some(students).map((userId) => (
        { userId, path: `/api/student/schedule?week=${WEEK}`, ask: (context, person) => createScheduleReader(context)(person, daysOfWeek(WEEK)) })),
    },
    {
      name: 'faculty dashboard', askers: some(teachers).map((userId) => ({ userId, path: '/api/faculty/dashboard', ask: facultyDashboard })),
    },
    {
      name: 'class report', askers: some(classes).map(({ id, userId }) => (
        { userId, path: `/api/attendance/report?class=${id}`, ask: (context, person) => all(reportOf(context, person, { classId: id })) })),
    },
    {
      name: 'defaulters of a class', askers: some(classes).map(({ id, userId }) => (
        { userId, path: `/api/attendance/defaulters?class=${id}`, ask: (context, person) => all(defaultersOf(context, person, { classId: id, thresholdPercent: 75 })) })),
    },
    {
      name: 'defaulters of all own classes', askers: some(teachers).map((userId) => (
        { userId, path: '/api/attendance/defaulters', ask: (context, person) => all(defaultersOf(context, person, { thresholdPercent: 75 })) })),
    },
  ];
}

interface Measured {
  name: string;
  perSecond: number;
  sqlPerSecond: number;
  ratio: number;
  /** Milliseconds. */
  p50: number;
  p95: number;
}

async function measure(campus: QueriesCampus, questions: Question[]): Promise<Measured[]> {
  const found: Measured[] = [];
  say(`${await campus.marks()} marks`);
  for (const question of questions) {
    const { perSecond, times } = await overHttp(campus, question);
    const sqlPerSecond = await sqlAlone(campus, question);
    found.push({
      name: question.name, perSecond: rounded(perSecond, 0), sqlPerSecond: rounded(sqlPerSecond, 0), ratio: rounded(perSecond / sqlPerSecond),
      p50: rounded(quantile(times, 0.5), 1), p95: rounded(quantile(times, 0.95), 1),
    });
    say(JSON.stringify(found.at(-1)));
  }
  return found;
}

/** Does `work` over and over on so many connections; the first seconds don't count. @returns how often a second, and how long each took */
async function overAndOver(work: (count: number) => Promise<void>): Promise<{ perSecond: number; times: number[] }> {
  const times: number[] = [];
  const counting = performance.now() + WARM_UP_SECONDS * 1000;
  const end = counting + SECONDS * 1000;
  let count = 0;
  await Promise.all(Array.from({ length: CONNECTIONS }, async () => {
    for (let began = performance.now(); began < end; began = performance.now()) {
      await work(count++);
      if (began >= counting) times.push(performance.now() - began);
    }
  }));
  return { perSecond: times.length / SECONDS, times };
}

async function overHttp(campus: QueriesCampus, { askers }: Question): Promise<{ perSecond: number; times: number[] }> {
  const wire = await openWire(new URL(campus.apiUrl), CONNECTIONS);
  const requests = await Promise.all(askers.map(async ({ userId, path }) => (
    { path, request: getRequest(new URL(path, campus.apiUrl), { authorization: `Bearer ${await campus.token(userId)}` }) })));
  const measured = await overAndOver(async (count) => {
    const { path, request } = requests[count % requests.length]!;
    const { status, body } = await wire.send(request);
    if (status !== 200) throw new Error(`${path}: ${status} ${body}`);
  });
  wire.close();
  return measured;
}

/** The statements of the same askers, one after another for each, over as many connections. */
async function sqlAlone(campus: QueriesCampus, { askers }: Question): Promise<number> {
  const { knex } = campus.db;
  const context = { db: campus.db, now: () => campus.now, campus: { timeZone: campus.now.zoneName!, locale: 'en-IN' } } as ServiceContext;
  const statements: { sql: string; bindings: unknown[] }[][] = [];
  for (const { userId, ask } of askers) {
    const person = (await personById(context, userId))!;
    const asked: { sql: string; bindings: unknown[] }[] = [];
    const note = (query: { sql: string; bindings: unknown[] }) => asked.push(query);
    knex.on('query', note);
    await ask(context, person);
    knex.removeListener('query', note);
    statements.push(asked);
  }
  const { hostname: host, port, username: user, password, pathname } = new URL(campus.mysqlUrl);
  const pool = createPool({ host, port: Number(port), user, password: decodeURIComponent(password), database: pathname.slice(1), connectionLimit: CONNECTIONS });
  const { perSecond } = await overAndOver(async (count) => {
    const connection = await pool.getConnection();
    for (const { sql, bindings } of statements[count % statements.length]!) await connection.query(sql, bindings);
    connection.release();
  });
  await pool.end();
  return perSecond;
}
