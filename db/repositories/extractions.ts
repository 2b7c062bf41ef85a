// What was found in a mail, once for all who got the same one: by the fingerprint of its canonical text.
import type { Knex } from 'knex';

export type ExtractionState = { status: 'done'; extraction: string } | { status: 'mine' } | { status: 'elsewhere' };

/**
 * Asks for the extraction of a fingerprint, or for the right to make it: `mine` means that the caller extracts and calls
 * `storeExtraction` (others wait until the lease lapses), `elsewhere` that another reader is at it. Single statements, and
 * the first is a plain read: hundreds of readers of one mail must not queue for its row.
 */
export async function claimExtraction(knex: Knex, fingerprint: Buffer, now: Date, leaseMs: number): Promise<ExtractionState> {
  const leasedUntil = new Date(now.getTime() + leaseMs);
  const row = await knex('mail_extraction').where({ fingerprint }).first('status', 'leased_until', 'extraction');
  if (row?.status === 'done') return { status: 'done', extraction: row.extraction };
  if (row && row.leased_until > now) return { status: 'elsewhere' };
  if (row) {
    const taken = await knex('mail_extraction').where({ fingerprint, status: 'working' }).andWhere('leased_until', '<=', now)
      .update({ leased_until: leasedUntil });
    return { status: taken === 1 ? 'mine' : 'elsewhere' };
  }
  const made = await knex.raw(
    "insert ignore into mail_extraction (fingerprint, status, leased_until, created_at) values (?, 'working', ?, ?)",
    [fingerprint, leasedUntil, now],
  );
  return { status: made[0].affectedRows === 1 ? 'mine' : 'elsewhere' };
}

export async function storeExtraction(
  knex: Knex, fingerprint: Buffer, extraction: string, usage: { promptTokens: number; completionTokens: number },
): Promise<void> {
  await knex('mail_extraction').where({ fingerprint }).update({
    status: 'done', leased_until: null, extraction, prompt_tokens: usage.promptTokens, completion_tokens: usage.completionTokens,
  });
}

/** Gives the right to extract back: the next who asks gets it at once. */
export async function dropExtraction(knex: Knex, fingerprint: Buffer): Promise<void> {
  await knex('mail_extraction').where({ fingerprint, status: 'working' }).delete();
}

/** Forgets extractions older than the retention: they hold a sentence of the mail. */
export async function forgetExtractions(knex: Knex, before: Date): Promise<number> {
  return knex('mail_extraction').where('created_at', '<', before).delete();
}
