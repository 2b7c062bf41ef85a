// Kempe chains: an event goes to another slot, whoever is in its way there comes back, and so on until nobody is in anybody's way.
import type { State } from './state.ts';

/** Chains are told apart by numbers in arrays of 32 bits; a search of hours finds more than those hold. */
const LAST_ROUND = 2 ** 31 - 1;

/** Finds, tries and takes back chains between two slots in a state; its lists are made once. */
export class Kempe {
  private readonly state: State;
  private readonly chain: Int32Array;
  private readonly oldRoom: Int32Array;
  /** [event] number of the last chain that it was in */
  private readonly seen: Int32Array;
  private readonly newRoom: Int32Array;
  private readonly stability: number;
  /** [course] the chain in which one event of it moves; with a minus, two, which change places */
  private readonly courseSeen: Int32Array;
  /** [room * 2 + 0 for `slot`, 1 for `otherSlot`] the chain that takes it */
  private readonly roomSeen: Int32Array;
  private round = 0;
  private length = 0;
  /** How many of the chain have a new room in `newRoom`. */
  private looked = 0;
  private slot = 0;
  private otherSlot = 0;
  /** Whether nobody in the chain breaks anything where it is: then the chain breaks nothing either. */
  clean = false;
  hardChange = 0;
  softChange = 0;

  constructor(state: State) {
    const { events, rooms, problem } = state.model;
    this.state = state;
    this.chain = new Int32Array(events);
    this.oldRoom = new Int32Array(events);
    this.newRoom = new Int32Array(events);
    this.seen = new Int32Array(events);
    this.stability = problem.weights.roomStability;
    this.courseSeen = new Int32Array(problem.courses);
    this.roomSeen = new Int32Array(rooms * 2);
  }

  /**
   * Gathers the chain that begins with an event on its way to a slot.
   * False when it would hold more than `most` events, when one of them may not be in the other slot, or is a block, when they differ in weeks, or
   * when one just like the first would come back.
   */
  find(event: number, to: number, most: number): boolean {
    const { state, chain, seen } = this;
    const { slotKinds, kindCount, kindEvents } = state;
    const { eventKind, kindLength, kindWeeks, startAllowed, slots, conflictBits, conflictWords } = state.model;
    const from = state.slot[event]!;
    const length = kindLength[eventKind[event]!]!;
    const weeks = kindWeeks[eventKind[event]!]!;
    if (length > 1) return false;
    this.beginRound();
    this.slot = from;
    this.otherSlot = to;
    chain[0] = event;
    seen[event] = this.round;
    let count = 1;
    this.clean = true;
    for (let i = 0; i < count; i++) {
      const member = chain[i]!;
      const kind = eventKind[member]!;
      const here = state.slot[member]!;
      const target = here === from ? to : from;
      if (state.clashes[kind * slots + here]! > 1 || state.isDoubleBooked(member)) this.clean = false;
      if (startAllowed[kind * slots + target] === 0) return false;
      let clashes = state.clashes[kind * slots + target]!;
      for (let word = 0; word < conflictWords && clashes > 0; word++) {
        let bits = conflictBits[kind * conflictWords + word]! & slotKinds[target * conflictWords + word]!;
        for (; bits !== 0; bits &= bits - 1) {
          const otherKind = (word << 5) + 31 - Math.clz32(bits & -bits);
          const cell = otherKind * slots + target;
          if (kindCount[cell] !== 1) return false;
          clashes -= 1;
          const other = kindEvents[cell]! - 1;
          if (seen[other] === this.round) continue;
          // Two alike that change places change nothing.
          if (i === 0 && otherKind === kind) return false;
          if (count >= most || kindLength[otherKind] !== length || kindWeeks[otherKind] !== weeks) return false;
          seen[other] = this.round;
          chain[count] = other;
          count += 1;
        }
      }
      // Who is still in the way began earlier: a block.
      if (clashes > 0) return false;
    }
    this.length = count;
    return true;
  }

  /** Takes the next number; before they run out, they begin anew. */
  private beginRound(): void {
    this.round += 1;
    if (this.round < LAST_ROUND) return;
    this.round = 1;
    this.seen.fill(0);
    this.courseSeen.fill(0);
    this.roomSeen.fill(0);
  }

  /**
   * Carries the chain out, and says in `hardChange` and `softChange` what that changed. Each keeps its room, or takes the cheapest free one; when `look` has
   * found rooms, those.
   */
  apply(looked: boolean): void {
    const { state, chain, length } = this;
    const hard = state.hard;
    const soft = state.soft;
    for (let i = 0; i < length; i++) {
      const event = chain[i]!;
      this.oldRoom[i] = state.room[event]!;
      const target = state.slot[event]! === this.slot ? this.otherSlot : this.slot;
      const side = target === this.slot ? 0 : 1;
      const room = looked ? this.newRoom[i]! : this.roomFor(event, target, side);
      if (room >= 0) this.roomSeen[room * 2 + side] = this.round;
      this.go(event, target, room < 0 ? this.oldRoom[i]! : room);
    }
    this.hardChange = state.hard - hard;
    this.softChange = state.soft - soft;
  }

  /** Takes back what `apply` did. */
  revert(): void {
    const { state, chain } = this;
    for (let i = this.length - 1; i >= 0; i--) {
      const event = chain[i]!;
      this.go(event, state.slot[event]! === this.slot ? this.otherSlot : this.slot, this.oldRoom[i]!);
    }
  }

  /**
   * What a clean chain would change in soft cost, but for extras, into `softChange`: no conflict comes of it.
   * False when somebody finds no free room. Leaves the courses' rooms as after the chain: `carryOut` or `forget` has to follow.
   */
  look(): boolean {
    const { state, chain, length, round, courseSeen, slot, otherSlot } = this;
    const { model, courseRoom, rowBusy } = state;
    const { eventKind, kindCourse, kindRows: { start, item }, roomCost, slotCost, slotsCost, slots, rooms, days, rowCost, dayCost } = model;
    const day = model.slotDay[slot]!;
    const otherDay = model.slotDay[otherSlot]!;
    const bit = model.slotBit[slot]!;
    const otherBit = model.slotBit[otherSlot]!;
    let change = 0;
    this.hardChange = 0;
    for (let i = 0; i < length; i++) {
      const event = chain[i]!;
      const kind = eventKind[event]!;
      const course = kindCourse[kind]!;
      const leaves = state.slot[event]! === slot;
      const side = leaves ? 1 : 0;
      const old = state.room[event]!;
      const room = this.roomFor(event, leaves ? otherSlot : slot, side);
      if (room < 0) {
        this.looked = i;
        this.forget();
        return false;
      }
      this.roomSeen[room * 2 + side] = round;
      this.newRoom[i] = room;
      if (room !== old) {
        change += roomCost[kind * rooms + room]! - roomCost[kind * rooms + old]!;
        if ((courseRoom[course * rooms + old]! -= 1) === 0) change -= this.stability;
        if ((courseRoom[course * rooms + room]! += 1) === 1) change += this.stability;
      }
      const costs = kind * slots;
      if (slotsCost) change += leaves ? slotCost[costs + otherSlot]! - slotCost[costs + slot]! : slotCost[costs + slot]! - slotCost[costs + otherSlot]!;
      courseSeen[course] = courseSeen[course] === round ? -round : round;
      const fromDay = leaves ? day : otherDay;
      const toDay = leaves ? otherDay : day;
      const fromBit = leaves ? bit : otherBit;
      const toBit = leaves ? otherBit : bit;
      const end = start[kind + 1]!;
      for (let at = start[kind]!; at < end; at++) {
        const row = item[at]!;
        const toBusy = rowBusy[row * days + toDay]!;
        // Whoever of the row is there comes here: it conflicts with the event, so it is in the chain.
        if ((toBusy & toBit) !== 0) continue;
        const table = rowCost[row]!;
        if (fromDay === toDay) {
          change += dayCost[table + (toBusy & ~fromBit | toBit)]! - dayCost[table + toBusy]!;
        } else {
          const busy = rowBusy[row * days + fromDay]!;
          change += dayCost[table + (busy & ~fromBit)]! - dayCost[table + busy]! + dayCost[table + (toBusy | toBit)]! - dayCost[table + toBusy]!;
        }
      }
    }
    this.looked = length;
    this.softChange = day === otherDay ? change : change + this.courseDaysChange(day, otherDay);
    return true;
  }

  /** Of working days and spread, when each of the chain changes sides. */
  private courseDaysChange(day: number, otherDay: number): number {
    const { state: { model, slot, courseDay, courseDays }, chain, courseSeen, round } = this;
    const { eventKind, kindCourse, days, courseDaysCost } = model;
    let change = 0;
    for (let i = 0; i < this.length; i++) {
      const event = chain[i]!;
      const course = kindCourse[eventKind[event]!]!;
      if (courseSeen[course] !== round) continue;
      const leaves = slot[event]! === this.slot;
      const met = courseDays[course]!;
      const meets = met - (courseDay[course * days + (leaves ? day : otherDay)]! === 1 ? 1 : 0) + (courseDay[course * days + (leaves ? otherDay : day)]! === 0 ? 1 : 0);
      if (meets !== met) change += courseDaysCost[course * (days + 1) + meets]! - courseDaysCost[course * (days + 1) + met]!;
    }
    return change;
  }

  /** Takes back what `look` did to the courses' rooms. */
  forget(): void {
    const { state: { model: { eventKind, kindCourse, rooms }, room, courseRoom }, chain, newRoom } = this;
    for (let i = 0; i < this.looked; i++) {
      const event = chain[i]!;
      const course = kindCourse[eventKind[event]!]!;
      courseRoom[course * rooms + newRoom[i]!]! -= 1;
      courseRoom[course * rooms + room[event]!]! += 1;
    }
  }

  /** Carries out what `look` has found. */
  carryOut(): void {
    const { state, chain, length, newRoom } = this;
    this.forget();
    for (let i = 0; i < length; i++) {
      const event = chain[i]!;
      state.move(event, state.slot[event]! === this.slot ? this.otherSlot : this.slot, newRoom[i]!, 0, 0);
    }
    state.soft += this.softChange;
  }

  private go(event: number, slot: number, room: number): void {
    const { state } = this;
    state.move(event, slot, room, state.conflictChange(event, slot) + state.roomChange(event, slot, room), state.softChange(event, slot, room));
  }

  /** The room itself when free in the slot, else the cheapest free one, else -1. Rooms of those in the chain who have yet to leave count as free. */
  private roomFor(event: number, slot: number, side: 0 | 1): number {
    const { state } = this;
    const { eventKind, kindCourse, kindRooms: { start, item }, roomCost, rooms, problem: { weights } } = state.model;
    const kind = eventKind[event]!;
    const course = kindCourse[kind]!;
    const own = state.room[event]!;
    if (this.isFree(own, slot, kind, side)) return own;
    let best = -1;
    let least = Infinity;
    for (let i = start[kind]!; i < start[kind + 1]!; i++) {
      const room = item[i]!;
      const cost = roomCost[kind * rooms + room]!;
      if (cost >= least) break;
      if (!this.isFree(room, slot, kind, side)) continue;
      const total = cost + (state.courseRoom[course * rooms + room]! === 0 ? weights.roomStability : 0);
      if (total < least) {
        least = total;
        best = room;
      }
      // All others that the course doesn't use cost as much or more, and it uses none but its own.
      if (state.courseRooms[course] === 1) break;
    }
    return best;
  }

  private isFree(room: number, slot: number, kind: number, side: 0 | 1): boolean {
    const { state } = this;
    const { weeks, slots, kindWeeks } = state.model;
    if (this.roomSeen[room * 2 + side] === this.round) return false;
    for (let week = 0; week < weeks; week++) {
      if ((kindWeeks[kind]! >> week & 1) === 0) continue;
      const cell = (room * weeks + week) * slots + slot;
      const count = state.cellCount[cell]!;
      if (count === 0) continue;
      const there = state.cellEvents[cell]! - 1;
      if (count > 1 || there < 0 || this.seen[there] !== this.round) return false;
    }
    return true;
  }
}
