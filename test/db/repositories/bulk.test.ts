// Many rows by one statement, on both servers.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { updateRows } from '../../../db/repositories/bulk.ts';
import { bothServers, type TestServer } from '../../support/both-servers.ts';
import { testCampus, type TestCampus } from '../../support/context.ts';

describe.each(bothServers)('A6 rows that are written many at once, on %s', (_name, start) => {
  let server: TestServer;
  let campus: TestCampus;
  beforeAll(async () => {
    server = await start();
    campus = await testCampus({ students: 60, serverUrl: server.url });
  });
  afterAll(async () => {
    await campus.close();
    await server.stop();
  });

  test('each gets its own value, and nothing where that is the value', async () => {
    const { knex } = campus.db;
    const ids: number[] = await knex('students').orderBy('id').limit(3).pluck('id');
    const write = (values: (string | null)[]) => campus.db.transaction((trx) =>
      updateRows(trx, 'students', { guardian_email: 'varchar(191)' }, ids.map((id, index) => ({ id, guardian_email: values[index]! }))));
    const written = () => knex('students').whereIn('id', ids).orderBy('id').pluck('guardian_email');
    await write(['one@mail.example', 'o\'"two\\@mail.example', null]);
    expect(await written()).toEqual(['one@mail.example', 'o\'"two\\@mail.example', null]);
    await write([null, 'null', 'three@mail.example']);
    expect(await written()).toEqual([null, 'null', 'three@mail.example']);
  });
});
