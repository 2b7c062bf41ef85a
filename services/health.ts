// Whether the database answers.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceContext } from './context.ts';

const PATIENCE_MS = 2_000;

/** False when the database refuses, or says nothing for two seconds. */
export async function databaseAnswers(context: ServiceContext): Promise<boolean> {
  const patience = new AbortController();
  const answered = context.db.knex.raw('select 1').then(() => true, () => false);
  const given = await Promise.race([answered, sleep(PATIENCE_MS, false, { signal: patience.signal, ref: false })]);
  patience.abort();
  return given;
}
