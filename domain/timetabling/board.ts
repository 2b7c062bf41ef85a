// A timetable that may be incomplete: who is in the way of an event somewhere, as it is put down and taken out by hand or by repair.
import type { Model } from './model.ts';
import { listOf, type Placement } from './problem.ts';
import { isTaken } from './unplaced.ts';

/** Who is in the way of an event in a slot: of its people (or the class itself), and in each room. */
export interface InTheWay {
  readonly people: readonly number[];
  readonly inRooms: ReadonlyMap<number, readonly number[]>;
}

/** Events in their places, of which any may have none and any may collide. Unlike `State` it counts no costs. */
export class Board implements Placement {
  readonly model: Model;
  /** [event] -1 and -1 for none; changed by `put` and `take` only */
  readonly slot: Int32Array;
  readonly room: Int32Array;
  /** [slot] events in progress */
  readonly #running: readonly number[][];

  constructor(model: Model, placement?: Placement) {
    this.model = model;
    this.slot = new Int32Array(model.events).fill(-1);
    this.room = new Int32Array(model.events).fill(-1);
    this.#running = Array.from({ length: model.slots }, () => []);
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
    for (let at = slot; at < this.#endOf(event, slot); at++) this.#running[at]!.push(event);
  }

  /** Takes an event out of its place. */
  take(event: number): void {
    const slot = this.slot[event]!;
    for (let at = slot; at < this.#endOf(event, slot); at++) {
      const running = this.#running[at]!;
      running.splice(running.indexOf(event), 1);
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

  /** Everybody who is in the way of an event in a slot; who is so as people is not told among the rooms again. */
  inTheWay(event: number, slot: number): InTheWay {
    const { model } = this;
    const { eventKind, kindWeeks, conflictBits, conflictWords } = model;
    const kind = eventKind[event]!;
    const people: number[] = [];
    const inRooms = new Map<number, number[]>();
    for (let at = slot; at < this.#endOf(event, slot); at++) {
      for (const other of this.#running[at]!) {
        if (other === event) continue;
        const otherKind = eventKind[other]!;
        if ((kindWeeks[kind]! & kindWeeks[otherKind]!) === 0) continue;
        if ((conflictBits[kind * conflictWords + (otherKind >> 5)]! >>> (otherKind & 31) & 1) === 1) {
          if (!people.includes(other)) people.push(other);
          continue;
        }
        const there = inRooms.get(this.room[other]!);
        if (there === undefined) inRooms.set(this.room[other]!, [other]);
        else if (!there.includes(other)) there.push(other);
      }
    }
    return { people, inRooms };
  }

  /** Whether nobody is in the way of an event in a place. */
  isFree(event: number, slot: number, room: number): boolean {
    const { people, inRooms } = this.inTheWay(event, slot);
    return people.length === 0 && !inRooms.has(room);
  }

  /** Who is in the way of an event in a place. */
  blockers(event: number, slot: number, room: number): number[] {
    const { people, inRooms } = this.inTheWay(event, slot);
    return [...people, ...(inRooms.get(room) ?? [])];
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
