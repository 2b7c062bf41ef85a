// A fresh, empty database for one test file or test.
import { randomBytes } from 'node:crypto';
import mysql from 'mysql2/promise';
import { testServers } from './servers.ts';

export interface TestDatabase {
  /** mysql://user:password@host:port/name */
  url: string;
  name: string;
  drop(): Promise<void>;
}

/**
 * Creates an empty database with Beadle's character set. The server is the test run's, or another one whose user may
 * create databases named beadle…
 */
export async function createTestDatabase(serverUrl = testServers().mysqlUrl): Promise<TestDatabase> {
  const name = `beadle_test_${randomBytes(6).toString('hex')}`;
  const url = new URL(serverUrl);
  await execute(serverUrl, `CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci`);
  url.pathname = `/${name}`;
  return { url: url.href, name, drop: () => execute(serverUrl, `DROP DATABASE IF EXISTS ${name}`) };
}

async function execute(url: string, sql: string): Promise<void> {
  const connection = await mysql.createConnection(url);
  try {
    await connection.query(sql);
  } finally {
    await connection.end();
  }
}
