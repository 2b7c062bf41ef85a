// Seats in other sections for students who miss a class: as many students as possible get one, each at a time at which they are free.

import { overlaps, type Interval } from '../calendar/slots.ts';
import { dayHolding, dayLoads } from './coverage.ts';
import type { StudentId } from './types.ts';

/** The same class in another section. Times in slots (domain/calendar/slots.ts). */
export interface OpenClass extends Interval {
  readonly id: number;
  /** Seats that nobody has. */
  readonly free: number;
}

export interface SeatProblem {
  readonly classes: readonly OpenClass[];
  /** Every key is a student who needs a seat, with what he or she has besides. */
  readonly busy: ReadonlyMap<StudentId, readonly Interval[]>;
  /** Local days, ascending, and the most slots a day that a student may be busy, the class included. */
  readonly days: readonly { readonly startSlot: number; readonly endSlot: number }[];
  readonly maxSlots: number;
}

/**
 * A maximum matching of students and seats (augmenting paths: Kuhn 1955, here with several seats a class). Earlier classes are
 * preferred, but never at the price of a student without a seat. Deterministic, whatever the order of the inputs.
 * @returns class ids by student, only of those who get a seat
 */
export function assignSeats({ classes, busy, days, maxSlots }: SeatProblem): Map<StudentId, number> {
  const open = classes.filter(({ free }) => free > 0).sort((a, b) => a.start - b.start || a.id - b.id);
  const students = [...busy.keys()].sort(byId);
  const suitable = new Map(students.map((student) => [student, open.filter((one) => isSuitable(one, busy.get(student)!, days, maxSlots))]));
  const seated = new Map<number, StudentId[]>(open.map(({ id }) => [id, []]));

  /** Seats a student, if need be by sending others to another class of theirs. */
  const seat = (student: StudentId, tried: Set<number>): boolean => {
    for (const { id, free } of suitable.get(student)!) {
      if (tried.has(id)) continue;
      tried.add(id);
      const here = seated.get(id)!;
      if (here.length < free) {
        here.push(student);
        return true;
      }
      const place = here.findIndex((other) => seat(other, tried));
      if (place >= 0) {
        here[place] = student;
        return true;
      }
    }
    return false;
  };
  // Those with the fewest choices first: it saves the search most of its moves.
  for (const student of students.toSorted((a, b) => suitable.get(a)!.length - suitable.get(b)!.length || byId(a, b))) seat(student, new Set());
  return new Map([...seated].flatMap(([id, here]) => here.map((student) => [student, id] as const)));
}

function isSuitable(
  wanted: Interval, busy: readonly Interval[], days: SeatProblem['days'], maxSlots: number,
): boolean {
  if (busy.some((interval) => interval.end > interval.start && overlaps(interval, wanted))) return false;
  const day = dayHolding(days, wanted.start, wanted.end);
  if (day < 0) return false;
  const loads = new Int32Array(days.length);
  dayLoads(busy, days, loads);
  return (loads[day] as number) + (wanted.end - wanted.start) <= maxSlots;
}

function byId(a: StudentId, b: StudentId): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
