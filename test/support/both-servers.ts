// What must hold on MariaDB and on MySQL 8 alike: the run's MariaDB, and a private MySQL that set-up brought.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findMysql8 } from '../../bin/embedded/find.ts';
import { startMysql } from '../../bin/embedded/mysql.ts';
import { testServers } from './servers.ts';

export interface TestServer {
  url: string;
  stop(): Promise<void>;
}

/** Names for `describe.each`, with what starts (or finds) the server. */
export const bothServers: [string, () => Promise<TestServer>][] = [
  ['MariaDB', () => Promise.resolve({ url: testServers().mysqlUrl, stop: () => Promise.resolve() })],
  ['MySQL 8.0', startMysql8],
];

async function startMysql8(): Promise<TestServer> {
  const program = findMysql8();
  if (!program) throw new Error('no MySQL 8.0: node scripts/setup.mjs --test brings it (needs Maven)');
  const stateDir = mkdtempSync(join(tmpdir(), 'beadle-mysql8-'));
  const server = await startMysql({ stateDir, program });
  return {
    url: server.url,
    async stop() {
      await server.stop();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}
