// `bench slots`: the search for a new time of a class of 60 in 14 days with 40 weekly slots and 120 rooms, from warm rows. Its
// limit is 20 ms for 99 of 100 whole calls, queries included.
import type { Session } from '../db/repositories/sessions.ts';
import { searchSlots } from '../domain/rescheduling/slot-search.ts';
import { problemOf, searchNewTime } from '../services/new-time.ts';
import { median, quantile, type Result, rounded, say } from './result.ts';
import { type SlotsCampus, startSlotsCampus } from './slots-campus.ts';

const LIMIT_SECONDS = 0.02;
const HORIZON_DAYS = 14;
const WEEKLY_SLOTS = 40;
const STUDENTS = 60;
const SESSIONS = 400;
const WARM_UP = 100;
const GROWTH = [1, 4, 16];
const GROWTH_CALLS = 40;

export async function slots(): Promise<Result> {
  const campus = await startSlotsCampus();
  try {
    return await measure(campus);
  } finally {
    await campus.stop();
  }
}

interface Times {
  /** Milliseconds of each whole call, queries included, and of the pure search in it. */
  call: number[];
  search: number[];
  offered: number;
}

async function measure(campus: SlotsCampus): Promise<Result> {
  await campus.setWeeklySlots(WEEKLY_SLOTS);
  const sessions = await campus.sessions(SESSIONS);
  await timesOf(campus, sessions.slice(0, WARM_UP));
  const times = await timesOf(campus, sessions);
  const ours = quantile(times.call, 0.99) / 1000;
  say(`a whole call: ${JSON.stringify(inShort(times.call))} ms; the search in it: ${JSON.stringify(inShort(times.search))} ms`);
  const growth = { weeklySlots: await growthOfSlots(campus, sessions), students: await growthOfStudents(campus, sessions) };
  return {
    name: 'slots', ours: rounded(ours, 4), limit: LIMIT_SECONDS, ratio: rounded(LIMIT_SECONDS / ours),
    more: { call: inShort(times.call), search: inShort(times.search), sessions: SESSIONS, offered: times.offered, growth },
  };
}

async function growthOfSlots(campus: SlotsCampus, sessions: Session[]) {
  const figures: Record<number, object> = {};
  for (const factor of GROWTH) {
    await campus.setWeeklySlots(WEEKLY_SLOTS * factor);
    figures[WEEKLY_SLOTS * factor] = await medians(campus, sessions.slice(0, GROWTH_CALLS));
  }
  await campus.setWeeklySlots(WEEKLY_SLOTS);
  say(`by weekly slots: ${JSON.stringify(figures)}`);
  return figures;
}

async function growthOfStudents(campus: SlotsCampus, sessions: Session[]) {
  const figures: Record<number, object> = {};
  const [session] = sessions as [Session];
  for (const factor of GROWTH) {
    await campus.growClass(session, STUDENTS * factor);
    figures[STUDENTS * factor] = await medians(campus, Array.from({ length: GROWTH_CALLS }, () => session));
  }
  say(`by students: ${JSON.stringify(figures)}`);
  return figures;
}

async function medians(campus: SlotsCampus, sessions: Session[]) {
  await timesOf(campus, sessions.slice(0, GROWTH_CALLS / 4));
  const { call, search } = await timesOf(campus, sessions);
  return { call: rounded(median(call)), search: rounded(median(search)) };
}

async function timesOf({ context }: SlotsCampus, sessions: Session[]): Promise<Times> {
  const times: Times = { call: [], search: [], offered: 0 };
  for (const session of sessions) {
    const began = performance.now();
    const { options } = await searchNewTime(context, session, HORIZON_DAYS);
    times.call.push(performance.now() - began);
    if (options.length > 0) times.offered += 1;
    const problem = await problemOf(context, session, HORIZON_DAYS);
    const searched = performance.now();
    searchSlots(problem);
    times.search.push(performance.now() - searched);
  }
  return times;
}

const inShort = (times: number[]) => ({ p50: rounded(quantile(times, 0.5)), p99: rounded(quantile(times, 0.99)) });
