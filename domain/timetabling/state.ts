// A timetable under way: where each event is, and sums from which the cost of a move follows without looking at the rest.
import { Extras } from './extras.ts';
import { costOfTables } from './first-cost.ts';
import type { Model } from './model.ts';
import type { Placement } from './problem.ts';

/**
 * Everything is updated by `move`. What a move would change is asked beforehand by `conflictChange`, `roomChange` (both hard) and
 * `softChange`; several events are moved at once by asking and moving one after another. Nothing here allocates memory after construction.
 * Events without a place are not in it: they cost 1 hard each all the time.
 */
export class State {
  readonly model: Model;
  /** [event] */
  readonly slot: Int32Array;
  readonly room: Int32Array;
  /** [kind * slots + slot] events running in the slot that conflict with the kind, those of the kind itself included */
  readonly clashes: Int16Array;
  /** [(room * weeks + week) * slots + slot] events there, other timetables' one included; and their numbers + 1, combined by exclusive or */
  readonly cellCount: Int16Array;
  readonly cellEvents: Int32Array;
  /** [row * slots + slot] events there; [row * days + day] busy periods as bits */
  readonly rowCount: Int16Array;
  readonly rowBusy: Int32Array;
  /** [course * days + day], [course * rooms + room] events; [course] days on which it meets */
  readonly courseDay: Int16Array;
  readonly courseRoom: Int16Array;
  readonly courseDays: Int32Array;
  /** [course] rooms that it uses */
  readonly courseRooms: Int32Array;
  /** [slot * conflictWords + (kind >> 5)] kinds of which an event begins there, as bits */
  readonly slotKinds: Int32Array;
  /** [kind * slots + slot] how many of its events begin there, and their numbers + 1, combined by exclusive or */
  readonly kindCount: Int16Array;
  readonly kindEvents: Int32Array;
  /** Parts that few problems have; null when they cost nothing. */
  readonly extras: Extras | null;
  /** Violations as `Problem` counts them. */
  hard: number;
  /** Weighted sum of all soft parts. */
  soft: number;

  /** @param placement of every event that has places at all, on allowed ones */
  constructor(model: Model, placement: Placement) {
    const { kinds, slots, rooms, weeks, days, rows, problem } = model;
    this.model = model;
    this.slot = Int32Array.from(placement.slot);
    this.room = Int32Array.from(placement.room);
    this.clashes = new Int16Array(kinds * slots);
    this.cellCount = Int16Array.from(problem.roomTaken);
    this.cellEvents = new Int32Array(rooms * weeks * slots);
    this.rowCount = new Int16Array(rows * slots);
    this.rowBusy = new Int32Array(rows * days);
    this.courseDay = new Int16Array(problem.courses * days);
    this.courseRoom = new Int16Array(problem.courses * rooms);
    this.courseDays = new Int32Array(problem.courses);
    this.courseRooms = new Int32Array(problem.courses);
    this.slotKinds = new Int32Array(slots * model.conflictWords);
    this.kindCount = new Int16Array(kinds * slots);
    this.kindEvents = new Int32Array(kinds * slots);
    const { weights } = problem;
    this.extras = weights.walking + weights.peak + weights.perturbation > 0 ? new Extras(model, this.slot, this.room) : null;
    for (const event of model.placeable) {
      this.putInCells(event, this.slot[event]!, this.room[event]!, 1);
      this.putInTime(event, this.slot[event]!, 1);
      const course = model.kindCourse[model.eventKind[event]!]!;
      if ((this.courseRoom[course * rooms + this.room[event]!]! += 1) === 1) this.courseRooms[course]! += 1;
    }
    const { hard, soft } = costOfTables(this);
    this.hard = hard;
    this.soft = soft + (this.extras?.total() ?? 0);
  }

  /** Whether anything else is in an event's room meanwhile. */
  isDoubleBooked(event: number): boolean {
    const { model: { eventKind, kindLength, kindWeeks, slots, weeks }, cellCount } = this;
    const kind = eventKind[event]!;
    const length = kindLength[kind]!;
    for (let week = 0; week < weeks; week++) {
      if ((kindWeeks[kind]! >> week & 1) === 0) continue;
      const base = (this.room[event]! * weeks + week) * slots + this.slot[event]!;
      for (let at = base; at < base + length; at++) if (cellCount[at]! > 1) return true;
    }
    return false;
  }

  /** Whether an event conflicts with another one, or shares its room. */
  isTroubled(event: number): boolean {
    return this.isClashing(this.model.eventKind[event]!, this.slot[event]!) || this.isDoubleBooked(event);
  }

  /** Whether an event of a kind conflicts with others in the slot that it has. */
  private isClashing(kind: number, slot: number): boolean {
    const { model: { kindLength, slots }, clashes } = this;
    const first = kind * slots + slot;
    const end = first + kindLength[kind]!;
    for (let at = first; at < end; at++) if (clashes[at]! > 1) return true;
    return false;
  }

  /** How many conflicts more there are with the event in another slot. */
  conflictChange(event: number, slot: number): number {
    const { model: { eventKind, kindLength, slots }, clashes } = this;
    const kind = eventKind[event]!;
    const length = kindLength[kind]!;
    const from = this.slot[event]!;
    const base = kind * slots;
    if (length === 1) return slot === from ? 0 : clashes[base + slot]! - clashes[base + from]! + 1;
    let change = 0;
    for (let i = 0; i < length; i++) change += clashes[base + slot + i]! - clashes[base + from + i]! + 1;
    const apart = slot > from ? slot - from : from - slot;
    return apart < length ? change - (length - apart) : change;
  }

  /** The one event that is in the way of an event in a slot and room, -1 when there is none, -2 when there are several or another timetable's. */
  occupant(event: number, slot: number, room: number): number {
    const { model: { eventKind, kindLength, kindWeeks, slots, weeks }, cellCount, cellEvents } = this;
    const kind = eventKind[event]!;
    const length = kindLength[kind]!;
    const mask = kindWeeks[kind]!;
    let found = -1;
    for (let week = 0; week < weeks; week++) {
      if ((mask >> week & 1) === 0) continue;
      const base = (room * weeks + week) * slots + slot;
      for (let at = base; at < base + length; at++) {
        const count = cellCount[at]!;
        if (count === 0) continue;
        const there = cellEvents[at]! - 1;
        if (count === 1 && there === event) continue;
        if (count > 1 || there < 0 || (found >= 0 && found !== there)) return -2;
        found = there;
      }
    }
    return found;
  }

  /** How many double bookings of rooms more there are with the event in another slot and room. */
  roomChange(event: number, slot: number, room: number): number {
    const { model: { eventKind, kindLength, kindWeeks, slots, weeks }, cellCount } = this;
    const kind = eventKind[event]!;
    const length = kindLength[kind]!;
    const mask = kindWeeks[kind]!;
    const from = this.slot[event]!;
    const fromRoom = this.room[event]!;
    let change = 0;
    for (let week = 0; week < weeks; week++) {
      if ((mask >> week & 1) === 0) continue;
      const here = (fromRoom * weeks + week) * slots;
      const there = (room * weeks + week) * slots;
      for (let i = 0; i < length; i++) {
        if (cellCount[here + from + i]! > 1) change -= 1;
        if (cellCount[there + slot + i]! > 0) change += 1;
      }
      if (fromRoom === room) {
        // Where both lie over each other, nothing changes: the event itself was counted as being in its own way.
        const apart = slot > from ? slot - from : from - slot;
        for (let i = apart; i < length; i++) {
          const at = here + (slot > from ? from : slot) + i;
          change += (cellCount[at]! > 1 ? 1 : 0) - 1;
        }
      }
    }
    return change;
  }

  /** How much more the soft parts cost with the event in another slot and room. */
  softChange(event: number, slot: number, room: number): number {
    const { model } = this;
    const { slots, rooms, slotCost, roomCost } = model;
    const kind = model.eventKind[event]!;
    const from = this.slot[event]!;
    const fromRoom = this.room[event]!;
    let change = 0;
    if (room !== fromRoom) {
      change += roomCost[kind * rooms + room]! - roomCost[kind * rooms + fromRoom]! + this.stabilityChange(model.kindCourse[kind]!, fromRoom, room);
    }
    if (slot !== from) {
      change += this.timeChange(event, kind, slot);
      if (model.slotsCost) change += slotCost[kind * slots + slot]! - slotCost[kind * slots + from]!;
    }
    return this.extras === null ? change : change + this.extras.change(event, slot, room);
  }

  private stabilityChange(course: number, from: number, to: number): number {
    const { courseRoom, model: { rooms, problem: { weights } } } = this;
    return weights.roomStability * ((courseRoom[course * rooms + to]! === 0 ? 1 : 0) - (courseRoom[course * rooms + from]! === 1 ? 1 : 0));
  }

  /** Of working days, spread and the days of rows. */
  private timeChange(event: number, kind: number, slot: number): number {
    const { model, courseDay, courseDays, rowBusy } = this;
    const { days, dayCost, rowCost, slotDay, slotBit, kindRows: { start, item } } = model;
    const from = this.slot[event]!;
    const day = slotDay[slot]!;
    const fromDay = slotDay[from]!;
    const run = (1 << model.kindLength[kind]!) - 1;
    const bits = slotBit[slot]! * run;
    const fromBits = slotBit[from]! * run;
    const clashing = this.isClashing(kind, from);
    const end = start[kind + 1]!;
    let change = 0;
    if (day === fromDay) {
      for (let i = start[kind]!; i < end; i++) {
        const row = item[i]!;
        const busy = rowBusy[row * days + day]!;
        const costs = rowCost[row]!;
        change += dayCost[costs + (busy & ~(clashing ? this.leaving(kind, row, from, fromBits) : fromBits) | bits)]! - dayCost[costs + busy]!;
      }
      return change;
    }
    const course = model.kindCourse[kind]!;
    const met = courseDays[course]!;
    const meets = met - (courseDay[course * days + fromDay]! === 1 ? 1 : 0) + (courseDay[course * days + day]! === 0 ? 1 : 0);
    if (meets !== met) change += model.courseDaysCost[course * (days + 1) + meets]! - model.courseDaysCost[course * (days + 1) + met]!;
    for (let i = start[kind]!; i < end; i++) {
      const row = item[i]!;
      const busy = rowBusy[row * days + day]!;
      const fromBusy = rowBusy[row * days + fromDay]!;
      const costs = rowCost[row]!;
      change += dayCost[costs + (busy | bits)]! - dayCost[costs + busy]!
        + dayCost[costs + (fromBusy & ~(clashing ? this.leaving(kind, row, from, fromBits) : fromBits))]! - dayCost[costs + fromBusy]!;
    }
    return change;
  }

  /** Which of the periods of an event of a kind are free in a row without it. */
  private leaving(kind: number, row: number, from: number, bits: number): number {
    const { model: { slots, kindLength }, rowCount } = this;
    const length = kindLength[kind]!;
    let left = bits;
    let bit = bits & -bits;
    for (let at = from; at < from + length; at++, bit <<= 1) if (rowCount[row * slots + at]! > 1) left &= ~bit;
    return left;
  }

  /** Moves an event. What it changes is said by who has just asked: it isn't computed again. */
  move(event: number, slot: number, room: number, hardChange: number, softChange: number): void {
    const from = this.slot[event]!;
    const fromRoom = this.room[event]!;
    this.hard += hardChange;
    this.soft += softChange;
    this.extras?.move(event, slot, room);
    this.putInCells(event, from, fromRoom, -1);
    this.putInCells(event, slot, room, 1);
    if (room !== fromRoom) {
      const { rooms, eventKind, kindCourse } = this.model;
      const course = kindCourse[eventKind[event]!]!;
      if ((this.courseRoom[course * rooms + fromRoom]! -= 1) === 0) this.courseRooms[course]! -= 1;
      if ((this.courseRoom[course * rooms + room]! += 1) === 1) this.courseRooms[course]! += 1;
      this.room[event] = room;
    }
    if (slot !== from) {
      this.putInTime(event, from, -1);
      this.putInTime(event, slot, 1);
      this.slot[event] = slot;
    }
  }

  /** Puts an event into the rooms' tables, or takes it out of them. */
  private putInCells(event: number, slot: number, room: number, by: 1 | -1): void {
    const { slots, weeks, eventKind, kindLength, kindWeeks } = this.model;
    const kind = eventKind[event]!;
    const end = slot + kindLength[kind]!;
    const mask = kindWeeks[kind]!;
    for (let week = 0; week < weeks; week++) {
      if ((mask >> week & 1) === 0) continue;
      const base = (room * weeks + week) * slots;
      for (let at = base + slot; at < base + end; at++) {
        this.cellCount[at]! += by;
        this.cellEvents[at]! ^= event + 1;
      }
    }
  }

  /** The same for the tables of who is busy when. */
  private putInTime(event: number, slot: number, by: 1 | -1): void {
    const { model, clashes, rowCount, rowBusy } = this;
    const { slots, days, kindRows, conflicts } = model;
    const kind = model.eventKind[event]!;
    const length = model.kindLength[kind]!;
    const day = model.slotDay[slot]!;
    for (let at = slot; at < slot + length; at++) {
      const others = conflicts.item;
      const end = conflicts.start[kind + 1]!;
      for (let i = conflicts.start[kind]!; i < end; i++) clashes[others[i]! * slots + at]! += by;
      const bit = model.slotBit[at]!;
      const lastRow = kindRows.start[kind + 1]!;
      for (let i = kindRows.start[kind]!; i < lastRow; i++) {
        const row = kindRows.item[i]!;
        const count = rowCount[row * slots + at]! + by;
        rowCount[row * slots + at] = count;
        if (count === 0) rowBusy[row * days + day]! &= ~bit;
        else rowBusy[row * days + day]! |= bit;
      }
    }
    const here = kind * slots + slot;
    const alike = this.kindCount[here]! + by;
    this.kindCount[here] = alike;
    this.kindEvents[here]! ^= event + 1;
    const word = slot * model.conflictWords + (kind >> 5);
    if (alike === 0) this.slotKinds[word]! &= ~(1 << (kind & 31));
    else this.slotKinds[word]! |= 1 << (kind & 31);
    const course = model.kindCourse[kind]!;
    const met = this.courseDay[course * days + day]! + by;
    this.courseDay[course * days + day] = met;
    if (by === 1 ? met === 1 : met === 0) this.courseDays[course]! += by;
  }
}
