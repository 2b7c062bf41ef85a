// A first timetable: each event on one of its places at random, the annealing does the rest.
import type { Model } from './model.ts';
import { listOf, type Placement } from './problem.ts';
import type { Random } from './random.ts';

/** Places that are allowed: those of `from` where it has allowed ones, else any. Events that have none at all get -1. */
export function startingPlacement(model: Model, random: Random, from?: Placement): Placement {
  const { eventKind, kindStarts, kindRooms, startAllowed, roomAllowed, slots, rooms } = model;
  const placement: Placement = { slot: new Int32Array(model.events).fill(-1), room: new Int32Array(model.events).fill(-1) };
  const any = (list: Int32Array) => list[random.below(list.length)]!;
  for (const event of model.placeable) {
    const kind = eventKind[event]!;
    const slot = from?.slot[event] ?? -1;
    const room = from?.room[event] ?? -1;
    placement.slot[event] = slot >= 0 && startAllowed[kind * slots + slot] === 1 ? slot : any(listOf(kindStarts, kind));
    placement.room[event] = room >= 0 && roomAllowed[kind * rooms + room] === 1 ? room : any(listOf(kindRooms, kind));
  }
  return placement;
}
