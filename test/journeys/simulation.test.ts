// A placement month from the mails to the last makeup, and an independent look at what it left.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkCampus } from '../support/campus-checker.ts';
import { overAt, simulatedMonth, type Simulated } from '../support/simulation.ts';

const OPTIONS = { students: 1500, drives: 8, seed: 4, from: '2026-08-03' };

describe('a simulated placement month of 1,500 students and 8 drives', () => {
  let month: Simulated;

  beforeAll(async () => {
    month = await simulatedMonth(OPTIONS);
  }, 300_000);
  afterAll(() => month?.drop());

  test('leaves nobody expected in two places, and says of every class that was hit what became of it', () => {
    const { figures } = month;
    const { on_duty: onDuty, ...others } = figures.remedies;
    expect(figures).toMatchObject({ students: 1500, drives: 8, conflicts_left: 0, learned_too_late: 0, remedies: { unresolved: 0 } });
    expect([...Object.values(onDuty), ...Object.values(others)].reduce((sum, count) => sum + count, 0)).toBe(figures.places_hit);
    expect(figures.interviews.confirmed).toBeGreaterThan(100);
    for (const remedy of [others.other_section, others.makeup, others.class_moved, others.undone]) expect(remedy).toBeGreaterThan(0);
    expect(figures.lost_hours.with_beadle).toBeLessThan(figures.lost_hours.without_beadle);
  });

  test('an independent checker finds nothing wrong', async () => {
    const { db } = month;
    expect(await checkCampus(db.knex, await overAt(db, '2026-08-31'))).toEqual([]);
  });
});

describe('a simulated placement month', () => {
  test('gives the same figures for the same seed, byte for byte', async () => {
    const figures = async (): Promise<string> => {
      const month = await simulatedMonth({ students: 120, drives: 7, seed: 1, from: '2027-01-04' });
      await month.drop();
      return JSON.stringify(month.figures);
    };
    const first = await figures();
    expect(JSON.parse(first)).toMatchObject({ students: 120, conflicts_left: 0, interviews: { confirmed: expect.any(Number) } });
    expect(await figures()).toBe(first);
  });
});
