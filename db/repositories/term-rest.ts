// What is still to come of a term for students: their courses, the weekly timetable, dated classes, and places elsewhere (A19).
import type { Knex } from 'knex';
import type { DatedClass, WeeklyClass } from '../../domain/attendance/remaining.ts';

/** A class (assignment) that a student is enrolled for. */
export interface EnrolledClass {
  studentId: number;
  subjectId: number;
  assignmentId: number;
  facultyId: number;
}

/** The classes of a term that these students are enrolled for on a day (YYYY-MM-DD), or later; of one subject, or of all. */
export async function enrolledClasses(
  knex: Knex, studentIds: number[], { termId, date, subjectId }: { termId: number; date: string; subjectId?: number },
): Promise<EnrolledClass[]> {
  if (studentIds.length === 0) return [];
  return knex('student_subject as e')
    .join('faculty_assignment as a', (join) => join.on('a.section_id', 'e.section_id').andOn('a.subject_id', 'e.subject_id'))
    .whereIn('e.student_id', studentIds)
    .andWhere('a.term_id', termId)
    .andWhere((valid) => valid.whereNull('e.valid_to').orWhere('e.valid_to', '>', date))
    .modify((query) => {
      if (subjectId !== undefined) void query.andWhere('e.subject_id', subjectId);
    })
    .distinct({ studentId: 'e.student_id', subjectId: 'a.subject_id', assignmentId: 'a.id', facultyId: 'a.faculty_id' });
}

/** Those in force. */
export async function weeklyClasses(knex: Knex, assignmentIds: number[]): Promise<WeeklyClass[]> {
  if (assignmentIds.length === 0) return [];
  return knex('weekly_classes').whereIn('assignment_id', assignmentIds)
    .select({ assignmentId: 'assignment_id', defaultScheduleId: 'id', weekday: 'weekday', startTime: 'start_time', endTime: 'end_time', week: 'week' });
}

/** The regular classes of these courses that were made for a day (YYYY-MM-DD) or later, or take place from then on. */
export async function datedClasses(knex: Knex, assignmentIds: number[], date: string): Promise<DatedClass[]> {
  if (assignmentIds.length === 0) return [];
  return knex('schedule').whereIn('assignment_id', assignmentIds).andWhere({ kind: 'regular' })
    .andWhere((later) => later.where('planned_date', '>=', date).orWhere('date', '>=', date))
    .select({
      assignmentId: 'assignment_id', defaultScheduleId: 'default_schedule_id', plannedDate: 'planned_date', startsAt: 'starts_at', endsAt: 'ends_at', status: 'status',
    });
}

/** A class to come that a student attends instead of another. */
export interface PlaceToCome {
  studentId: number;
  subjectId: number;
  startsAt: Date;
  endsAt: Date;
  insteadOfStart: Date;
  insteadOfEnd: Date;
}

/** Places elsewhere of these students where either class is still to come. */
export async function placesToCome(knex: Knex, studentIds: number[], now: Date): Promise<PlaceToCome[]> {
  if (studentIds.length === 0) return [];
  return knex('replacements as p')
    .join('schedule as s', 's.id', 'p.session_id')
    .join('schedule as i', 'i.id', 'p.instead_of_id')
    .join('faculty_assignment as a', 'a.id', 's.assignment_id')
    .whereIn('p.student_id', studentIds)
    .andWhere((either) => either.where('s.ends_at', '>', now).orWhere('i.ends_at', '>', now))
    .select({
      studentId: 'p.student_id', subjectId: 'a.subject_id', startsAt: 's.starts_at', endsAt: 's.ends_at', insteadOfStart: 'i.starts_at', insteadOfEnd: 'i.ends_at',
    });
}
