// Which classes of a term are still to come: those that have a date, and beyond them what the weekly timetable promises (A19).
import { DateTime } from 'luxon';
import { isHeldIn, weekParity } from '../calendar/term-weeks.ts';
import type { Week } from '../timetabling/university.ts';

export interface WeeklyClass {
  assignmentId: number;
  defaultScheduleId: number;
  /** ISO: 1 is Monday. */
  weekday: number;
  /** The campus's wall clock, HH:mm. */
  startTime: string;
  endTime: string;
  week: Week;
}

/** A dated session of a course, also one that is called off or over: it stands for its day of the weekly timetable. */
export interface DatedClass {
  assignmentId: number;
  /** Null for one that doesn't follow from the weekly timetable. */
  defaultScheduleId: number | null;
  /** The campus's day it was made for, YYYY-MM-DD. */
  plannedDate: string;
  startsAt: Date;
  endsAt: Date;
  status: 'scheduled' | 'completed' | 'cancelled';
}

export interface Stretch {
  from: Date;
  to: Date;
}

export interface RestOfTerm {
  now: Date;
  timeZone: string;
  /** The first and the last day of the term and days without teaching, YYYY-MM-DD. */
  startsOn: string;
  endsOn: string;
  holidays: ReadonlySet<string>;
}

export interface ClassToCome extends Stretch {
  assignmentId: number;
}

/** The classes that end after `now`, until the term's last day, by course: dated ones that stand, and weekly ones that have no date yet. */
export function classesToCome(weekly: readonly WeeklyClass[], dated: readonly DatedClass[], { now, timeZone, startsOn, endsOn, holidays }: RestOfTerm): ClassToCome[] {
  const made = new Set(dated.map(({ defaultScheduleId, plannedDate }) => `${defaultScheduleId} ${plannedDate}`));
  const last = DateTime.fromISO(endsOn, { zone: timeZone }).endOf('day').toJSDate();
  const toCome = dated
    .filter(({ status, endsAt, startsAt }) => status === 'scheduled' && endsAt > now && startsAt <= last)
    .map(({ assignmentId, startsAt, endsAt }): ClassToCome => ({ assignmentId, from: startsAt, to: endsAt }));
  for (let day = DateTime.fromJSDate(now, { zone: timeZone }).startOf('day'); day.toJSDate() <= last; day = day.plus({ days: 1 })) {
    const date = day.toISODate()!;
    if (holidays.has(date)) continue;
    const parity = weekParity(startsOn, date);
    for (const { assignmentId, defaultScheduleId, weekday, startTime, endTime, week } of weekly) {
      if (weekday !== day.weekday || !isHeldIn(week, parity) || made.has(`${defaultScheduleId} ${date}`)) continue;
      const [from, to] = [startTime, endTime].map((time) => DateTime.fromISO(`${date}T${time}`, { zone: timeZone }).toJSDate()) as [Date, Date];
      if (to > now) toCome.push({ assignmentId, from, to });
    }
  }
  return toCome;
}

/** Of these classes, how many will count for a student: all but those that a known absence (interview, leave) overlaps. */
export function countingOf(classes: readonly ClassToCome[], absences: readonly Stretch[]): ClassToCome[] {
  return classes.filter(({ from, to }) => !absences.some((absence) => absence.from < to && absence.to > from));
}
