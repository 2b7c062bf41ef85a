// The least number of events that have to leave their places after a change, by exact search: what repairs of small timetables are held against.
import { fitsDay, listOf, roomsOf, startsOf, type Placement, type Problem } from '../domain/timetabling/problem.ts';

interface Place { slot: number; room: number }

export interface Least {
  /** No timetable that breaks nothing moves fewer; Infinity when there is none at all. */
  atLeast: number;
  /** Whether there is one that moves just so many (or surely none); false when the nodes were used up before that was known. */
  isExact: boolean;
}

/**
 * How many events with a place in `home` are elsewhere in a timetable that breaks nothing, at the least. Iterative deepening on the number of moved events: each event that can't stay is given every place in turn,
 * and whoever is in the way there has to be given one too.
 */
export function leastMoves(problem: Problem, home: Placement, nodes: number): Least {
  const all = Array.from({ length: problem.events }, (_, event) => event);
  const places = all.map((event) => placesOf(problem, event));
  const homes = all.map((event) => places[event]!.find(({ slot, room }) => slot === home.slot[event] && room === home.room[event]) ?? null);
  const collide = collisionsOf(problem);
  const isNew = (event: number) => home.slot[event]! < 0;
  const collidesAtHome = (event: number, other: number) => other !== event && homes[other] != null && collide(event, homes[event]!, other, homes[other]);
  const broken = all.filter((event) => homes[event] === null || all.some((other) => collidesAtHome(event, other)));
  let left = nodes;
  /** The least limit that would have let the search go on where it was turned back. */
  let more = Infinity;
  /** 1 when a timetable was found, 0 when there is none, -1 when the nodes are used up. */
  const search = (pending: readonly number[], decided: ReadonlyMap<number, Place>, limit: number): 1 | 0 | -1 => {
    left -= 1;
    if (left < 0) return -1;
    const fits = (event: number, place: Place) => [...decided].every(([other, at]) => !collide(event, place, other, at));
    const mustMove = (event: number) => homes[event] === null || !fits(event, homes[event]!);
    const moved = [...decided].filter(([event, at]) => at !== homes[event] && !isNew(event)).length + pending.filter((event) => !isNew(event) && mustMove(event)).length;
    if (moved > limit) {
      more = Math.min(more, moved);
      return 0;
    }
    if (pending.length === 0) return 1;
    const options = pending.map((event) => ({ event, places: places[event]!.filter((place) => fits(event, place)) })).toSorted((a, b) => a.places.length - b.places.length);
    const { event, places: open } = options[0]!;
    const tries = open.map((place) => ({
      place, inTheWay: all.filter((other) => !decided.has(other) && !pending.includes(other) && other !== event && collide(event, place, other, homes[other]!)),
    })).toSorted((a, b) => Number(a.place !== homes[event]) + a.inTheWay.length - Number(b.place !== homes[event]) - b.inTheWay.length);
    for (const { place, inTheWay } of tries) {
      const result = search([...pending.filter((each) => each !== event), ...inTheWay], new Map([...decided, [event, place]]), limit);
      if (result !== 0) return result;
    }
    return 0;
  };
  for (let limit = 0; limit < Infinity; limit = more) {
    more = Infinity;
    const result = search(broken, new Map(), limit);
    if (result === 1) return { atLeast: limit, isExact: true };
    if (result === -1) return { atLeast: limit, isExact: false };
  }
  return { atLeast: Infinity, isExact: true };
}

/** All places that an event may have as far as it alone is concerned. */
function placesOf(problem: Problem, event: number): Place[] {
  const slots = problem.days * problem.periodsPerDay;
  return startsOf(problem, event).filter((slot) => fitsDay(problem, slot, problem.eventLength[event]!)).flatMap((slot) => roomsOf(problem, event).filter((room) => {
    for (let week = 0; week < problem.weeks; week++) {
      if ((problem.eventWeeks[event]! >> week & 1) === 0) continue;
      for (let at = slot; at < slot + problem.eventLength[event]!; at++) if (problem.roomTaken[(room * problem.weeks + week) * slots + at] === 1) return false;
    }
    return true;
  }).map((room) => ({ slot, room })));
}

/** Tells whether two events in two places collide, as people or in a room. */
function collisionsOf(problem: Problem): (one: number, at: Place, other: number, there: Place) => boolean {
  const { events, eventLength, eventWeeks, eventCourse, eventGroups, eventTeachers } = problem;
  const sharing = new Uint8Array(events * events);
  const told = (what: string, list: Int32Array) => [...list].map((each) => `${what} ${each}`);
  const sets = Array.from({ length: events }, (_, event) => new Set([
    `course ${eventCourse[event]}`, ...told('group', listOf(eventGroups, event)), ...told('teacher', listOf(eventTeachers, event)),
  ]));
  for (let one = 0; one < events; one++) for (let other = 0; other < events; other++) sharing[one * events + other] = [...sets[one]!].some((each) => sets[other]!.has(each)) ? 1 : 0;
  return (one, at, other, there) => (eventWeeks[one]! & eventWeeks[other]!) !== 0 && at.slot < there.slot + eventLength[other]! && there.slot < at.slot + eventLength[one]!
    && (at.room === there.room || sharing[one * events + other] === 1);
}
