// What was found in a mail, once for all who got the same one: by the fingerprint of its canonical text.
import type { Knex } from 'knex';

export type ExtractionState = { status: 'done'; extraction: string } | { status: 'mine' } | { status: 'elsewhere' };

/**
 * Asks for the extractions of fingerprints (each once), or for the right to make them: `mine` means that the caller extracts
 * and calls `storeExtractions` (others wait until the lease lapses), `elsewhere` that another reader is at it. Single
 * statements, and the first is a plain read: hundreds of readers of one mail must not queue for its row. Where several new
 * fingerprints are asked for at once and another reader asks in the same millisecond, both may get one: harmless, because
 * extractions are stored by their fingerprint. A single one is given to one reader only.
 * @returns one state for each fingerprint, in their order
 */
export async function claimExtractions(knex: Knex, fingerprints: Buffer[], now: Date, leaseMs: number): Promise<ExtractionState[]> {
  const leasedUntil = new Date(now.getTime() + leaseMs);
  const held = await rowsOf(knex, fingerprints);
  const lapsed = fingerprints.filter((fingerprint) => isLapsed(held.get(hex(fingerprint)), now));
  const taken = new Set<string>();
  for (const fingerprint of lapsed) {
    const changed = await knex('mail_extraction').where({ fingerprint, status: 'working' }).andWhere('leased_until', '<=', now)
      .update({ leased_until: leasedUntil });
    if (changed === 1) taken.add(hex(fingerprint));
  }
  const fresh = fingerprints.filter((fingerprint) => !held.has(hex(fingerprint)));
  for (const key of await insertClaims(knex, fresh, leasedUntil, now)) taken.add(key);
  return fingerprints.map((fingerprint) => {
    if (taken.has(hex(fingerprint))) return { status: 'mine' };
    const row = held.get(hex(fingerprint));
    return row?.status === 'done' ? { status: 'done', extraction: row.extraction! } : { status: 'elsewhere' };
  });
}

interface Row {
  fingerprint: Buffer;
  status: 'working' | 'done';
  leased_until: Date | null;
  extraction: string | null;
}

const hex = (fingerprint: Buffer) => fingerprint.toString('hex');
const isLapsed = (row: Row | undefined, now: Date) => row?.status === 'working' && row.leased_until !== null && row.leased_until <= now;

async function rowsOf(knex: Knex, fingerprints: Buffer[]): Promise<Map<string, Row>> {
  const rows: Row[] = await knex('mail_extraction').whereIn('fingerprint', fingerprints).select('fingerprint', 'status', 'leased_until', 'extraction');
  return new Map(rows.map((row) => [hex(row.fingerprint), row]));
}

/** @returns the fingerprints (as hex) whose claim is ours */
async function insertClaims(knex: Knex, fingerprints: Buffer[], leasedUntil: Date, now: Date): Promise<string[]> {
  if (fingerprints.length === 0) return [];
  // In one order for all readers, so that they don't wait for each other crosswise.
  const ordered = fingerprints.toSorted(Buffer.compare);
  const made = await knex.raw(
    `insert ignore into mail_extraction (fingerprint, status, leased_until, created_at) values ${ordered.map(() => "(?, 'working', ?, ?)").join(', ')}`,
    ordered.flatMap((fingerprint) => [fingerprint, leasedUntil, now]),
  );
  const inserted: number = made[0].affectedRows;
  if (inserted === fingerprints.length) return fingerprints.map(hex);
  if (inserted === 0) return [];
  // Others were faster with some of them: ours carry our lease.
  const rows = await rowsOf(knex, fingerprints);
  return fingerprints.map(hex).filter((key) => rows.get(key)?.leased_until?.getTime() === leasedUntil.getTime());
}

export interface StoredExtraction {
  fingerprint: Buffer;
  extraction: string;
  usage: { promptTokens: number; completionTokens: number };
}

export async function storeExtractions(knex: Knex, extractions: StoredExtraction[], now: Date): Promise<void> {
  if (extractions.length === 0) return;
  const ordered = extractions.toSorted((a, b) => Buffer.compare(a.fingerprint, b.fingerprint));
  await knex('mail_extraction')
    .insert(ordered.map(({ fingerprint, extraction, usage }) => ({
      fingerprint, status: 'done', leased_until: null, extraction, prompt_tokens: usage.promptTokens, completion_tokens: usage.completionTokens,
      created_at: now,
    })))
    .onConflict('fingerprint')
    .merge(['status', 'leased_until', 'extraction', 'prompt_tokens', 'completion_tokens']);
}

/** Gives the right to extract back: the next who asks gets it at once. */
export async function dropExtractions(knex: Knex, fingerprints: Buffer[]): Promise<void> {
  if (fingerprints.length > 0) await knex('mail_extraction').whereIn('fingerprint', fingerprints).andWhere('status', 'working').delete();
}

/** Forgets extractions older than the retention: they hold a sentence of the mail. */
export async function forgetExtractions(knex: Knex, before: Date): Promise<number> {
  return knex('mail_extraction').where('created_at', '<', before).delete();
}

/** What extracting took since a moment: mails dealt with, distinct ones extracted, those the model was asked about, its tokens. */
export async function extractionCosts(
  knex: Knex, since: Date,
): Promise<{ mails: number; extractions: number; asked: number; promptTokens: number; completionTokens: number }> {
  const seen = await knex('mail_seen').where('seen_at', '>=', since).count({ mails: '*' }).first();
  const made = await knex('mail_extraction').where('created_at', '>=', since).first(
    knex.raw('count(*) as extractions'),
    knex.raw('coalesce(sum(prompt_tokens > 0), 0) as asked'),
    knex.raw('coalesce(sum(prompt_tokens), 0) as prompt'),
    knex.raw('coalesce(sum(completion_tokens), 0) as completion'),
  );
  return {
    mails: Number(seen?.mails ?? 0), extractions: Number(made.extractions), asked: Number(made.asked),
    promptTokens: Number(made.prompt), completionTokens: Number(made.completion),
  };
}
