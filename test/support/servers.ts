// The real servers that one test run shares: MySQL, Temporal and Dovecot, with their state in a temporary folder.
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDovecot } from '../../bin/embedded/dovecot.ts';
import { findMysql } from '../../bin/embedded/find.ts';
import { processIdentity } from '../../bin/embedded/identity.ts';
import { startMysql } from '../../bin/embedded/mysql.ts';
import { exitOnSignals, stopLeftBehind } from '../../bin/embedded/server-process.ts';
import { startTemporal } from '../../bin/embedded/temporal.ts';

const PREFIX = 'beadle-test-';
const IMAP_PASSWORD = 'everyone-in-tests';
/** Enough for each test file to take a few; 60 more cost the server's start no measurable time. */
const NAMESPACES = Array.from({ length: 120 }, (_, index) => `test-${index + 1}`);

interface ImapAccess {
  host: string;
  port: number;
  /** Every mailbox's password. */
  password: string;
}

/** Where the run's servers are: set by the global set-up, inherited by Jest's workers. */
export interface TestServers {
  /** A user who may create databases whose names begin with "beadle". */
  mysqlUrl: string;
  temporalAddress: string;
  imap: ImapAccess;
  stateDir: string;
}

/** Reads where the servers are. Throws when the global set-up didn't run. */
export function testServers(): TestServers {
  return {
    mysqlUrl: fromEnvironment('BEADLE_TEST_MYSQL_URL'),
    temporalAddress: fromEnvironment('BEADLE_TEST_TEMPORAL_ADDRESS'),
    imap: JSON.parse(fromEnvironment('BEADLE_TEST_IMAP')) as ImapAccess,
    stateDir: fromEnvironment('BEADLE_TEST_STATE'),
  };
}

function fromEnvironment(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} isn't set: test/support/global-setup.ts starts the servers`);
  return value;
}

/** Names of the namespaces that the test run's Temporal has. */
export function testNamespaces(): string[] {
  return NAMESPACES;
}

/** Starts the servers side by side and says in the environment where they are. Returns what stops and deletes all. */
export async function startTestServers(): Promise<() => Promise<void>> {
  await cleanUpDeadRuns();
  exitOnSignals();
  const stateDir = mkdtempSync(join(tmpdir(), PREFIX));
  chmodSync(stateDir, 0o711);
  writeFileSync(join(stateDir, 'owner.json'), JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid) }));
  mkdirSync(join(stateDir, 'namespaces'));

  const starts = await Promise.allSettled([
    startDatabase(join(stateDir, 'mysql')),
    startTemporal({ stateDir: join(stateDir, 'temporal'), uiPort: false, inMemory: true, namespaces: NAMESPACES }),
    startDovecot({ stateDir: join(stateDir, 'dovecot'), passwords: { everyone: IMAP_PASSWORD } }),
  ]);
  const [mysql, temporal, dovecot] = starts;
  const stop = async (): Promise<void> => {
    const started = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    await Promise.all(started.map((server) => server.stop()));
    if (dovecot.status === 'fulfilled') rmSync(dovecot.value.mailFolder, { recursive: true, force: true });
    rmSync(stateDir, { recursive: true, force: true });
  };
  if (mysql.status === 'rejected' || temporal.status === 'rejected' || dovecot.status === 'rejected') {
    await stop();
    const reasons = starts.flatMap((start) => (start.status === 'rejected' ? [String(start.reason)] : []));
    throw new Error(reasons.join('\n'));
  }
  process.env.BEADLE_TEST_STATE = stateDir;
  process.env.BEADLE_TEST_MYSQL_URL = mysql.value.url;
  process.env.BEADLE_TEST_TEMPORAL_ADDRESS = temporal.value.address;
  process.env.BEADLE_TEST_IMAP = JSON.stringify({ host: dovecot.value.host, port: dovecot.value.port, password: IMAP_PASSWORD });
  return stop;
}

/** A server of the run's own; where none is installed, the one of DATABASE_URL. */
async function startDatabase(stateDir: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const given = process.env.DATABASE_URL;
  return given && !findMysql() ? { url: given, stop: async () => undefined } : startMysql({ stateDir });
}

/** A test run that was killed leaves servers and a folder: both go at the start of the next. */
async function cleanUpDeadRuns(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const folder = join(tmpdir(), name);
    const owner = readOwner(folder);
    if (!owner || processIdentity(owner.pid) === owner.identity) continue;
    await Promise.all(['mysql', 'temporal', 'dovecot'].map((server) => stopLeftBehind(server, join(folder, server))));
    rmSync(folder, { recursive: true, force: true });
  }
}

function readOwner(folder: string): { pid: number; identity: string } | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8')) as { pid: number; identity: string };
  } catch {
    return undefined;
  }
}
