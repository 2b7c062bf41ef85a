// What a day of a group or teacher costs, for every set of busy periods: looked up instead of computed.
import type { Problem } from './problem.ts';

/** Prices of a day's shape; see `Weights`. */
export interface DayPrices {
  isolated: number;
  gap: number;
  /** of each busy period beyond `most` */
  load: number;
  most: number;
}

/** Cost of each set of busy periods of a day (period p is bit 1 << p), all 2^periodsPerDay of them. */
export function dayCosts(periodsPerDay: Problem['periodsPerDay'], { isolated, gap, load, most }: DayPrices): Int32Array {
  const costs = new Int32Array(1 << periodsPerDay);
  for (let busy = 1; busy < costs.length; busy++) {
    const alone = bits(busy & ~(busy << 1) & ~(busy >> 1));
    const first = 31 - Math.clz32(busy & -busy);
    const span = 32 - Math.clz32(busy) - first;
    const count = bits(busy);
    costs[busy] = isolated * alone + gap * (span - count) + load * Math.max(0, count - most);
  }
  return costs;
}

function bits(set: number): number {
  let count = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
