// The only place that opens transactions, and that runs one again.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { Refusal } from '../domain/refusal.ts';

/** A transaction: what a function of a repository takes that writes, or that has to see what the transaction wrote. */
export type Trx = Knex.Transaction;

const TRIES = 5;
/** ER_LOCK_WAIT_TIMEOUT and ER_LOCK_DEADLOCK: the work was rolled back (or is now) and may succeed when run again. */
const WORTH_AGAIN = new Set([1205, 1213]);
/** ER_DUP_ENTRY. */
const DUPLICATE = 1062;

/**
 * Runs `work` in a transaction (READ COMMITTED, as connection.ts sets every session) and commits. `work` may run several times (five at the most, with jitter in
 * between), so it does nothing that a rollback can't take back.
 * @throws Refusal 'busy' when MySQL chose it as the victim every time; whatever `work` throws, after a rollback
 */
export async function runTransaction<T>(knex: Knex, work: (trx: Trx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await knex.transaction(work);
    } catch (error) {
      if (!isWorthAgain(error)) throw error;
      if (attempt === TRIES) throw new Refusal('busy');
      await sleep(Math.random() * 20 * 2 ** attempt);
    }
  }
}

const isWorthAgain = (error: unknown): boolean => WORTH_AGAIN.has(numberOf(error));

/** Whether the server refused a row because there is one with its key. */
export const isDuplicate = (error: unknown): boolean => numberOf(error) === DUPLICATE;

function numberOf(error: unknown): number {
  return error instanceof Error && 'errno' in error && typeof error.errno === 'number' ? error.errno : 0;
}
