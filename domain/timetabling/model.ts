// A problem as the search wants it: alike events told once, what never changes summed beforehand, everything looked up.
import { listOf, type Lists, listsOf, MOST_PERIODS_PER_DAY, type Problem, roomsOf, startsOf } from './problem.ts';
import { dayTablesOf, rowsOf } from './rows.ts';

/**
 * Events with the same course, length, weeks, size, groups, teachers, slots and rooms are of one kind; a kind conflicts with itself.
 * A row is a group or a teacher in a week, as far as the shape of its days costs anything; rows with the same events are one.
 */
export interface Model {
  readonly problem: Problem;
  readonly slots: number;
  readonly days: number;
  readonly weeks: number;
  readonly periodsPerDay: number;
  readonly rooms: number;
  /** [slot] its day, and its period as a bit */
  readonly slotDay: Uint8Array;
  readonly slotBit: Int32Array;

  readonly events: number;
  /** [event] */
  readonly eventKind: Int32Array;
  /** Events that have a place, and those that may have more than one: only these are ever moved. */
  readonly placeable: Int32Array;
  readonly movable: Int32Array;

  readonly kinds: number;
  /** [kind] */
  readonly kindCourse: Int32Array;
  readonly kindLength: Int32Array;
  readonly kindWeeks: Int32Array;
  /** of kinds: slots to begin in, and rooms, the cheapest first */
  readonly kindStarts: Lists;
  readonly kindRooms: Lists;
  /** of kinds: kinds in conflict with it, itself among them; and as bits, [kind * conflictWords + (other >> 5)] */
  readonly conflicts: Lists;
  readonly conflictWords: number;
  readonly conflictBits: Int32Array;
  /** [kind * slots + slot], [kind * rooms + room]: 1 when allowed */
  readonly startAllowed: Uint8Array;
  readonly roomAllowed: Uint8Array;
  /** The same: what the slot (early and late periods, preferences) and the room (capacity, empty seats) cost */
  readonly slotCost: Int32Array;
  readonly roomCost: Int32Array;
  /** Whether any slot costs anything: what is all 0 is not worth its place in the processor's cache. */
  readonly slotsCost: boolean;

  readonly rows: number;
  /** of kinds */
  readonly kindRows: Lists;
  /** [row] where in `dayCost` the costs of its days begin; [busy periods of a day as bits] from there on */
  readonly rowCost: Int32Array;
  readonly dayCost: Int32Array;

  /** Rows of walking, none when that costs nothing: of kinds, and [row] for how many groups and teachers it counts */
  readonly walkRows: number;
  readonly kindWalkRows: Lists;
  readonly walkTimes: Int32Array;

  /** [course * (days + 1) + days on which it meets] what minimum working days and spread cost */
  readonly courseDaysCost: Int32Array;
}

/** @throws RangeError when a day has more than 16 periods */
export function modelOf(problem: Problem): Model {
  const { days, periodsPerDay, weeks, rooms, events, weights } = problem;
  if (periodsPerDay > MOST_PERIODS_PER_DAY) throw new RangeError(`a day has ${periodsPerDay} periods, the most is ${MOST_PERIODS_PER_DAY}`);
  const { eventKind, samples, starts, roomsBy } = kindsOf(problem);
  const kinds = samples.length;
  const slots = days * periodsPerDay;
  const slotCost = new Int32Array(kinds * slots);
  const roomCost = new Int32Array(kinds * rooms);
  samples.forEach((event, kind) => {
    for (const slot of starts[kind]!) slotCost[kind * slots + slot] = costOfSlot(problem, event, slot);
    for (const room of roomsBy[kind]!) roomCost[kind * rooms + room] = costOfRoom(problem, event, room);
    roomsBy[kind]!.sort((a, b) => roomCost[kind * rooms + a]! - roomCost[kind * rooms + b]! || a - b);
  });
  const conflicts = conflictsOf(problem, samples);
  const { rows, kindRows } = rowsOf(problem, samples, {
    groups: weights.compactness + weights.groupGaps + weights.groupLoad > 0, teachers: weights.teacherGaps + weights.teacherLoad > 0,
  });
  const walking = rowsOf(problem, samples, { groups: weights.walking > 0, teachers: weights.walking > 0 });
  const { rowCost, dayCost } = dayTablesOf(problem, rows);
  const places = Int32Array.from(eventKind, (kind) => starts[kind]!.length * roomsBy[kind]!.length);
  const numbers = Int32Array.from({ length: events }, (_, event) => event);
  return {
    problem, slots, days, weeks, periodsPerDay, rooms,
    slotDay: Uint8Array.from({ length: slots }, (_, slot) => Math.floor(slot / periodsPerDay)), slotBit: Int32Array.from({ length: slots }, (_, slot) => 1 << slot % periodsPerDay),
    events, eventKind,
    placeable: numbers.filter((event) => places[event]! > 0), movable: numbers.filter((event) => places[event]! > 1),
    kinds,
    kindCourse: Int32Array.from(samples, (event) => problem.eventCourse[event]!),
    kindLength: Int32Array.from(samples, (event) => problem.eventLength[event]!),
    kindWeeks: Int32Array.from(samples, (event) => problem.eventWeeks[event]!),
    kindStarts: listsOf(starts), kindRooms: listsOf(roomsBy), conflicts, ...bitsOf(conflicts, kinds),
    startAllowed: allowedOf(starts, slots), roomAllowed: allowedOf(roomsBy, rooms), slotCost, roomCost,
    slotsCost: slotCost.some((cost) => cost > 0),
    rows: rows.length, kindRows, rowCost, dayCost,
    walkRows: walking.rows.length, kindWalkRows: walking.kindRows,
    walkTimes: Int32Array.from(walking.rows, ({ groups, teachers }) => groups.length + teachers.length),
    courseDaysCost: costsOfCourseDays(problem, places),
  };
}

/** Kinds by number with an event that stands for each, and the slots and rooms that its events may have. */
function kindsOf(problem: Problem) {
  const known = new Map<string, number>();
  const samples: number[] = [];
  const starts: number[][] = [];
  const roomsBy: number[][] = [];
  const eventKind = Int32Array.from({ length: problem.events }, (_, event) => {
    const from = startsOf(problem, event);
    const rooms = roomsOf(problem, event);
    const key = [
      [problem.eventCourse[event], problem.eventLength[event], problem.eventWeeks[event], problem.eventSize[event]],
      listOf(problem.eventGroups, event), listOf(problem.eventTeachers, event), from, rooms,
    ].map((part) => part.join()).join(';');
    let kind = known.get(key);
    if (kind === undefined) {
      kind = samples.length;
      known.set(key, kind);
      samples.push(event);
      starts.push(from);
      roomsBy.push(rooms);
    }
    return kind;
  });
  return { eventKind, samples, starts, roomsBy };
}

function costOfSlot({ weights, periodsPerDay, days, periodCost, teacherCost, eventLength, eventTeachers }: Problem, event: number, slot: number): number {
  let cost = 0;
  for (let at = slot; at < slot + eventLength[event]!; at++) {
    cost += weights.periods * periodCost[at % periodsPerDay]!;
    for (const teacher of listOf(eventTeachers, event)) cost += weights.preferences * teacherCost[teacher * days * periodsPerDay + at]!;
  }
  return cost;
}

function costOfRoom({ weights, eventSize, roomCapacity }: Problem, event: number, room: number): number {
  const over = eventSize[event]! - roomCapacity[room]!;
  return over > 0 ? weights.capacity * over : -weights.emptySeats * over;
}

/** Kinds that share a group, a teacher or the course, and a week. */
function conflictsOf(problem: Problem, samples: readonly number[]): Lists {
  const sharing = new Map<string, number[]>();
  const share = (owner: string, kind: number) => {
    const kinds = sharing.get(owner);
    if (kinds) kinds.push(kind);
    else sharing.set(owner, [kind]);
  };
  samples.forEach((event, kind) => {
    share(`course ${problem.eventCourse[event]}`, kind);
    for (const group of listOf(problem.eventGroups, event)) share(`group ${group}`, kind);
    for (const teacher of listOf(problem.eventTeachers, event)) share(`teacher ${teacher}`, kind);
  });
  const conflicts = samples.map(() => new Set<number>());
  for (const kinds of sharing.values()) {
    for (const one of kinds) {
      for (const other of kinds) if ((problem.eventWeeks[samples[one]!]! & problem.eventWeeks[samples[other]!]!) !== 0) conflicts[one]!.add(other);
    }
  }
  return listsOf(conflicts);
}

function bitsOf(conflicts: Lists, kinds: number): { conflictWords: number; conflictBits: Int32Array } {
  const conflictWords = (kinds >> 5) + 1;
  const conflictBits = new Int32Array(kinds * conflictWords);
  for (let kind = 0; kind < kinds; kind++) for (const other of listOf(conflicts, kind)) conflictBits[kind * conflictWords + (other >> 5)]! |= 1 << (other & 31);
  return { conflictWords, conflictBits };
}

function allowedOf(lists: readonly number[][], width: number): Uint8Array {
  const allowed = new Uint8Array(lists.length * width);
  lists.forEach((list, i) => { for (const item of list) allowed[i * width + item] = 1; });
  return allowed;
}

/** @param places how many an event has; those without any count for nothing */
function costsOfCourseDays({ courses, days, courseMinDays, eventCourse, weights }: Problem, places: Int32Array): Int32Array {
  const events = new Int32Array(courses);
  eventCourse.forEach((course, event) => { if (places[event]! > 0) events[course]! += 1; });
  return Int32Array.from({ length: courses * (days + 1) }, (_, i) => {
    const course = Math.floor(i / (days + 1));
    const met = i % (days + 1);
    return weights.minimumWorkingDays * Math.max(0, courseMinDays[course]! - met) + weights.spread * Math.max(0, events[course]! - met);
  });
}
