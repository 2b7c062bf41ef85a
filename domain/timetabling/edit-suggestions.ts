// What else would have to move so that an entry can go where somebody drags it: another room, or one entry that makes way.

import type { Draft } from './draft.ts';
import { effectOf, type Effect, type Move } from './edit.ts';
import type { Meeting } from './university.ts';
import { meetingKey, slotNumber } from './university.ts';

export interface Suggestion extends Effect {
  /** The entry that was dragged, to the slot that was asked for; and, if it takes that, the one that makes way: to a free place, or in a swap. */
  readonly moves: readonly Move[];
}

export interface SuggestionLimits {
  /** Suggestions given, the best first. */
  readonly most: number;
  /** Rooms tried for the entry beside the one that it is dragged to, and rooms of each slot for one that makes way beside its own; cheapest first. */
  readonly rooms: number;
}

const LIMITS: SuggestionLimits = { most: 5, rooms: 5 };
/** Options looked at in full for each suggestion that is wanted: some break what the solver doesn't look at, a lock to a time when somebody is away. */
const OPTIONS = 4;

interface Option {
  readonly change: number;
  readonly moves: readonly Move[];
}

/**
 * None when the move is possible as it is, or when it is the slot itself in which the entry may not be. The work is bounded by the limits: (rooms + 1)²
 * times the slots of a week, whatever the size of the university. @throws RangeError as `effectOf`
 */
export function suggestionsFor(draft: Draft, move: Move, limits: SuggestionLimits = LIMITS): Suggestion[] {
  if (effectOf(draft, [move]).broken.length === 0) return [];
  const options = optionsFor(draft, move, limits).toSorted((a, b) => a.change - b.change).slice(0, OPTIONS * limits.most);
  const suggestions: Suggestion[] = [];
  for (const { moves } of options) {
    if (suggestions.length === limits.most) break;
    const effect = effectOf(draft, moves);
    if (effect.broken.length === 0) suggestions.push({ moves, ...effect });
  }
  return suggestions.toSorted((a, b) => b.gain - a.gain);
}

/** All ways within the limits, with what they cost as the solver counts. */
function optionsFor(draft: Draft, move: Move, limits: SuggestionLimits): Option[] {
  const { university, board, eventOf, compiled } = draft;
  const event = eventOf.get(meetingKey(move)) ?? -1;
  const slot = slotNumber(university, 0, move.day, move.period);
  const target = university.rooms.findIndex(({ id }) => id === move.room);
  if (!board.startsOf(event).includes(slot)) return [];
  const people = board.people(event, slot);
  if (people.length > 1) return [];
  const inRoom = (room: number) => board.inRoom(event, slot, room);
  const from = { slot: board.slot[event]!, room: board.room[event]! };
  const rooms = [...new Set([target, ...board.roomsOf(event)])].filter((room) => board.isAllowed(event, slot, room) && people.length + inRoom(room).length < 2);
  // Rooms that are free come first: then nobody has to make way.
  const tried = [target, ...rooms.filter((room) => room !== target).toSorted((a, b) => inRoom(a).length - inRoom(b).length)].filter((room) => rooms.includes(room)).slice(0, limits.rooms + 1);
  const told = (of: number, at: number, room: number) => moveOf(compiled.events[of]!.meeting, university.periods, at, university.rooms[room]!.id);
  return tried.flatMap((room): Option[] => {
    const change = costChange(draft, event, slot, room);
    const first = told(event, slot, room);
    const other = people[0] ?? inRoom(room)[0];
    if (other === undefined) return [{ change, moves: [first] }];
    // Carried out and taken back: the other one looks for a place with the first already gone.
    shift(draft, event, slot, room);
    const ways = waysFor(draft, other, limits).map((way) => ({ change: change + way.change, moves: [first, told(other, way.slot, way.room)] }));
    shift(draft, event, from.slot, from.room);
    return ways;
  });
}

/** Places that are free for an event that makes way. */
function waysFor(draft: Draft, event: number, { rooms }: SuggestionLimits): { slot: number; room: number; change: number }[] {
  const { board } = draft;
  const own = board.room[event]!;
  return [...board.startsOf(event)].flatMap((slot) => {
    if (board.people(event, slot).length > 0) return [];
    const free = [...board.roomsOf(event)].filter((room) => (slot !== board.slot[event] || room !== own) && board.inRoom(event, slot, room).length === 0 && board.isAllowed(event, slot, room));
    return [...free.filter((room) => room === own), ...free.filter((room) => room !== own).slice(0, rooms)].map((room) => ({ slot, room, change: costChange(draft, event, slot, room) }));
  });
}

/** What the solver would pay more; nothing for what it doesn't count. */
function costChange({ state }: Draft, event: number, slot: number, room: number): number {
  return state.slot[event]! < 0 ? 0 : state.softChange(event, slot, room);
}

/** Moves an event on the board, off it at -1, and in the state if that has it. */
function shift({ board, state }: Draft, event: number, slot: number, room: number): void {
  const isInState = state.slot[event]! >= 0;
  if (board.isPlaced(event)) board.take(event);
  if (slot >= 0) board.put(event, slot, room);
  if (isInState) state.move(event, slot, room, 0, 0);
}

function moveOf({ class: id, part, occurrence }: Meeting, periods: number, slot: number, room: string): Move {
  return { class: id, part, occurrence, day: Math.floor(slot / periods), period: slot % periods, room };
}
