// Between a registrar's campus and the solver's: names to numbers, and a placement back to entries.

import { awayTimes } from './availability.ts';
import { studentGroups, type StudentGroup } from './groups.ts';
import { classesOfFaculty, facultyDailyLimit, peakLimit, periodsPerWeek } from './loads.ts';
import { locksInForce } from './locks.ts';
import { pricesOf, usualBeside, type BesideWeights } from './prices.ts';
import { listsOf, type Placement, type Problem } from './problem.ts';
import { roomFits } from './room-fit.ts';
import { meetingKey, meetingsOf, slotNumber, slotNumbers, type Entry, type Meeting, type Part, type TaughtClass, type University } from './university.ts';
import type { QualityWeights } from './variants.ts';

export interface Compiled {
  readonly problem: Problem;
  /** The meeting that each of the problem's events is. Rooms, classes (courses), faculty (teachers) and buildings have the university's order. */
  readonly events: readonly CompiledEvent[];
}

export interface CompiledEvent {
  readonly meeting: Meeting;
  readonly taught: TaughtClass;
  readonly part: Part;
}

/** Periods a day that students may have beyond an even day before it is too full. */
const FULLER_DAY = 1;

/** The solver's problem for a university (one without issues, see `universityIssues`) and the quality that its timetable should have, with what counts beside it. */
export function compile(university: University, quality: QualityWeights, beside: BesideWeights = usualBeside): Compiled {
  const { days, periods, weeks, rooms, classes, faculty, buildings, breaks, periodCosts } = university;
  const groups = studentGroups(university);
  const events = classes.flatMap((taught) => meetingsOf(taught).map((meeting) => ({ meeting, taught, part: taught.parts[meeting.part] as Part })));
  const position = (list: readonly { readonly id: string }[]) => new Map(list.map(({ id }, index) => [id, index]));
  const classIndex = position(classes);
  const facultyIndex = position(faculty);
  const buildingIndex = position(buildings);
  const breakAfter = new Uint8Array(periods);
  for (const { after } of breaks) breakAfter[after] = 1;
  const problem: Problem = {
    days, periodsPerDay: periods, weeks, breakAfter,
    events: events.length,
    eventCourse: Int32Array.from(events, ({ taught }) => classIndex.get(taught.id) ?? 0),
    eventLength: Uint8Array.from(events, ({ part }) => part.length),
    eventWeeks: Uint8Array.from(events, ({ part }) => (weeks === 1 ? 1 : { odd: 1, even: 2, every: 3 }[part.week])),
    eventSize: Int32Array.from(events, ({ taught }) => taught.size),
    eventGroups: listsOf(groupsOfEvents(events, groups)),
    eventTeachers: listsOf(events.map(({ taught }) => taught.faculty.map((id) => facultyIndex.get(id) ?? 0))),
    eventRooms: listsOf(roomsOfEvents(university, events)),
    eventAllowed: allowedSlots(university, events, groups),
    ...fixedPlaces(university, events),
    courses: classes.length,
    courseMinDays: Int32Array.from(classes, ({ minWorkingDays }) => minWorkingDays),
    groups: groups.length,
    groupMaxDaily: groupLimits(university, groups),
    teachers: faculty.length,
    ...teachersOf(university),
    rooms: rooms.length,
    roomCapacity: Int32Array.from(rooms, ({ capacity }) => capacity),
    roomBuilding: Int32Array.from(rooms, ({ building }) => buildingIndex.get(building) ?? 0),
    roomTaken: takenRooms(university),
    buildings: buildings.length,
    walkCost: walkCosts(university, buildingIndex),
    periodCost: Int32Array.from(periodCosts),
    peakLimit: peakLimit(university),
    weights: pricesOf(university, quality, beside, groups),
  };
  return { problem, events };
}

/** The entries of a placement, in the order of its events; those without a place are left out. */
export function entriesOf(university: University, { events }: Pick<Compiled, 'events'>, { slot, room }: Placement): Entry[] {
  return events.flatMap(({ meeting, part }, event) => {
    const at = slot[event] ?? -1;
    const place = university.rooms[room[event] ?? -1];
    if (at < 0 || place === undefined) return [];
    return [{ ...meeting, day: Math.floor(at / university.periods), period: at % university.periods, length: part.length, week: part.week, room: place.id }];
  });
}

/** The placement that entries are, -1 for events without one; what the university doesn't have (any more) is left out. */
export function placementOf(university: University, { events }: Pick<Compiled, 'events'>, entries: readonly Entry[]): Placement {
  const rooms = new Map(university.rooms.map(({ id }, index) => [id, index]));
  const placed = new Map(entries.map((entry) => [meetingKey(entry), entry]));
  const slot = new Int32Array(events.length).fill(-1);
  const room = new Int32Array(events.length).fill(-1);
  events.forEach(({ meeting, part }, event) => {
    const entry = placed.get(meetingKey(meeting));
    const place = entry === undefined ? undefined : rooms.get(entry.room);
    if (entry === undefined || place === undefined || entry.length !== part.length || entry.day >= university.days || entry.period >= university.periods) return;
    slot[event] = slotNumber(university, 0, entry.day, entry.period);
    room[event] = place;
  });
  return { slot, room };
}

function groupsOfEvents(events: readonly CompiledEvent[], groups: readonly StudentGroup[]): number[][] {
  const ofClass = new Map<string, number[]>();
  groups.forEach(({ classes }, group) => {
    for (const id of classes) {
      const list = ofClass.get(id);
      if (list === undefined) ofClass.set(id, [group]);
      else list.push(group);
    }
  });
  return events.map(({ taught }) => ofClass.get(taught.id) ?? []);
}

function roomsOfEvents({ rooms }: University, events: readonly CompiledEvent[]): number[][] {
  const ofPart = new Map<Part, number[]>();
  return events.map(({ taught, part }) => {
    const found = ofPart.get(part) ?? rooms.flatMap((room, index) => (roomFits(room, taught, part) ? [index] : []));
    ofPart.set(part, found);
    return found;
  });
}

/** [event * slots + slot] 1 when nobody who is part of it is elsewhere in any of its weeks. */
function allowedSlots(university: University, events: readonly CompiledEvent[], groups: readonly StudentGroup[]): Uint8Array {
  const slots = university.days * university.periods;
  const allowed = new Uint8Array(events.length * slots).fill(1);
  const away = awayTimes(university, groups);
  events.forEach(({ taught, part }, event) => {
    for (const number of away.get(taught.id) ?? []) {
      const week = Math.floor(number / slots);
      if (part.week === 'every' || part.week === (week === 0 ? 'odd' : 'even')) allowed[event * slots + (number % slots)] = 0;
    }
  });
  return allowed;
}

function fixedPlaces(university: University, events: readonly CompiledEvent[]): Pick<Problem, 'eventLockedSlot' | 'eventLockedRoom' | 'eventPreviousSlot' | 'eventPreviousRoom'> {
  const locks = new Map(locksInForce(university).map((lock) => [meetingKey(lock), lock]));
  const rooms = new Map(university.rooms.map(({ id }, index) => [id, index]));
  const lockOf = events.map(({ meeting }) => locks.get(meetingKey(meeting)));
  const previous = placementOf(university, { events }, university.previous);
  return {
    eventLockedSlot: Int32Array.from(lockOf, (lock) => (lock?.slot == null ? -1 : slotNumber(university, 0, lock.slot.day, lock.slot.period))),
    eventLockedRoom: Int32Array.from(lockOf, (lock) => (lock?.room == null ? -1 : rooms.get(lock.room) ?? -1)),
    eventPreviousSlot: previous.slot,
    eventPreviousRoom: previous.room,
  };
}

function groupLimits(university: University, groups: readonly StudentGroup[]): Int32Array {
  const classes = new Map(university.classes.map((taught) => [taught.id, taught]));
  return Int32Array.from(groups, (group) => {
    const weekly = periodsPerWeek(university, group.classes.flatMap((id) => classes.get(id) ?? []));
    return Math.ceil(Math.max(...weekly) / university.days) + FULLER_DAY;
  });
}

function teachersOf(university: University): Pick<Problem, 'teacherAvailable' | 'teacherCost' | 'teacherMaxDaily'> {
  const { faculty, periods, days } = university;
  const slots = days * periods;
  const taught = classesOfFaculty(university);
  const teacherAvailable = new Uint8Array(faculty.length * slots).fill(1);
  const teacherCost = new Int32Array(faculty.length * slots);
  faculty.forEach(({ unavailable, preferences }, teacher) => {
    // Who is away in some weeks only can still teach in the others: that is told event by event.
    for (const { day, period, week } of unavailable) if (week === 'every') teacherAvailable[teacher * slots + day * periods + period] = 0;
    for (const { day, period, cost } of preferences) teacherCost[teacher * slots + day * periods + period] = cost;
  });
  return { teacherAvailable, teacherCost, teacherMaxDaily: Int32Array.from(faculty, (member) => facultyDailyLimit(university, member, taught.get(member.id) ?? [])) };
}

/** [(room * weeks + week) * slots + slot] as slot numbers are counted within a room. */
function takenRooms(university: University): Uint8Array {
  const perRoom = university.weeks * university.days * university.periods;
  const taken = new Uint8Array(university.rooms.length * perRoom);
  university.rooms.forEach((room, index) => {
    for (const number of slotNumbers(university, [...room.closed, ...room.taken])) taken[index * perRoom + number] = 1;
  });
  return taken;
}

/** Minutes of a walk beyond the time between two periods. */
function walkCosts({ buildings, walks, changeMinutes }: University, buildingIndex: ReadonlyMap<string, number>): Int32Array {
  const costs = new Int32Array(buildings.length ** 2);
  for (const { between, minutes } of walks) {
    const [from = 0, to = 0] = between.map((id) => buildingIndex.get(id) ?? 0);
    if (from === to) continue;
    const cost = Math.max(0, minutes - changeMinutes);
    costs[from * buildings.length + to] = cost;
    costs[to * buildings.length + from] = cost;
  }
  return costs;
}
