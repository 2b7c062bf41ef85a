// Infeasible because of rooms: a kind of rooms has fewer periods than are needed, or some classes compete for too few of them.

import { firstShortage } from '../matching.ts';
import { weeksOf } from '../university.ts';
import type { Infeasibility } from './reasons.ts';
import type { Survey, SurveyedMeeting } from './survey.ts';

/** One reason a kind of rooms at the most. Meetings in `excluded` have a reason already. */
export function roomReasons(survey: Survey, excluded: ReadonlySet<SurveyedMeeting>): Infeasibility[] {
  const meetings = survey.meetings.filter((meeting) => !excluded.has(meeting));
  return [...Map.groupBy(meetings, ({ part }) => part.roomKind)].flatMap(([roomKind, ofKind]) => {
    for (let week = 0; week < survey.university.weeks; week += 1) {
      const reason = reasonInWeek(survey, roomKind, ofKind.filter(({ part }) => weeksOf(part.week, survey.university.weeks).includes(week)), week);
      if (reason !== null) return [reason];
    }
    return [];
  });
}

/** Every period of every meeting needs a room and slot of its own: pigeonhole first, then Hall's theorem on those that each may use. */
function reasonInWeek({ university, shut }: Survey, roomKind: string, meetings: readonly SurveyedMeeting[], week: number): Infeasibility | null {
  const slots = university.days * university.periods;
  const needed = meetings.reduce((sum, { part }) => sum + part.length, 0);
  const isOpen = new Uint8Array(university.rooms.length * slots);
  let available = 0;
  university.rooms.forEach((room, index) => {
    for (let slot = 0; slot < slots; slot += 1) {
      if (shut[index]?.has(week * slots + slot) === true) continue;
      isOpen[index * slots + slot] = 1;
      if (room.kind === roomKind) available += 1;
    }
  });
  if (needed > available) return { reason: 'roomKindFull', roomKind, needed, available };
  // Those with the fewest places first, so that few of them have to be moved later.
  const units = meetings.flatMap((meeting) => Array.from({ length: meeting.part.length }, (_, offset) => ({ meeting, offset })))
    .sort((a, b) => a.meeting.rooms.length * a.meeting.starts.length - b.meeting.rooms.length * b.meeting.starts.length);
  const shortage = firstShortage(units.length, isOpen.length, (left, seen) => freePlaces(units[left], slots, isOpen, seen));
  if (shortage === null) return null;
  const classes = [...new Set(shortage.left.flatMap((left) => units[left]?.meeting.taught.id ?? []))];
  return { reason: 'roomsShort', roomKind, classes, needed: shortage.left.length, available: shortage.right.length };
}

/** Room · slots + slot of all that are open and not seen yet. */
function* freePlaces(unit: { readonly meeting: SurveyedMeeting; readonly offset: number } | undefined, slots: number, isOpen: Uint8Array, seen: Uint8Array): Generator<number> {
  for (const room of unit?.meeting.rooms ?? []) {
    for (const start of unit?.meeting.starts ?? []) {
      const place = room * slots + start + (unit?.offset ?? 0);
      if (isOpen[place] === 1 && seen[place] === 0) yield place;
    }
  }
}
