// The private MySQL server: MariaDB, and MySQL 8.0 where set-up could bring it.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import mysql from 'mysql2/promise';
import type { MysqlProgram } from '../../../bin/embedded/find.ts';
import { findMysql, findMysql8 } from '../../../bin/embedded/find.ts';
import { processIdentity } from '../../../bin/embedded/identity.ts';
import type { EmbeddedMysql, EmbeddedMysqlOptions } from '../../../bin/embedded/mysql.ts';
import { startMysql } from '../../../bin/embedded/mysql.ts';
import { findFreePort, releasePort } from '../../../bin/embedded/port.ts';

let stateDir: string;
const servers: EmbeddedMysql[] = [];
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'beadle-mysql-test-'));
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  await rm(stateDir, { recursive: true, force: true });
});

async function started(options: Omit<EmbeddedMysqlOptions, 'stateDir'> = {}): Promise<EmbeddedMysql> {
  const server = await startMysql({ stateDir, ...options });
  servers.push(server);
  return server;
}

async function query(url: string, sql: string): Promise<mysql.RowDataPacket[]> {
  const connection = await mysql.createConnection({ uri: url, multipleStatements: true });
  try {
    const [rows] = await connection.query<mysql.RowDataPacket[]>(sql);
    return rows;
  } finally {
    await connection.end();
  }
}

function known(program: MysqlProgram | undefined): MysqlProgram {
  if (!program) throw new Error('set-up has not brought this server');
  return program;
}

describe.each([
  ['the machine’s server', findMysql],
  ['MySQL 8.0', findMysql8],
])('D9 an embedded database, on %s', (_name, find) => {
  test('keeps rows over a restart and counts characters as utf8mb4 in UTC', async () => {
    const first = await started({ program: known(find()) });
    await query(first.url, "CREATE TABLE note (text VARCHAR(4)); INSERT INTO note VALUES ('क🎓')");
    await first.stop();
    await first.stop();

    const second = await started({ program: known(find()), port: first.port });
    expect(second.port).toBe(first.port);
    const rows = await query(
      second.url,
      `SELECT text, CHAR_LENGTH(text) AS length, @@time_zone AS zone, @@sql_mode LIKE '%ONLY_FULL_GROUP_BY%' AS strict,
              @@innodb_flush_log_at_trx_commit AS durable, @@collation_database AS collation FROM note`,
    );
    expect(rows).toEqual([
      { text: 'क🎓', length: 2, zone: '+00:00', strict: 1, durable: 1, collation: 'utf8mb4_unicode_520_ci' },
    ]);
  });
});

describe('D9 an embedded database', () => {
  test('lets its user create databases that begin with beadle, and no others', async () => {
    const server = await started();
    await query(server.url, 'CREATE DATABASE beadle_more');
    await expect(query(server.url, 'CREATE DATABASE other')).rejects.toThrow('denied');
  });

  test('takes the next free port when the wanted one is taken', async () => {
    const wanted = await findFreePort();
    const squatter = createServer().listen(wanted, '127.0.0.1');
    releasePort(wanted);
    const server = await started({ port: wanted });
    squatter.close();
    expect(server.port).toBeGreaterThan(wanted);
  });

  test('refuses a state folder in use, naming who uses it', async () => {
    const server = await started();
    await expect(started()).rejects.toThrow(`started by process ${process.pid}`);
    expect(processIdentity(server.pid)).toBeDefined();
    await server.stop();
    expect(processIdentity(server.pid)).toBeUndefined();
  });

});
