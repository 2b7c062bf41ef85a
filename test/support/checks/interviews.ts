// What follows from interviews, and what is left of those that are off.
import type { Knex } from 'knex';
import type { CheckedCampus } from '../campus-checker.ts';
import { buffersOf, forbidden, ROSTER, TAKEN, toldAbout } from './sql.ts';

export async function interviewViolations(knex: Knex, campus: CheckedCampus): Promise<string[]> {
  const { cutoffMinutes, settleSeconds } = campus.rules;
  // What a class that is hit leaves open: neither attended elsewhere, nor called off; it hadn't begun when the interview was known.
  const unreplaced = `
    from ${TAKEN} as i
    join ${ROSTER} as w on w.student_id = i.student_id
    join schedule as s on s.id = w.session_id and s.status <> 'cancelled' and s.starts_at < i.taken_to and s.ends_at > i.taken_from
    left join attendance as t on t.student_id = i.student_id and t.session_id = s.id
    where s.starts_at > i.updated_at + interval :settle second
      and not exists (select 1 from replacements as x where x.student_id = i.student_id and x.instead_of_id = s.id)`;
  const times = { ...buffersOf(campus), settle: settleSeconds };
  // A place that could no longer be taken back keeps its excuse; the student is told.
  const off = `
    from student_company_drive as i
    join rescheduled_class_student as m on m.interview_id = i.id and m.status <> 'withdrawn'
    join rescheduled_class as c on c.id = m.rescheduled_class_id
    join schedule as s on s.id = c.session_id
    where i.status in ('cancelled', 'rejected', 'erased') and least(s.starts_at, c.original_starts_at) > i.updated_at + interval :cutoff minute
      and not ${toldAbout('place-stands', 'i.student_id', 's.id')}`;
  return [
    ...await forbidden(knex, 'interview $interview of student $student is during session $session, from which nobody excused the student',
      `select i.id as interview, i.student_id as student, s.id as session ${unreplaced} and coalesce(t.status, '') not in ('on_duty', 'excused')`, times),
    ...await forbidden(knex, 'interview $interview of student $student is during session $session, and nobody said why it stays',
      `select i.id as interview, i.student_id as student, s.id as session ${unreplaced} and t.status in ('on_duty', 'excused')
        and not ${toldAbout('class-stays', 'i.student_id', 's.id')}`, times),
    ...await forbidden(knex, 'interview $interview is off, but its student $student is still in round $round of session $session',
      `select i.id as interview, i.student_id as student, c.id as round, s.id as session ${off}`, { cutoff: cutoffMinutes }),
  ];
}
