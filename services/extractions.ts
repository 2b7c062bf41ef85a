// One extraction per mail, however many inboxes it reached (I3): the first reader extracts, the others wait for the result.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  claimExtractions, dropExtractions, type ExtractionState, type StoredExtraction, storeExtractions,
} from '../db/repositories/extractions.ts';
import type { MailExtraction } from '../domain/interviews/types.ts';
import type { ServiceContext } from './context.ts';
import { grouped } from './grouped.ts';

/** With a language model: longer than its slowest answer. By rules alone: so short that a reader that died is soon replaced. */
const LEASE_MS = { slow: 120_000, quick: 5_000 };
const LOOK_AGAIN_MS = 150;
/** Readers whose claims, or whose extractions, go into one statement. */
const MOST_TOGETHER = 50;

interface WantedMail {
  fingerprint: Buffer;
  extract: () => Promise<MailExtraction>;
}

/** Mails to extract, by the hex of their fingerprints. */
export type Wanted = Map<string, WantedMail>;

/**
 * The extractions of mails, by the hex of their fingerprints: kept, or made by `extract` (once at a time on the whole
 * campus). `alive` is called while it waits, and throws to end that.
 * @throws what `extract` throws; another reader may then try
 */
export type ExtractOnce = (wanted: Wanted, alive: () => void) => Promise<Map<string, MailExtraction>>;

/** @param slow mails are claimed one by one, so that nobody waits for one that is not being worked at */
export function createExtractor(context: ServiceContext, { slow }: { slow: boolean }): ExtractOnce {
  const { knex } = context.db;
  const claim = grouped((asked: Buffer[][]) => claimTogether(context, asked, slow ? LEASE_MS.slow : LEASE_MS.quick), { most: MOST_TOGETHER });
  const store = grouped(async (made: StoredExtraction[][]) => {
    await storeExtractions(knex, made.flat(), context.now().toJSDate());
    return made;
  }, { most: MOST_TOGETHER });

  /** Adds what is done, and what is ours to do, to `extractions`; leaves out what another reader is at. */
  async function extractGroup(group: [string, WantedMail][], extractions: Map<string, MailExtraction>): Promise<void> {
    const states = await claim(group.map(([, { fingerprint }]) => fingerprint));
    states.forEach((state, index) => {
      if (state.status === 'done') extractions.set(group[index]![0], JSON.parse(state.extraction));
    });
    const mine = group.filter((_, index) => states[index]!.status === 'mine');
    if (mine.length === 0) return;
    const made: StoredExtraction[] = [];
    try {
      for (const [key, { fingerprint, extract }] of mine) {
        const extraction = await extract();
        extractions.set(key, extraction);
        made.push({ fingerprint, extraction: JSON.stringify(extraction), usage: extraction.usage ?? { promptTokens: 0, completionTokens: 0 } });
      }
    } finally {
      await store(made);
      await dropExtractions(knex, mine.slice(made.length).map(([, { fingerprint }]) => fingerprint));
    }
  }

  return async (wanted, alive) => {
    const extractions = new Map<string, MailExtraction>();
    for (;;) {
      const left = [...wanted].filter(([key]) => !extractions.has(key));
      if (left.length === 0) return extractions;
      for (const group of slow ? left.map((one) => [one]) : [left]) await extractGroup(group, extractions);
      if (extractions.size === wanted.size) return extractions;
      alive();
      await sleep(LOOK_AGAIN_MS);
    }
  };
}

/** Claims for several readers at once; what two of them ask for is the first one's. */
async function claimTogether(context: ServiceContext, asked: Buffer[][], leaseMs: number): Promise<ExtractionState[][]> {
  const fingerprints = new Map(asked.flat().map((fingerprint) => [fingerprint.toString('hex'), fingerprint]));
  const claimed = await claimExtractions(context.db.knex, [...fingerprints.values()], context.now().toJSDate(), leaseMs);
  const states = new Map([...fingerprints.keys()].map((key, index) => [key, claimed[index]!]));
  return asked.map((ofReader) => ofReader.map((fingerprint) => {
    const key = fingerprint.toString('hex');
    const state = states.get(key)!;
    if (state.status === 'mine') states.set(key, { status: 'elsewhere' });
    return state;
  }));
}
