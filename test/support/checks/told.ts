// Who had to be told what, and who must not be told of whom (I20).
import type { Knex } from 'knex';
import { forbidden, ROSTER, toldAbout } from './sql.ts';

export async function toldViolations(knex: Knex): Promise<string[]> {
  const enrolled = `${ROSTER} as w join students as st on st.id = w.student_id`;
  return [
    ...await forbidden(knex, 'student $student attends session $place instead of $missed, and was not told', `
      select p.student_id as student, p.session_id as place, p.instead_of_id as missed from replacements as p where not ${toldAbout('class-elsewhere', 'p.student_id', 'p.session_id')}`),
    ...await forbidden(knex, 'student $student is excused from session $session, and was not told', `
      select t.student_id as student, t.session_id as session from attendance as t
      where t.provisional = 1 and t.status = 'on_duty' and not ${toldAbout('class-excused', 't.student_id', 't.session_id')}`),
    ...await forbidden(knex, 'student $student was not told that session $session is off', `
      select w.student_id as student, s.id as session from schedule as s join ${enrolled} on w.session_id = s.id
      where s.kind = 'regular' and s.status = 'cancelled' and not ${toldAbout('class-cancelled', 'w.student_id', 's.id')}`),
    // Who came back to it after it was moved was told of its new time when told to come.
    ...await forbidden(knex, 'student $student was not told where session $session was moved', `
      select w.student_id as student, s.id as session from schedule as s join ${enrolled} on w.session_id = s.id
      where s.kind = 'regular' and s.status <> 'cancelled' and s.sequence > 0
        and not exists (select 1 from replacements as p where p.student_id = w.student_id and s.id in (p.session_id, p.instead_of_id))
        and not exists (
          select 1 from notices as n where n.user_id = st.user_id and json_extract(n.params, '$.sessionId') = s.id
            and (n.kind = 'class-moved' and json_extract(n.params, '$.sequence') = s.sequence or n.kind = 'class-expected' and n.created_at >= s.updated_at))`),
    ...await companiesToldToOthers(knex),
  ];
}

/** A company's name stands only in what its own student is told of the interview. */
async function companiesToldToOthers(knex: Knex): Promise<string[]> {
  const companies: string[] = await knex('drives').distinct('company_name').pluck('company_name');
  const notices: { id: number; kind: string; params: string }[] = await knex('notices').whereNot('kind', 'like', 'interview-%').select('id', 'kind', 'params');
  return notices.flatMap(({ id, kind, params }) => companies.filter((company) => params.includes(company)).map((company) => `notice ${id} (${kind}) speaks of ${company}`));
}
