// A private MySQL-speaking server (MariaDB or MySQL) with a data folder of its own.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import mysql from 'mysql2/promise';
import type { MysqlProgram } from './find.ts';
import { findMysql } from './find.ts';
import { findFreePort, releasePort } from './port.ts';
import type { Log } from './server-process.ts';
import { makeStateFolder, startServerProcess, stopLeftBehind } from './server-process.ts';

const run = promisify(execFile);
const NAME = 'mysql';
const DATABASE = 'beadle';
const USER = 'beadle';
const COLLATION = 'utf8mb4_unicode_520_ci';
/** MySQL 8.4's default modes that MariaDB and 8.0 know too. */
const SQL_MODE =
  'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';

export interface EmbeddedMysqlOptions {
  /** The data folder, the log and the password live here. */
  stateDir: string;
  /** Wanted port; the next free one if taken; without it any free one. */
  port?: number;
  /** Default: what findMysql() finds. */
  program?: MysqlProgram;
  /** Called when the server ends although nobody stopped it. */
  onEnd?: (why: string) => void;
  log?: Log;
}

export interface EmbeddedMysql {
  /** mysql://user:password@127.0.0.1:port/beadle; the user may also create databases whose names begin with "beadle". */
  url: string;
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  /** What the server calls itself, e.g. "10.11.14-MariaDB". */
  version: string;
  pid: number;
  stop(): Promise<void>;
}

/**
 * Starts the server, on the data of the last time when there is any. Durability stays at the server's default.
 * Throws when no server is installed or it doesn't come up.
 */
export async function startMysql(options: EmbeddedMysqlOptions): Promise<EmbeddedMysql> {
  const { log } = options;
  // The server works in its state folder: a relative path would mean another one there.
  const stateDir = resolve(options.stateDir);
  const program = options.program ?? findMysql();
  if (!program) throw new Error('no mariadbd or mysqld on PATH: node scripts/setup.mjs says how to get one, or set DATABASE_URL');
  makeStateFolder(stateDir, 0o700);
  await stopLeftBehind(NAME, stateDir, log);
  const dataDir = await makeDataFolder(program, stateDir);

  const port = await findFreePort(options.port);
  // A socket's path may have at most 107 characters, and only we may reach it: root has no password there.
  const socketDir = await mkdtemp(join(tmpdir(), 'beadle-db-'));
  const socketPath = join(socketDir, 's');
  const password = keptPassword(stateDir);
  const server = await startServerProcess({
    onEnd: options.onEnd,
    name: NAME,
    command: program.server,
    args: serverArguments(program, dataDir, socketPath, port),
    stateDir,
    scratch: socketDir,
    ready: () => withConnection({ socketPath, user: 'root' }, (connection) => makeUser(connection, password)),
    startWithin: 90_000,
    stopWithin: 30_000,
    ...(log && { log }),
  });
  const login = { host: '127.0.0.1', port, user: USER, password, database: DATABASE };
  return {
    ...login,
    url: `mysql://${USER}:${password}@127.0.0.1:${port}/${DATABASE}`,
    version: await withConnection(login, readVersion),
    pid: server.pid,
    async stop() {
      await server.stop();
      releasePort(port);
    },
  };
}

/** Makes the data folder aside and renames it, so that one that was cut off is never taken for a good one. */
async function makeDataFolder(program: MysqlProgram, stateDir: string): Promise<string> {
  const dataDir = join(stateDir, `${program.kind}-data`);
  if (existsSync(dataDir)) return dataDir;
  const fresh = `${dataDir}.new`;
  rmSync(fresh, { recursive: true, force: true });
  const common = ['--no-defaults', `--datadir=${fresh}`, `--tmpdir=${stateDir}`, ...asUser()];
  if (program.kind === 'mariadb') {
    if (!program.install) throw new Error('mariadb-install-db is missing: it comes with mariadb-server-core');
    await run(program.install, [...common, '--auth-root-authentication-method=normal', '--skip-test-db']);
  } else {
    await run(program.server, [...common, ...baseFolder(program), '--initialize-insecure']);
  }
  renameSync(fresh, dataDir);
  return dataDir;
}

function serverArguments(program: MysqlProgram, dataDir: string, socketPath: string, port: number): string[] {
  return [
    '--no-defaults',
    ...baseFolder(program),
    ...asUser(),
    `--datadir=${dataDir}`,
    // Its own: a server that starts deletes what it takes for left-over temporary tables, also those of others.
    `--tmpdir=${dirname(socketPath)}`,
    `--socket=${socketPath}`,
    `--pid-file=${socketPath}.pid`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    '--skip-name-resolve',
    '--max-connections=300',
    '--character-set-server=utf8mb4',
    `--collation-server=${COLLATION}`,
    `--sql-mode=${SQL_MODE}`,
    '--transaction-isolation=READ-COMMITTED',
    '--default-time-zone=+00:00',
    // A mail of 30 MB may be on its way through a row.
    '--max-allowed-packet=64M',
    '--innodb-buffer-pool-size=256M',
    '--skip-log-bin',
    ...(program.kind === 'mysql' ? ['--mysqlx=OFF'] : []),
  ];
}

function baseFolder(program: MysqlProgram): string[] {
  return program.baseFolder ? [`--basedir=${program.baseFolder}`] : [];
}

/** Both servers refuse to run as root unless told so. */
function asUser(): string[] {
  return process.getuid?.() === 0 ? ['--user=root'] : [];
}

/** The embedded user's password: random, made once, readable by the owner of the state alone. */
function keptPassword(stateDir: string): string {
  const path = join(stateDir, 'mysql.password');
  if (!existsSync(path)) writeFileSync(path, randomBytes(18).toString('base64url'), { mode: 0o600 });
  return readFileSync(path, 'utf8');
}

async function makeUser(connection: mysql.Connection, password: string): Promise<void> {
  await connection.query(`CREATE DATABASE IF NOT EXISTS ${DATABASE} CHARACTER SET utf8mb4 COLLATE ${COLLATION}`);
  await connection.query(`CREATE USER IF NOT EXISTS '${USER}'@'%' IDENTIFIED BY '${password}'`);
  // The user is older than the password when somebody deleted its file.
  await connection.query(`ALTER USER '${USER}'@'%' IDENTIFIED BY '${password}'`);
  await connection.query(`GRANT ALL ON \`${DATABASE}%\`.* TO '${USER}'@'%'`);
}

async function readVersion(connection: mysql.Connection): Promise<string> {
  const [rows] = await connection.query<mysql.RowDataPacket[]>('SELECT VERSION() AS version');
  return String(rows[0]?.version);
}

async function withConnection<T>(login: mysql.ConnectionOptions, work: (connection: mysql.Connection) => Promise<T>): Promise<T> {
  const connection = await mysql.createConnection({ ...login, connectTimeout: 5_000 });
  try {
    return await work(connection);
  } finally {
    await connection.end();
  }
}
