// What happened since a moment, summed up for the running account that `npm start` shows.
import type { Knex } from 'knex';

export interface AccountOfInterviews {
  company: string;
  startsAt: Date | null;
  date: string;
  status: 'asked' | 'confirmed' | 'cancelled' | 'rejected';
  source: string;
  sequence: number;
  students: number;
  confidence: number;
}

export async function interviewsChangedSince(knex: Knex, since: Date): Promise<AccountOfInterviews[]> {
  return knex('student_company_drive')
    .where('updated_at', '>=', since)
    .groupBy('company_name', 'starts_at', 'date', 'status', 'source', 'sequence')
    .orderByRaw('min(id)')
    .select({ company: 'company_name', startsAt: 'starts_at', date: 'date', status: 'status', source: 'source', sequence: 'sequence' })
    .select(knex.raw('count(*) as students, max(confidence) as confidence'));
}

export interface AccountOfRound {
  id: number;
  status: string;
  subject: string;
  section: string;
  room: string;
  originalStartsAt: Date;
  startsAt: Date;
  /** Students whom interviews keep away; of them those who attend another section, and those who attend the makeup. */
  hit: number;
  seated: number;
  madeUp: number;
  makeupStartsAt: Date | null;
  options: number;
  remedy: 'makeup' | 'move' | null;
}

export async function roundsChangedSince(knex: Knex, since: Date): Promise<AccountOfRound[]> {
  return knex('rescheduled_class as c')
    .join('schedule as s', 's.id', 'c.session_id')
    .join('faculty_assignment as a', 'a.id', 's.assignment_id')
    .join('sections as sec', 'sec.id', 'a.section_id')
    .join('departments as d', 'd.id', 'sec.department_id')
    .join('subjects as sub', 'sub.id', 'a.subject_id')
    .join('rooms as r', 'r.id', 's.room_id')
    .leftJoin('schedule as mk', 'mk.id', 'c.makeup_session_id')
    .where('c.updated_at', '>=', since)
    .orderBy('c.id')
    .select({ id: 'c.id', status: 'c.status', subject: 'sub.subject_code', room: 'r.name', originalStartsAt: 'c.original_starts_at', startsAt: 's.starts_at', makeupStartsAt: 'mk.starts_at', remedy: 'c.remedy' })
    .select(
      knex.raw("concat(d.code, '-', sec.year, sec.name) as section"),
      ...[['hit', "m.status <> 'withdrawn'"], ['seated', "m.status = 'seated'"], ['madeUp', "m.status = 'made_up'"]].map(([name, which]) =>
        knex.raw(`(select count(distinct m.student_id) from rescheduled_class_student m where m.rescheduled_class_id = c.id and ${which}) as ${name}`)),
      knex.raw('(select count(*) from rescheduled_class_option o where o.rescheduled_class_id = c.id and o.offer = c.offer) as options'),
    );
}

/** How many mails were dealt with, by outcome, and how many extractions that took. */
export async function mailsSeenSince(knex: Knex, since: Date): Promise<{ outcomes: { outcome: string; mails: number }[]; extractions: number }> {
  const outcomes = await knex('mail_seen').where('seen_at', '>=', since).groupBy('outcome').select('outcome', knex.raw('count(*) as mails'));
  const extracted = await knex('mail_extraction').where('created_at', '>=', since).count({ n: '*' }).first();
  return { outcomes, extractions: Number(extracted?.n ?? 0) };
}

/** Deliveries since, by kind of notice, channel and how far they got. */
export async function deliveriesSince(
  knex: Knex, since: Date,
): Promise<{ kind: string; channel: string; status: string; people: number }[]> {
  return knex('deliveries as d')
    .join('notices as n', 'n.id', 'd.notice_id')
    .where('n.created_at', '>=', since)
    .groupBy('n.kind', 'd.channel', 'd.status')
    .orderByRaw('min(n.id)')
    .select('n.kind', 'd.channel', 'd.status', knex.raw('count(*) as people'));
}
