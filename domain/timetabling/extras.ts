// Soft parts that depend on where others are in the same period, or on an earlier timetable: walking, peaks, perturbation.
import type { Model } from './model.ts';

/** Reads the places of events from the state it belongs to, which tells it of a move before carrying it out. */
export class Extras {
  private readonly model: Model;
  private readonly slot: Int32Array;
  private readonly room: Int32Array;
  /** [walking row * slots + slot] events there, and their buildings' sum: one event's building when there is one */
  private readonly walkCount: Int16Array;
  private readonly walkBuilding: Int32Array;
  /** [week * slots + slot] events in progress */
  private readonly running: Int32Array;

  constructor(model: Model, slot: Int32Array, room: Int32Array) {
    this.model = model;
    this.slot = slot;
    this.room = room;
    this.walkCount = new Int16Array(model.walkRows * model.slots);
    this.walkBuilding = new Int32Array(model.walkRows * model.slots);
    this.running = new Int32Array(model.weeks * model.slots);
    for (const event of model.placeable) this.put(event, slot[event]!, room[event]!, 1);
  }

  /** Weighted cost of all that is placed. */
  total(): number {
    const { model: { walkRows, slots, placeable, walkTimes, problem: { weights, peakLimit } } } = this;
    let cost = 0;
    for (let row = 0; row < walkRows; row++) {
      for (let slot = 0; slot + 1 < slots; slot++) cost += weights.walking * walkTimes[row]! * this.walk(row, slot, -1, 0, 0, 0, 0, 0);
    }
    for (const running of this.running) cost += weights.peak * Math.max(0, running - peakLimit);
    for (const event of placeable) cost += this.moved(event, this.slot[event]!, this.room[event]!);
    return cost;
  }

  /** How much more they cost with the event in another slot and room. */
  change(event: number, slot: number, room: number): number {
    const { weights } = this.model.problem;
    const from = this.slot[event]!;
    const fromRoom = this.room[event]!;
    let change = this.moved(event, slot, room) - this.moved(event, from, fromRoom);
    if (weights.peak > 0 && slot !== from) change += this.peakChange(event, slot);
    if (weights.walking > 0) change += this.walkChange(event, slot, room);
    return change;
  }

  move(event: number, slot: number, room: number): void {
    this.put(event, this.slot[event]!, this.room[event]!, -1);
    this.put(event, slot, room, 1);
  }

  private put(event: number, slot: number, room: number, by: 1 | -1): void {
    const { slots, weeks, eventKind, kindLength, kindWeeks, kindWalkRows: { start, item }, problem: { roomBuilding } } = this.model;
    const kind = eventKind[event]!;
    for (let at = slot; at < slot + kindLength[kind]!; at++) {
      for (let week = 0; week < weeks; week++) if ((kindWeeks[kind]! >> week & 1) === 1) this.running[week * slots + at]! += by;
      for (let i = start[kind]!; i < start[kind + 1]!; i++) {
        const cell = item[i]! * slots + at;
        this.walkCount[cell]! += by;
        this.walkBuilding[cell]! += by * roomBuilding[room]!;
      }
    }
  }

  private moved(event: number, slot: number, room: number): number {
    const { weights, eventPreviousSlot, eventPreviousRoom } = this.model.problem;
    const before = eventPreviousSlot[event]!;
    const roomBefore = eventPreviousRoom[event]!;
    return before >= 0 && (before !== slot || (roomBefore >= 0 && roomBefore !== room)) ? weights.perturbation : 0;
  }

  private peakChange(event: number, slot: number): number {
    const { slots, weeks, eventKind, kindLength, kindWeeks, problem: { weights, peakLimit } } = this.model;
    const kind = eventKind[event]!;
    const length = kindLength[kind]!;
    const from = this.slot[event]!;
    let change = 0;
    for (let week = 0; week < weeks; week++) {
      if ((kindWeeks[kind]! >> week & 1) === 0) continue;
      for (let i = 0; i < length; i++) {
        const leaves = from + i;
        const comes = slot + i;
        if ((leaves < slot || leaves >= slot + length) && this.running[week * slots + leaves]! > peakLimit) change -= 1;
        if ((comes < from || comes >= from + length) && this.running[week * slots + comes]! >= peakLimit) change += 1;
      }
    }
    return change * weights.peak;
  }

  private walkChange(event: number, slot: number, room: number): number {
    const { eventKind, kindLength, kindWalkRows: { start, item }, walkTimes, slots, problem: { weights, roomBuilding } } = this.model;
    const kind = eventKind[event]!;
    const length = kindLength[kind]!;
    const from = this.slot[event]!;
    const building = roomBuilding[room]!;
    const fromBuilding = roomBuilding[this.room[event]!]!;
    if (slot === from && building === fromBuilding) return 0;
    let change = 0;
    for (let i = start[kind]!; i < start[kind + 1]!; i++) {
      const row = item[i]!;
      let walked = 0;
      for (let at = Math.max(0, from - 1); at < from + length && at + 1 < slots; at++) {
        walked += this.walk(row, at, from, slot, length, fromBuilding, building, 1) - this.walk(row, at, -1, 0, 0, 0, 0, 0);
      }
      for (let at = Math.max(0, slot - 1); at < slot + length && at + 1 < slots; at++) {
        if (at >= from - 1 && at < from + length) continue;
        walked += this.walk(row, at, from, slot, length, fromBuilding, building, 1) - this.walk(row, at, -1, 0, 0, 0, 0, 0);
      }
      change += walkTimes[row]! * walked;
    }
    return weights.walking * change;
  }

  /** What is walked in a row from a slot to the next: as it is, or (`moving` 1) with an event of `length` moved from one slot and building to another. */
  private walk(row: number, at: number, from: number, to: number, length: number, fromBuilding: number, building: number, moving: 0 | 1): number {
    const { slots, periodsPerDay, problem: { breakAfter, walkCost, buildings } } = this.model;
    const period = at % periodsPerDay;
    if (period + 1 === periodsPerDay || breakAfter[period] === 1) return 0;
    let count = this.walkCount[row * slots + at]!;
    let where = this.walkBuilding[row * slots + at]!;
    let nextCount = this.walkCount[row * slots + at + 1]!;
    let nextWhere = this.walkBuilding[row * slots + at + 1]!;
    if (moving === 1) {
      if (at >= from && at < from + length) { count -= 1; where -= fromBuilding; }
      if (at >= to && at < to + length) { count += 1; where += building; }
      if (at + 1 >= from && at + 1 < from + length) { nextCount -= 1; nextWhere -= fromBuilding; }
      if (at + 1 >= to && at + 1 < to + length) { nextCount += 1; nextWhere += building; }
    }
    return count === 1 && nextCount === 1 ? walkCost[where * buildings + nextWhere]! : 0;
  }
}
