// The schedule that starts sweeps, on a real Temporal server: its interval follows the settings, and sweeps never overlap.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { DateTime } from 'luxon';
import { ensureSchedules, triggerSchedule } from '../../temporal/schedules.ts';
import { type Intervals } from '../../temporal/schedules.ts';
import { eventually, startBeadle } from '../support/beadle.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';
import { appendMails } from '../support/imap.ts';
import { invitationMail } from '../support/mails.ts';
import { studentsWithMailboxes } from '../support/sweep.ts';

const DAY = 86_400;
const intervals = (sweepSeconds: number): Intervals =>
  ({ 'sweep-mailboxes': { seconds: sweepSeconds }, 'wake-deliveries': { seconds: DAY }, 'keep-house': { seconds: DAY }, 'make-sessions': { seconds: DAY } });

describe('I6 the schedule of sweeps', () => {
  let campus: TestCampus;
  let beadle: Awaited<ReturnType<typeof startBeadle>>;
  let client: Client;

  beforeAll(async () => {
    campus = await testCampus({ students: 60 });
    const context = testContext(campus.db, { now: () => DateTime.utc() });
    const students = await studentsWithMailboxes(context, 40);
    const now = DateTime.utc();
    await Promise.all(students.map((student) => appendMails(student.login, [invitationMail(
      { to: student.email, messageId: `<schedule-${student.id}@mail.example>`, now },
      { company: 'Umber Mobility', start: now.plus({ days: 4 }), uid: `schedule-${student.id}@mail.example` },
    )])));
    beadle = await startBeadle(context, { mail: { connections: 1, batchSize: 5 } });
    client = beadle.client;
  });
  afterAll(async () => {
    await beadle?.stop();
    await campus?.close();
  });

  const describeSweeps = () => client.schedule.getHandle('sweep-mailboxes').describe();

  test('is made at the first start and brought in line at a later one', async () => {
    await ensureSchedules(client, intervals(DAY));
    expect((await describeSweeps()).spec.intervals).toMatchObject([{ every: DAY * 1000 }]);
    await ensureSchedules(client, intervals(2 * DAY));
    const changed = await describeSweeps();
    expect(changed.spec.intervals).toMatchObject([{ every: 2 * DAY * 1000 }]);
    expect(changed.policies.overlap).toBe('SKIP');
  });

  test('a sweep that is asked for while one runs is left out', async () => {
    await triggerSchedule(client, 'sweep-mailboxes');
    await eventually(async () => (await describeSweeps()).info.numActionsTaken === 1, 'the first sweep starts');
    await triggerSchedule(client, 'sweep-mailboxes');
    await eventually(async () => Number((await campus.db.knex('mail_seen').count({ n: '*' }).first())!.n) === 40, 'the sweep reads all');
    await eventually(async () => (await describeSweeps()).info.runningActions.length === 0, 'the sweep ends');
    const { info } = await describeSweeps();
    expect([info.numActionsTaken, info.numActionsSkippedOverlap]).toEqual([1, 1]);
  });

  test('the Temporal UI shows what a sweep came to, and no word of a mail', async () => {
    const { info } = await describeSweeps();
    const [last] = info.recentActions;
    const run = last!.action.type === 'startWorkflow' ? last!.action.workflow : undefined;
    const counts = await client.workflow.getHandle(run!.workflowId, run!.firstExecutionRunId).result();
    expect(counts).toEqual({ mailboxes: 40, failing: 0, messages: 40, candidates: 40, interviews: 40 });
    const history = JSON.stringify(await client.workflow.getHandle(run!.workflowId).fetchHistory(), (_key, value: unknown) =>
      (value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value));
    expect(history).not.toMatch(/Umber|campus\.example|mail\.example/);
  });
});
