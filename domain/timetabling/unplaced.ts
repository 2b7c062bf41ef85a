// What a timetable that breaks hard rules has to leave out so that the rest breaks none.
import type { Model } from './model.ts';
import type { Placement } from './problem.ts';

/**
 * Events without a place, and events to take out so that no two of the rest conflict or share a room, and none is in a room that another
 * timetable has: again and again the one that is in the way of most others (a cover of the pairs, by the greedy rule), locked ones last. In order.
 */
export function unplacedEvents(model: Model, { slot, room }: Placement): number[] {
  const out = new Set<number>();
  for (let event = 0; event < model.events; event++) if (slot[event]! < 0 || isTaken(model, event, slot[event]!, room[event]!)) out.add(event);
  const against = pairsIn(model, { slot, room }, out);
  const { eventLockedSlot, eventLockedRoom } = model.problem;
  const isLocked = (event: number) => eventLockedSlot[event]! >= 0 || eventLockedRoom[event]! >= 0;
  for (;;) {
    let worst = -1;
    for (const [event, others] of against) {
      if (others.size === 0) continue;
      const before = worst < 0 ? -1 : Number(isLocked(worst)) - Number(isLocked(event)) || others.size - against.get(worst)!.size || worst - event;
      if (worst < 0 || before > 0) worst = event;
    }
    if (worst < 0) return [...out].toSorted((a, b) => a - b);
    out.add(worst);
    for (const other of against.get(worst)!) against.get(other)!.delete(worst);
    against.delete(worst);
  }
}

/** Whether another timetable has the room in a period and week in which the event would be there. */
export function isTaken({ eventKind, kindLength, kindWeeks, weeks, slots, problem: { roomTaken } }: Model, event: number, slot: number, room: number): boolean {
  const kind = eventKind[event]!;
  for (let week = 0; week < weeks; week++) {
    if ((kindWeeks[kind]! >> week & 1) === 0) continue;
    for (let at = slot; at < slot + kindLength[kind]!; at++) if (roomTaken[(room * weeks + week) * slots + at] === 1) return true;
  }
  return false;
}

/** Events that may not be as they are, with whom; without those that are out anyway. */
function pairsIn(model: Model, { slot, room }: Placement, out: Set<number>): Map<number, Set<number>> {
  const { eventKind, kindLength, kindWeeks, conflictBits, conflictWords } = model;
  const running: number[][] = Array.from({ length: model.slots }, () => []);
  for (const event of model.placeable) {
    if (!out.has(event)) for (let at = slot[event]!; at < slot[event]! + kindLength[eventKind[event]!]!; at++) running[at]!.push(event);
  }
  const against = new Map<number, Set<number>>();
  const add = (one: number, other: number) => {
    const others = against.get(one) ?? new Set();
    against.set(one, others.add(other));
  };
  for (const events of running) {
    events.forEach((one, i) => {
      const kind = eventKind[one]!;
      for (const other of events.slice(i + 1)) {
        const otherKind = eventKind[other]!;
        const conflict = (conflictBits[kind * conflictWords + (otherKind >> 5)]! >>> (otherKind & 31) & 1) === 1;
        if (!conflict && (room[one] !== room[other] || (kindWeeks[kind]! & kindWeeks[otherKind]!) === 0)) continue;
        add(one, other);
        add(other, one);
      }
    });
  }
  return against;
}
