// What marks add up to, read: sums of counts by student, class and subject. The percentage itself is made in domain/attendance.
import type { Knex } from 'knex';
import { type Counts, statuses } from '../../domain/attendance/statuses.ts';
import { CURRENT_OR_LAST_TERM } from './terms.ts';

// Cast, because the driver gives as text what a server makes a decimal number of.

/** The counts in `table`, 0 where it has no row. */
export const countsOf = (table: string): string => statuses.map((status) => `cast(coalesce(${table}.${status}, 0) as signed) as ${status}`).join(', ');

/** Sums of the counts in `table`; of marks, where `table` has a row for each. */
export const sumsOf = (table: string, ofMarks = false): string =>
  statuses.map((status) => `cast(sum(${ofMarks ? `${table}.status = '${status}'` : `${table}.${status}`}) as signed) as ${status}`).join(', ');

/** A class (assignment) of a student's, with the student's marks in it. */
export interface ClassOfStudent extends Counts {
  assignmentId: number;
  facultyId: number;
  subjectId: number;
  subjectCode: string;
  subjectName: string;
}

/**
 * A student's classes in the term of a day (YYYY-MM-DD), by subject: those enrolled for from that day on, and all in which there are marks of
 * completed sessions.
 */
export async function classesOfStudent(
  knex: Knex, { studentId, organisationId, date }: { studentId: number; organisationId: number; date: string },
): Promise<ClassOfStudent[]> {
  const [rows] = await knex.raw(`
    select a.id as assignmentId, a.faculty_id as facultyId, a.subject_id as subjectId, sub.subject_code as subjectCode, sub.subject_name as subjectName,
      ${countsOf('t')}
    from (
      select assignment_id from attendance_totals where student_id = :studentId
      union
      select a.id from student_subject as e join faculty_assignment as a on a.section_id = e.section_id and a.subject_id = e.subject_id
      where e.student_id = :studentId and (e.valid_to is null or e.valid_to > :date)
    ) as c
    join faculty_assignment as a on a.id = c.assignment_id and a.term_id = ${CURRENT_OR_LAST_TERM}
    join subjects as sub on sub.id = a.subject_id
    left join attendance_totals as t on t.assignment_id = a.id and t.student_id = :studentId
    order by sub.subject_code, a.id`, { studentId, organisationId, date });
  return rows;
}
