// A timetable that may be incomplete: who is in the way of an event somewhere, as it is put down and taken out by hand or by repair.
import type { Model } from './model.ts';
import { listOf, type Placement } from './problem.ts';
import { isTaken } from './unplaced.ts';

const NOBODY: readonly number[] = [];

/** Events in their places, of which any may have none and any may collide. Unlike `State` it counts no costs. */
export class Board implements Placement {
  readonly model: Model;
  /** [event] -1 and -1 for none; changed by `put` and `take` only */
  readonly slot: Int32Array;
  readonly room: Int32Array;
  /** [slot] events in progress */
  readonly #running: readonly number[][];
  /** [slot * rooms + room] the same by room */
  readonly #inRooms: readonly number[][];

  constructor(model: Model, placement?: Placement) {
    this.model = model;
    this.slot = new Int32Array(model.events).fill(-1);
    this.room = new Int32Array(model.events).fill(-1);
    this.#running = Array.from({ length: model.slots }, () => []);
    this.#inRooms = Array.from({ length: model.slots * model.rooms }, () => []);
    if (placement === undefined) return;
    for (let event = 0; event < model.events; event++) if (placement.slot[event]! >= 0) this.put(event, placement.slot[event]!, placement.room[event]!);
  }

  isPlaced(event: number): boolean {
    return this.slot[event]! >= 0;
  }

  /** Puts an event without a place into one. */
  put(event: number, slot: number, room: number): void {
    this.slot[event] = slot;
    this.room[event] = room;
    for (let at = slot; at < this.#endOf(event, slot); at++) {
      this.#running[at]!.push(event);
      this.#inRooms[at * this.model.rooms + room]!.push(event);
    }
  }

  /** Takes an event out of its place. */
  take(event: number): void {
    const slot = this.slot[event]!;
    for (let at = slot; at < this.#endOf(event, slot); at++) {
      for (const list of [this.#running[at]!, this.#inRooms[at * this.model.rooms + this.room[event]!]!]) list.splice(list.indexOf(event), 1);
    }
    this.slot[event] = -1;
    this.room[event] = -1;
  }

  /** Whether an event may be there as far as the event itself goes: slot and room allowed, the room not another timetable's. */
  isAllowed(event: number, slot: number, room: number): boolean {
    const { model } = this;
    const kind = model.eventKind[event]!;
    return slot >= 0 && room >= 0 && model.startAllowed[kind * model.slots + slot] === 1 && model.roomAllowed[kind * model.rooms + room] === 1
      && !isTaken(model, event, slot, room);
  }

  /** Who is in the way of an event in a slot as people, or as the same class. */
  people(event: number, slot: number): readonly number[] {
    const { eventKind, conflictBits, conflictWords } = this.model;
    const row = eventKind[event]! * conflictWords;
    let found: number[] | null = null;
    for (let at = slot; at < this.#endOf(event, slot); at++) {
      for (const other of this.#running[at]!) {
        const otherKind = eventKind[other]!;
        if ((conflictBits[row + (otherKind >> 5)]! >>> (otherKind & 31) & 1) === 0 || other === event) continue;
        if (found === null) found = [other];
        else if (!found.includes(other)) found.push(other);
      }
    }
    return found ?? NOBODY;
  }

  /** Who is in the way in a room, and isn't so as people too. */
  inRoom(event: number, slot: number, room: number): readonly number[] {
    const { rooms, eventKind, kindWeeks, conflictBits, conflictWords } = this.model;
    const kind = eventKind[event]!;
    let found: number[] | null = null;
    for (let at = slot; at < this.#endOf(event, slot); at++) {
      for (const other of this.#inRooms[at * rooms + room]!) {
        const otherKind = eventKind[other]!;
        if (other === event || (kindWeeks[kind]! & kindWeeks[otherKind]!) === 0 || (conflictBits[kind * conflictWords + (otherKind >> 5)]! >>> (otherKind & 31) & 1) === 1) continue;
        if (found === null) found = [other];
        else if (!found.includes(other)) found.push(other);
      }
    }
    return found ?? NOBODY;
  }

  /** Whether nobody is in the way of an event in a place. */
  isFree(event: number, slot: number, room: number): boolean {
    return this.people(event, slot).length === 0 && this.inRoom(event, slot, room).length === 0;
  }

  /** Who is in the way of an event in a place. */
  blockers(event: number, slot: number, room: number): number[] {
    return [...this.people(event, slot), ...this.inRoom(event, slot, room)];
  }

  /** Slots and rooms that an event may use, the room's being taken not looked at. */
  startsOf(event: number): Int32Array {
    return listOf(this.model.kindStarts, this.model.eventKind[event]!);
  }

  roomsOf(event: number): Int32Array {
    return listOf(this.model.kindRooms, this.model.eventKind[event]!);
  }

  /** The slot after the last one that an event is in, and no later than the day's end. */
  #endOf(event: number, slot: number): number {
    const { periodsPerDay, kindLength, eventKind } = this.model;
    return Math.min(slot + kindLength[eventKind[event]!]!, (Math.floor(slot / periodsPerDay) + 1) * periodsPerDay);
  }
}
