// Intents: what has to be told to Temporal, written in the transaction of the change and carried out after its commit.
import type { Knex } from 'knex';
import type { Trx } from '../transaction.ts';

/** A message to a process. `payload` becomes part of the workflow's history: ids and enums only. */
export interface NewIntent {
  process: string;
  workflowId: string;
  message: string;
  payload: Record<string, string | number>;
}

export interface Intent extends NewIntent {
  id: number;
  attempts: number;
}

const written = new WeakMap<object, number[]>();

/** The ids of the intents that this transaction wrote and that are due at once. */
export function intentsWrittenIn(trx: Trx): number[] {
  return written.get(trx) ?? [];
}

/** Writes one intent, due at once. @returns its id */
export async function addIntent(trx: Trx, intent: NewIntent, now: Date): Promise<number> {
  const [id] = await addIntents(trx, [intent], now);
  return id!;
}

/** So many go into one statement: after Temporal's data was lost, a whole campus's are written. */
const ROWS_A_STATEMENT = 1_000;

/** Writes intents, due at once or at `dueAt`. @returns their ids */
export async function addIntents(trx: Trx, intents: NewIntent[], now: Date, dueAt = now): Promise<number[]> {
  const ids: number[] = [];
  for (let from = 0; from < intents.length; from += ROWS_A_STATEMENT) {
    const rows = intents.slice(from, from + ROWS_A_STATEMENT).map(({ process, workflowId, message, payload }) => ({
      process, workflow_id: workflowId, message, payload: JSON.stringify(payload), due_at: dueAt, created_at: now,
    }));
    const [first] = await trx('intents').insert(rows);
    // One statement's ids follow each other; the dispatcher would also find them without.
    ids.push(...rows.map((_, index) => first! + index));
  }
  if (dueAt <= now) written.set(trx, [...intentsWrittenIn(trx), ...ids]);
  return ids;
}

/**
 * Takes due intents for `leaseMs`: another dispatcher does not get them until then.
 * @param only take none but these (those of a commit just made)
 */
export async function leaseIntents(
  trx: Trx,
  { now, leaseMs, limit, only }: { now: Date; leaseMs: number; limit: number; only?: number[] },
): Promise<Intent[]> {
  const due = trx('intents').whereNull('done_at').andWhere('due_at', '<=', now);
  if (only) due.whereIn('id', only);
  const rows = await due
    .select('id', 'process', 'workflow_id', 'message', 'payload', 'attempts')
    .orderBy('id')
    .limit(limit)
    .forUpdate()
    .skipLocked();
  if (rows.length > 0) {
    await trx('intents')
      .whereIn('id', rows.map((row) => row.id))
      .update({ due_at: new Date(now.getTime() + leaseMs), attempts: trx.raw('attempts + 1') });
  }
  return rows.map((row) => ({
    id: row.id,
    process: row.process,
    workflowId: row.workflow_id,
    message: row.message,
    payload: JSON.parse(row.payload),
    attempts: row.attempts + 1,
  }));
}

export async function finishIntents(knex: Knex, ids: number[], now: Date, errorCode: string | null = null): Promise<void> {
  await knex('intents').whereIn('id', ids).update({ done_at: now, error_code: errorCode });
}

/** Puts an intent off: it is tried again at `dueAt`. */
export async function postponeIntent(knex: Knex, id: number, dueAt: Date, errorCode: string): Promise<void> {
  await knex('intents').where({ id }).update({ due_at: dueAt, error_code: errorCode });
}

/** Forgets intents carried out before. */
export async function forgetIntents(knex: Knex, before: Date): Promise<void> {
  await knex('intents').where('done_at', '<', before).delete();
}
