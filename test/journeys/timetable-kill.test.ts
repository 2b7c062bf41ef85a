// kill -9 of the worker while a timetable is searched for, again and again: the searches go on from what they had found.
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { DateTime } from 'luxon';
import { searchesOf } from '../../db/repositories/generation-jobs.ts';
import { generateTimetable, generationProgress, generationResult } from '../../services/timetables/generating.ts';
import type { ServiceContext } from '../../services/context.ts';
import { personById } from '../../services/links.ts';
import { connectTemporal } from '../../temporal/connection.ts';
import { eventually } from '../support/beadle.ts';
import { TEST_SECRET_KEYS, testCampus, testContext, type TestCampus } from '../support/context.ts';
import { testServers } from '../support/servers.ts';
import { takeNamespace } from '../support/temporal.ts';
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process.ts';

const KILLS = 3;
const SECONDS = 6;

describe(`T6 a worker that is killed ${KILLS} times while it searches`, () => {
  let campus: TestCampus;
  let context: ServiceContext;
  let client: Client;
  let worker: WorkerProcess | undefined;

  beforeAll(async () => {
    campus = await testCampus({ students: 240 });
    context = testContext(campus.db, { now: () => DateTime.utc() });
  });
  afterAll(async () => {
    await worker?.end('SIGKILL');
    await client?.connection.close();
    await campus?.close();
  });

  test('loses nothing of what was kept, and the job comes to its end', async () => {
    const { knex } = campus.db;
    const temporal = takeNamespace();
    client = await connectTemporal(temporal);
    const stateDir = mkdtempSync(join(testServers().stateDir, 'timetable-'));
    const start = () => startWorkerProcess(client, stateDir, {
      DATABASE_URL: campus.url, TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace, SECRET_KEYS: TEST_SECRET_KEYS,
      TOKEN_SECRET: 'a secret that only tests know, and they tell', MAIL_SWEEP_SECONDS: '86400',
    }, ['solver']);
    const registrar = (await personById(context, (await knex('users').where({ role: 'registrar' }).first('id')).id))!;
    const { code, academic_year, semester } = await knex('terms as t').join('organisations as o', 'o.id', 't.organisation_id').first('code', 'academic_year', 'semester');
    const { jobId } = await generateTimetable(context, registrar, { organisation: code, academicYear: academic_year, semester, seconds: SECONDS, seed: 9 });
    const searched = async () => (await searchesOf(knex, jobId)).reduce((sum, { seconds }) => sum + seconds, 0);
    worker = await start();
    for (let kill = 0; kill < KILLS; kill += 1) {
      const before = await searched();
      await eventually(async () => (await searched()) > before, 'something more that is kept', 90_000);
      await worker.end('SIGKILL');
      const kept = await searched();
      worker = await start();
      expect(await searched()).toBeGreaterThanOrEqual(kept);
    }
    await eventually(async () => (await generationProgress(context, registrar, jobId)).completedAt, 'the end of the job', 110_000);
    const { status, timetables } = await generationResult(context, registrar, jobId);
    expect([status, timetables.length, timetables.map(({ unplaced }) => unplaced.count)]).toEqual(['completed', 5, [0, 0, 0, 0, 0]]);
  }, 240_000);
});
