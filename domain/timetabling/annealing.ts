// Simulated annealing over a state: moves, swaps and Kempe chains, conflicts allowed at a weight.
import { Kempe } from './kempe.ts';
import type { Random } from './random.ts';
import type { State } from './state.ts';

export interface MoveShares {
  kempe: number;
  /** of the rest: those that keep the slot, and those that keep the room */
  roomOnly: number;
  slotOnly: number;
}

const EXPONENTIALS = 512;
/** Longer Kempe chains are hardly ever accepted. */
const LONGEST_CHAIN = 20;
/** As long as something is broken, one move in so many is of an event that breaks something. */
const TROUBLED_SHARE = 8;

/** Walks a state from move to move at a temperature that whoever calls it sets, and keeps the best placement that it came by. */
export class Annealer {
  readonly state: State;
  readonly bestSlot: Int32Array;
  readonly bestRoom: Int32Array;
  bestHard: number;
  bestSoft: number;
  /** As in `Settings`. */
  hardWeight = 1;
  gain = Infinity;
  private readonly random: Random;
  private readonly kempe: Kempe;
  private readonly unplaceable: number;
  /** The first `troubledCount` are events that broke something when the run began. */
  private readonly troubled: Int32Array;
  private troubledCount = 0;
  private readonly exponentials: Float64Array;
  /** [kind] how many of its rooms, which are in the order of their costs, are worth a thought at this temperature */
  private readonly affordable: Int32Array;
  private readonly limits = new Int32Array(EXPONENTIALS);

  constructor(state: State, random: Random) {
    this.state = state;
    this.random = random;
    this.unplaceable = state.model.events - state.model.placeable.length;
    this.troubled = new Int32Array(state.model.events);
    this.kempe = new Kempe(state);
    this.bestSlot = Int32Array.from(state.slot);
    this.bestRoom = Int32Array.from(state.room);
    this.bestHard = state.hard;
    this.bestSoft = state.soft;
    this.affordable = new Int32Array(state.model.kinds);
    this.exponentials = Float64Array.from({ length: EXPONENTIALS }, (_, i) => -Math.log((i + 0.5) / EXPONENTIALS));
    this.temperature = 0;
  }

  set temperature(temperature: number) {
    for (let i = 0; i < EXPONENTIALS; i++) this.limits[i] = Math.floor(temperature * this.exponentials[i]!);
    const { kinds, rooms, roomCost, kindRooms: { start, item } } = this.state.model;
    const dearer = temperature * this.exponentials[0]! + this.gain;
    for (let kind = 0; kind < kinds; kind++) {
      const first = start[kind]!;
      let end = start[kind + 1]!;
      while (end > first + 1 && roomCost[kind * rooms + item[end - 1]!]! > roomCost[kind * rooms + item[first]!]! + dearer) end -= 1;
      this.affordable[kind] = end - first;
    }
  }

  /** Looks at so many moves. */
  run(steps: number, shares: MoveShares): void {
    const { state, random, limits, hardWeight, gain, affordable } = this;
    const { model, slot: slotOf, room: roomOf } = state;
    const { movable, eventKind, kindStarts, kindRooms } = model;
    const kempeBelow = Math.round(shares.kempe * 65536);
    const roomBelow = Math.round(shares.roomOnly * 65536);
    const slotBelow = roomBelow + Math.round(shares.slotOnly * 65536);
    const count = movable.length;
    this.findTroubled();
    const { troubled, troubledCount } = this;
    for (let step = 0; step < steps; step++) {
      const bits = random.next();
      const limit = limits[bits >>> 23]!;
      const event = troubledCount > 0 && random.below(TROUBLED_SHARE) === 0 ? troubled[random.below(troubledCount)]! : movable[random.below(count)]!;
      const kind = eventKind[event]!;
      if ((bits & 0xffff) < kempeBelow) {
        const begin = kindStarts.start[kind]!;
        const to = kindStarts.item[begin + random.below(kindStarts.start[kind + 1]! - begin)]!;
        if (to !== slotOf[event]!) this.tryChain(event, to, limit);
        continue;
      }
      const choice = random.next() >>> 16;
      let slot = slotOf[event]!;
      let room = roomOf[event]!;
      if (choice >= roomBelow) {
        const begin = kindStarts.start[kind]!;
        slot = kindStarts.item[begin + random.below(kindStarts.start[kind + 1]! - begin)]!;
      }
      if (choice < roomBelow || choice >= slotBelow) {
        room = kindRooms.item[kindRooms.start[kind]! + random.below(affordable[kind]!)]!;
      }
      if (slot === slotOf[event]! && room === roomOf[event]!) continue;
      const conflicts = state.conflictChange(event, slot);
      if (conflicts * hardWeight - gain > limit) continue;
      this.tryMove(event, kind, slot, room, conflicts, limit);
    }
  }

  private findTroubled(): void {
    const { state, troubled } = this;
    this.troubledCount = 0;
    if (state.hard === this.unplaceable) return;
    for (const event of state.model.movable) {
      if (!state.isTroubled(event)) continue;
      troubled[this.troubledCount] = event;
      this.troubledCount += 1;
    }
  }

  private tryMove(event: number, kind: number, slot: number, room: number, conflicts: number, limit: number): void {
    const { state, hardWeight } = this;
    const other = state.occupant(event, slot, room);
    if (other >= 0) {
      const { eventKind, kindLength, kindWeeks } = state.model;
      const otherKind = eventKind[other]!;
      const alike = state.slot[other] === slot && kindLength[otherKind] === kindLength[kind] && kindWeeks[otherKind] === kindWeeks[kind];
      if (alike) this.trySwap(event, kind, other, otherKind, conflicts, limit);
      else this.tryUnlikeSwap(event, slot, room, other, conflicts, limit);
      return;
    }
    const hard = conflicts + state.roomChange(event, slot, room);
    const change = hard * hardWeight + state.softChange(event, slot, room);
    if (change > limit) return;
    state.move(event, slot, room, hard, change - hard * hardWeight);
    this.accept(change);
  }

  /** Two events of the same length and weeks change places: as long as they don't conflict, what they change adds up. */
  private trySwap(event: number, kind: number, other: number, otherKind: number, conflicts: number, limit: number): void {
    const { state, hardWeight } = this;
    const { model } = state;
    const slot = state.slot[event]!;
    const room = state.room[event]!;
    const to = state.slot[other]!;
    const toRoom = state.room[other]!;
    if (kind === otherKind || model.startAllowed[otherKind * model.slots + slot] === 0 || model.roomAllowed[otherKind * model.rooms + room] === 0) return;
    if ((model.conflictBits[kind * model.conflictWords + (otherKind >> 5)]! >>> (otherKind & 31) & 1) === 1 || state.extras !== null) {
      this.tryUnlikeSwap(event, to, toRoom, other, conflicts, limit);
      return;
    }
    const otherConflicts = state.conflictChange(other, slot);
    const hard = conflicts + otherConflicts;
    if (hard * hardWeight - 2 * this.gain > limit) return;
    const soft = state.softChange(event, to, toRoom);
    const otherSoft = state.softChange(other, slot, room);
    const change = hard * hardWeight + soft + otherSoft;
    if (change > limit) return;
    state.move(event, to, toRoom, conflicts, soft);
    state.move(other, slot, room, otherConflicts, otherSoft);
    this.accept(change);
  }

  /** An event moves, and who is in its way goes where it was: carried out one after the other, and taken back when too dear. */
  private tryUnlikeSwap(event: number, slot: number, room: number, other: number, conflicts: number, limit: number): void {
    const { state } = this;
    const { model } = state;
    const from = state.slot[event]!;
    const fromRoom = state.room[event]!;
    const otherKind = model.eventKind[other]!;
    const otherSlot = state.slot[other]!;
    const otherRoom = state.room[other]!;
    if (model.startAllowed[otherKind * model.slots + from] === 0 || model.roomAllowed[otherKind * model.rooms + fromRoom] === 0) return;
    const { hard, soft } = state;
    state.move(event, slot, room, conflicts + state.roomChange(event, slot, room), state.softChange(event, slot, room));
    state.move(other, from, fromRoom, state.conflictChange(other, from) + state.roomChange(other, from, fromRoom), state.softChange(other, from, fromRoom));
    const change = (state.hard - hard) * this.hardWeight + state.soft - soft;
    if (change <= limit) {
      this.accept(change);
      return;
    }
    state.move(other, otherSlot, otherRoom, 0, 0);
    state.move(event, from, fromRoom, 0, 0);
    state.hard = hard;
    state.soft = soft;
  }

  private tryChain(event: number, to: number, limit: number): void {
    const { kempe, state } = this;
    if (!kempe.find(event, to, LONGEST_CHAIN)) return;
    if (kempe.clean) {
      if (!kempe.look()) return;
      // What extras would gain is not in it.
      const most = state.extras === null ? limit : limit + this.gain;
      if (kempe.softChange > most) {
        kempe.forget();
        return;
      }
      if (state.extras === null) {
        kempe.carryOut();
        this.accept(kempe.softChange);
        return;
      }
      kempe.forget();
    }
    kempe.apply(kempe.clean);
    const change = kempe.hardChange * this.hardWeight + kempe.softChange;
    if (change > limit) kempe.revert();
    else this.accept(change);
  }

  private accept(change: number): void {
    const { state } = this;
    if (change >= 0 || state.hard > this.bestHard || (state.hard === this.bestHard && state.soft >= this.bestSoft)) return;
    this.bestHard = state.hard;
    this.bestSoft = state.soft;
    this.bestSlot.set(state.slot);
    this.bestRoom.set(state.room);
  }
}
