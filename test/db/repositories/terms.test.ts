// Terms by a day: the two meanings of "this term" differ between two terms only.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { currentOrLastTerm, currentOrNextTerm } from '../../../db/repositories/terms.ts';
import { emptyDatabase, type TestCampus } from '../../support/context.ts';

describe('A7 the term of a day', () => {
  let campus: TestCampus;
  const ids: Record<string, number> = {};
  beforeAll(async () => {
    campus = await emptyDatabase();
    const { knex } = campus.db;
    const organisation = (code: string) => knex('organisations').insert({ code, name: code, time_zone: 'Asia/Kolkata', locale: 'en-IN', mail_domain: `${code}.example` });
    const [own] = await organisation('own');
    const [other] = await organisation('other');
    const add = async (organisationId: number, name: string, startsOn: string, endsOn: string) => {
      [ids[name]] = await knex('terms').insert({ organisation_id: organisationId, academic_year: name, semester: 1, starts_on: startsOn, ends_on: endsOn }) as [number];
    };
    await add(own!, 'spring', '2027-01-10', '2027-05-20');
    await add(own!, 'autumn', '2026-07-20', '2026-11-30');
    await add(other!, 'elsewhere', '2026-12-01', '2026-12-31');
    ids['own'] = own!;
  });
  afterAll(() => campus.close());

  test.each([
    ['2026-01-01', 'autumn', 'autumn'], ['2026-07-20', 'autumn', 'autumn'], ['2026-11-30', 'autumn', 'autumn'],
    ['2026-12-15', 'spring', 'autumn'], ['2027-01-10', 'spring', 'spring'], ['2027-08-01', undefined, 'spring'],
  ])('on %s uploads plan for %s, and reports are about %s', async (date, planned, reported) => {
    const { knex } = campus.db;
    const [next, last] = [await currentOrNextTerm(knex, ids['own']!, date), await currentOrLastTerm(knex, ids['own']!, date)];
    expect([next?.id, last?.id]).toEqual([planned && ids[planned], ids[reported]]);
  });
});
