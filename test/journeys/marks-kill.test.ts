// kill -9 of the API and of the worker in the middle of a burst: every mark that was acknowledged is there, once, and the session is
// completed. BEADLE_KILL_MARKS=full runs it at its full size.
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { DateTime } from 'luxon';
import { createTokens } from '../../api/tokens.ts';
import { connectTemporal } from '../../temporal/connection.ts';
import { type ApiProcess, startApiProcess } from '../support/api-process.ts';
import { eventually } from '../support/beadle.ts';
import { testCampus, TEST_SECRET_KEYS, type TestCampus } from '../support/context.ts';
import { testServers } from '../support/servers.ts';
import { takeNamespace } from '../support/temporal.ts';
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process.ts';

const isFull = process.env.BEADLE_KILL_MARKS === 'full';
const { students, kills, atOnce } = isFull ? { students: 1_200, kills: 20, atOnce: 40 } : { students: 240, kills: 3, atOnce: 12 };
const TOKEN_SECRET = 'a secret that only tests know, and they tell';

describe(`A14 the API and the worker are killed ${kills} times while ${students} students mark themselves`, () => {
  let campus: TestCampus;
  let client: Client;
  let api: ApiProcess | undefined;
  let worker: WorkerProcess | undefined;
  beforeAll(async () => {
    campus = await testCampus({ students, from: DateTime.utc().startOf('week').toISODate()! });
  }, 120_000);
  afterAll(async () => {
    await worker?.end('SIGKILL');
    await api?.end('SIGKILL');
    await client?.connection.close();
    await campus?.close();
  });

  test('every acknowledged mark is there, each once, and each session is completed', async () => {
    const { knex } = campus.db;
    const temporal = takeNamespace();
    client = await connectTemporal(temporal);
    const stateDir = mkdtempSync(join(testServers().stateDir, 'marks-'));
    const environment = {
      DATABASE_URL: campus.url, TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace, SECRET_KEYS: TEST_SECRET_KEYS, TOKEN_SECRET,
      LOG_LEVEL: 'warn', MAIL_SWEEP_SECONDS: '86400',
    };
    const startApi = () => startApiProcess(stateDir, environment);
    const startWorker = () => startWorkerProcess(client, stateDir, environment, ['campus']);
    [api, worker] = await Promise.all([startApi(), startWorker()]);
    const tokens = createTokens(TOKEN_SECRET, () => DateTime.utc());
    const admin = await knex('users').where({ role: 'admin' }).first('id');
    const post = async (userId: number, path: string, body: object) => fetch(`${api!.url}${path}`, {
      method: 'POST', body: JSON.stringify(body), headers: { authorization: `Bearer ${await tokens.mint(userId)}`, 'content-type': 'application/json' },
    });

    // One class of every section runs now.
    const classes: { id: number; section_id: number }[] = await knex('schedule as s').join('faculty_assignment as a', 'a.id', 's.assignment_id')
      .groupBy('a.section_id').select('a.section_id', knex.raw('min(s.id) as id'));
    const now = DateTime.utc();
    await knex('schedule').whereIn('id', classes.map(({ id }) => id)).update({
      date: now.toISODate(), starts_at: now.minus({ minutes: 5 }).toJSDate(), ends_at: now.plus({ minutes: 50 }).toJSDate(),
    });
    const codeOf = new Map<number, string>();
    for (const { id, section_id: section } of classes) {
      const answer = await post(admin.id, '/api/faculty/generate-otp', { session_id: id, mode: 'single', minutes: 60 });
      codeOf.set(section, ((await answer.json()) as { otp: string }).otp);
    }

    const people: { id: number; user_id: number; section_id: number }[] = await knex('students').select('id', 'user_id', 'section_id');
    const acknowledged: number[] = [];
    const queue = people.values();
    const mark = async ({ id, user_id: userId, section_id: section }: (typeof people)[number]) => {
      for (;;) {
        const answer = await post(userId, '/api/student/mark-attendance', { code: codeOf.get(section) }).catch(() => null);
        if (answer?.ok) return void acknowledged.push(id);
        await sleep(20);
      }
    };
    const marking = Promise.all(Array.from({ length: atOnce }, async () => {
      for (const one of queue) await mark(one);
    }));
    for (let kill = 1; kill <= kills; kill += 1) {
      await eventually(async () => acknowledged.length >= (kill * people.length) / (kills + 1), 'marks are acknowledged', 60_000);
      await Promise.all([api.end('SIGKILL'), worker.end('SIGKILL')]);
      const promised = [...acknowledged];
      const held = new Set<number>(await knex('attendance').pluck('student_id'));
      expect(promised.filter((id) => !held.has(id))).toEqual([]);
      [api, worker] = await Promise.all([startApi(), startWorker()]);
    }
    await marking;

    for (const { id } of classes) expect((await post(admin.id, '/api/faculty/complete-session', { session_id: id })).status).toBe(200);
    const rows: { student_id: number; status: string }[] = await knex('attendance').select('student_id', 'status');
    expect(rows).toHaveLength(people.length);
    expect(new Set(rows.map(({ student_id: id }) => id)).size).toBe(people.length);
    expect(rows.filter(({ status }) => status !== 'present')).toEqual([]);
    for (const { id } of classes) {
      await eventually(async () => {
        const { status } = await client.workflow.getHandle(`attendance/${id}`).describe();
        return status.name === 'COMPLETED';
      }, 'the process of the session ends', 60_000);
    }
  }, isFull ? 600_000 : 180_000);
});
