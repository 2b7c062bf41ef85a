// What the solver pays for each soft part, so that its cost falls when the quality that a variant asks for rises.

import type { StudentGroup } from './groups.ts';
import { periodsPerWeek, classesOfFaculty } from './loads.ts';
import { noWeights, softParts, type Weights } from './problem.ts';
import { compactness, continuity, facultyPreference, peakSpread, roomUse, workloadBalance } from './score.ts';
import type { University } from './university.ts';
import type { QualityWeights } from './variants.ts';

/** What the parts outside of the quality score weigh, beside the 1 of all of its parts. */
export interface BesideWeights {
  readonly minimumWorkingDays: number;
  readonly spread: number;
  readonly teacherGaps: number;
  readonly groupLoad: number;
  readonly periods: number;
  readonly walking: number;
}

/** Walking is for campuses on which it matters: it takes the search more than half of its speed. */
export const usualBeside: BesideWeights = { minimumWorkingDays: 0.03, spread: 0.03, teacherGaps: 0.03, groupLoad: 0.03, periods: 0.03, walking: 0 };

/** The parts of the score, and the price of the cheapest of them: the higher, the more exactly the others keep their proportion. */
const SCORED = ['preferences', 'groupGaps', 'emptySeats', 'teacherLoad', 'peak', 'roomStability'] as const;
const LOWEST = 3;
/** How often the dearest unit of another part goes into moving one meeting of a timetable that should be kept. */
const KEEPING = 4;

/**
 * Whole prices in proportion wᵢ / maxᵢ, so that the sum of costs ranks timetables as the quality score does (but that
 * gaps are counted by groups, however many students they have). What can't cost anything has price 0; so has moving a meeting where there
 * is no previous timetable.
 */
export function pricesOf(university: University, quality: QualityWeights, beside: BesideWeights, groups: readonly StudentGroup[]): Weights {
  const { days, periods, classes, faculty, previous } = university;
  const taught = classesOfFaculty(university);
  const byId = new Map(classes.map((each) => [each.id, each]));
  const groupPeriods = groups.map((group) => periodsPerWeek(university, group.classes.flatMap((id) => byId.get(id) ?? [])));
  const gaps = (weekly: readonly number[]) => weekly.reduce((sum, each) => sum + Math.min(days, Math.floor(each / 2)) * Math.max(0, periods - 2), 0);
  const facultyPeriods = faculty.map(({ id }) => periodsPerWeek(university, taught.get(id) ?? []));
  const meetings = classes.map(({ parts }) => parts.reduce((sum, { count }) => sum + count, 0));
  const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);
  const share = (weight: number, most: number) => (most === 0 ? 0 : weight / most);
  const shares: Weights = {
    ...noWeights,
    preferences: share(quality.facultyPreference, facultyPreference(university, []).most),
    groupGaps: share(quality.compactness, compactness(university, []).most === 0 ? 0 : sum(groupPeriods.map(gaps))),
    emptySeats: share(quality.roomUse, roomUse(university, []).most),
    teacherLoad: share(quality.workloadBalance, workloadBalance(university, []).most),
    peak: share(quality.peakSpread, peakSpread(university, []).most),
    roomStability: share(quality.continuity, continuity(university, []).most),
    minimumWorkingDays: share(beside.minimumWorkingDays, sum(classes.map(({ minWorkingDays }) => Math.max(0, minWorkingDays - 1)))),
    spread: share(beside.spread, sum(meetings.map((count) => count - 1))),
    teacherGaps: share(beside.teacherGaps, sum(facultyPeriods.map(gaps))),
    groupLoad: share(beside.groupLoad, sum(groupPeriods.flat())),
    periods: share(beside.periods, sum(periodsPerWeek(university, classes)) * Math.max(0, ...university.periodCosts)),
    walking: share(beside.walking, (sum(groupPeriods.flat()) + sum(facultyPeriods.flat())) * longestWalk(university)),
  };
  const least = Math.min(...SCORED.map((part) => shares[part]).filter((each) => each > 0));
  const prices = { ...noWeights };
  for (const part of softParts) if (shares[part] > 0) prices[part] = Math.max(1, Math.round((LOWEST * shares[part]) / least));
  return { ...prices, perturbation: previous.length === 0 ? 0 : KEEPING * Math.max(1, ...softParts.map((part) => prices[part])) };
}

/** Minutes by which the longest walk is longer than the time between two periods. */
function longestWalk({ walks, changeMinutes }: University): number {
  return Math.max(0, ...walks.map(({ minutes }) => minutes - changeMinutes));
}
