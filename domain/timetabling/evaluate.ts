// The cost of a placement, computed plainly from the problem alone: what the search's own sums are held against.
import { listOf, type Placement, type Problem, softParts, type Weights } from './problem.ts';

export interface Cost {
  /** Violations by kind; see `Problem`. */
  conflicts: number;
  doubleBookings: number;
  unplaced: number;
  /** Weighted cost of each soft part. */
  parts: Weights;
  /** Sums. */
  hard: number;
  soft: number;
}

interface Run { event: number; course: number; slot: number; room: number; day: number }

/** Everything that a placement breaks and costs. */
export function evaluate(problem: Problem, placement: Placement): Cost {
  const { periodsPerDay, weights } = problem;
  const runs: Run[] = [];
  for (let event = 0; event < problem.events; event++) {
    const slot = placement.slot[event]!;
    if (slot >= 0) runs.push({ event, course: problem.eventCourse[event]!, slot, room: placement.room[event]!, day: Math.floor(slot / periodsPerDay) });
  }
  const units: Weights = {
    ...unitsOfEvents(problem, runs), ...unitsOfCourses(problem, runs), ...unitsOfDays(problem, runs),
    walking: walked(problem, runs), peak: beyondPeak(problem, runs),
  };
  const parts = { ...units };
  for (const part of softParts) parts[part] = units[part] * weights[part];
  const conflicts = conflictsIn(problem, runs);
  const doubleBookings = doubleBookingsIn(problem, runs);
  const unplaced = problem.events - runs.length;
  return { conflicts, doubleBookings, unplaced, parts, hard: conflicts + doubleBookings + unplaced, soft: softParts.reduce((sum, part) => sum + parts[part], 0) };
}

const sum = <T>(items: readonly T[], of: (item: T) => number) => items.reduce((total, item) => total + of(item), 0);
const slotsOf = (problem: Problem, { event, slot }: Run) => Array.from({ length: problem.eventLength[event]! }, (_, i) => slot + i);
const weeksOf = ({ weeks }: Problem) => Array.from({ length: weeks }, (_, week) => week);
const runsIn = ({ eventWeeks }: Problem, { event }: Run, week: number) => (eventWeeks[event]! >> week & 1) === 1;

function conflictsIn(problem: Problem, runs: readonly Run[]): number {
  const meet = (a: Int32Array, b: Int32Array) => a.some((item) => b.includes(item));
  let conflicts = 0;
  for (const [i, one] of runs.entries()) {
    for (let j = i + 1; j < runs.length; j++) {
      const other = runs[j]!;
      const ends = Math.min(one.slot + problem.eventLength[one.event]!, other.slot + problem.eventLength[other.event]!);
      const common = ends - Math.max(one.slot, other.slot);
      if (common <= 0 || (problem.eventWeeks[one.event]! & problem.eventWeeks[other.event]!) === 0) continue;
      const shared = one.course === other.course
        || meet(listOf(problem.eventGroups, one.event), listOf(problem.eventGroups, other.event))
        || meet(listOf(problem.eventTeachers, one.event), listOf(problem.eventTeachers, other.event));
      if (shared) conflicts += common;
    }
  }
  return conflicts;
}

function doubleBookingsIn(problem: Problem, runs: readonly Run[]): number {
  const slots = problem.days * problem.periodsPerDay;
  const booked = Array.from(problem.roomTaken);
  for (const run of runs) {
    for (const week of weeksOf(problem)) {
      if (runsIn(problem, run, week)) for (const slot of slotsOf(problem, run)) booked[(run.room * problem.weeks + week) * slots + slot]! += 1;
    }
  }
  return sum(booked, (count) => Math.max(0, count - 1));
}

function unitsOfEvents(problem: Problem, runs: readonly Run[]) {
  const slots = problem.days * problem.periodsPerDay;
  const over = ({ event, room }: Run) => problem.eventSize[event]! - problem.roomCapacity[room]!;
  return {
    capacity: sum(runs, (run) => Math.max(0, over(run))),
    emptySeats: sum(runs, (run) => Math.max(0, -over(run))),
    periods: sum(runs, (run) => sum(slotsOf(problem, run), (slot) => problem.periodCost[slot % problem.periodsPerDay]!)),
    preferences: sum(runs, (run) => sum([...listOf(problem.eventTeachers, run.event)], (teacher) =>
      sum(slotsOf(problem, run), (slot) => problem.teacherCost[teacher * slots + slot]!))),
    perturbation: sum(runs, ({ event, slot, room }) => {
      const [before, roomBefore] = [problem.eventPreviousSlot[event]!, problem.eventPreviousRoom[event]!];
      return before >= 0 && (before !== slot || (roomBefore >= 0 && roomBefore !== room)) ? 1 : 0;
    }),
  };
}

function unitsOfCourses(problem: Problem, runs: readonly Run[]) {
  const units = { minimumWorkingDays: 0, roomStability: 0, spread: 0 };
  for (let course = 0; course < problem.courses; course++) {
    const own = runs.filter((run) => run.course === course);
    const days = new Set(own.map(({ day }) => day)).size;
    units.minimumWorkingDays += Math.max(0, problem.courseMinDays[course]! - days);
    units.roomStability += Math.max(0, new Set(own.map(({ room }) => room)).size - 1);
    units.spread += own.length - days;
  }
  return units;
}

/** Parts of groups and teachers: from the periods of each day and week in which they are busy. */
function unitsOfDays(problem: Problem, runs: readonly Run[]) {
  const { groups, teachers, groupMaxDaily, teacherMaxDaily } = problem;
  const units = { compactness: 0, groupGaps: 0, teacherGaps: 0, groupLoad: 0, teacherLoad: 0 };
  for (let group = 0; group < groups; group++) {
    for (const busy of busyDays(problem, runs.filter(({ event }) => listOf(problem.eventGroups, event).includes(group)))) {
      units.compactness += busy.filter((period) => !busy.includes(period - 1) && !busy.includes(period + 1)).length;
      units.groupGaps += gapsIn(busy);
      units.groupLoad += Math.max(0, busy.length - groupMaxDaily[group]!);
    }
  }
  for (let teacher = 0; teacher < teachers; teacher++) {
    for (const busy of busyDays(problem, runs.filter(({ event }) => listOf(problem.eventTeachers, event).includes(teacher)))) {
      units.teacherGaps += gapsIn(busy);
      units.teacherLoad += Math.max(0, busy.length - teacherMaxDaily[teacher]!);
    }
  }
  return units;
}

const gapsIn = (busy: readonly number[]) => (busy.length === 0 ? 0 : Math.max(...busy) - Math.min(...busy) + 1 - busy.length);

/** The busy periods, each once, of every day of every week. */
function busyDays(problem: Problem, runs: readonly Run[]): number[][] {
  return weeksOf(problem).flatMap((week) => Array.from({ length: problem.days }, (_, day) => {
    const here = runs.filter((run) => run.day === day && runsIn(problem, run, week));
    return [...new Set(here.flatMap((run) => slotsOf(problem, run).map((slot) => slot % problem.periodsPerDay)))];
  }));
}

function walked(problem: Problem, runs: readonly Run[]): number {
  const walks = (own: readonly Run[]) => sum(weeksOf(problem), (week) => {
    const buildings = new Map<number, number[]>();
    for (const run of own.filter((each) => runsIn(problem, each, week))) {
      for (const slot of slotsOf(problem, run)) buildings.set(slot, [...(buildings.get(slot) ?? []), problem.roomBuilding[run.room]!]);
    }
    return sum([...buildings], ([slot, here]) => {
      const period = slot % problem.periodsPerDay;
      const next = period + 1 < problem.periodsPerDay && problem.breakAfter[period] === 0 ? buildings.get(slot + 1) : undefined;
      return here.length === 1 && next?.length === 1 ? problem.walkCost[here[0]! * problem.buildings + next[0]!]! : 0;
    });
  });
  let cost = 0;
  for (let group = 0; group < problem.groups; group++) cost += walks(runs.filter(({ event }) => listOf(problem.eventGroups, event).includes(group)));
  for (let teacher = 0; teacher < problem.teachers; teacher++) cost += walks(runs.filter(({ event }) => listOf(problem.eventTeachers, event).includes(teacher)));
  return cost;
}

function beyondPeak(problem: Problem, runs: readonly Run[]): number {
  return sum(weeksOf(problem), (week) => {
    const running = new Map<number, number>();
    for (const run of runs.filter((each) => runsIn(problem, each, week))) {
      for (const slot of slotsOf(problem, run)) running.set(slot, (running.get(slot) ?? 0) + 1);
    }
    return sum([...running.values()], (count) => Math.max(0, count - problem.peakLimit));
  });
}
