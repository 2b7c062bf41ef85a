// Keeping a timetable when a room closes or somebody is away, on generated universities. `ours` is the number of entries that move, of all cases
// together; `limit` is, for the small universities, the least that any timetable moves as an exact search tells (what it could prove by its last
// node, where it came to no end), and for the large ones the entries that the change itself hits, below which nobody can get either. Cases in which
// there is no place for all that is hit are counted apart. The target is 5 % of a timetable's entries.
import { compile, placementOf } from '../domain/timetabling/compile.ts';
import { generateUniversity } from '../domain/timetabling/generate.ts';
import { Random } from '../domain/timetabling/random.ts';
import { repair } from '../domain/timetabling/repair.ts';
import type { Slot, University } from '../domain/timetabling/university.ts';
import { variants } from '../domain/timetabling/variants.ts';
import { leastMoves } from './least-moves.ts';
import { quantile, rounded, say, type Result } from './result.ts';

const SMALL = [50, 60, 80];
const SMALL_SEEDS = 4;
const LARGE = [100, 200, 300, 450, 600];
const LARGE_SEEDS = 4;
const NODES = 100_000;
const TARGET = 0.05;

interface Case {
  readonly change: string;
  readonly entries: number;
  readonly hit: number;
  readonly moved: number;
  readonly unplaced: number;
  /** What `moved` is held against, and whether it is known to be reached by some timetable. */
  readonly limit: number;
  readonly isExact: boolean;
  readonly seconds: number;
}

export async function perturbation(): Promise<Result> {
  const small = SMALL.flatMap((courses) => Array.from({ length: SMALL_SEEDS }, (_, seed) => casesOf(courses, seed + 1, true)).flat());
  const large = LARGE.flatMap((courses) => Array.from({ length: LARGE_SEEDS }, (_, seed) => casesOf(courses, seed + 1, false)).flat());
  const placed = [...small, ...large].filter(({ unplaced }) => unplaced === 0);
  const sum = (of: (each: Case) => number) => placed.reduce((all, each) => all + of(each), 0);
  const ours = sum(({ moved }) => moved);
  const limit = sum((each) => each.limit);
  const exact = small.filter(({ isExact, unplaced }) => isExact && unplaced === 0);
  return Promise.resolve({
    name: 'perturbation', ours, limit, ratio: rounded(limit / ours, 3),
    more: {
      unit: 'entries moved', cases: placed.length, small: { cases: small.length, solvedExactly: exact.length, least: exact.filter(({ moved, limit: least }) => moved === least).length },
      changes: Object.fromEntries([...Map.groupBy(placed.filter(({ entries }) => entries > 300), ({ change }) => change)].map(([change, cases]) => [change, sharesOf(cases)])),
      withoutPlace: { cases: small.length + large.length - placed.length, entries: [...small, ...large].reduce((all, { unplaced }) => all + unplaced, 0) },
      slowestSeconds: rounded(Math.max(...large.map(({ seconds }) => seconds)), 2),
    },
  });
}

/** Shares of the entries that moved and that were hit, in percent; and in how many cases no more moved than the target. */
function sharesOf(cases: readonly Case[]) {
  const moved = cases.map((each) => each.moved / each.entries);
  const percent = (share: number) => rounded(100 * share, 2);
  return {
    cases: cases.length, medianPercent: percent(quantile(moved, 0.5)), worstPercent: percent(Math.max(...moved)), worstHitPercent: percent(Math.max(...cases.map((each) => each.hit / each.entries))),
    within: cases.filter((each) => each.moved / each.entries <= TARGET).length, withinAsFarAsHit: cases.filter((each) => each.hit / each.entries <= TARGET).length,
  };
}

function casesOf(courses: number, seed: number, isSmall: boolean): Case[] {
  const { university, solution } = generateUniversity(seed, { courses, students: 10 * courses });
  const random = new Random(seed);
  const used = new Set(solution.map(({ room }) => room));
  const rooms = university.rooms.filter(({ id }) => used.has(id));
  const room = rooms[random.below(rooms.length)]!.id;
  const member = university.faculty[random.below(university.faculty.length)]!.id;
  const day = random.below(university.days);
  const slotsOf = (days: readonly number[]) => days.flatMap((each) => Array.from({ length: university.periods }, (_, period): Slot => ({ day: each, period, week: 'every' })));
  const before = { ...university, previous: solution };
  return [
    { change: 'room closed', after: closing(before, room, slotsOf(Array.from({ length: university.days }, (_, each) => each))) },
    { change: 'room closed on a day', after: closing(before, room, slotsOf([day])) },
    { change: 'faculty member not on a day', after: sendingAway(before, member, slotsOf([day])) },
  ].map(({ change, after }) => measured(change, after, isSmall, `${courses} courses, seed ${seed}, ${change}`));
}

function measured(change: string, university: University, isSmall: boolean, label: string): Case {
  const started = performance.now();
  const { moved, unplaced, hit } = repair(university, variants[0]!.weights);
  const seconds = (performance.now() - started) / 1000;
  const least = isSmall ? leastOf(university) : { atLeast: hit, isExact: false };
  const entries = university.previous.length;
  say(`${label}: ${moved.length} of ${entries} moved, ${hit} hit, ${unplaced.length} without a place; at least ${least.atLeast}${least.isExact ? ', exactly' : ''}; ${rounded(seconds)} s`);
  return { change, entries, hit, moved: moved.length, unplaced: unplaced.length, limit: least.atLeast, isExact: least.isExact, seconds };
}

function leastOf(university: University) {
  const compiled = compile(university, variants[0]!.weights);
  return leastMoves(compiled.problem, placementOf(university, compiled, university.previous), NODES);
}

/** The room is closed, and nothing is locked into it any more. */
function closing(university: University, id: string, closed: readonly Slot[]): University {
  return {
    ...university, locks: university.locks.filter(({ room }) => room !== id),
    rooms: university.rooms.map((room) => (room.id === id ? { ...room, closed: [...room.closed, ...closed] } : room)),
  };
}

/** Somebody is away too, and what that person teaches is not locked any more. */
function sendingAway(university: University, id: string, slots: readonly Slot[]): University {
  const own = new Set(university.classes.filter(({ faculty }) => faculty.includes(id)).map((taught) => taught.id));
  return {
    ...university, locks: university.locks.filter((lock) => !own.has(lock.class)),
    faculty: university.faculty.map((member) => (member.id === id ? { ...member, unavailable: [...member.unavailable, ...slots] } : member)),
  };
}
