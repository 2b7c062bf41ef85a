// What was broadcast, to whom, and how far it got (A23).
import type { Knex } from 'knex';
import type { Trx } from '../connection.ts';

/** Whose students are told. */
export type Audience = { sections: number[] } | { departments: number[] } | 'all';

export interface NewBroadcast {
  userId: number;
  title: string;
  message: string;
  audience: Audience;
  recipients: number;
  devices: number;
}

export interface Broadcast {
  id: number;
  title: string;
  message: string;
  recipients: number;
  devices: number;
  sentAt: Date;
  /** People whom a message has reached; to whom none got; null while it is under way. */
  reached: number | null;
  missed: number | null;
}

/** What reach depends on, of sections and departments that there are. */
export interface AudiencePart {
  id: number;
  organisationId: number;
  departmentId: number;
  /** Who teaches the section. */
  facultyIds: number[];
}

export async function sectionsForBroadcast(knex: Knex, ids: number[]): Promise<AudiencePart[]> {
  const rows: Omit<AudiencePart, 'facultyIds'>[] = await knex('sections as s').join('departments as d', 'd.id', 's.department_id')
    .whereIn('s.id', ids).select({ id: 's.id', organisationId: 'd.organisation_id', departmentId: 'd.id' });
  const taught: { id: number; facultyId: number }[] = await knex('faculty_assignment').whereIn('section_id', ids).distinct({ id: 'section_id', facultyId: 'faculty_id' });
  return rows.map((row) => ({ ...row, facultyIds: taught.flatMap(({ id, facultyId }) => (id === row.id ? [facultyId] : [])) }));
}

export async function departmentsForBroadcast(knex: Knex, ids: number[]): Promise<AudiencePart[]> {
  const rows: Omit<AudiencePart, 'facultyIds'>[] = await knex('departments').whereIn('id', ids).select({ id: 'id', organisationId: 'organisation_id', departmentId: 'id' });
  return rows.map((row) => ({ ...row, facultyIds: [] }));
}

/** The active students of an audience, as users. */
export async function usersOfAudience(knex: Knex, organisationId: number, audience: Audience): Promise<number[]> {
  const students = knex('students as st').join('users as u', 'u.id', 'st.user_id').join('sections as sec', 'sec.id', 'st.section_id')
    .where({ 'u.organisation_id': organisationId, 'u.active': true }).orderBy('u.id');
  if (audience !== 'all') {
    if ('sections' in audience) void students.whereIn('sec.id', audience.sections);
    else void students.whereIn('sec.department_id', audience.departments);
  }
  return students.pluck('u.id');
}

/** How many broadcasts a person sent since. The person is locked: of two who send at once, one counts the other. */
export async function countBroadcasts(trx: Trx, userId: number, since: Date): Promise<number> {
  await trx('users').where({ id: userId }).forUpdate().first('id');
  const counted = await trx('broadcasts').where({ user_id: userId }).andWhere('sent_at', '>', since).count({ n: '*' }).first();
  return Number(counted?.n ?? 0);
}

export async function insertBroadcast(trx: Trx, { userId, title, message, audience, recipients, devices }: NewBroadcast, now: Date): Promise<number> {
  const [id] = await trx('broadcasts').insert({ user_id: userId, title, message, audience: JSON.stringify(audience), recipients, devices, sent_at: now });
  return id!;
}

/** A person's broadcasts, the newest first. */
export async function broadcastsOf(knex: Knex, userId: number, limit: number): Promise<Broadcast[]> {
  return knex('broadcasts').where({ user_id: userId }).orderBy('id', 'desc').limit(limit)
    .select({ id: 'id', title: 'title', message: 'message', recipients: 'recipients', devices: 'devices', sentAt: 'sent_at', reached: 'reached', missed: 'missed' });
}

/** Of broadcasts under way: how many people a message has reached, how many it can't reach any more, how many it may still. */
export async function progressOf(knex: Knex, ids: number[]): Promise<{ id: number; reached: number; missed: number; open: number }[]> {
  if (ids.length === 0) return [];
  const people = knex('notices as n').leftJoin('deliveries as d', 'd.notice_id', 'n.id').whereIn('n.broadcast_id', ids).groupBy('n.broadcast_id', 'n.id')
    .select('n.broadcast_id')
    .select(knex.raw("max(coalesce(d.status = 'sent', 0)) as sent, max(coalesce(d.status in ('pending', 'sending'), 0)) as open"));
  const rows = await knex.from(people.as('p')).groupBy('broadcast_id').select({ id: 'broadcast_id' })
    .select(knex.raw('sum(sent) as reached, sum(sent = 0 and open = 0) as missed, sum(sent = 0 and open = 1) as open'));
  return rows.map(({ id, reached, missed, open }) => ({ id, reached: Number(reached), missed: Number(missed), open: Number(open) }));
}

/** Keeps the counts of a broadcast of which nothing is under way any more. */
export async function settleBroadcast(knex: Knex, id: number, { reached, missed }: { reached: number; missed: number }): Promise<void> {
  await knex('broadcasts').where({ id }).update({ reached, missed });
}

export async function countDevices(knex: Knex, userIds: number[]): Promise<number> {
  const counted = await knex('push_tokens').whereIn('user_id', userIds).count({ n: '*' }).first();
  return Number(counted?.n ?? 0);
}
