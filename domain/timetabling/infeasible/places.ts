// Infeasible for one part of a class by itself: no room is good enough, or the block is too long.

import { isUnbroken, type Part, type Room, type University } from '../university.ts';
import type { Infeasibility } from './reasons.ts';
import type { Survey } from './survey.ts';

/** One reason a part at the most, for its rooms, and one for its length. */
export function placeReasons({ university, byClass }: Survey): Infeasibility[] {
  const longest = longestRun(university);
  return university.classes.flatMap((taught) => taught.parts.flatMap((part, index) => [
    ...roomReason(university.rooms, taught.id, taught.size, part, index),
    ...blockReason(part, taught.id, index, longest, byClass.get(taught.id)?.some(({ meeting, starts }) => meeting.part === index && starts.length === 0) === true),
  ]));
}

function roomReason(rooms: readonly Room[], id: string, size: number, { roomKind, equipment }: Part, part: number): Infeasibility[] {
  const ofKind = rooms.filter(({ kind }) => kind === roomKind);
  if (ofKind.length === 0) return [{ code: 'no-room-of-kind', class: id, part, roomKind }];
  const equipped = ofKind.filter((room) => equipment.every((item) => room.equipment.includes(item)));
  if (equipped.length === 0) return [{ code: 'no-room-with-equipment', class: id, part, roomKind, equipment }];
  const largest = Math.max(...equipped.map(({ capacity }) => capacity));
  return largest < size ? [{ code: 'no-room-large-enough', class: id, part, roomKind, size, largest }] : [];
}

function blockReason({ length }: Part, id: string, part: number, longest: number, hasNoStart: boolean): Infeasibility[] {
  if (length > longest) return [{ code: 'block-too-long', class: id, part, length, longest }];
  // A single period that finds no time is a matter of too many periods.
  return hasNoStart && length > 1 ? [{ code: 'no-time-for-block', class: id, part, length }] : [];
}

function longestRun(university: University): number {
  return Array.from({ length: university.periods }, (_, index) => university.periods - index)
    .find((length) => Array.from({ length: university.periods }, (_, period) => period).some((period) => isUnbroken(university, period, length))) ?? 0;
}
