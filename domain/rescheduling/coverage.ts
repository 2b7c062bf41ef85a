// Which of many starts of one length collide with what is busy, and how busy days are. The inner loops of the slot search:
// typed arrays, nothing allocated per start.

import type { Interval } from '../calendar/slots.ts';

/** Index of the first value that is not below the wanted one; `sorted` ascends. */
function lowerBound(sorted: ArrayLike<number>, wanted: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Collects busy intervals and says for each of the ascending starts whether [start, start + duration) meets any of them. As all
 * have one length, an interval meets a contiguous run of starts: two binary searches and two counts each.
 */
export class Coverage {
  private readonly starts: Int32Array;
  private readonly duration: number;
  private readonly steps: Int32Array;

  constructor(starts: Int32Array, duration: number) {
    this.starts = starts;
    this.duration = duration;
    this.steps = new Int32Array(starts.length + 1);
  }

  /** Adds intervals; those without length are nothing. */
  add(intervals: readonly Interval[]): this {
    for (const { start, end } of intervals) {
      if (end <= start) continue;
      const first = lowerBound(this.starts, start - this.duration + 1);
      const after = lowerBound(this.starts, end);
      if (first >= after) continue;
      this.steps[first]! += 1;
      this.steps[after]! -= 1;
    }
    return this;
  }

  /** For each start, 1 when it meets an interval added so far, else 0. */
  hits(): Uint8Array {
    const hits = new Uint8Array(this.starts.length);
    let depth = 0;
    for (let index = 0; index < hits.length; index += 1) {
      depth += this.steps[index] as number;
      hits[index] = depth > 0 ? 1 : 0;
    }
    return hits;
  }
}

/**
 * Busy slots of one person on each day, written to `loads` (one place a day; overwritten). What overlaps counts once; what
 * crosses midnight counts on both days. `days` ascend and don't overlap; the intervals may come in any order.
 */
export function dayLoads(intervals: readonly Interval[], days: readonly { startSlot: number; endSlot: number }[], loads: Int32Array): void {
  loads.fill(0);
  const ordered = isOrdered(intervals) ? intervals : [...intervals].sort((a, b) => a.start - b.start);
  let countedTo = -Infinity;
  let firstDay = 0;
  for (const { start, end } of ordered) {
    let from = Math.max(start, countedTo);
    if (end <= from) continue;
    countedTo = end;
    while (firstDay < days.length && days[firstDay]!.endSlot <= from) firstDay += 1;
    for (let day = firstDay; day < days.length && days[day]!.startSlot < end; day += 1) {
      from = Math.max(from, days[day]!.startSlot);
      loads[day]! += Math.min(end, days[day]!.endSlot) - from;
      from = days[day]!.endSlot;
    }
  }
}

/** Position of the day that wholly holds [start, end), or -1; `days` ascend. */
export function dayHolding(days: readonly { startSlot: number; endSlot: number }[], start: number, end: number): number {
  const position = days.findLastIndex((day) => day.startSlot <= start);
  return position >= 0 && end <= days[position]!.endSlot ? position : -1;
}

function isOrdered(intervals: readonly Interval[]): boolean {
  for (let index = 1; index < intervals.length; index += 1) {
    if (intervals[index]!.start < intervals[index - 1]!.start) return false;
  }
  return true;
}
