// What marks add up to (A16): the one place in which the percentage is stated, and the one in which it is written for people.

export const markStatuses = ['present', 'late', 'absent', 'excused', 'on_duty'] as const;
export type MarkStatus = (typeof markStatuses)[number];

/** How many of a student's marks, over completed sessions, are which. */
export type MarkCounts = Record<MarkStatus, number>;

export const noMarks: MarkCounts = { present: 0, late: 0, absent: 0, excused: 0, on_duty: 0 };

export function countMarks(marks: Iterable<MarkStatus>): MarkCounts {
  const counts = { ...noMarks };
  for (const mark of marks) counts[mark] += 1;
  return counts;
}

export function sumCounts(all: Iterable<MarkCounts>): MarkCounts {
  const sum = { ...noMarks };
  for (const counts of all) for (const status of markStatuses) sum[status] += counts[status];
  return sum;
}

/** Sessions that were attended; those that count: excused and on_duty count neither way. */
export const attendedOf = ({ present, late }: Pick<MarkCounts, 'present' | 'late'>): number => present + late;
export const countedOf = ({ present, late, absent }: Pick<MarkCounts, 'present' | 'late' | 'absent'>): number => present + late + absent;

/**
 * Attendance in per cent, in full precision: (present + late) / (present + late + absent) (A16). Null where nothing counts.
 * Correctly rounded, so that it can be compared with a threshold as it is.
 */
export function percentageOf(counts: Pick<MarkCounts, 'present' | 'late' | 'absent'>): number | null {
  const counted = countedOf(counts);
  return counted === 0 ? null : (100 * attendedOf(counts)) / counted;
}

/** Whether attendance is below what is required; where nothing counts, it isn't. */
export function isBelow(counts: Pick<MarkCounts, 'present' | 'late' | 'absent'>, thresholdPercent: number): boolean {
  const percentage = percentageOf(counts);
  return percentage !== null && percentage < thresholdPercent;
}

/** A percentage as people read it, without the sign: two decimals; `none` where there is none. */
export function percentageText(percentage: number | null, none = '–'): string {
  return percentage === null ? none : percentage.toFixed(2);
}
