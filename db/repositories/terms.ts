// Which term a day belongs to, where it lies between two: what is planned then is for the term to come, what is reported of the one before.
import type { Knex } from 'knex';

/** Days are YYYY-MM-DD, both included. */
export interface Term { id: number; startsOn: string; endsOn: string }

const COLUMNS = { id: 'id', startsOn: 'starts_on', endsOn: 'ends_on' } as const;

/** The term that a day is in, else the next one: what uploads plan for. */
export async function currentOrNextTerm(knex: Knex, organisationId: number, date: string): Promise<Term | undefined> {
  return knex('terms').where({ organisation_id: organisationId }).andWhere('ends_on', '>=', date).orderBy('starts_on').first(COLUMNS);
}

/** The id of the term that a day is in, else of the last one that has begun; before the first one, of that: what reports are about. */
export const CURRENT_OR_LAST_TERM = '(select id from terms where organisation_id = :organisationId order by starts_on <= :date desc, abs(datediff(starts_on, :date)) limit 1)';

export async function currentOrLastTerm(knex: Knex, organisationId: number, date: string): Promise<Term | undefined> {
  return knex('terms').where('id', knex.raw(CURRENT_OR_LAST_TERM, { organisationId, date })).first(COLUMNS);
}
