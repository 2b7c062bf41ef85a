// One extraction per mail, however many inboxes it reached (I3): the first reader extracts, the others wait for the result.
import { setTimeout as sleep } from 'node:timers/promises';
import { claimExtractions, dropExtractions, type StoredExtraction, storeExtractions } from '../db/repositories/extractions.ts';
import type { MailExtraction } from '../domain/interviews/types.ts';
import type { ServiceContext } from './context.ts';

/** With a language model: longer than its slowest answer. By rules alone: so short that a reader that died is soon replaced. */
const LEASE_MS = { slow: 120_000, quick: 5_000 };
const LOOK_AGAIN_MS = 150;

/** A mail to extract, under the hex of its fingerprint. */
export type Wanted = Map<string, { fingerprint: Buffer; extract: () => Promise<MailExtraction> }>;

/**
 * The extractions of mails, by the hex of their fingerprints: kept, or made by `extract` (once at a time on the whole
 * campus). With `slow`, mails are claimed one by one, so that nobody waits for one that is not being worked at.
 * @param alive called while it waits; throws to end that
 * @throws what `extract` throws; another reader may then try
 */
export async function extractOnce(
  context: ServiceContext, wanted: Wanted, { slow, alive }: { slow: boolean; alive: () => void },
): Promise<Map<string, MailExtraction>> {
  const extractions = new Map<string, MailExtraction>();
  for (;;) {
    const left = [...wanted].filter(([key]) => !extractions.has(key));
    if (left.length === 0) return extractions;
    for (const group of slow ? left.map((one) => [one]) : [left]) await extractGroup(context, group, extractions, slow);
    if (extractions.size === wanted.size) return extractions;
    alive();
    await sleep(LOOK_AGAIN_MS);
  }
}

/** Adds what is done, and what is ours to do, to `extractions`; leaves out what another reader is at. */
async function extractGroup(
  context: ServiceContext, group: [string, { fingerprint: Buffer; extract: () => Promise<MailExtraction> }][],
  extractions: Map<string, MailExtraction>, slow: boolean,
): Promise<void> {
  const { knex } = context.db;
  const now = context.now().toJSDate();
  const states = await claimExtractions(knex, group.map(([, { fingerprint }]) => fingerprint), now, slow ? LEASE_MS.slow : LEASE_MS.quick);
  const made: StoredExtraction[] = [];
  const mine = group.filter((_, index) => states[index]!.status === 'mine');
  states.forEach((state, index) => {
    if (state.status === 'done') extractions.set(group[index]![0], JSON.parse(state.extraction));
  });
  try {
    for (const [key, { fingerprint, extract }] of mine) {
      const extraction = await extract();
      extractions.set(key, extraction);
      made.push({ fingerprint, extraction: JSON.stringify(extraction), usage: extraction.usage ?? { promptTokens: 0, completionTokens: 0 } });
    }
  } catch (error) {
    await context.db.transaction(async (trx) => {
      await storeExtractions(trx, made, now);
      await dropExtractions(trx, mine.slice(made.length).map(([, { fingerprint }]) => fingerprint));
    });
    throw error;
  }
  if (made.length > 0) await context.db.transaction((trx) => storeExtractions(trx, made, now));
}
