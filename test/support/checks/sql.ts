// What the checks of a campus share: asking for what must not be there, and the pieces of SQL that say who has to be where.
import type { Knex } from 'knex';
import type { CheckedCampus } from '../campus-checker.ts';

export type Row = Record<string, string | number | Date | null>;

/** Rows that must not be there, each said in words: `$name` in `words` stands for a column. */
export async function forbidden(knex: Knex, words: string, sql: string, bindings: Record<string, number | string | Date> = {}): Promise<string[]> {
  const [rows] = await knex.raw(sql, bindings);
  return (rows as Row[]).map((row) => words.replace(/\$(\w+)/g, (_, name: string) => String(row[name])));
}

/** The classes that students are on the roster of: as (student_id, session_id), enrolled on the day or as a guest. */
export const ROSTER = `(
  select e.student_id, s.id as session_id
  from student_subject as e
  join faculty_assignment as a on a.section_id = e.section_id and a.subject_id = e.subject_id
  join schedule as s on s.assignment_id = a.id and s.kind = 'regular' and e.valid_from <= s.date and (e.valid_to is null or e.valid_to > s.date)
  union all
  select p.student_id, p.session_id from replacements as p
)`;

/** Confirmed interviews that say when to be there (no longer than four hours), with the time they take: taken_from, taken_to. */
export const TAKEN = `(
  select i.id, i.student_id, i.updated_at, i.starts_at - interval i.buffer minute as taken_from, i.ends_at + interval i.buffer minute as taken_to
  from (
    select id, student_id, updated_at, starts_at, ends_at,
      case coalesce(mode, 'phone') when 'elsewhere' then :elsewhere when 'on-campus' then :onCampus else :online end as buffer
    from student_company_drive
    where status = 'confirmed' and starts_at is not null and ends_at is not null and timestampdiff(second, starts_at, ends_at) <= 14400
  ) as i
)`;

/** The values of TAKEN. */
export const buffersOf = ({ rules: { bufferMinutes } }: CheckedCampus) =>
  ({ elsewhere: bufferMinutes.elsewhere, onCampus: bufferMinutes['on-campus'], online: bufferMinutes.online });

/** Whether a student's user was told of a kind about a session. */
export const toldAbout = (kind: string, student: string, session: string): string => `exists (
  select 1 from notices as n join students as st on st.user_id = n.user_id
  where st.id = ${student} and n.kind = '${kind}' and json_extract(n.params, '$.sessionId') = ${session}
)`;
