// Infeasible because of rooms: a kind of rooms has fewer periods than are needed, or some classes compete for too few of them.

import { bitsOf, firstShortage, wordsOf } from '../matching.ts';
import { weeksOf } from '../university.ts';
import type { Infeasibility } from './reasons.ts';
import { unitsOf, type Survey, type SurveyedMeeting } from './survey.ts';

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
  const openSlots = shut.map((numbers) => Array.from({ length: slots }, (_, slot) => slot).filter((slot) => !numbers.has(week * slots + slot)));
  const needed = meetings.reduce((sum, { part }) => sum + part.length, 0);
  const available = university.rooms.reduce((sum, { kind }, room) => sum + (kind === roomKind ? openSlots[room]?.length ?? 0 : 0), 0);
  if (needed > available) return { code: 'room-kind-full', roomKind, needed, available };
  const words = wordsOf(slots);
  const open = new Int32Array(university.rooms.length * words);
  openSlots.forEach((columns, room) => { open.set(bitsOf(slots, columns), room * words); });
  const units = unitsOf(meetings).sort((a, b) => a.meeting.rooms.length * a.meeting.starts.length - b.meeting.rooms.length * b.meeting.starts.length);
  const shortage = firstShortage(
    { rows: university.rooms.length, columns: slots, open },
    units.map(({ meeting, offset }) => ({ rows: meeting.rooms, columns: bitsOf(slots, meeting.starts.map((start) => start + offset)) })),
  );
  if (shortage === null) return null;
  const classes = [...new Set(shortage.units.flatMap((unit) => units[unit]?.meeting.taught.id ?? []))].sort();
  return { code: 'rooms-short', roomKind, classes, needed: shortage.units.length, available: shortage.places };
}
