// Which rooms a part of a class may use, whenever they are free.

import type { Part, Room, TaughtClass } from './university.ts';

/** Whether kind, equipment and seats suffice. */
export function roomFits(room: Room, { size }: Pick<TaughtClass, 'size'>, { roomKind, equipment }: Part): boolean {
  return room.kind === roomKind && room.capacity >= size && equipment.every((item) => room.equipment.includes(item));
}
