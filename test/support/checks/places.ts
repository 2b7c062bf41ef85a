// Who attends one class instead of another: counted seats, free people, and nothing left of what is off.
import type { Knex } from 'knex';
import type { CheckedCampus } from '../campus-checker.ts';
import { buffersOf, forbidden, ROSTER, TAKEN } from './sql.ts';

const EXCUSED = (student: string, session: string) =>
  `exists (select 1 from attendance as t where t.student_id = ${student} and t.session_id = ${session} and t.status in ('on_duty', 'excused'))`;

export async function placeViolations(knex: Knex, campus: CheckedCampus): Promise<string[]> {
  return [
    ...await forbidden(knex, 'session $session counts $guests guests and has $places', `
      select s.id as session, s.guests, coalesce(p.places, 0) as places
      from schedule as s left join (select session_id, count(*) as places from replacements group by session_id) as p on p.session_id = s.id
      where s.kind = 'regular' and s.guests <> coalesce(p.places, 0)`),
    ...await forbidden(knex, 'session $session has $people people in a room for $capacity', `
      select s.id as session, r.capacity, count(*) as people
      from schedule as s join rooms as r on r.id = s.room_id join ${ROSTER} as w on w.session_id = s.id
      where exists (select 1 from replacements as p where p.session_id = s.id) group by s.id, r.capacity having count(*) > r.capacity`),
    ...await forbidden(knex, 'student $student attends session $place instead of $missed, which is called off', `
      select p.student_id as student, p.session_id as place, p.instead_of_id as missed
      from replacements as p join schedule as s on s.id = p.instead_of_id where s.status = 'cancelled'`),
    ...await forbidden(knex, 'student $student is sent to session $place, which is called off', `
      select p.student_id as student, p.session_id as place from replacements as p join schedule as s on s.id = p.session_id where s.status = 'cancelled'`),
    ...await forbidden(knex, 'student $student attends session $place instead of $missed, but is not on duty there', `
      select p.student_id as student, p.session_id as place, p.instead_of_id as missed
      from replacements as p where not ${EXCUSED('p.student_id', 'p.instead_of_id')}`),
    ...await forbidden(knex, 'student $student attends session $place instead of $missed, without being on its roster', `
      select p.student_id as student, p.session_id as place, p.instead_of_id as missed
      from replacements as p left join ${ROSTER} as w on w.student_id = p.student_id and w.session_id = p.instead_of_id where w.session_id is null`),
    ...await forbidden(knex, 'student $student attends session $place instead of $missed, which is of another subject', `
      select p.student_id as student, p.session_id as place, p.instead_of_id as missed
      from replacements as p
      join schedule as s on s.id = p.session_id join faculty_assignment as a on a.id = s.assignment_id
      join schedule as o on o.id = p.instead_of_id join faculty_assignment as b on b.id = o.assignment_id
      where a.subject_id <> b.subject_id`),
    ...await forbidden(knex, 'student $student has a place in session $place during interview $interview', `
      select p.student_id as student, p.session_id as place, i.id as interview
      from replacements as p join schedule as s on s.id = p.session_id join ${TAKEN} as i on i.student_id = p.student_id
      where s.starts_at < i.taken_to and s.ends_at > i.taken_from and s.starts_at > i.updated_at and not ${EXCUSED('p.student_id', 'p.session_id')}
        and not exists (select 1 from replacements as x where x.student_id = p.student_id and x.instead_of_id = p.session_id)`, buffersOf(campus)),
    ...await forbidden(knex, 'student $student is expected in sessions $place and $other at once', `
      select p.student_id as student, p.session_id as place, o.id as other
      from replacements as p join schedule as s on s.id = p.session_id and s.status <> 'cancelled'
      join ${ROSTER} as w on w.student_id = p.student_id
      join schedule as o on o.id = w.session_id and o.id <> s.id and o.status <> 'cancelled' and o.starts_at < s.ends_at and o.ends_at > s.starts_at
      where not ${EXCUSED('p.student_id', 'o.id')} and not ${EXCUSED('p.student_id', 's.id')}`),
  ];
}
