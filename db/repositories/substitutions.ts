// Questions whether another takes a class, and who takes it.
import type { Knex } from 'knex';
import type { Trx } from '../connection.ts';

export interface Substitute { id: number; facultyId: string; userId: number; name: string }
export interface Substitution { id: number; sessionId: number; substituteId: number; askedBy: number; status: 'open' | 'accepted' | 'declined' | 'withdrawn' }
export interface OpenSubstitution { id: number; sessionId: number; askedBy: string; subjectCode: string; sectionName: string; roomName: string; startsAt: Date; endsAt: Date }

const faculty = (knex: Knex) => knex('faculty as f').join('users as u', 'u.id', 'f.user_id').where('u.active', true)
  .select<Substitute[]>({ id: 'f.id', facultyId: 'f.faculty_id', userId: 'u.id', name: 'u.name' });

/** A faculty member who is here, by faculty_id. */
export async function facultyByKey(knex: Knex, organisationId: number, key: string): Promise<Substitute | undefined> {
  return (await faculty(knex).where({ 'f.faculty_id': key, 'u.organisation_id': organisationId }))[0];
}

export async function facultyById(knex: Knex, id: number): Promise<Substitute | undefined> {
  return (await faculty(knex).where('f.id', id))[0];
}

export async function setSubstitute(trx: Trx, sessionId: number, facultyId: number | null, now: Date): Promise<void> {
  await trx('schedule').where({ id: sessionId }).update({ substitute_id: facultyId, sequence: trx.raw('sequence + 1'), updated_at: now });
}

export async function findSubstitution(knex: Knex, id: number): Promise<Substitution | undefined> {
  return knex('substitutions').where({ id }).first({ id: 'id', sessionId: 'session_id', substituteId: 'substitute_id', askedBy: 'asked_by', status: 'status' });
}

/** @returns its id */
export async function insertSubstitution(trx: Trx, { sessionId, substituteId, askedBy }: { sessionId: number; substituteId: number; askedBy: number }, now: Date): Promise<number> {
  const [id] = await trx('substitutions').insert({ session_id: sessionId, substitute_id: substituteId, asked_by: askedBy, created_at: now });
  return id!;
}

export async function settleSubstitution(trx: Trx, id: number, status: 'accepted' | 'declined', now: Date): Promise<void> {
  await trx('substitutions').where({ id }).update({ status, decided_at: now });
}

/** Takes back the open questions about a session. */
export async function withdrawSubstitutions(trx: Trx, sessionId: number, now: Date): Promise<void> {
  await trx('substitutions').where({ session_id: sessionId, status: 'open' }).update({ status: 'withdrawn', decided_at: now });
}

/** Open questions to a faculty member about classes to come, by start. */
export async function openSubstitutionsFor(knex: Knex, facultyId: number, now: Date): Promise<OpenSubstitution[]> {
  return knex('substitutions as q').join('schedule as s', 's.id', 'q.session_id').join('faculty_assignment as a', 'a.id', 's.assignment_id')
    .join('subjects as sub', 'sub.id', 'a.subject_id').join('sections as sec', 'sec.id', 'a.section_id').join('departments as d', 'd.id', 'sec.department_id')
    .join('rooms as r', 'r.id', 's.room_id').join('users as u', 'u.id', 'q.asked_by')
    .where({ 'q.substitute_id': facultyId, 'q.status': 'open', 's.status': 'scheduled' }).andWhere('s.starts_at', '>', now).orderBy(['s.starts_at', 'q.id'])
    .select({ id: 'q.id', sessionId: 's.id', askedBy: 'u.name', subjectCode: 'sub.subject_code', roomName: 'r.name', startsAt: 's.starts_at', endsAt: 's.ends_at' })
    .select(knex.raw("concat(d.code, '-', sec.year, sec.name) as sectionName"));
}
