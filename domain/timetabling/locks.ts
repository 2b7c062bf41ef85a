// Which meetings may not move: those locked one by one, and those of a locked day, room or faculty member as they were.

import { meetingKey, meetingsOf, type Lock, type University } from './university.ts';

/**
 * The locks in force, one a meeting at the most: an own lock first, and what it leaves open from the previous timetable when its day, room or
 * faculty member is locked. Of two locks that contradict each other the first counts. What is no longer taught is not locked.
 */
export function locksInForce(university: University): Lock[] {
  const exists = new Set(university.classes.flatMap((taught) => meetingsOf(taught).map(meetingKey)));
  const inForce = new Map<string, Lock>();
  for (const lock of [...university.locks, ...locksOfPrevious(university)]) {
    const key = meetingKey(lock);
    if (!exists.has(key)) continue;
    const earlier = inForce.get(key);
    inForce.set(key, earlier === undefined ? lock : { ...earlier, slot: earlier.slot ?? lock.slot, room: earlier.room ?? lock.room });
  }
  return [...inForce.values()];
}

/** Locks that the locked days, rooms and faculty members put on entries of the previous timetable. */
export function locksOfPrevious({ classes, previous, lockedDays, lockedRooms, lockedFaculty }: University): Lock[] {
  if (lockedDays.length + lockedRooms.length + lockedFaculty.length === 0) return [];
  const days = new Set(lockedDays);
  const rooms = new Set(lockedRooms);
  const faculty = new Set(lockedFaculty);
  const lockedClasses = new Set(classes.filter((taught) => taught.faculty.some((id) => faculty.has(id))).map(({ id }) => id));
  return previous
    .filter((entry) => days.has(entry.day) || rooms.has(entry.room) || lockedClasses.has(entry.class))
    .map(({ class: id, part, occurrence, day, period, room }) => ({ class: id, part, occurrence, slot: { day, period }, room }));
}
