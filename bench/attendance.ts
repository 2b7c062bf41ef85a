// `bench attendance`: students mark themselves over HTTP with tokens, as fast as they are taken. The limit is what the same MySQL takes
// as single-row durable inserts over 32 connections. Besides: 4,000 students within a minute, and what ten times the open sessions and ten
// times the history cost.
import { setTimeout as sleep } from 'node:timers/promises';
import { type MarkCampus, startMarkCampus } from './mark-campus.ts';
import { median, quantile, type Result, rounded, say } from './result.ts';

const STUDENTS = 4_000;
const SESSIONS = 40;
const CONNECTIONS = 256;
const LIMIT_CONNECTIONS = 32;
const LIMIT_ROWS = 15_000;
const WARM_UP_ROUNDS = 5;
const ROUNDS = 5;
const PACED_SECONDS = 60;
const HISTORY = [100_000, 1_000_000];

export async function attendance(): Promise<Result> {
  const campus = await startMarkCampus(STUDENTS);
  try {
    return await measure(campus);
  } finally {
    await campus.stop();
  }
}

async function measure(campus: MarkCampus): Promise<Result> {
  // A server that has just started is still being compiled.
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) await flatOut(campus, SESSIONS);
  const rounds: { limit: number; marks: number }[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const limit = await campus.insertAlone(LIMIT_ROWS, LIMIT_CONNECTIONS);
    const { perSecond: marks, ...more } = await flatOut(campus, SESSIONS);
    rounds.push({ limit, marks });
    say(`round ${round}: ${JSON.stringify({ limit: rounded(limit, 0), marks: rounded(marks, 0), ...more })}`);
  }
  const paced = await withinAMinute(campus);
  say(`${STUDENTS} within ${PACED_SECONDS} s: ${JSON.stringify(paced)}`);
  const growth = await growthOf(campus);
  const [marks, limit] = [median(rounds.map((round) => round.marks)), median(rounds.map((round) => round.limit))];
  return {
    name: 'attendance', ours: rounded(1 / marks, 6), limit: rounded(1 / limit, 6), ratio: rounded(marks / limit),
    more: { marksPerSecond: rounded(marks, 0), insertsPerSecond: rounded(limit, 0), paced, growth },
  };
}

/** All students at once, each in one of so many open sessions; every mark is looked for in the end. */
async function flatOut(campus: MarkCampus, sessions: number): Promise<{ perSecond: number; p99: number }> {
  const entries = await campus.open(sessions);
  const queue = entries.values();
  const times: number[] = [];
  const began = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, async () => {
    for (const entry of queue) times.push(await campus.mark(entry));
  }));
  const seconds = (performance.now() - began) / 1000;
  await campus.check(entries);
  return { perSecond: entries.length / seconds, p99: rounded(quantile(times, 0.99), 1) };
}

/** 4,000 students at even distances within a minute. Times in milliseconds. */
async function withinAMinute(campus: MarkCampus) {
  const entries = await campus.open(SESSIONS);
  const began = performance.now();
  const times = await Promise.all(entries.map(async (entry, index) => {
    await sleep(Math.max(0, began + (index * PACED_SECONDS * 1000) / entries.length - performance.now()));
    return campus.mark(entry);
  }));
  await campus.check(entries);
  return { p50: rounded(quantile(times, 0.5), 1), p99: rounded(quantile(times, 0.99), 1), most: rounded(Math.max(...times), 1) };
}

/** Marks a second with so many open sessions, and with so much history; taken in turn, so that the machine is the same for both. */
async function growthOf(campus: MarkCampus) {
  const inTurn = async (one: () => Promise<number>, other: () => Promise<number>) => {
    const pairs: [number, number][] = [];
    for (let round = 0; round < ROUNDS; round += 1) pairs.push([await one(), await other()]);
    return [median(pairs.map(([first]) => first)), median(pairs.map(([, second]) => second))].map((value) => rounded(value, 0));
  };
  const perSecond = async (sessions: number) => (await flatOut(campus, sessions)).perSecond;
  const sessions = await inTurn(() => perSecond(SESSIONS), () => perSecond(SESSIONS * 10));
  say(`${SESSIONS} and ${SESSIONS * 10} open sessions: ${sessions.join(' and ')} marks a second`);
  const history: number[] = [];
  for (const rows of HISTORY) {
    await campus.fillHistory(rows);
    const rates = [];
    for (let round = 0; round < ROUNDS; round += 1) rates.push(await perSecond(SESSIONS));
    history.push(rounded(median(rates), 0));
  }
  say(`${HISTORY.join(' and ')} rows of history: ${history.join(' and ')} marks a second`);
  return { sessions, history };
}
