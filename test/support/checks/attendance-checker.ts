// Attendance once it was taken (A13, A16): counts that were kept are what counting the marks again gives, and nobody is left out.
import type { Knex } from 'knex';
import { forbidden, ROSTER } from './sql.ts';

const STATUSES = ['present', 'late', 'absent', 'excused', 'on_duty'] as const;
const counted = STATUSES.map((status) => `sum(m.status = '${status}') as ${status}`).join(', ');
const differ = (kept: string, recount: string) => STATUSES.map((status) => `${kept}.${status} <> ${recount}.${status}`).join(' or ');
const MARKS = `attendance as m join schedule as s on s.id = m.session_id and s.status = 'completed'`;

/** Whatever is kept of completed sessions, against the marks themselves. */
export async function recountViolations(knex: Knex): Promise<string[]> {
  return [
    ...await forbidden(knex, 'session $session is completed, but its taking of attendance is $taking', `
      select s.id as session, coalesce(w.status, 'not there') as taking from schedule as s left join attendance_sessions as w on w.session_id = s.id
      where (s.status = 'completed') <> (coalesce(w.status, '') = 'completed')`),
    ...await forbidden(knex, 'the counts of session $session are not those of its marks', `
      select w.session_id as session from attendance_sessions as w
      left join (select m.session_id, ${counted} from ${MARKS} group by m.session_id) as r on r.session_id = w.session_id
      where w.status = 'completed' and r.session_id is not null and (${differ('w', 'r')})`),
    ...await forbidden(knex, 'the totals of student $student in class $class are not those of the marks', `
      select r.student_id as student, r.assignment_id as class
      from (select s.assignment_id, m.student_id, ${counted} from ${MARKS} group by s.assignment_id, m.student_id) as r
      left join attendance_totals as t on t.assignment_id = r.assignment_id and t.student_id = r.student_id
      where t.student_id is null or ${differ('t', 'r')}`),
    ...await forbidden(knex, 'student $student has totals in class $class without a mark', `
      select t.student_id as student, t.assignment_id as class from attendance_totals as t
      where t.present + t.late + t.absent + t.excused + t.on_duty > 0 and not exists (
        select 1 from ${MARKS} where s.assignment_id = t.assignment_id and m.student_id = t.student_id)`),
    ...await forbidden(knex, 'the totals of class $class are not those of its sessions', `
      select r.assignment_id as class
      from (select s.assignment_id, count(distinct s.id) as sessions, max(s.starts_at) as last_starts_at, ${counted} from ${MARKS} group by s.assignment_id) as r
      left join attendance_class_totals as t on t.assignment_id = r.assignment_id
      where t.assignment_id is null or t.sessions <> r.sessions or t.last_starts_at <> r.last_starts_at or ${differ('t', 'r')}`),
    ...await forbidden(knex, 'the mark of student $student in session $session is provisional, and the session is completed', `
      select m.student_id as student, m.session_id as session from ${MARKS} where m.provisional = 1`),
  ];
}

/** Completed sessions against their rosters as of their days. */
export async function missingMarks(knex: Knex): Promise<string[]> {
  return forbidden(knex, 'student $student was expected in session $session, which is completed, and has no mark', `
    select w.student_id as student, w.session_id as session from ${ROSTER} as w
    join schedule as s on s.id = w.session_id and s.status = 'completed'
    left join attendance as m on m.session_id = w.session_id and m.student_id = w.student_id
    where m.session_id is null`);
}
