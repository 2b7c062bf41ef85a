// A placement month from the mails to the last makeup, and an independent look at what it left.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkCampus } from '../support/campus-checker.ts';
import { overAt, simulatedMonth, type Simulated } from '../support/simulation.ts';

const OPTIONS = { students: 1500, drives: 8, seed: 7, from: '2026-08-03' };

describe('a simulated placement month of 1,500 students and 8 drives', () => {
  let months: Simulated[];

  beforeAll(async () => {
    months = [await simulatedMonth(OPTIONS), await simulatedMonth(OPTIONS)];
  }, 300_000);
  afterAll(async () => {
    for (const month of months ?? []) await month.drop();
  });

  test('leaves nobody expected in two places, and says of every class that was hit what became of it', () => {
    const { figures } = months[0]!;
    const { on_duty: onDuty, ...others } = figures.remedies;
    expect(figures).toMatchObject({ students: 1500, drives: 8, conflicts_left: 0, learned_too_late: 0, remedies: { unresolved: 0 } });
    expect([...Object.values(onDuty), ...Object.values(others)].reduce((sum, count) => sum + count, 0)).toBe(figures.places_hit);
    expect(figures.interviews.confirmed).toBeGreaterThan(100);
    expect(others.other_section).toBeGreaterThan(0);
    expect(figures.lost_hours.with_beadle).toBeLessThan(figures.lost_hours.without_beadle);
  });

  test('the same seed gives the same figures, byte for byte', () => {
    expect(JSON.stringify(months[1]!.figures)).toBe(JSON.stringify(months[0]!.figures));
  });

  test('an independent checker finds nothing wrong', async () => {
    const { db } = months[0]!;
    expect(await checkCampus(db.knex, await overAt(db, '2026-08-31'))).toEqual([]);
  });
});
