// How good a feasible time is, in penalty points, and the reasons that are told with it.

import type { Day, Reason, Room, RoomNeeds } from './types.ts';

/**
 * Penalty points. A time's score is
 *   PER_DAY · (days after the day of notBefore)
 * + OTHER_ROOM, unless it is in the preferred room
 * + PER_SPARE_SEAT · min(spare seats, SPARE_SEATS_AT_MOST)
 * + ⌊STUDENT_LOAD · (students' mean load that day) / (their limit)⌋
 * + EDGE, if it begins before or ends after the core hours.
 * So the same room is worth two and a half days of waiting, and the last three only decide within about two days.
 * Ties go to the earlier start.
 */
const POINTS = {
  PER_DAY: 1000,
  OTHER_ROOM: 2500,
  PER_SPARE_SEAT: 10,
  SPARE_SEATS_AT_MOST: 100,
  STUDENT_LOAD: 1000,
  EDGE: 500,
} as const;

const SOON_DAYS = 3;

/** True when a room has the seats, the kind and all the equipment. */
export function isAdequate(room: Room, needs: RoomNeeds): boolean {
  return room.capacity >= needs.capacity && room.kind === needs.kind && needs.equipment.every((item) => room.equipment.includes(item));
}

/** The room's part of the score. */
export function roomPenalty(room: Room, needs: RoomNeeds, preferredRoomId: number | null): number {
  const spareSeats = Math.min(room.capacity - needs.capacity, POINTS.SPARE_SEATS_AT_MOST);
  return (room.id === preferredRoomId ? 0 : POINTS.OTHER_ROOM) + POINTS.PER_SPARE_SEAT * spareSeats;
}

/** What is known of a feasible time. Loads are in slots; `loadSum` is over all students, without the class itself. */
export interface TimeFacts {
  readonly start: number;
  readonly end: number;
  readonly day: Day;
  readonly firstDay: number;
  readonly loadSum: number;
  readonly students: number;
  readonly studentsMaxSlots: number;
}

/** The time's part of the score. */
export function timePenalty({ start, end, day, firstDay, loadSum, students, studentsMaxSlots }: TimeFacts): number {
  const load = students === 0 ? 0 : Math.floor((POINTS.STUDENT_LOAD * loadSum) / (students * studentsMaxSlots));
  const edge = start < day.coreStart || end > day.coreEnd ? POINTS.EDGE : 0;
  return POINTS.PER_DAY * (day.index - firstDay) + load + edge;
}

/** What speaks for a time and room; the first reason always stands. */
export function reasonsFor(facts: TimeFacts, room: Room, needs: RoomNeeds, preferredRoomId: number | null): Reason[] {
  const { start, end, day, firstDay, loadSum, students, studentsMaxSlots } = facts;
  const reasons: Reason[] = [{ code: 'everyone-free', students }];
  if (day.index - firstDay <= SOON_DAYS) reasons.push({ code: 'soon', days: day.index - firstDay });
  if (room.id === preferredRoomId) reasons.push({ code: 'same-room' });
  else if (4 * (room.capacity - needs.capacity) <= needs.capacity) {
    reasons.push({ code: 'right-size', capacity: room.capacity, needed: needs.capacity });
  }
  if (students > 0 && 2 * loadSum <= students * studentsMaxSlots) reasons.push({ code: 'light-day' });
  if (start >= day.coreStart && end <= day.coreEnd) reasons.push({ code: 'core-hours' });
  return reasons;
}
