// After a change, the timetable that was: what the change breaks finds new places, and as little else as possible moves with it.

import { Board } from './board.ts';
import { compile, entriesOf, placementOf, type Compiled } from './compile.ts';
import { Ejection, type Effort } from './ejection.ts';
import { hardCount, hardViolations } from './hard-violations.ts';
import { modelOf, type Model } from './model.ts';
import { listOf, type Placement } from './problem.ts';
import { Random } from './random.ts';
import { State } from './state.ts';
import { meetingKey, meetingsOf, slotNumber, type Entry, type Meeting, type University } from './university.ts';
import { unplacedEvents } from './unplaced.ts';
import type { QualityWeights } from './variants.ts';

/** An entry of the previous timetable that is elsewhere now; `to` is null when there is no place for it any more. */
export interface Moved {
  readonly from: Entry;
  readonly to: Entry | null;
}

export interface Repaired {
  readonly entries: readonly Entry[];
  readonly moved: readonly Moved[];
  /** Meetings that had no entry before and have one now. */
  readonly added: readonly Entry[];
  readonly unplaced: readonly Meeting[];
  /** Of the previous entries, how many the change itself hit: they can't stay, or only one of a pair that now collides can. */
  readonly hit: number;
  /** What `hardViolations` counts in the entries. */
  readonly hard: number;
}

/** Chains that make room for one event: how many more events may move, and how far each search goes. */
const MOST_EXTRA = 3;
const CHAIN: Effort = { nodes: 400, width: 24, moves: 6 };
/** Searches for a way to bring events home that moved for others, and rounds of those. */
const RETURN: Effort = { nodes: 150, width: 16, moves: 9 };
const RETURN_ROUNDS = 4;
const RETURN_BESIDE = 3;
/** Steps of throwing others out for each event that no chain finds a place for. */
const FORCING_STEPS = 150;
const POLISHING_PASSES = 4;

/**
 * A timetable of the university that keeps as much of `previous` as can be found: first the fewest broken rules, then the fewest entries moved,
 * then the best quality of those that move anyway. Entries that are locked in both slot and room stay there, and an entry of which only the room
 * is lost keeps its time if it can. The same for the same seed. (Ejection chains with a limit on moves, in the sense of Müller, Rudová and Barták,
 * "Minimal perturbation problem in course timetabling", 2005; afterwards groups of moved entries are placed anew with fewer away.)
 */
export function repair(university: University, quality: QualityWeights, seed = 1): Repaired {
  const compiled = compile(university, quality);
  const model = modelOf(compiled.problem);
  const home = homesOf(university, compiled);
  const { board, hit } = repairPlacement(model, home, new Random(seed));
  const entries = entriesOf(university, compiled, board);
  const now = new Map(entries.map((entry) => [meetingKey(entry), entry]));
  const before = new Map(university.previous.map((entry) => [meetingKey(entry), entry]));
  const meetings = university.classes.flatMap(meetingsOf);
  return {
    entries,
    moved: meetings.flatMap((meeting): Moved[] => {
      const from = before.get(meetingKey(meeting));
      const to = now.get(meetingKey(meeting)) ?? null;
      const stays = from === undefined || (to !== null && from.day === to.day && from.period === to.period && from.room === to.room);
      return stays ? [] : [{ from, to }];
    }),
    added: entries.filter((entry) => !before.has(meetingKey(entry))),
    unplaced: meetings.filter((meeting) => !now.has(meetingKey(meeting))),
    hit: hit.filter((event) => before.has(meetingKey(compiled.events[event]!.meeting))).length,
    hard: hardCount(hardViolations(university, entries)),
  };
}

/** Where events were; of one whose room there is no more, the slot alone. */
function homesOf(university: University, compiled: Compiled): Placement {
  const home = placementOf(university, compiled, university.previous);
  const before = new Map(university.previous.map((entry) => [meetingKey(entry), entry]));
  compiled.events.forEach(({ meeting, part }, event) => {
    const entry = before.get(meetingKey(meeting));
    if (entry === undefined || home.slot[event]! >= 0 || entry.length !== part.length || entry.day >= university.days || entry.period >= university.periods) return;
    home.slot[event] = slotNumber(university, 0, entry.day, entry.period);
  });
  return home;
}

/** The same for the solver's problem: the board with all that has a place, and the events that could not stay at home or had none. */
export function repairPlacement(model: Model, home: Placement, random: Random): { board: Board; hit: number[] } {
  const board = new Board(model);
  const { waiting, immovable } = settle(board, home);
  const ejection = new Ejection(board, home, immovable);
  const left = insert(ejection, waiting);
  const without = left.length === 0 ? left : force(ejection, left, immovable, random);
  bringHome(ejection, immovable, random);
  // Those that were given up may have got a place by now.
  insert(ejection, without);
  polish(board, home, [...model.movable].filter((event) => immovable[event] === 0 && board.isPlaced(event) && (ejection.isAway(event) || home.room[event]! < 0)));
  return { board, hit: waiting };
}

/** Puts every event that can stay at home there, those with a single place into it, and tells who has to be given a place. */
function settle(board: Board, home: Placement): { waiting: number[]; immovable: Uint8Array } {
  const { model } = board;
  const immovable = new Uint8Array(model.events);
  for (const event of model.placeable) {
    const [starts, rooms] = [board.startsOf(event), board.roomsOf(event)];
    if (starts.length * rooms.length > 1) continue;
    immovable[event] = 1;
    board.put(event, starts[0]!, rooms[0]!);
  }
  const waiting: number[] = [];
  const staying: number[] = [];
  for (const event of model.movable) {
    const [slot, room] = [home.slot[event]!, home.room[event]!];
    if (board.isAllowed(event, slot, room) && board.isFree(event, slot, room)) staying.push(event);
    else waiting.push(event);
  }
  const alone = new Board(model);
  for (const event of staying) alone.put(event, home.slot[event]!, home.room[event]!);
  const cleared = new Set(unplacedEvents(model, alone).filter((event) => alone.isPlaced(event)));
  for (const event of staying) if (!cleared.has(event)) board.put(event, home.slot[event]!, home.room[event]!);
  return { waiting: [...waiting, ...cleared], immovable };
}

/** Gives events a place by the shortest chains, those with the fewest places first; returns those for whom there was none. */
function insert(ejection: Ejection, events: readonly number[]): number[] {
  const places = new Map(events.map((event) => [event, ejection.candidates(event, 0).length]));
  let waiting = events.toSorted((a, b) => places.get(a)! - places.get(b)! || a - b);
  for (let extra = 0; extra <= MOST_EXTRA && waiting.length > 0; extra++) {
    waiting = waiting.filter((event) => !ejection.place([event], ejection.away + extra, CHAIN));
  }
  return waiting;
}

/**
 * Puts events where the fewest others are thrown out, these elsewhere and so on; who often waits is thrown out less readily. Ends with the board
 * on which the fewest wait, and returns those.
 */
function force(ejection: Ejection, events: readonly number[], immovable: Uint8Array, random: Random): number[] {
  const { board } = ejection;
  const weight = new Int32Array(immovable.length).fill(1);
  let waiting = [...events];
  let best = { waiting, away: ejection.away, slot: board.slot.slice(), room: board.room.slice() };
  for (let step = 0; step < FORCING_STEPS * events.length && waiting.length > 0; step++) {
    const event = waiting[random.below(waiting.length)]!;
    weight[event]! += 1;
    const candidates = ejection.candidates(event, Infinity);
    if (candidates.length === 0) {
      if (waiting.every((each) => ejection.candidates(each, Infinity).length === 0)) break;
      continue;
    }
    const priced = candidates.map((candidate) => ({ candidate, price: candidate.cost + 2 * candidate.blockers.reduce((sum, other) => sum + weight[other]!, 0) }));
    const least = Math.min(...priced.map(({ price }) => price));
    const cheapest = priced.filter(({ price }) => price === least);
    const { slot, room, blockers } = cheapest[random.below(cheapest.length)]!.candidate;
    for (const other of blockers) ejection.take(other);
    ejection.put(event, slot, room);
    waiting = [...waiting.filter((each) => each !== event), ...blockers];
    if (waiting.length < best.waiting.length || (waiting.length === best.waiting.length && ejection.away < best.away)) {
      best = { waiting, away: ejection.away, slot: board.slot.slice(), room: board.room.slice() };
    }
  }
  for (const event of board.model.placeable) if (board.isPlaced(event)) ejection.take(event);
  for (const event of board.model.placeable) if (best.slot[event]! >= 0) ejection.put(event, best.slot[event]!, best.room[event]!);
  return best.waiting;
}

/** Places those anew that moved for others, with whoever is at their home and some beside, so that fewer are away. */
function bringHome(ejection: Ejection, immovable: Uint8Array, random: Random): void {
  const { board } = ejection;
  const awayNow = () => Array.from(immovable.keys()).filter((event) => immovable[event] === 0 && board.isPlaced(event) && ejection.isAway(event));
  for (let round = 0; round < RETURN_ROUNDS; round++) {
    const away = awayNow();
    const strays = away.filter((event) => ejection.canGoHome(event));
    if (strays.length === 0) return;
    for (const stray of strays) {
      if (!ejection.isAway(stray)) continue;
      const beside = Array.from({ length: round === 0 ? 0 : RETURN_BESIDE }, () => away[random.below(away.length)]!);
      const group = [...new Set([stray, ...ejection.atHomeOf(stray), ...beside])].filter((event) => immovable[event] === 0);
      const from = group.map((event) => ({ event, slot: board.slot[event]!, room: board.room[event]! }));
      const before = ejection.away;
      for (const event of group) ejection.take(event);
      if (ejection.place(group, before - 1, RETURN)) continue;
      for (const { event, slot, room } of from) ejection.put(event, slot, room);
    }
  }
}

/** Moves events among the places that are free to where they cost least; one that has kept its time only to other rooms. */
function polish(board: Board, home: Placement, events: readonly number[]): void {
  const { model } = board;
  const state = new State({ ...model, placeable: model.placeable.filter((event) => board.isPlaced(event)) }, board);
  for (let pass = 0, better = true; pass < POLISHING_PASSES && better; pass++) {
    better = false;
    for (const event of events) {
      const now = board.slot[event]!;
      let best = { change: 0, slot: now, room: board.room[event]! };
      for (const slot of home.slot[event] === now ? [now] : listOf(model.kindStarts, model.eventKind[event]!)) {
        if (board.people(event, slot).length > 0) continue;
        for (const room of board.roomsOf(event)) {
          if (board.inRoom(event, slot, room).length > 0 || !board.isAllowed(event, slot, room)) continue;
          const change = state.softChange(event, slot, room);
          if (change < best.change) best = { change, slot, room };
        }
      }
      if (best.change === 0) continue;
      better = true;
      state.move(event, best.slot, best.room, 0, best.change);
      board.take(event);
      board.put(event, best.slot, best.room);
    }
  }
}
