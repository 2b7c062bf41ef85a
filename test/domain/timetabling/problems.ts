// Small timetabling problems for tests: told in a few words, or drawn at random.
import { listsOf, noWeights, type Placement, type Problem, softParts, type Weights } from '../../../domain/timetabling/problem.ts';
import type { Random } from '../../../domain/timetabling/random.ts';

export interface EventTold {
  course?: number;
  length?: number;
  weeks?: number;
  size?: number;
  groups?: number[];
  teachers?: number[];
  rooms?: number[];
  /** slots that are not allowed */
  closed?: number[];
  lockedSlot?: number;
  lockedRoom?: number;
  /** slot and room */
  previous?: [number, number];
}

export interface ProblemTold {
  days?: number;
  periodsPerDay?: number;
  weeks?: 1 | 2;
  breaksAfter?: number[];
  events: EventTold[];
  courseMinDays?: number[];
  groupMaxDaily?: number[];
  teachers?: { unavailable?: number[]; cost?: Record<number, number>; maxDaily?: number }[];
  rooms?: { capacity?: number; building?: number; taken?: number[] }[];
  walkCost?: number[][];
  periodCost?: number[];
  peakLimit?: number;
  weights?: Partial<Weights>;
}

/** Two days of four periods, one room for 50 and nothing that costs, as far as nothing else is told. Each event is a course of its own. */
export function problemTold({
  days = 2, periodsPerDay = 4, weeks = 1, breaksAfter = [], events, courseMinDays, groupMaxDaily, teachers = [], rooms = [{}], walkCost = [[0]],
  periodCost = [], peakLimit = 1000, weights = {},
}: ProblemTold): Problem {
  const slots = days * periodsPerDay;
  const most = (lists: number[][]) => Math.max(-1, ...lists.flat()) + 1;
  const courses = most(events.map(({ course }, i) => [course ?? i]));
  const groups = most(events.map((event) => event.groups ?? []));
  const teacherCount = Math.max(teachers.length, most(events.map((event) => event.teachers ?? [])));
  const table = (count: number, of: (i: number, slot: number) => number) => Array.from({ length: count * slots }, (_, i) => of(Math.floor(i / slots), i % slots));
  return {
    days, periodsPerDay, weeks, breakAfter: Uint8Array.from({ length: periodsPerDay }, (_, period) => (breaksAfter.includes(period) ? 1 : 0)),
    events: events.length,
    eventCourse: Int32Array.from(events, ({ course }, i) => course ?? i),
    eventLength: Uint8Array.from(events, ({ length }) => length ?? 1),
    eventWeeks: Uint8Array.from(events, (event) => event.weeks ?? (weeks === 2 ? 3 : 1)),
    eventSize: Int32Array.from(events, ({ size }) => size ?? 0),
    eventGroups: listsOf(events.map((event) => event.groups ?? [])),
    eventTeachers: listsOf(events.map((event) => event.teachers ?? [])),
    eventRooms: listsOf(events.map((event) => event.rooms ?? rooms.map((_, room) => room))),
    eventAllowed: Uint8Array.from(table(events.length, (event, slot) => (events[event]!.closed?.includes(slot) ? 0 : 1))),
    eventLockedSlot: Int32Array.from(events, ({ lockedSlot }) => lockedSlot ?? -1),
    eventLockedRoom: Int32Array.from(events, ({ lockedRoom }) => lockedRoom ?? -1),
    eventPreviousSlot: Int32Array.from(events, ({ previous }) => previous?.[0] ?? -1),
    eventPreviousRoom: Int32Array.from(events, ({ previous }) => previous?.[1] ?? -1),
    courses, courseMinDays: Int32Array.from({ length: courses }, (_, course) => courseMinDays?.[course] ?? 1),
    groups, groupMaxDaily: Int32Array.from({ length: groups }, (_, group) => groupMaxDaily?.[group] ?? periodsPerDay),
    teachers: teacherCount,
    teacherAvailable: Uint8Array.from(table(teacherCount, (teacher, slot) => (teachers[teacher]?.unavailable?.includes(slot) ? 0 : 1))),
    teacherCost: Int32Array.from(table(teacherCount, (teacher, slot) => teachers[teacher]?.cost?.[slot] ?? 0)),
    teacherMaxDaily: Int32Array.from({ length: teacherCount }, (_, teacher) => teachers[teacher]?.maxDaily ?? periodsPerDay),
    rooms: rooms.length,
    roomCapacity: Int32Array.from(rooms, ({ capacity }) => capacity ?? 50),
    roomBuilding: Int32Array.from(rooms, ({ building }) => building ?? 0),
    roomTaken: Uint8Array.from(table(rooms.length * weeks, (cell, slot) => (rooms[Math.floor(cell / weeks)]!.taken?.includes(slot) ? 1 : 0))),
    buildings: walkCost.length, walkCost: Int32Array.from(walkCost.flat()),
    periodCost: Int32Array.from({ length: periodsPerDay }, (_, period) => periodCost[period] ?? 0),
    peakLimit, weights: { ...noWeights, ...weights },
  };
}

/** Slots and rooms of the events, in their order; -1 and -1 for none. */
export const placed = (...places: [slot: number, room: number][]): Placement => ({
  slot: Int32Array.from(places, ([slot]) => slot), room: Int32Array.from(places, ([, room]) => room),
});

/** A problem with everything in it that there is: blocks, weeks, breaks, locks, taken rooms, all soft parts. */
export function randomCampus(random: Random): Problem {
  const some = (count: number, most: number) => Array.from({ length: random.below(most + 1) }, () => random.below(count));
  const [days, periodsPerDay, weeks] = [1 + random.below(3), 3 + random.below(4), random.below(2) === 0 ? 1 as const : 2 as const];
  const slots = days * periodsPerDay;
  const [courses, groups, teachers, rooms, buildings] = [2 + random.below(5), 2 + random.below(4), 1 + random.below(4), 2 + random.below(3), 2];
  return problemTold({
    days, periodsPerDay, weeks, breaksAfter: some(periodsPerDay, 1),
    events: Array.from({ length: 4 + random.below(8) }, () => ({
      course: random.below(courses), length: 1 + random.below(5) % 3, weeks: weeks === 1 ? 1 : 1 + random.below(3), size: random.below(60),
      groups: some(groups, 2), teachers: some(teachers, 2), closed: some(slots, 2),
      rooms: random.below(3) === 0 ? [random.below(rooms)] : Array.from({ length: rooms }, (_, room) => room),
      ...(random.below(6) === 0 && { lockedSlot: random.below(slots) }), ...(random.below(6) === 0 && { lockedRoom: random.below(rooms) }),
      ...(random.below(2) === 0 && { previous: [random.below(slots), random.below(rooms + 1) - 1] as [number, number] }),
    })),
    courseMinDays: Array.from({ length: courses }, () => random.below(4)),
    groupMaxDaily: Array.from({ length: groups }, () => random.below(5)),
    teachers: Array.from({ length: teachers }, () => ({
      unavailable: some(slots, 2), maxDaily: random.below(4), cost: Object.fromEntries(some(slots, 5).map((slot) => [slot, 1 + random.below(9)])),
    })),
    rooms: Array.from({ length: rooms }, () => ({ capacity: 20 + random.below(30), building: random.below(buildings), taken: some(slots, 1) })),
    walkCost: [[0, 3], [3, 0]], periodCost: Array.from({ length: periodsPerDay }, () => random.below(3)), peakLimit: random.below(4),
    weights: Object.fromEntries(softParts.map((part) => [part, random.below(3) === 0 ? 0 : 1 + random.below(7)])),
  });
}

/** A problem as the competition has them: one week, single lectures, all rooms for everybody, four soft parts. */
export function randomCompetition(random: Random): Problem {
  const [days, periodsPerDay, courses, groups] = [2 + random.below(3), 3 + random.below(3), 3 + random.below(5), 2 + random.below(5)];
  const rooms = 2 + random.below(3);
  const told = Array.from({ length: courses }, (_, course) => ({
    course, size: 10 + random.below(60), groups: Array.from({ length: 1 + random.below(2) }, () => random.below(groups)), teachers: [random.below(4)],
    closed: Array.from({ length: random.below(3) }, () => random.below(days * periodsPerDay)),
  }));
  return problemTold({
    days, periodsPerDay, events: told.flatMap((event) => Array.from({ length: 1 + random.below(3) }, () => event)),
    courseMinDays: told.map(() => 1 + random.below(3)), rooms: Array.from({ length: rooms }, () => ({ capacity: 20 + random.below(40) })),
    weights: { capacity: 1, minimumWorkingDays: 5, compactness: 2, roomStability: 1 },
  });
}
