// One extraction per mail, however many inboxes it reached (I3): the first reader extracts, the others wait for the result.
import { setTimeout as sleep } from 'node:timers/promises';
import { claimExtraction, dropExtraction, storeExtraction } from '../db/repositories/extractions.ts';
import type { MailExtraction } from '../domain/interviews/types.ts';
import type { ServiceContext } from './context.ts';

/** Longer than the slowest answer of a language model. */
const LEASE_MS = 120_000;
const LOOK_AGAIN_MS = 150;

/**
 * The extraction of a mail, by its fingerprint: kept, or made by `extract` (once at a time on the whole campus).
 * @throws what `extract` throws; another reader may then try
 */
export async function extractOnce(
  context: ServiceContext, fingerprint: Buffer, extract: () => Promise<MailExtraction>,
): Promise<MailExtraction> {
  for (;;) {
    const state = await claimExtraction(context.db.knex, fingerprint, context.now().toJSDate(), LEASE_MS);
    if (state.status === 'done') return JSON.parse(state.extraction);
    if (state.status === 'elsewhere') {
      await sleep(LOOK_AGAIN_MS);
      continue;
    }
    try {
      const extraction = await extract();
      const usage = extraction.usage ?? { promptTokens: 0, completionTokens: 0 };
      await context.db.transaction((trx) => storeExtraction(trx, fingerprint, JSON.stringify(extraction), usage));
      return extraction;
    } catch (error) {
      await context.db.transaction((trx) => dropExtraction(trx, fingerprint));
      throw error;
    }
  }
}
