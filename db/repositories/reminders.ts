// Who wants to be reminded of what by now, and has not been (A24). Found anew each minute from the rows, so that a reminder moves with its class.
import type { Knex } from 'knex';

export interface DueReminder {
  userId: number;
  /** Of the session or the interview. */
  id: number;
  startsAt: Date;
}

/** The event of a reminder: one a person, class or interview, and start. Must match `reminderKey` of the service. */
const keyIn = (knex: Knex, what: 'session' | 'interview', id: string, startsAt: string) =>
  knex.raw(`concat('reminder/${what}/', ${id}, '/', date_format(${startsAt}, '%Y%m%d%H%i'))`);

/** Joins the wishes of a user, and keeps what begins within them. */
const wanted = (knex: Knex, now: Date, what: 'session' | 'interview', columns: { user: string; id: string; startsAt: string }) => (query: Knex.QueryBuilder) => {
  void query.join('notice_preferences as w', 'w.user_id', columns.user)
    .where(columns.startsAt, '>', now)
    .andWhereRaw(`${columns.startsAt} <= date_add(?, interval w.reminder_minutes minute)`, [now])
    .whereNotExists((told) => told.from('notices as n').whereRaw(`n.user_id = ${columns.user}`).andWhere('n.event_key', keyIn(knex, what, columns.id, columns.startsAt)).select('n.id'))
    .select({ userId: columns.user, id: columns.id, startsAt: columns.startsAt });
};

/** The longest that anybody wants to be reminded ahead, in minutes; null when nobody wants to be. */
export async function longestReminder(knex: Knex): Promise<number | null> {
  const row = await knex('notice_preferences').max({ minutes: 'reminder_minutes' }).first();
  return row?.minutes ?? null;
}

/** Classes of which students, and who takes them, want to be reminded. Who is excused, or attends another instead, is not reminded of that one. */
export async function dueOfClasses(knex: Knex, now: Date, minutes: number): Promise<DueReminder[]> {
  const soon = () => knex('schedule as s')
    .join('faculty_assignment as a', 'a.id', 's.assignment_id')
    .where('s.status', 'scheduled')
    .whereBetween('s.starts_at', [now, new Date(now.getTime() + minutes * 60_000)])
    // Days of the campus, which the index has: a day more on either side for its zone.
    .whereBetween('s.date', [-1, 1 + Math.ceil(minutes / 1_440)].map((days) => new Date(now.getTime() + days * 86_400_000).toISOString().slice(0, 10)) as [string, string]);
  const columns = { id: 's.id', startsAt: 's.starts_at' };
  const enrolled = soon()
    .join('student_subject as e', (join) => join.on('e.section_id', 'a.section_id').andOn('e.subject_id', 'a.subject_id').andOn('e.valid_from', '<=', 's.date'))
    .join('students as st', 'st.id', 'e.student_id')
    .where('s.kind', 'regular')
    .andWhere((valid) => void valid.whereNull('e.valid_to').orWhereRaw('e.valid_to > s.date'))
    .whereNotExists((other) => other.from('replacements as x').whereRaw('x.instead_of_id = s.id and x.student_id = st.id').select('x.id'))
    .whereNotExists((mark) => mark.from('attendance as t').whereRaw('t.session_id = s.id and t.student_id = st.id')
      .whereIn('t.status', ['on_duty', 'excused']).select('t.session_id'))
    .modify(wanted(knex, now, 'session', { user: 'st.user_id', ...columns }));
  const instead = soon().join('replacements as p', 'p.session_id', 's.id').join('students as st', 'st.id', 'p.student_id')
    .modify(wanted(knex, now, 'session', { user: 'st.user_id', ...columns }));
  const taught = soon().joinRaw('join faculty as f on f.id = coalesce(s.substitute_id, a.faculty_id)').modify(wanted(knex, now, 'session', { user: 'f.user_id', ...columns }));
  return (await Promise.all([enrolled, instead, taught])).flat();
}

/** Interviews of which students want to be reminded. */
export async function dueOfInterviews(knex: Knex, now: Date, minutes: number): Promise<DueReminder[]> {
  return knex('student_company_drive as i').join('students as st', 'st.id', 'i.student_id')
    .where('i.status', 'confirmed')
    .whereBetween('i.starts_at', [now, new Date(now.getTime() + minutes * 60_000)])
    .modify(wanted(knex, now, 'interview', { user: 'st.user_id', id: 'i.id', startsAt: 'i.starts_at' }));
}
