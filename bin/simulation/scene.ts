// What of a demo campus the simulated month happens to, and what can happen in it.
import { DateTime } from 'luxon';
import type { DemoCampus } from '../../db/seeds/demo-rows.ts';
import type { Letter } from './mails.ts';

/** Weeks in which companies come; classes go on for three more, for what has to be made up. */
export const DRIVE_WEEKS = 4;
export const CAMPUS_WEEKS = DRIVE_WEEKS + 3;

export type Happening = (
  /** One mail to many students, or to each of them a mail. Nobody is twice among the recipients. */
  | { kind: 'mails'; mails: { studentId: number; letter: Letter }[] }
  /** A faculty member calls a class off. */
  | { kind: 'class-off'; sessionId: number; userId: number }
  /** A faculty member is away on these days of the campus, YYYY-MM-DD. */
  | { kind: 'leave'; userId: number; from: string; to: string }
  /** A student no longer wants the mailbox to be read. */
  | { kind: 'consent-withdrawn'; userId: number }
) & { at: DateTime };

/** What of the campus the month needs. */
export interface Scene {
  firstDay: DateTime;
  /** Teaching days in which companies may come. */
  days: DateTime[];
  /** Students of the last two years by section, with roll numbers. */
  sections: { id: number; year: number; students: { id: number; userId: number; rollNumber: string }[] }[];
  classes: { id: number; sectionId: number; facultyUserId: number; startsAt: DateTime }[];
}

export function sceneOf(campus: DemoCampus): Scene {
  const zone = campus.organisations[0]!.time_zone;
  const firstDay = DateTime.fromISO(campus.terms[0]!.starts_on, { zone });
  const closed = new Set(campus.holidays.map(({ date }) => date));
  const days = Array.from({ length: 7 * DRIVE_WEEKS }, (_, index) => firstDay.plus({ days: index }))
    .filter((day) => day > firstDay.plus({ days: 1 }) && day.weekday < 7 && !closed.has(day.toISODate()!));
  const students = Map.groupBy(campus.students, (student) => student.section_id);
  const userOf = new Map(campus.faculty.map(({ id, user_id }) => [id, user_id]));
  const assignments = new Map(campus.faculty_assignment.map((assignment) => [assignment.id, assignment]));
  return {
    firstDay, days,
    sections: campus.sections.filter(({ year }) => year >= 3).map(({ id, year }) => ({
      id, year, students: (students.get(id) ?? []).map((student) => ({ id: student.id, userId: student.user_id, rollNumber: student.roll_number })),
    })),
    classes: campus.schedule.map(({ id, assignment_id, starts_at }) => {
      const { section_id, faculty_id } = assignments.get(assignment_id)!;
      return { id, sectionId: section_id, facultyUserId: userOf.get(faculty_id)!, startsAt: DateTime.fromJSDate(starts_at, { zone }) };
    }),
  };
}
