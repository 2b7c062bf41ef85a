// Meetings that a draft has no place for.
import { type BlockedMeeting, blockers } from '../../domain/timetabling/blockers.ts';
import { type Entry, meetingKey, meetingsOf, type University } from '../../domain/timetabling/university.ts';

/** How many there are, and of the first of them what stands against each. */
export interface Unplaced {
  count: number;
  meetings: BlockedMeeting[];
}

/** Of so many it is said what blocks them. */
const MOST_TOLD = 50;

export function unplacedOf(university: University, entries: readonly Entry[]): Unplaced {
  const placed = new Set(entries.map(meetingKey));
  const without = university.classes.flatMap(meetingsOf).filter((meeting) => !placed.has(meetingKey(meeting)));
  return { count: without.length, meetings: without.length === 0 ? [] : blockers(university, entries, without.slice(0, MOST_TOLD)) };
}
