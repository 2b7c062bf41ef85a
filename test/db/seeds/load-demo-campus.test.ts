import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openDatabase, type Database } from '../../../db/connection.ts';
import { migrate } from '../../../db/migrate.ts';
import { demoCampus } from '../../../db/seeds/demo-campus.ts';
import type { DemoCampus } from '../../../db/seeds/demo-rows.ts';
import { loadDemoCampus } from '../../../db/seeds/load-demo-campus.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const campus = demoCampus({ students: 130, seed: 3, from: '2026-08-03', weeks: 2, timeZone: 'Asia/Kolkata' });
let schema: TestDatabase;
let database: Database;

beforeAll(async () => {
  schema = await createTestDatabase();
  database = openDatabase(schema.url);
  await migrate(database.knex);
  await database.transaction((trx) => loadDemoCampus(trx, campus));
});

afterAll(async () => {
  await database.close();
  await schema.drop();
});

describe('the demo campus in the database', () => {
  test('every row of every table is there', async () => {
    for (const table of Object.keys(campus) as (keyof DemoCampus)[]) {
      const [counted] = await database.knex(table).count({ rows: '*' });
      expect([table, Number(counted!.rows)]).toEqual([table, campus[table].length]);
    }
  });

  test('names in every script, local dates and instants come back as they were', async () => {
    expect(await database.knex('users').orderBy('id').pluck('name')).toEqual(campus.users.map(({ name }) => name));
    const session = campus.schedule[0]!;
    expect(await database.knex('schedule').where({ id: session.id }).first()).toMatchObject({ ...session, status: 'scheduled', sequence: 0 });
  });

  test('a second campus does not get in beside the first, and leaves nothing behind', async () => {
    await expect(database.transaction((trx) => loadDemoCampus(trx, campus))).rejects.toMatchObject({ code: 'ER_DUP_ENTRY' });
    expect(await database.knex('students').pluck('id')).toHaveLength(130);
  });

  test('rows made afterwards get ids of their own', async () => {
    const [id] = await database.knex('holidays').insert({ organisation_id: 1, date: '2026-12-25', name: 'Christmas' });
    expect(id).toBe(campus.holidays.length + 1);
  });
});
