// The demo campus's dated classes: its ordinary week, repeated without the holidays, and what each class claims.

import { DateTime } from 'luxon';
import { toSlot } from '../../domain/calendar/slots.ts';
import type { DemoCampus } from './demo-rows.ts';

export interface DatedWeeks {
  /** The first Monday, `yyyy-MM-dd`. */
  readonly from: string;
  readonly weeks: number;
  readonly timeZone: string;
}

/** Sessions with their room's and faculty member's claims, day by day; a class keeps its wall-clock time across a clock change. */
export function datedSessions(
  { from, weeks, timeZone }: DatedWeeks,
  week: Pick<DemoCampus, 'default_schedule' | 'faculty_assignment' | 'holidays'>,
): Pick<DemoCampus, 'schedule' | 'claims'> {
  const first = DateTime.fromISO(from, { zone: timeZone });
  const closed = new Set(week.holidays.map(({ date }) => date));
  const facultyOf = new Map(week.faculty_assignment.map(({ id, faculty_id }) => [id, faculty_id]));
  const schedule: DemoCampus['schedule'] = [];
  const claims: DemoCampus['claims'] = [];
  for (let index = 0; index < 7 * weeks; index += 1) {
    const day = first.plus({ days: index });
    const date = day.toFormat('yyyy-MM-dd');
    if (closed.has(date)) continue;
    for (const { id, assignment_id, room_id, weekday, start_time, end_time } of week.default_schedule) {
      if (weekday !== day.weekday) continue;
      const startsAt = DateTime.fromISO(`${date}T${start_time}`, { zone: timeZone });
      const endsAt = DateTime.fromISO(`${date}T${end_time}`, { zone: timeZone });
      const session_id = schedule.length + 1;
      schedule.push({
        id: session_id,
        assignment_id,
        room_id,
        default_schedule_id: id,
        planned_date: date,
        date,
        starts_at: startsAt.toJSDate(),
        ends_at: endsAt.toJSDate(),
        time_zone: timeZone,
        updated_at: first.toJSDate(),
      });
      for (let slot = toSlot(startsAt); slot < toSlot(endsAt); slot += 1) {
        claims.push({ kind: 'room', resource_id: room_id, slot, session_id });
        claims.push({ kind: 'faculty', resource_id: facultyOf.get(assignment_id)!, slot, session_id });
      }
    }
  }
  return { schedule, claims };
}
