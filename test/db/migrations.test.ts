import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Knex } from 'knex';
import { type Database, openDatabase } from '../../db/connection.ts';
import { migrate, migrateDown } from '../../db/migrate.ts';
import { demoCampus } from '../../db/seeds/demo-campus.ts';
import { loadDemoCampus } from '../../db/seeds/load-demo-campus.ts';
import { bothServers, type TestServer } from '../support/both-servers.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

/** Every table with its columns, keys and options, as the server describes them. */
async function schemaOf(knex: Knex): Promise<Record<string, string>> {
  const tables: string[] = (await knex.raw('show tables'))[0].map((row: Record<string, string>) => Object.values(row)[0]!);
  const entries = await Promise.all(tables.map(async (table) => {
    const [[row]] = await knex.raw('show create table ??', [table]);
    return [table, String(row['Create Table'] ?? row['Create View']).replace(/AUTO_INCREMENT=\d+ /, '')] as const;
  }));
  return Object.fromEntries(entries.filter(([table]) => !table.startsWith('knex_')));
}

describe.each(bothServers)('migrations on %s (rule 11)', (_name, start) => {
  let server: TestServer;
  let database: TestDatabase;
  let db: Database;

  beforeAll(async () => {
    server = await start();
    database = await createTestDatabase(server.url);
    db = openDatabase(database.url);
  });
  afterAll(async () => {
    await db?.close();
    await database?.drop();
    await server?.stop();
  });

  test('go on where one that was killed stopped, and ten who begin at once do it once', async () => {
    await migrate(db.knex);
    await migrateDown(db.knex);
    await db.knex('knex_migrations_lock').update({ is_locked: 1 });
    const others = Array.from({ length: 9 }, () => openDatabase(database.url));
    const ran = await Promise.all([db, ...others].map(({ knex }) => migrate(knex)));
    expect(ran.filter((names) => names.length > 0)).toHaveLength(1);
    for (const other of others) await other.close();
    await migrateDown(db.knex);
  });

  test('go up, down and up again to the same schema', async () => {
    await migrate(db.knex);
    const first = await schemaOf(db.knex);
    expect(Object.keys(first)).toEqual(expect.arrayContaining([
      'attendance', 'attendance_changes', 'default_schedule', 'faculty', 'faculty_assignment', 'rescheduled_class', 'rescheduled_class_student', 'schedule',
      'student_company_drive', 'student_subject', 'students', 'subjects', 'weekly_slot',
    ]));
    await migrateDown(db.knex);
    expect(await schemaOf(db.knex)).toEqual({});
    await migrate(db.knex);
    expect(await schemaOf(db.knex)).toEqual(first);
  });

  test('run again after one stopped half-way', async () => {
    const whole = await schemaOf(db.knex);
    await db.knex.raw('drop table interview_mail');
    await db.knex('knex_migrations').whereIn('name', ['08-interviews', '13-audit']).delete();
    expect(await migrate(db.knex)).toEqual(['08-interviews', '13-audit']);
    expect(await schemaOf(db.knex)).toEqual(whole);
  });

  test('give tables the campus collation, and keys that are compared byte by byte', async () => {
    const schema = await schemaOf(db.knex);
    for (const [table, definition] of Object.entries(schema)) {
      if (/\bVIEW\b/.test(definition)) continue;
      expect(`${table}: ${definition}`).toMatch(/COLLATE=utf8mb4_unicode_520_ci/);
    }
    expect(schema.deliveries).toMatch(/`message_id` varchar\(191\) (?:CHARACTER SET|COLLATE|character set) ?ascii|`message_id` varchar\(191\)[^,]*ascii_bin/i);
  });

  test('sessions of every connection are alike: strict, UTC, READ COMMITTED', async () => {
    const isolation = (await db.knex.raw("show variables where variable_name in ('tx_isolation', 'transaction_isolation')"))[0];
    expect(new Set(isolation.map((row: { Value: string }) => row.Value))).toEqual(new Set(['READ-COMMITTED']));
    const [[row]] = await db.knex.raw('select @@sql_mode as mode, @@time_zone as zone');
    expect(row.zone).toBe('+00:00');
    expect(row.mode).toContain('ONLY_FULL_GROUP_BY');
    expect(row.mode).toContain('STRICT_TRANS_TABLES');
  });

  test('take a demo campus, names in every script unharmed', async () => {
    const campus = demoCampus({ students: 240, seed: 7, from: '2026-11-23', weeks: 1, timeZone: 'Asia/Kolkata' });
    await db.transaction((trx) => loadDemoCampus(trx, campus));
    const names: string[] = await db.knex('users').orderBy('id').pluck('name');
    expect(names).toEqual(campus.users.map((user) => user.name));
    expect(names.some((name) => /\p{Script=Devanagari}/u.test(name))).toBe(true);
    expect(names.some((name) => /\p{Script=Han}/u.test(name))).toBe(true);
  });
});
