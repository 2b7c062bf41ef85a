// What marks add up to (A16): the one place in which the percentage is stated, and the one in which it is written for people.
import { type Counts, type Status, statuses } from './statuses.ts';

export const noMarks: Counts = { present: 0, late: 0, absent: 0, excused: 0, on_duty: 0 };

export function countMarks(marks: Iterable<Status>): Counts {
  const counts = { ...noMarks };
  for (const mark of marks) counts[mark] += 1;
  return counts;
}

export function sumCounts(all: Iterable<Counts>): Counts {
  const sum = { ...noMarks };
  for (const counts of all) for (const status of statuses) sum[status] += counts[status];
  return sum;
}

/** Sessions that were attended; those that count: excused and on_duty count neither way. */
export const attendedOf = ({ present, late }: Pick<Counts, 'present' | 'late'>): number => present + late;
export const countedOf = ({ present, late, absent }: Pick<Counts, 'present' | 'late' | 'absent'>): number => present + late + absent;

/**
 * Attendance in per cent, in full precision: (present + late) / (present + late + absent) (A16). Null where nothing counts.
 * Correctly rounded, so that it can be compared with a threshold as it is.
 */
export function percentageOf(counts: Pick<Counts, 'present' | 'late' | 'absent'>): number | null {
  const counted = countedOf(counts);
  return counted === 0 ? null : (100 * attendedOf(counts)) / counted;
}

/** Whether attendance is below what is required; where nothing counts, it isn't. */
export function isBelow(counts: Pick<Counts, 'present' | 'late' | 'absent'>, thresholdPercent: number): boolean {
  const percentage = percentageOf(counts);
  return percentage !== null && percentage < thresholdPercent;
}

/** A percentage as people read it, without the sign: two decimals; `none` where there is none. */
export function percentageText(percentage: number | null, none = '–'): string {
  return percentage === null ? none : percentage.toFixed(2);
}
