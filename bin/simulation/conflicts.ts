// Who is expected in two places at once: the one thing that Beadle is there to prevent.
import type { Knex } from 'knex';
import type { CampusRules } from '../../services/context.ts';

export interface Conflict {
  studentId: number;
  sessionId: number;
  /** What else the student is expected at. */
  interviewId: number | null;
  otherSessionId: number | null;
}

/** So long an interview counts as an appointment; see domain/interviews/busy-window.ts. */
const LONGEST_MINUTES = 240;

/**
 * Confirmed interviews, with their buffers, over a class that the student is neither excused from nor attends elsewhere; and classes
 * attended instead of others over such a class. A class that had begun before Beadle knew of the interview is none of them.
 */
export async function findConflicts(knex: Knex, rules: Pick<CampusRules, 'bufferMinutes' | 'settleSeconds'>): Promise<Conflict[]> {
  const { bufferMinutes: buffer } = rules;
  const interviews = (expected: string) => knex.raw(`
    select i.student_id as studentId, s.id as sessionId, i.id as interviewId, null as otherSessionId
    from (
      select *, case mode when 'elsewhere' then :elsewhere when 'on-campus' then :onCampus else :online end as buffer from student_company_drive
      where status = 'confirmed' and starts_at is not null and timestampdiff(second, starts_at, ends_at) <= 60 * :longest
    ) as i
    ${expected}
    left join attendance as t on t.session_id = s.id and t.student_id = i.student_id and t.status in ('on_duty', 'excused')
    where t.student_id is null and s.status <> 'cancelled'
      and s.starts_at < i.ends_at + interval i.buffer minute and s.ends_at > i.starts_at - interval i.buffer minute
      and s.starts_at > i.updated_at + interval :settle second`,
  { ...buffer, onCampus: buffer['on-campus'], longest: LONGEST_MINUTES, settle: rules.settleSeconds });
  const results = await Promise.all([
    interviews(enrolledIn('i')),
    interviews('join replacements as p on p.student_id = i.student_id join schedule as s on s.id = p.session_id'),
    knex.raw(`
      select p.student_id as studentId, s.id as sessionId, null as interviewId, o.id as otherSessionId
      from replacements as p
      join schedule as o on o.id = p.session_id and o.status <> 'cancelled'
      ${enrolledIn('p')}
      left join attendance as t on t.session_id = s.id and t.student_id = p.student_id and t.status in ('on_duty', 'excused')
      where t.student_id is null and s.status <> 'cancelled' and s.id <> o.id and s.starts_at < o.ends_at and s.ends_at > o.starts_at`),
  ]);
  return results.flatMap(([rows]) => rows as Conflict[]);
}

/** Joins the classes `s` that a row's student is enrolled for and has not left for another. */
const enrolledIn = (alias: string) => `
  join student_subject as e on e.student_id = ${alias}.student_id
  join faculty_assignment as a on a.section_id = e.section_id and a.subject_id = e.subject_id
  join schedule as s on s.assignment_id = a.id and s.kind = 'regular' and e.valid_from <= s.date and (e.valid_to is null or e.valid_to > s.date)
    and not exists (select 1 from replacements as x where x.student_id = ${alias}.student_id and x.instead_of_id = s.id)`;
