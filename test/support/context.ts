// A migrated database and the context that services are given, for one test file.
import { DateTime } from 'luxon';
import { type Database, openDatabase } from '../../db/connection.ts';
import { migrate } from '../../db/migrate.ts';
import { demoCampus } from '../../db/seeds/demo-campus.ts';
import { loadDemoCampus } from '../../db/seeds/load-demo-campus.ts';
import type { CampusRules, ServiceContext } from '../../services/context.ts';
import { createSecretBox } from '../../services/secret-box.ts';
import { createTestDatabase } from './database.ts';

export const TEST_SECRET_KEYS = `test:${Buffer.alloc(32, 7).toString('base64')}`;

export const testRules: CampusRules = {
  bufferMinutes: { online: 15, 'on-campus': 15, elsewhere: 90 },
  settleSeconds: 0, quietSeconds: 0, quietMaxSeconds: 0, cutoffMinutes: 120,
  attendance: { openMinutes: 10, codeSeconds: 20, earlyMinutes: 15, completeMinutes: 15, cutoffHours: 48, networks: [] },
  studentDailyHours: 8, facultyDailyHours: 6,
  broadcastsPerHour: { cr: 5, others: 30 },
};

/** A context whose clock stands at `now` (or follows a function). */
export function testContext(db: Database, { now, rules = {} }: { now: string | (() => DateTime); rules?: Partial<CampusRules> }): ServiceContext {
  return {
    db,
    now: typeof now === 'string' ? () => DateTime.fromISO(now, { zone: 'utc' }) : now,
    campus: { timeZone: 'Asia/Kolkata', locale: 'en-IN' },
    rules: { ...testRules, ...rules },
    secrets: createSecretBox(TEST_SECRET_KEYS, 'a secret that only tests know, and they tell'),
    publicUrl: 'http://127.0.0.1:8420',
  };
}

export interface TestCampus {
  db: Database;
  url: string;
  /** Closes the pool and drops the database. */
  close(): Promise<void>;
}

/** An empty, migrated database. */
export async function emptyDatabase(serverUrl?: string): Promise<TestCampus> {
  const database = await createTestDatabase(serverUrl);
  const db = openDatabase(database.url, { poolSize: 20 });
  await migrate(db.knex);
  return {
    db,
    url: database.url,
    async close() {
      await db.close();
      await database.drop();
    },
  };
}

/** A database with a small demo campus. `from` is the Monday on which its sessions begin. */
export async function testCampus(
  { students = 120, seed = 7, from = '2026-11-23', weeks = 2, serverUrl = undefined as string | undefined } = {},
): Promise<TestCampus> {
  const campus = await emptyDatabase(serverUrl);
  await campus.db.transaction((trx) => loadDemoCampus(trx, demoCampus({ students, seed, from, weeks, timeZone: 'Asia/Kolkata' })));
  return campus;
}
