// A whole Beadle of a benchmark's own: private servers, a demo campus with mailboxes, and `beadle worker` as a process.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { DateTime } from 'luxon';
import { startDovecot } from '../bin/embedded/dovecot.ts';
import { startMysql } from '../bin/embedded/mysql.ts';
import { startTemporal } from '../bin/embedded/temporal.ts';
import { readConfig } from '../config.ts';
import { type Database, openDatabase } from '../db/connection.ts';
import { migrate } from '../db/migrate.ts';
import { demoCampus } from '../db/seeds/demo-campus.ts';
import { loadDemoCampus } from '../db/seeds/load-demo-campus.ts';
import type { SweepCounts } from '../workflows/sweep-mailboxes.ts';
import { connectMailbox } from '../services/mailbox-set-up.ts';
import { createSecretBox } from '../services/secret-box.ts';
import type { ServiceContext } from '../services/context.ts';
import { connectTemporal } from '../temporal/connection.ts';

const BEADLE = fileURLToPath(new URL('../bin/beadle.ts', import.meta.url));
const PASSWORD = 'bench';
const SECRET_KEYS = `bench:${Buffer.alloc(32, 3).toString('base64')}`;
const TOKEN_SECRET = 'the token secret of a benchmark that nobody else can reach';
const DAY_SECONDS = '86400';

export interface Owner {
  studentId: number;
  userId: number;
  name: string;
  email: string;
  rollNumber: string;
}

export interface Login {
  host: string;
  port: number;
  password: string;
}

export interface Installation {
  db: Database;
  client: Client;
  imap: Login;
  owners: Owner[];
  /** Connects the mailboxes of these students. */
  connect(owners: Owner[]): Promise<void>;
  /** Starts `beadle worker --queue mail` with so many connections; resolves when it polls. */
  startWorker(connections: number): Promise<Worker>;
  /** Runs one sweep from its trigger to its end. */
  sweep(): Promise<SweepCounts>;
  stop(): Promise<void>;
}

export interface Worker {
  readonly pid: number;
  /** Highest resident memory since the start or the last `forgetPeak`, in MB. */
  peakMegabytes(): Promise<number>;
  forgetPeak(): Promise<void>;
  /** Processor time so far, in seconds. */
  cpuSeconds(): Promise<number>;
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Starts the servers and fills the campus; nothing is connected yet. */
export async function startInstallation(students: number): Promise<Installation> {
  const stateDir = mkdtempSync(join(tmpdir(), 'beadle-bench-'));
  const servers = await Promise.all([
    startMysql({ stateDir: join(stateDir, 'mysql') }),
    startTemporal({ stateDir: join(stateDir, 'temporal'), uiPort: false }),
    startDovecot({ stateDir: join(stateDir, 'imap'), passwords: { everyone: PASSWORD } }),
  ]);
  const [mysql, temporal, dovecot] = servers;
  const db = openDatabase(mysql.url);
  await migrate(db.knex);
  const from = DateTime.utc().startOf('week').toISODate();
  await db.transaction((trx) => loadDemoCampus(trx, demoCampus({ students, seed: 7, from, weeks: 2, timeZone: 'Asia/Kolkata' })));
  const owners: Owner[] = await db.knex('students as s').join('users as u', 'u.id', 's.user_id').orderBy('s.id')
    .select({ studentId: 's.id', userId: 'u.id', name: 'u.name', email: 'u.email', rollNumber: 's.roll_number' });
  const client = await connectTemporal({ address: temporal.address, namespace: 'default' });
  const imap: Login = { host: dovecot.host, port: dovecot.port, password: PASSWORD };
  const environment = {
    PATH: process.env.PATH, DATABASE_URL: mysql.url, TEMPORAL_ADDRESS: temporal.address, SECRET_KEYS, TOKEN_SECRET, BEADLE_STATE: stateDir,
    // Sweeps are triggered by the benchmark alone.
    MAIL_SWEEP_SECONDS: DAY_SECONDS, LOG_LEVEL: 'warn', NODE_OPTIONS: process.env.BENCH_WORKER_NODE_OPTIONS ?? '',
  };
  const config = readConfig(environment);
  const context: ServiceContext = {
    db, now: () => DateTime.utc(), campus: config.campus, rules: config.rules, secrets: createSecretBox(SECRET_KEYS, TOKEN_SECRET),
    publicUrl: 'http://127.0.0.1',
  };
  let sweeps = 0;
  return {
    db, client, imap, owners,
    async connect(some) {
      await db.transaction(async (trx) => {
        for (const { studentId, userId, email } of some) {
          await connectMailbox(trx, context, { id: studentId, userId }, {
            host: imap.host, port: imap.port, security: 'none', username: email, auth: 'password', secret: PASSWORD,
          });
        }
      });
    },
    startWorker: (connections) => startWorker(client, stateDir, { ...environment, MAIL_CONNECTIONS: String(connections) }),
    sweep: () => client.workflow.execute('sweepMailboxes', { workflowId: `sweep-bench-${(sweeps += 1)}`, taskQueue: 'mail', args: [] }),
    async stop() {
      await client.connection.close();
      await db.close();
      await Promise.all(servers.map((server) => server.stop()));
      rmSync(dovecot.mailFolder, { recursive: true, force: true });
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

async function startWorker(client: Client, stateDir: string, env: NodeJS.ProcessEnv): Promise<Worker> {
  const log = openSync(join(stateDir, 'worker.log'), 'a');
  const child = spawn(process.execPath, [BEADLE, 'worker', '--queue', 'mail'], { cwd: stateDir, env, stdio: ['ignore', log, log] });
  const identity = `${child.pid}@`;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the worker ended: ${await readFile(join(stateDir, 'worker.log'), 'utf8')}`);
    const { pollers } = await client.workflowService.describeTaskQueue({ namespace: 'default', taskQueue: { name: 'mail' }, taskQueueType: 2 });
    if (pollers?.some((poller) => poller.identity?.startsWith(identity))) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return workerOf(child);
}

function workerOf(child: ChildProcess): Worker {
  const pid = child.pid!;
  return {
    pid,
    async peakMegabytes() {
      const status = await readFile(`/proc/${pid}/status`, 'utf8');
      return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024);
    },
    forgetPeak: () => writeFile(`/proc/${pid}/clear_refs`, '5'),
    async cpuSeconds() {
      // Fields 14 and 15 of proc(5)'s stat, in ticks of 10 ms, counted behind the program's name in brackets.
      const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]!.split(' ');
      return (Number(fields[11]) + Number(fields[12])) / 100;
    },
    async end(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    },
  };
}
