import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { startTemporal } from '../../bin/embedded/temporal.ts';
import { addIntent } from '../../db/repositories/intents.ts';
import type { ServiceContext } from '../../services/context.ts';
import { connectTemporal } from '../../temporal/connection.ts';
import { startDispatcher } from '../../temporal/dispatcher.ts';
import { eventually, startBeadle } from '../support/beadle.ts';
import { emptyDatabase, testCampus, testContext, type TestCampus } from '../support/context.ts';
import { quietLog } from '../support/log.ts';
import { takeNamespace } from '../support/temporal.ts';

const now = () => DateTime.utc();

describe('intents are carried out, whoever dies (rule 3, "from rows to processes")', () => {
  let campus: TestCampus;
  let context: ServiceContext;
  beforeAll(async () => {
    campus = await testCampus({ students: 60 });
    context = testContext(campus.db, { now });
  });
  afterAll(() => campus?.close());

  test('kill -9 between a commit and the start of its process: the process starts all the same', async () => {
    const session = await campus.db.knex('schedule').orderBy('id', 'desc').first('id');
    const script = fileURLToPath(new URL('../support/kill-after-commit.ts', import.meta.url));
    const child = spawn(process.execPath, [script, campus.url, String(session.id)], { stdio: 'inherit' });
    const [code, signal] = await once(child, 'exit');
    expect([code, signal]).toEqual([null, 'SIGKILL']);
    expect(await campus.db.knex('intents').whereNull('done_at')).toHaveLength(1);

    const beadle = await startBeadle(context);
    try {
      // Nobody is hit: the process that was started finds so, and withdraws the round.
      await eventually(async () => campus.db.knex('rescheduled_class').where({ session_id: session.id, status: 'withdrawn' }).first(), 'the round');
      const described = await beadle.client.workflow.getHandle(`reschedule/${session.id}`).describe();
      expect(described.type).toBe('rescheduleSession');
    } finally {
      await beadle.stop();
    }
  });

  test('fifty dispatchers at once carry each intent to one process', async () => {
    const temporal = takeNamespace();
    const client = await connectTemporal(temporal);
    const dispatchers = Array.from({ length: 50 }, () => startDispatcher({ db: campus.db, client, now, log: quietLog }));
    const written = 120;
    await campus.db.transaction(async (trx) => {
      for (let id = 1; id <= written; id += 1) {
        await addIntent(trx, { process: 'interview', workflowId: `interview/${id}`, message: 'changed', payload: {} }, new Date());
      }
    });
    await eventually(async () => {
      const left = await campus.db.knex('intents').whereNull('done_at').first('id');
      return left === undefined;
    }, 'all intents done');
    await Promise.all(dispatchers.map((dispatcher) => dispatcher.stop()));
    const attempts: number[] = await campus.db.knex('intents').where({ process: 'interview' }).pluck('attempts');
    expect(attempts).toEqual(Array.from({ length: written }, () => 1));
    await eventually(async () => (await client.workflow.count("WorkflowType = 'followInterview'")).count === written, 'the workflows');
    await client.connection.close();
  });
});

describe('while Temporal is down', () => {
  let campus: TestCampus;
  beforeAll(async () => { campus = await emptyDatabase(); });
  afterAll(() => campus?.close());

  test('intents wait, and are carried out when it is back', async () => {
    const stateDir = mkdtempSync(join(tmpdir(), 'beadle-outage-'));
    const first = await startTemporal({ stateDir, uiPort: false });
    const client = await connectTemporal({ address: first.address, namespace: 'default' });
    const dispatcher = startDispatcher({ db: campus.db, client, now, log: quietLog });
    try {
      await first.stop();
      await campus.db.transaction((trx) =>
        addIntent(trx, { process: 'interview', workflowId: 'interview/1', message: 'changed', payload: {} }, new Date()));
      await eventually(async () => campus.db.knex('intents').where({ error_code: 'not-delivered' }).first(), 'a failed try');
      const second = await startTemporal({ stateDir, port: first.port, uiPort: false });
      try {
        await eventually(async () => campus.db.knex('intents').whereNotNull('done_at').first(), 'the intent done');
        expect((await client.workflow.getHandle('interview/1').describe()).status.name).toBe('RUNNING');
      } finally {
        await dispatcher.stop();
        await client.connection.close();
        await second.stop();
      }
    } finally {
      rmSync(stateDir, { recursive: true, force: true });
    }
  });
});
