// One extraction of a mail, however many ask for it at once.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { DateTime } from 'luxon';
import { claimExtractions } from '../../db/repositories/extractions.ts';
import type { MailExtraction } from '../../domain/interviews/types.ts';
import { createExtractor, type Wanted } from '../../services/extractions.ts';
import { emptyDatabase, testContext, type TestCampus } from '../support/context.ts';
import { movableClock } from '../support/sweep.ts';

const nothing: MailExtraction = { found: null, reason: 'no-date', confidence: 0.9 };

describe('I3 one extraction per mail', () => {
  let campus: TestCampus;
  const clock = movableClock(() => DateTime.utc());
  const alive = () => undefined;

  beforeAll(async () => {
    campus = await emptyDatabase();
  });
  afterAll(async () => {
    await campus.close();
  });

  const context = () => testContext(campus.db, { now: clock.now });

  function wanted(fingerprints: Buffer[], extract: () => Promise<MailExtraction>): Wanted {
    return new Map(fingerprints.map((fingerprint) => [fingerprint.toString('hex'), { fingerprint, extract }]));
  }

  /** Workers, each with readers of its own. */
  const workers = (count: number, slow: boolean) => Array.from({ length: count }, () => createExtractor(context(), { slow }));

  test.each([[true, 50], [false, 50], [true, 2], [false, 2]])('fifty readers of one mail get one extraction (slow: %s, of %s workers)', async (slow, count) => {
    const fingerprint = randomBytes(32);
    let made = 0;
    const extract = async () => {
      made += 1;
      await new Promise((resolve) => setTimeout(resolve, 200));
      return nothing;
    };
    const extractors = workers(count, slow);
    const results = await Promise.all(Array.from({ length: 50 }, (_, index) => extractors[index % count]!(wanted([fingerprint], extract), alive)));
    expect(made).toBe(1);
    for (const result of results) expect(result).toEqual(new Map([[fingerprint.toString('hex'), nothing]]));
  });

  test('readers of overlapping sets of mails all get theirs', async () => {
    const mails = Array.from({ length: 12 }, () => randomBytes(32));
    const extractors = workers(3, false);
    const results = await Promise.all(Array.from({ length: 8 }, (_, index) =>
      extractors[index % 3]!(wanted(mails.slice(index % 4, 8 + (index % 5)), async () => nothing), alive)));
    results.forEach((result, index) => expect(result.size).toBe(8 + (index % 5) - (index % 4)));
    expect(await campus.db.knex('mail_extraction').where({ status: 'working' })).toEqual([]);
  });

  test('when an extraction fails, what was made is kept and the next reader tries the rest', async () => {
    const [good, bad] = [randomBytes(32), randomBytes(32)];
    const both: Wanted = new Map([
      [good.toString('hex'), { fingerprint: good, extract: async () => nothing }],
      [bad.toString('hex'), { fingerprint: bad, extract: async () => { throw new Error('the model is down'); } }],
    ]);
    const [extractOnce] = workers(1, false);
    await expect(extractOnce!(both, alive)).rejects.toThrow('the model is down');
    const left = await campus.db.knex('mail_extraction').whereIn('fingerprint', [good, bad]).select('fingerprint', 'status');
    expect(left).toEqual([{ fingerprint: good, status: 'done' }]);
    const again = wanted([good, bad], async () => nothing);
    expect((await extractOnce!(again, alive)).size).toBe(2);
  });

  test('a claim whose reader died is taken over when its lease has lapsed, by one reader', async () => {
    const fingerprint = randomBytes(32);
    const claim = () => claimExtractions(campus.db.knex, [fingerprint], clock.now().toJSDate(), 5_000);
    expect(await claim()).toEqual([{ status: 'mine' }]);
    expect(await claim()).toEqual([{ status: 'elsewhere' }]);
    clock.forward(1);
    const states = (await Promise.all(Array.from({ length: 10 }, claim))).flat().map(({ status }) => status);
    expect(states.filter((status) => status === 'mine')).toHaveLength(1);
  });
});
