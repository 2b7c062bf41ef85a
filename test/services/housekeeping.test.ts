import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { claimExtractions, storeExtractions } from '../../db/repositories/extractions.ts';
import { keepHouse } from '../../services/housekeeping.ts';
import { isNewEvent, makeLinkCode, personById } from '../../services/links.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';
import { interviewsOf, keyOf, mailed, NOW } from './scene.ts';

const DAYS = 30;
let campus: TestCampus;
let clock = DateTime.fromISO(NOW, { zone: 'utc' });
const context = () => testContext(campus.db, { now: () => clock });

beforeAll(async () => {
  campus = await testCampus();
});
afterAll(async () => {
  await campus?.close();
});

const rows = async (table: string): Promise<number> => (await campus.db.knex(table)).length;

describe('I4 what mails said is forgotten after the retention, not before', () => {
  test('sentences and extractions; the interview itself stays, and a later mail does not prolong it', async () => {
    const written = clock;
    await mailed(context(), 1, { start: '2027-02-01T10:00:00+05:30' });
    await storeExtractions(campus.db.knex, [{ fingerprint: keyOf('mail'), extraction: '{}', usage: { promptTokens: 0, completionTokens: 0 } }], clock.toJSDate());
    clock = written.plus({ days: 20 });
    await mailed(context(), 1, { kind: 'reschedule', start: '2027-02-02T10:00:00+05:30' });
    clock = written.plus({ days: DAYS });
    expect(await keepHouse(context(), DAYS)).toEqual({ sentences: 0, extractions: 0 });
    clock = clock.plus(1);
    expect(await keepHouse(context(), DAYS)).toEqual({ sentences: 1, extractions: 1 });
    expect(await keepHouse(context(), DAYS)).toEqual({ sentences: 0, extractions: 0 });
    expect(await interviewsOf(context(), 1)).toMatchObject([{ evidence: null, status: 'confirmed' }]);
    expect(await claimExtractions(campus.db.knex, [keyOf('mail')], clock.toJSDate(), 1000)).toEqual([{ status: 'mine' }]);
  });
});

describe('rule 3 repetitions are remembered for a week', () => {
  test('events, codes and done intents go after it; what is still to be done stays', async () => {
    const { knex } = campus.db;
    const written = clock;
    await knex('intents').delete();
    await isNewEvent(context(), 'telegram', 'an event');
    await makeLinkCode(context(), (await personById(context(), 2))!);
    const intent = { process: 'deliver', workflow_id: 'deliver/email', message: 'wake', payload: '{}', due_at: clock.toJSDate(), created_at: clock.toJSDate() };
    await knex('intents').insert([{ ...intent, done_at: clock.toJSDate() }, { ...intent, done_at: null }]);
    clock = written.plus({ days: 7 });
    await keepHouse(context(), DAYS);
    expect([await rows('platform_events'), await rows('link_codes'), await rows('intents')]).toEqual([1, 1, 2]);
    clock = written.plus({ days: 7, minutes: 16 });
    await keepHouse(context(), DAYS);
    expect([await rows('platform_events'), await rows('link_codes'), await rows('intents')]).toEqual([0, 0, 1]);
  });
});
