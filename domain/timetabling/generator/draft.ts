// What the generator works on: classes with the times of their meetings, before they have rooms and faculty.

import type { Random } from '../random.ts';
import { slotNumber, weeksOf, type Part, type University, type Week } from '../university.ts';

export type Calendar = Pick<University, 'days' | 'periods' | 'breaks' | 'weeks'>;

export interface DraftSection {
  readonly id: string;
  readonly department: string;
  /** Position of the department and of the year, from 0. */
  readonly departmentIndex: number;
  readonly year: number;
  readonly size: number;
  /** Bands of slots kept free for what its students choose. */
  readonly bands: readonly [number, number];
}

export interface DraftMeeting {
  readonly part: number;
  readonly occurrence: number;
  readonly day: number;
  readonly period: number;
  readonly length: number;
  readonly week: Week;
}

export interface DraftClass {
  readonly id: string;
  readonly subject: string;
  readonly department: string;
  readonly departmentIndex: number;
  readonly sections: readonly string[];
  readonly size: number;
  readonly parts: readonly Part[];
  readonly meetings: readonly DraftMeeting[];
  /** The band of an elective; null for what whole sections have. */
  readonly band: number | null;
}

/** Who or what is busy in which slots of both weeks. */
export class Occupation {
  readonly #busy = new Map<string, Set<number>>();

  isFree(id: string, slots: readonly number[]): boolean {
    const busy = this.#busy.get(id);
    return busy === undefined || slots.every((slot) => !busy.has(slot));
  }

  take(id: string, slots: readonly number[]): void {
    const busy = this.#busy.get(id) ?? new Set();
    for (const slot of slots) busy.add(slot);
    this.#busy.set(id, busy);
  }
}

/** Numbers of the slots, of both weeks, that a meeting is in. */
export function slotsOfMeeting(calendar: Calendar, { day, period, length, week }: Pick<DraftMeeting, 'day' | 'period' | 'length' | 'week'>): number[] {
  return weeksOf(week, calendar.weeks).flatMap((each) => Array.from({ length }, (_, offset) => slotNumber(calendar, each, day, period + offset)));
}

/** Numbers of the slots of all meetings of a class. */
export const slotsOfClass = (calendar: Calendar, { meetings }: Pick<DraftClass, 'meetings'>) => meetings.flatMap((meeting) => slotsOfMeeting(calendar, meeting));

/** The same things in another order. */
export function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i -= 1) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j] as T, order[i] as T];
  }
  return order;
}

/** True in `percent` of 100 cases. */
export const happens = (random: Random, percent: number) => random.below(100) < percent;
