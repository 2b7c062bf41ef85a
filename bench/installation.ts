// A whole Beadle of a benchmark's own: private servers, a demo campus with mailboxes, and `beadle worker` as a process.
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DateTime } from 'luxon';
import { startDovecot } from '../bin/embedded/dovecot.ts';
import { startMysql } from '../bin/embedded/mysql.ts';
import { startTemporal } from '../bin/embedded/temporal.ts';
import type { Client } from '@temporalio/client';
import { readConfig } from '../config.ts';
import { openDatabase } from '../db/connection.ts';
import { migrate } from '../db/migrate.ts';
import { demoCampus } from '../db/seeds/demo-campus.ts';
import { loadDemoCampus } from '../db/seeds/load-demo-campus.ts';
import type { TaskQueue } from '../domain/processes/index.ts';
import type { SweepCounts } from '../workflows/sweep-mailboxes.ts';
import { connectMailbox } from '../services/mailbox-set-up.ts';
import { createSecretBox } from '../services/secret-box.ts';
import type { ServiceContext } from '../services/context.ts';
import { connectTemporal } from '../temporal/connection.ts';
import { startWorkerProcess, type WorkerProcess } from '../test/support/worker-process.ts';
import { SECRET_KEYS, TOKEN_SECRET } from './keys.ts';

const PASSWORD = 'bench';
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
  imap: Login;
  owners: Owner[];
  /** The first Monday of the campus's sessions, YYYY-MM-DD. */
  from: string;
  context: ServiceContext;
  client: Client;
  temporalAddress: string;
  /** Where processes may write. */
  stateDir: string;
  /** Connects the mailboxes of these students. */
  connect(owners: Owner[]): Promise<void>;
  /** Starts `beadle worker` of these queues (default: mail); resolves when it polls. */
  startWorker(queues?: readonly TaskQueue[]): Promise<Worker>;
  /** Runs one sweep from its trigger to its end. */
  sweep(): Promise<SweepCounts>;
  /** Resolves when what was written for processes has been carried to them: what sweeps leave for later. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export interface Worker {
  /** Highest resident memory since its start, in MB. */
  peakMegabytes(): Promise<number>;
  /** Processor time so far, in seconds. */
  cpuSeconds(): Promise<number>;
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/**
 * Starts the servers and fills the campus; nothing is connected yet.
 * @param settings variables of the environment that differ from their defaults
 */
export async function startInstallation(students: number, settings: Record<string, string> = {}): Promise<Installation> {
  const stateDir = mkdtempSync(join(tmpdir(), 'beadle-bench-'));
  const servers = await Promise.all([
    startMysql({ stateDir: join(stateDir, 'mysql') }),
    startTemporal({ stateDir: join(stateDir, 'temporal'), uiPort: false }),
    startDovecot({ stateDir: join(stateDir, 'imap'), passwords: { everyone: PASSWORD } }),
  ]);
  const [mysql, temporal, dovecot] = servers;
  const db = openDatabase(mysql.url);
  await migrate(db.knex);
  const from = DateTime.utc().startOf('week').toISODate()!;
  await db.transaction((trx) => loadDemoCampus(trx, demoCampus({ students, seed: 7, from, weeks: 2, timeZone: 'Asia/Kolkata' })));
  const owners: Owner[] = await db.knex('students as s').join('users as u', 'u.id', 's.user_id').orderBy('s.id')
    .select({ studentId: 's.id', userId: 'u.id', name: 'u.name', email: 'u.email', rollNumber: 's.roll_number' });
  const client = await connectTemporal({ address: temporal.address, namespace: 'default' });
  const imap: Login = { host: dovecot.host, port: dovecot.port, password: PASSWORD };
  const environment = {
    DATABASE_URL: mysql.url, TEMPORAL_ADDRESS: temporal.address, SECRET_KEYS, TOKEN_SECRET,
    // Sweeps are triggered by the benchmark alone.
    MAIL_SWEEP_SECONDS: DAY_SECONDS,
    // A profile of the worker (--cpu-prof), say.
    NODE_OPTIONS: process.env.BENCH_NODE_OPTIONS ?? '',
    ...settings,
  };
  const config = readConfig(environment);
  const context: ServiceContext = {
    db, now: () => DateTime.utc(), campus: config.campus, rules: config.rules, secrets: createSecretBox(SECRET_KEYS, TOKEN_SECRET),
    publicUrl: 'http://127.0.0.1',
  };
  let sweeps = 0;
  return {
    imap, owners, from, context, client, stateDir, temporalAddress: temporal.address,
    async connect(some) {
      await db.transaction(async (trx) => {
        for (const { studentId, userId, email } of some) {
          await connectMailbox(trx, context, { id: studentId, userId }, {
            host: imap.host, port: imap.port, security: 'none', username: email, auth: 'password', secret: PASSWORD,
          });
        }
      });
    },
    startWorker: async (queues) => workerOf(await startWorkerProcess(client, stateDir, environment, queues)),
    async settled() {
      for (let left = Infinity; left > 0; left = Number((await db.knex('intents').whereNull('done_at').count({ left: '*' }).first())!.left)) await sleep(250);
    },
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

/** What the system says of a process (proc(5)). */
function workerOf({ pid, end }: WorkerProcess): Worker {
  return {
    end,
    async peakMegabytes() {
      const status = await readFile(`/proc/${pid}/status`, 'utf8');
      return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024);
    },
    async cpuSeconds() {
      // Fields 14 and 15 of its stat, in ticks of 10 ms, counted behind the program's name in brackets.
      const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]!.split(' ');
      return (Number(fields[11]) + Number(fields[12])) / 100;
    },
  };
}
