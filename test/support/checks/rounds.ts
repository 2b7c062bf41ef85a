// Rounds of rescheduling: all over, and each as its status says.
import type { Knex } from 'knex';
import { forbidden } from './sql.ts';

export async function roundViolations(knex: Knex): Promise<string[]> {
  const waits = "exists (select 1 from rescheduled_class_student as m where m.rescheduled_class_id = c.id and m.status = 'affected')";
  return [
    ...await forbidden(knex, 'round $round of session $session is still $status',
      "select id as round, session_id as session, status from rescheduled_class where status in ('gathering', 'offered', 'undoing')"),
    ...await forbidden(knex, 'decision $decision is carried out by nobody', "select id as decision from rescheduled_class_decision where outcome = 'pending'"),
    ...await forbidden(knex, 'intent $intent ($process, $message) is carried out by nobody', 'select id as intent, workflow_id as process, message from intents where done_at is null'),
    ...await forbidden(knex, 'round $round of session $session is undone, but somebody waits in it',
      `select c.id as round, c.session_id as session from rescheduled_class as c where c.status in ('undone', 'withdrawn') and ${waits} and exists (
        select 1 from schedule as s where s.id = c.session_id and s.status <> 'cancelled')`),
    ...await forbidden(knex, 'round $round of session $session is made up, but nobody attends makeup $makeup', `
      select c.id as round, c.session_id as session, c.makeup_session_id as makeup
      from rescheduled_class as c left join schedule as k on k.id = c.makeup_session_id
      where c.status = 'made_up' and coalesce(k.status, '') <> 'cancelled' and not exists (select 1 from replacements as p where p.session_id = k.id)`),
    ...await forbidden(knex, 'makeup $makeup takes place for nobody', `
      select s.id as makeup from schedule as s
      where s.kind = 'makeup' and s.status <> 'cancelled' and not exists (select 1 from replacements as p where p.session_id = s.id)`),
    ...await forbidden(knex, 'makeup $makeup is attended instead of session $missed, which it is not the makeup of', `
      select s.id as makeup, p.instead_of_id as missed from schedule as s join replacements as p on p.session_id = s.id
      where s.kind = 'makeup' and p.instead_of_id <> s.makes_up_id`),
    ...await forbidden(knex, 'session $session was moved back by round $round, but is not where it was', `
      select c.session_id as session, c.id as round
      from rescheduled_class as c join schedule as s on s.id = c.session_id
      where c.status = 'undone' and c.remedy = 'move' and s.starts_at <> c.original_starts_at
        and not exists (select 1 from rescheduled_class as l where l.session_id = c.session_id and l.status = 'moved')`),
    // Of a student in several rounds of a session, the last one counts.
    ...await forbidden(knex, 'student $student of round $round is to attend another session instead of $session, but has no place', `
      select m.student_id as student, c.id as round, c.session_id as session
      from rescheduled_class as c
      join rescheduled_class_student as m on m.rescheduled_class_id = c.id and m.status in ('seated', 'made_up')
      join schedule as s on s.id = c.session_id and s.status <> 'cancelled'
      where not exists (select 1 from replacements as p where p.student_id = m.student_id and p.instead_of_id = c.session_id)
        and not exists (
          select 1 from rescheduled_class as l join rescheduled_class_student as n on n.rescheduled_class_id = l.id
          where l.session_id = c.session_id and n.student_id = m.student_id and l.round > c.round)`),
  ];
}
