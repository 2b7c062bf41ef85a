// A campus's timetable as rows, and weekly classes in force as the timetable so far.

import { classIds, type CampusRecords, type WeeklyRow } from './campus.ts';
import { placeOf, timesOf, type TeachingWeek } from './teaching-week.ts';
import type { Entry, University, Week } from './university.ts';

/** A row of timetable_entries, but for the timetable and the locks. Times are HH:mm; `day` is ISO's weekday. */
export interface EntryRow {
  course_id: number;
  faculty_id: number;
  room_id: number;
  time_slot_id: number;
  assignment_id: number;
  part: number;
  occurrence: number;
  day: number;
  start_time: string;
  end_time: string;
  week: Week;
}

/**
 * The rows of entries of a campus's university (see `campusUniversity` for its ids), in their order. Throws RangeError for what the
 * university or the week hasn't.
 */
export function entriesToRows(entries: readonly Entry[], { classes }: Pick<University, 'classes'>, week: TeachingWeek): EntryRow[] {
  const taughtOf = new Map(classes.map((taught) => [taught.id, taught]));
  return entries.map(({ class: id, part, occurrence, day, period, length, week: ofWeeks, room }) => {
    const taught = taughtOf.get(id);
    const [faculty] = taught?.faculty ?? [];
    if (taught === undefined || faculty === undefined) throw new RangeError(`no class ${id}`);
    const { slotId, weekday, start, end } = timesOf(week, { day, period }, length);
    return {
      course_id: rowId(taught.subject), faculty_id: rowId(faculty), room_id: rowId(room), time_slot_id: slotId, assignment_id: rowId(id),
      part, occurrence, day: weekday, start_time: start, end_time: end, week: ofWeeks,
    };
  });
}

/** The row of an id: what comes after its letter. */
export function rowId(id: string): number {
  return Number(id.slice(1));
}

/**
 * The weekly classes in force as entries: each is the first meeting of its class without one that lasts as long, is in the same weeks and
 * in a room of that kind. Those that are no meeting, or not at the periods' times, are left out.
 */
export function previousEntries({ classes, rooms }: Pick<University, 'classes' | 'rooms'>, { weekly, assignments }: Pick<CampusRecords, 'weekly' | 'assignments'>, week: TeachingWeek): Entry[] {
  const classOf = classIds(assignments);
  const ofClass = Map.groupBy(weekly, ({ assignmentId }) => classOf.get(assignmentId));
  const kinds = new Map(rooms.map(({ id, kind }) => [id, kind]));
  return classes.flatMap(({ id, parts }) => {
    const left = [...ofClass.get(id) ?? []];
    return parts.flatMap((part, index) => Array.from({ length: part.count }, (_, occurrence) => {
      const at = left.findIndex((row) => row.week === part.week && kinds.get(`r${row.roomId}`) === part.roomKind && placeOf(week, row)?.length === part.length);
      if (at === -1) return [];
      const [row] = left.splice(at, 1) as [WeeklyRow];
      return [{ class: id, part: index, occurrence, ...placeOf(week, row)!, week: part.week, room: `r${row.roomId}` }];
    }).flat());
  });
}
