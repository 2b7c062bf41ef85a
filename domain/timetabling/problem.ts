// What the timetable solver is given: a campus, or a competition instance, as flat typed arrays of whole numbers.

/** Lists in a row: those of `i` are `item[start[i]]` to `item[start[i + 1] - 1]`, without repetition. */
export interface Lists {
  start: Int32Array;
  item: Int32Array;
}

/**
 * Price of each soft part, a whole number ≥ 0; a part that costs 0 is not computed at all. One unit of a part is:
 *
 * - `capacity`: a student beyond a room's capacity, for each event
 * - `emptySeats`: a seat of a room that an event leaves empty, for each event
 * - `minimumWorkingDays`: a day by which the days on which a course meets fall short of its `courseMinDays`
 * - `roomStability`: a room of a course beyond its first
 * - `spread`: an event of a course beyond its first of a day
 * - `compactness`: a busy period of a group with no busy period of the group right before or after it on the day
 * - `groupGaps`, `teacherGaps`: a free period between the first and the last busy one of a day
 * - `groupLoad`, `teacherLoad`: a busy period of a day beyond `groupMaxDaily`, `teacherMaxDaily`
 * - `periods`: multiplies `periodCost` of each period of each event (early and late periods)
 * - `preferences`: multiplies `teacherCost` of each period of each event, for each of its teachers
 * - `walking`: multiplies `walkCost` of the buildings of two adjacent periods of a group's or a teacher's day, unless a break lies between
 *   them or either period is booked twice
 * - `peak`: an event in progress in a period beyond `peakLimit`, in each week
 * - `perturbation`: an event whose slot or room is not its previous one
 *
 * Groups and teachers are looked at in each week of the cycle; with two weeks, what is there every week costs twice.
 * Parts of courses (working days, rooms, spread) and of events count once.
 */
export interface Weights {
  capacity: number;
  emptySeats: number;
  minimumWorkingDays: number;
  roomStability: number;
  spread: number;
  compactness: number;
  groupGaps: number;
  teacherGaps: number;
  groupLoad: number;
  teacherLoad: number;
  periods: number;
  preferences: number;
  walking: number;
  peak: number;
  perturbation: number;
}

/** The soft parts, in the order in which they are reported. */
export const softParts = [
  'capacity', 'emptySeats', 'minimumWorkingDays', 'roomStability', 'spread', 'compactness', 'groupGaps', 'teacherGaps', 'groupLoad',
  'teacherLoad', 'periods', 'preferences', 'walking', 'peak', 'perturbation',
] as const satisfies readonly (keyof Weights)[];

/** No part costs anything: to be spread into the weights that are wanted. */
export const noWeights: Weights = {
  capacity: 0, emptySeats: 0, minimumWorkingDays: 0, roomStability: 0, spread: 0, compactness: 0, groupGaps: 0, teacherGaps: 0, groupLoad: 0,
  teacherLoad: 0, periods: 0, preferences: 0, walking: 0, peak: 0, perturbation: 0,
};

/** Most periods a day that the solver takes: its tables are indexed by the busy periods of a day as bits. */
export const MOST_PERIODS_PER_DAY = 16;

/**
 * A timetabling problem. Everything is numbered from 0. A slot is `day * periodsPerDay + period`; there are `slots` of them in a week,
 * and `weeks` weeks in the cycle (1, or 2 for odd and even). A group is a set of students who attend the same events (a curriculum,
 * a section, students with the same electives). An event takes `eventLength` consecutive periods from its slot on, in the weeks of its
 * mask; those lie on one day and no break is between them.
 *
 * Hard, each violation counts 1:
 * - a period (of a slot, in whatever weeks) in which two events run that may not: they share a group, a teacher or the course, and a week.
 *   A pair counts once a period, however much it shares
 * - a period and week of a room in which an event runs beyond the first, `roomTaken` being one
 * - an event that has no place at all (`slot` and `room` are -1): none of its slots or rooms is allowed
 *
 * Never violated, for the search looks only at such places: the allowed slots and rooms of an event, teachers' availability, blocks.
 */
export interface Problem {
  days: number;
  periodsPerDay: number;
  weeks: 1 | 2;
  /** [period] 1 when a break follows the period: blocks don't span it, and there is time to walk. */
  breakAfter: Uint8Array;

  events: number;
  /** [event] */
  eventCourse: Int32Array;
  /** [event] in periods, ≥ 1 */
  eventLength: Uint8Array;
  /** [event] weeks as bits: 1 the first (odd), 2 the second (even), 3 both; always 1 when there is one week */
  eventWeeks: Uint8Array;
  /** [event] students, against the rooms' capacity */
  eventSize: Int32Array;
  /** of events: groups who attend */
  eventGroups: Lists;
  /** of events: teachers */
  eventTeachers: Lists;
  /** of events: rooms that may be used (kind, equipment; where capacity is hard, those that hold it) */
  eventRooms: Lists;
  /** [event * slots + slot] 1 when the event may run in that period; teachers' availability, breaks and the day's end are looked at beside it */
  eventAllowed: Uint8Array;
  /** [event] slot or room that is locked, else -1. A lock goes before everything that is allowed. */
  eventLockedSlot: Int32Array;
  eventLockedRoom: Int32Array;
  /** [event] slot and room of a placement that should be kept as far as possible, else -1: a new event has neither, its room may be of no matter */
  eventPreviousSlot: Int32Array;
  eventPreviousRoom: Int32Array;

  courses: number;
  /** [course] days on which it should meet at least */
  courseMinDays: Int32Array;

  groups: number;
  /** [group] busy periods a day from which on more cost */
  groupMaxDaily: Int32Array;

  teachers: number;
  /** [teacher * slots + slot] 1 when available */
  teacherAvailable: Uint8Array;
  /** [teacher * slots + slot] what a period costs, ≥ 0 (0: as good as any) */
  teacherCost: Int32Array;
  /** [teacher] as `groupMaxDaily` */
  teacherMaxDaily: Int32Array;

  rooms: number;
  /** [room] */
  roomCapacity: Int32Array;
  /** [room] */
  roomBuilding: Int32Array;
  /** [(room * weeks + week) * slots + slot] 1 when another timetable has the room */
  roomTaken: Uint8Array;

  buildings: number;
  /** [from * buildings + to] what a change of buildings between adjacent periods costs, ≥ 0, symmetric; 0 within a building */
  walkCost: Int32Array;

  /** [period] what a period costs, ≥ 0 */
  periodCost: Int32Array;
  /** events in progress at once, in a week, from which on more cost */
  peakLimit: number;

  weights: Weights;
}

/** A slot and a room of each event, -1 and -1 where an event has no place. */
export interface Placement {
  slot: Int32Array;
  room: Int32Array;
}

/** Lists from arrays; repetitions in a list are dropped. */
export function listsOf(lists: readonly Iterable<number>[]): Lists {
  const sets = lists.map((list) => [...new Set(list)]);
  const start = new Int32Array(sets.length + 1);
  sets.forEach((set, i) => { start[i + 1] = start[i]! + set.length; });
  return { start, item: Int32Array.from(sets.flat()) };
}

/** Those of `i`. */
export const listOf = ({ start, item }: Lists, i: number): Int32Array => item.subarray(start[i], start[i + 1]);

/** Whether an event of such a length may begin in a slot as far as the day goes: it ends on the same day, and no break is within it. */
export function fitsDay({ periodsPerDay, breakAfter }: Pick<Problem, 'periodsPerDay' | 'breakAfter'>, slot: number, length: number): boolean {
  const period = slot % periodsPerDay;
  if (period + length > periodsPerDay) return false;
  for (let i = 0; i < length - 1; i++) if (breakAfter[period + i] === 1) return false;
  return true;
}

/** Slots in which an event may begin, in order: the locked one (none when the day can't hold it there), else all that are allowed for each of its periods. */
export function startsOf(problem: Problem, event: number): number[] {
  const locked = problem.eventLockedSlot[event]!;
  const length = problem.eventLength[event]!;
  if (locked >= 0) return fitsDay(problem, locked, length) ? [locked] : [];
  const slots = problem.days * problem.periodsPerDay;
  const teachers = listOf(problem.eventTeachers, event);
  const free = (slot: number) => problem.eventAllowed[event * slots + slot] === 1
    && teachers.every((teacher) => problem.teacherAvailable[teacher * slots + slot] === 1);
  const starts: number[] = [];
  for (let slot = 0; slot < slots; slot++) {
    if (!fitsDay(problem, slot, length)) continue;
    let all = true;
    for (let i = 0; i < length && all; i++) all = free(slot + i);
    if (all) starts.push(slot);
  }
  return starts;
}

/** Rooms that an event may use: the locked one, else those that fit. */
export function roomsOf(problem: Problem, event: number): number[] {
  const locked = problem.eventLockedRoom[event]!;
  return locked >= 0 ? [locked] : [...listOf(problem.eventRooms, event)];
}
