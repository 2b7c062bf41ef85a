// Where classes were put: only where the requirements let them be put (I17).
import type { Knex } from 'knex';
import { DateTime } from 'luxon';
import type { CheckedCampus } from '../campus-checker.ts';
import { forbidden, ROSTER } from './sql.ts';

/** Makeups, and classes that are where a round moved them. */
const PUT = `(
  select s.* from schedule as s
  where s.status <> 'cancelled' and (s.kind = 'makeup' or exists (select 1 from rescheduled_class as c where c.session_id = s.id and c.status = 'moved'))
)`;

export async function timeViolations(knex: Knex, { rules }: CheckedCampus): Promise<string[]> {
  const minutes = 'sum(timestampdiff(minute, s.starts_at, s.ends_at))';
  const away = 'exists (select 1 from replacements as x where x.student_id = w.student_id and x.instead_of_id = s.id)';
  return [
    ...await outsideOfSlots(knex),
    ...await forbidden(knex, 'session $session was put on holiday $day', `select s.id as session, s.date as day from ${PUT} as s join holidays as h on h.date = s.date`),
    ...await forbidden(knex, 'session $session was put into room $room, which is of another kind', `
      select s.id as session, r.id as room from ${PUT} as s
      join faculty_assignment as a on a.id = s.assignment_id join subjects as b on b.id = a.subject_id join rooms as r on r.id = s.room_id where r.kind <> b.subject_type`),
    ...await forbidden(knex, 'session $session was put into room $room for $capacity, and $people come', `
      select s.id as session, r.id as room, r.capacity, count(*) as people
      from ${PUT} as s join rooms as r on r.id = s.room_id join ${ROSTER} as w on w.session_id = s.id
      where not ${away} group by s.id, r.id, r.capacity having count(*) > r.capacity`),
    ...await forbidden(knex, 'session $session was put on $day, when faculty member $faculty is known to be away', `
      select s.id as session, s.date as day, a.faculty_id as faculty
      from ${PUT} as s join faculty_assignment as a on a.id = s.assignment_id
      join faculty_leave as l on l.faculty_id = a.faculty_id and s.date between l.starts_on and l.ends_on
      where exists (
        select 1 from audit_log as n where n.action = 'faculty.leave' and n.subject = concat('faculty/', l.faculty_id) and n.at < s.updated_at
          and json_unquote(json_extract(n.details, '$.from')) = l.starts_on and json_unquote(json_extract(n.details, '$.to')) = l.ends_on)`),
    ...await forbidden(knex, 'faculty member $faculty teaches $minutes minutes on $day, to which classes were put', `
      select a.faculty_id as faculty, s.date as day, ${minutes} as minutes
      from schedule as s join faculty_assignment as a on a.id = s.assignment_id
      where s.status <> 'cancelled' and exists (
        select 1 from ${PUT} as o join faculty_assignment as b on b.id = o.assignment_id where o.date = s.date and b.faculty_id = a.faculty_id)
      group by a.faculty_id, s.date having ${minutes} > :most`, { most: rules.facultyDailyHours * 60 }),
    ...await forbidden(knex, 'student $student has $minutes minutes of classes on $day, to which classes were put', `
      select w.student_id as student, s.date as day, ${minutes} as minutes
      from schedule as s join ${ROSTER} as w on w.session_id = s.id
      where s.status <> 'cancelled' and s.date in (select o.date from ${PUT} as o) and not ${away}
      group by w.student_id, s.date having ${minutes} > :most`, { most: rules.studentDailyHours * 60 }),
  ];
}

/** Weekly slots are the campus's wall clock. */
async function outsideOfSlots(knex: Knex): Promise<string[]> {
  const [sessions] = await knex.raw(`select s.id, s.starts_at as startsAt, s.ends_at as endsAt, s.time_zone as zone, s.date from ${PUT} as s`);
  const slots: { weekday: number; from: string; to: string }[] = await knex('weekly_slot').where({ purpose: 'makeup' }).select({ weekday: 'weekday', from: 'start_time', to: 'end_time' });
  return (sessions as { id: number; startsAt: Date; endsAt: Date; zone: string; date: string }[]).flatMap(({ id, startsAt, endsAt, zone, date }) => {
    const [start, end] = [DateTime.fromJSDate(startsAt, { zone }), DateTime.fromJSDate(endsAt, { zone })];
    const isInSlot = slots.some(({ weekday, from, to }) => weekday === start.weekday && from <= start.toFormat('HH:mm') && end.toFormat('HH:mm') <= to);
    return [
      ...(isInSlot ? [] : [`session ${id} was put to ${start.toISO()}, outside of all weekly slots`]),
      ...(start.toISODate() === date ? [] : [`session ${id} is on ${start.toISODate()}, and says ${date}`]),
    ];
  });
}
