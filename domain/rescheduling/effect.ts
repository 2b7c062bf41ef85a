// What giving a class one certain time would mean, before anybody decides: who is busy then, which rooms are free, how long
// the day would be for whom.

import type { Interval } from '../calendar/slots.ts';
import { blockReasons, blocks, isTaken, loadsWith } from './blocked.ts';
import { isAdequate } from './score.ts';
import { roomsBestFirst } from './slot-search.ts';
import type { BlockReason, Day, Room, Surroundings } from './types.ts';

const ROOMS_NAMED = 3;

/** Why a room that somebody has in mind is not to be had. */
export type RoomObstacle =
  | { readonly code: 'room-taken'; readonly room: string }
  | { readonly code: 'room-too-small'; readonly room: string; readonly seats: number; readonly needed: number }
  /** It is of another kind, or lacks equipment. */
  | { readonly code: 'room-unsuitable'; readonly room: string };

/** What of the rules, apart from who is free, stands against moving a class to a time. */
export type RuleObstacle =
  /** The class begins within the cut-off: nothing of it is changed any more. */
  | { readonly code: 'class-too-soon' }
  /** The new time begins within the cut-off. */
  | { readonly code: 'too-soon' }
  | { readonly code: 'outside-horizon' }
  /** Not wholly inside a weekly slot for makeup and moved classes. */
  | { readonly code: 'no-weekly-slot' };

export type Obstacle = BlockReason | RoomObstacle | RuleObstacle;

export interface Effect {
  /** What stands against the time, and against the room where one is named; none: all are free and nobody is over the daily load. */
  readonly obstacles: readonly (BlockReason | RoomObstacle)[];
  /** How many of the students have something then, whatever it is; loads are in slots of that day, the class included. */
  readonly students: { readonly of: number; readonly busy: number; readonly overLoad: number; readonly highestLoad: number };
  readonly faculty: { readonly busy: boolean; readonly overLoad: boolean; readonly load: number };
  /** The best free rooms that would do, at most 3; first the one it is in now, then the smallest. */
  readonly rooms: readonly Room[];
}

export interface WishedTime extends Interval {
  /** The room that somebody has in mind; null: any. */
  readonly room: Room | null;
}

/**
 * What a class at this time would mean. Says the same as the search: what that offers has no obstacle, and what has none here is
 * possible there. `days` ascend.
 */
export function effectOf(surroundings: Surroundings, days: readonly Day[], currentRoomId: number, { room, ...time }: WishedTime): Effect {
  const { busy, dailyLoad } = surroundings;
  const loads = loadsWith(surroundings, days, time);
  const students = [...busy.students.values()];
  const isBusy = (intervals: readonly Interval[]) => intervals.some((interval) => blocks(interval, time));
  const roomObstacle = room && roomObstacleOf(surroundings, room, time);
  return {
    obstacles: [...blockReasons(surroundings, days, time), ...(roomObstacle ? [roomObstacle] : [])],
    students: {
      of: students.length, busy: students.filter(isBusy).length,
      overLoad: loads.students.filter((load) => load > dailyLoad.studentsMaxSlots).length,
      highestLoad: loads.students.reduce((highest, load) => Math.max(highest, load), 0),
    },
    faculty: { busy: isBusy(busy.faculty), overLoad: loads.faculty > dailyLoad.facultyMaxSlots, load: loads.faculty },
    rooms: roomsBestFirst(surroundings, currentRoomId).filter(({ id }) => !isTaken(busy, id, time)).slice(0, ROOMS_NAMED),
  };
}

function roomObstacleOf({ roomNeeds, busy }: Surroundings, room: Room, time: Interval): RoomObstacle | null {
  if (room.capacity < roomNeeds.capacity) return { code: 'room-too-small', room: room.name, seats: room.capacity, needed: roomNeeds.capacity };
  if (!isAdequate(room, roomNeeds)) return { code: 'room-unsuitable', room: room.name };
  return isTaken(busy, room.id, time) ? { code: 'room-taken', room: room.name } : null;
}
