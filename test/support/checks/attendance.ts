// Attendance while classes are to come (A16): provisional excuses, each for an interview that keeps the student away.
import type { Knex } from 'knex';
import type { CheckedCampus } from '../campus-checker.ts';
import { buffersOf, forbidden, ROSTER, TAKEN, toldAbout } from './sql.ts';

export async function attendanceViolations(knex: Knex, campus: CheckedCampus): Promise<string[]> {
  return [
    ...await forbidden(knex, 'student $student has $marks marks in session $session', `
      select student_id as student, session_id as session, count(*) as marks from attendance group by student_id, session_id having count(*) > 1`),
    ...await forbidden(knex, 'student $student has a mark in session $session, without being on its roster', `
      select t.student_id as student, t.session_id as session
      from attendance as t left join ${ROSTER} as w on w.student_id = t.student_id and w.session_id = t.session_id where w.session_id is null`),
    ...await forbidden(knex, 'student $student is excused from session $session, which is called off', `
      select t.student_id as student, t.session_id as session from attendance as t join schedule as s on s.id = t.session_id where s.status = 'cancelled' and t.provisional = 1`),
    // What was changed or erased after a class had begun leaves it as it was; so does a place that could no longer be taken back. Who attends another
    // class instead stays away from one that was moved since.
    ...await forbidden(knex, 'student $student is excused from session $session by interview $interview, which is not during it', `
      select t.student_id as student, t.session_id as session, t.interview_id as interview
      from attendance as t join schedule as s on s.id = t.session_id
      left join student_company_drive as k on k.id = t.interview_id
      left join ${TAKEN} as i on i.id = t.interview_id and s.starts_at < i.taken_to and s.ends_at > i.taken_from
      where t.provisional = 1 and t.status = 'on_duty' and s.status <> 'cancelled' and i.id is null and coalesce(k.updated_at, '1970-01-01') < s.starts_at
        and not ${toldAbout('place-stands', 't.student_id', 't.session_id')}
        and not exists (
          select 1 from audit_log as w where w.action = 'mailbox.withdraw' and w.subject = concat('student/', t.student_id) and w.at >= s.starts_at)
        and not (coalesce(k.status, '') = 'confirmed' and exists (
          select 1 from replacements as p where p.student_id = t.student_id and p.instead_of_id = t.session_id))`, buffersOf(campus)),
  ];
}
