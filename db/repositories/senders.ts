// Whom an institution trusts or doesn't want read: addresses and domains (`mail_senders`).
import type { Knex } from 'knex';
import type { SenderVerdict } from '../../domain/interviews/senders.ts';
import type { Trx } from '../connection.ts';

export interface Sender {
  id: number;
  pattern: string;
  verdict: SenderVerdict;
  /** Who said so last. */
  setBy: string | null;
  updatedAt: Date;
}

export async function sendersOf(knex: Knex, organisationId: number): Promise<Sender[]> {
  return knex('mail_senders as s')
    .leftJoin('users as u', 'u.id', 's.user_id')
    .where('s.organisation_id', organisationId)
    .orderBy('s.pattern')
    .select({ id: 's.id', pattern: 's.pattern', verdict: 's.verdict', setBy: 'u.name', updatedAt: 's.updated_at' });
}

/** What these institutions say, by institution. */
export async function verdictsOf(knex: Knex, organisationIds: number[]): Promise<Map<number, Map<string, SenderVerdict>>> {
  const rows: { organisationId: number; pattern: string; verdict: SenderVerdict }[] = await knex('mail_senders')
    .whereIn('organisation_id', organisationIds)
    .select({ organisationId: 'organisation_id', pattern: 'pattern', verdict: 'verdict' });
  return new Map([...Map.groupBy(rows, (row) => row.organisationId)].map(([id, senders]) =>
    [id, new Map(senders.map(({ pattern, verdict }) => [pattern, verdict]))]));
}

export async function upsertSender(
  trx: Trx, sender: { organisationId: number; pattern: string; verdict: SenderVerdict; userId: number }, now: Date,
): Promise<void> {
  await trx('mail_senders')
    .insert({ organisation_id: sender.organisationId, pattern: sender.pattern, verdict: sender.verdict, user_id: sender.userId, updated_at: now })
    .onConflict()
    .merge(['verdict', 'user_id', 'updated_at']);
}

/** @returns the pattern that was taken off; undefined where there was none */
export async function deleteSender(trx: Trx, organisationId: number, by: { id: number } | { pattern: string }): Promise<string | undefined> {
  const held = await trx('mail_senders').where({ organisation_id: organisationId, ...by }).forUpdate().first('id', 'pattern');
  if (held) await trx('mail_senders').where({ id: held.id }).delete();
  return held?.pattern;
}
