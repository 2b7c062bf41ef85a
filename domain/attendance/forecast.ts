// How many of the classes to come a student has to attend (A19), and when that is worth a warning.
import { percentageOf } from './percentage.ts';
import type { Counts } from './statuses.ts';

/** Classes left, at the most, that may still be missed when a student is told that every one is needed. */
const MARGIN = 1;

export interface Forecast {
  /** As it stands; null where nothing counts yet. */
  percentage: number | null;
  /** Classes to come that will count. */
  remaining: number;
  /** Of these, how many have to be attended to end at or above the threshold: 0 when it is safe; null when it can't be reached. */
  needed: number | null;
  /** Where it ends when all of them are attended; when none is. Null where nothing will count. */
  best: number | null;
  worst: number | null;
}

/**
 * What is needed to end at or above a threshold (per cent). `remaining` counts classes to come that will count: holidays have none, and
 * one missed for a known interview or leave counts neither way.
 */
export function forecast(counts: Counts, remaining: number, thresholdPercent: number): Forecast {
  const endingWith = (attended: number) =>
    percentageOf({ present: counts.present + attended, late: counts.late, absent: counts.absent + remaining - attended });
  let needed: number | null = null;
  for (let attended = 0; attended <= remaining && needed === null; attended += 1) {
    const end = endingWith(attended);
    if (end === null || end >= thresholdPercent) needed = attended;
  }
  return { percentage: percentageOf(counts), remaining, needed, best: endingWith(remaining), worst: endingWith(0) };
}

/** How bad it is: below the threshold now; every class to come is needed, give or take one; it can't be reached any more. */
export const warningLevels = ['below', 'every-class-needed', 'out-of-reach'] as const;
export type WarningLevel = (typeof warningLevels)[number];

/** What a student should be warned of, if anything: the worst of it. */
export function warningOf({ percentage, remaining, needed }: Forecast, thresholdPercent: number): WarningLevel | null {
  if (needed === null) return 'out-of-reach';
  if (needed > 0 && remaining - needed <= MARGIN) return 'every-class-needed';
  return percentage !== null && percentage < thresholdPercent ? 'below' : null;
}
