// kill -9 of the worker, again and again during a sweep: every mail is read once, every interview is there once, everybody is
// told once. BEADLE_KILL_SWEEP=full runs it at its full size, which takes minutes.
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { DateTime } from 'luxon';
import type { ServiceContext } from '../../services/context.ts';
import { connectTemporal } from '../../temporal/connection.ts';
import { eventually } from '../support/beadle.ts';
import { testCampus, testContext, TEST_SECRET_KEYS, type TestCampus } from '../support/context.ts';
import { fillMailboxes } from '../support/imap.ts';
import { invitationMail, plainMail } from '../support/mails.ts';
import { testServers } from '../support/servers.ts';
import { studentsWithMailboxes, type TestStudent } from '../support/sweep.ts';
import { takeNamespace } from '../support/temporal.ts';
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process.ts';

const isFull = process.env.BEADLE_KILL_SWEEP === 'full';
const { mailboxes, kills } = isFull ? { mailboxes: 500, kills: 20 } : { mailboxes: 80, kills: 4 };
const COMPANIES = ['Cobalt Analytics', 'Heron Energy', 'Juniper Finance', 'Quartz Robotics', 'Sable Networks', 'Willow Freight'];

describe(`I3 a worker that is killed ${kills} times in a sweep of ${mailboxes} mailboxes with ${2 * mailboxes} mails`, () => {
  let campus: TestCampus;
  let context: ServiceContext;
  let client: Client;
  let worker: WorkerProcess | undefined;
  let students: TestStudent[];

  beforeAll(async () => {
    campus = await testCampus({ students: mailboxes + 60 });
    context = testContext(campus.db, { now: () => DateTime.utc() });
    students = await studentsWithMailboxes(context, mailboxes);
    const now = DateTime.utc();
    const start = now.setZone('Asia/Kolkata').startOf('day').plus({ days: 3, hours: 21 });
    await fillMailboxes(students.map((student, index) => ({
      login: student.login,
      mails: [
        invitationMail({ to: student.email, messageId: `<kill-${index}@mail.example>`, now }, {
          company: COMPANIES[index % COMPANIES.length]!, start: start.plus({ days: index % 20 }), uid: `kill-${index}@mail.example`,
        }),
        plainMail({ to: student.email, messageId: `<kill-note-${index}@mail.example>`, now }, { subject: `Book ${index}`, text: `Book ${index} is due.` }),
      ],
    })));
  }, 300_000);
  afterAll(async () => {
    await worker?.end('SIGKILL');
    await client?.connection.close();
    await campus?.close();
  });

  test('nothing is lost and nothing is done twice', async () => {
    const { knex } = campus.db;
    const temporal = takeNamespace();
    client = await connectTemporal(temporal);
    const stateDir = mkdtempSync(join(testServers().stateDir, 'killed-'));
    const start = () => startWorkerProcess(client, stateDir, {
      DATABASE_URL: campus.url, TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace, SECRET_KEYS: TEST_SECRET_KEYS,
      TOKEN_SECRET: 'a secret that only tests know, and they tell', MAIL_SWEEP_SECONDS: '86400', MAIL_CONNECTIONS: '2', MAIL_BATCH_SIZE: '5',
    });
    const seen = async (): Promise<number> => Number((await knex('mail_seen').count({ n: '*' }).first())!.n);
    worker = await start();
    const sweep = await client.workflow.start('sweepMailboxes', { workflowId: 'sweep-killed', taskQueue: 'mail', args: [] });
    for (let kill = 0; kill < kills; kill += 1) {
      // Somewhere in what this worker does: before its first commit, or after some.
      const until = (await seen()) + (kill % 3) * 2;
      await eventually(async () => (await seen()) >= until, 'the worker goes on');
      await worker.end('SIGKILL');
      expect(await seen()).toBeLessThan(2 * mailboxes);
      worker = await start();
    }
    const counts = await sweep.result();
    expect(counts).toMatchObject({ mailboxes, failing: 0 });

    expect(await seen()).toBe(2 * mailboxes);
    const interviews = await knex('student_company_drive').orderBy('student_id').select('student_id', 'company_name', 'status', 'version');
    const sure = students.map(({ id }, index) => ({ student_id: id, company_name: COMPANIES[index % COMPANIES.length]!, status: 'confirmed', version: 1 }));
    expect(interviews).toEqual(sure.sort((a, b) => a.student_id - b.student_id));
    const notices = await knex('notices').where({ kind: 'interview-found' }).orderBy('user_id').pluck('user_id');
    expect(notices).toEqual(students.map(({ userId }) => userId).sort((a, b) => a - b));
    const deliveries = await knex('deliveries').count({ n: '*' }).first();
    expect(Number(deliveries!.n)).toBe(mailboxes);
    expect(await knex('mailboxes').whereNotNull('lease').orWhere('pending', '>', 0)).toEqual([]);
  }, isFull ? 1_200_000 : 300_000);
});
