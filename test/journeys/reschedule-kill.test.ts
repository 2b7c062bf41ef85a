// kill -9 of the worker, again and again while classes are rescheduled and interviews change: what is left is as it would have been.
// BEADLE_KILL_RESCHEDULE=full kills it more often.
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { DateTime } from 'luxon';
import { optionsOf } from '../../db/repositories/offers.ts';
import type { Round } from '../../db/repositories/rescheduling.ts';
import type { Session } from '../../db/repositories/sessions.ts';
import { Refusal } from '../../domain/refusal.ts';
import { feedAddress, feedByToken } from '../../services/calendars.ts';
import type { ServiceContext } from '../../services/context.ts';
import { decide } from '../../services/deciding.ts';
import { personById } from '../../services/links.ts';
import { deleteInterview } from '../../services/reviewing.ts';
import { connectTemporal } from '../../temporal/connection.ts';
import { parallelCampus, studentsOf, theoryClasses } from '../services/parallel.ts';
import { interviewAt } from '../services/scene.ts';
import { eventually } from '../support/beadle.ts';
import { checkCampus } from '../support/campus-checker.ts';
import { TEST_SECRET_KEYS, testContext, type TestCampus } from '../support/context.ts';
import { testServers } from '../support/servers.ts';
import { takeNamespace } from '../support/temporal.ts';
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process.ts';

const isFull = process.env.BEADLE_KILL_RESCHEDULE === 'full';
const kills = isFull ? 30 : 5;
const CLASSES = 6;
const HIT = 6;
const MINUTE = 60_000;

describe(`I18, I21 a worker that is killed ${kills} times while ${CLASSES} classes are rescheduled`, () => {
  let campus: TestCampus;
  let context: ServiceContext;
  let client: Client;
  let worker: WorkerProcess | undefined;
  let classes: Session[];

  beforeAll(async () => {
    const monday = DateTime.utc().setZone('Asia/Kolkata').plus({ weeks: 1 }).startOf('week');
    // A seat here and there, so that every remedy has its turn.
    campus = await parallelCampus({ seats: 31, from: monday.toISODate()! });
    await campus.db.knex('departments').update({ makeup_min_students: 3, move_threshold_percent: 10 });
    context = testContext(campus.db, { now: () => DateTime.utc() });
    const theory = await theoryClasses(campus, monday.toISODate()!);
    classes = theory.filter((_, index) => index % 3 === 0).slice(0, CLASSES);
  });
  afterAll(async () => {
    await worker?.end('SIGKILL');
    await client?.connection.close();
    await campus?.close();
  });

  /** What faculty answer to what they are asked: mostly yes. */
  async function answer(): Promise<void> {
    const rounds: Pick<Round, 'id' | 'offer'>[] = await campus.db.knex('rescheduled_class').where({ status: 'offered' }).select('id', 'offer');
    for (const { id, offer } of rounds) {
      const [option] = await optionsOf(campus.db.knex, id, offer);
      const [facultyUser] = await campus.db.knex('rescheduled_class as c').join('schedule as s', 's.id', 'c.session_id')
        .join('faculty_assignment as a', 'a.id', 's.assignment_id').join('faculty as f', 'f.id', 'a.faculty_id').where('c.id', id).pluck('f.user_id');
      const choice = id % 4 === 3 ? { choice: 'decline' as const } : { choice: 'accept' as const, optionId: option!.id };
      await decide(context, (await personById(context, facultyUser))!, id, choice).catch((error: unknown) => {
        if (!(error instanceof Refusal)) throw error;
      });
    }
  }

  test('nothing is booked twice, nothing is left over, everybody is placed or told why not', async () => {
    const { knex } = campus.db;
    const temporal = takeNamespace();
    client = await connectTemporal(temporal);
    const stateDir = mkdtempSync(join(testServers().stateDir, 'rescheduled-'));
    const start = () => startWorkerProcess(client, stateDir, {
      DATABASE_URL: campus.url, TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace, SECRET_KEYS: TEST_SECRET_KEYS,
      TOKEN_SECRET: 'a secret that only tests know, and they tell', MAIL_SWEEP_SECONDS: '86400', RESCHEDULE_QUIET_SECONDS: '1', RESCHEDULE_QUIET_MAX_SECONDS: '3',
    }, ['campus']);
    const open = async () => (await knex('rescheduled_class').whereIn('status', ['gathering', 'offered', 'undoing']).first('id'))
      ?? (await knex('intents').whereNull('done_at').whereNot({ process: 'deliver' }).first('id'))
      ?? (await knex('rescheduled_class_decision').where({ outcome: 'pending' }).first('id'));

    worker = await start();
    const interviews: { id: number; userId: number }[] = [];
    const steps = classes.map((session, index) => async () => {
      const students = (await studentsOf(context, session)).slice(index, index + HIT);
      for (const student of students) {
        const at = (minutes: number) => new Date(session.startsAt.getTime() + minutes * MINUTE);
        const id = await interviewAt(context, student, at(20), at(30), { company: `Company ${session.id} ${student}` });
        const { user_id: userId } = await knex('students').where({ id: student }).first('user_id');
        interviews.push({ id, userId });
      }
    });
    const callOff = async () => {
      for (const { id, userId } of interviews.splice(0, 4)) await deleteInterview(context, (await personById(context, userId))!, id);
    };
    const actions = [...steps, answer, callOff, answer, callOff, answer, callOff];
    for (let kill = 0; kill < kills; kill += 1) {
      await actions[kill]?.();
      await answer();
      // At any moment of what it does now.
      await sleep((kill * 137) % 700);
      await worker.end('SIGKILL');
      worker = await start();
    }
    for (const action of actions.slice(kills)) {
      await action();
      await sleep(300);
    }
    const violations = async () => checkCampus(knex, { now: new Date(), rules: context.rules });
    // What the last one killed had begun is begun anew; until then nothing may be open, and yet not all be done.
    await eventually(async () => {
      await answer();
      return (await open()) === undefined && (await violations()).length === 0;
    }, 'rest', 120_000).catch(async () => expect([await open(), await violations()]).toEqual([undefined, []]));

    const studentUsers: number[] = await knex('students').limit(20).pluck('user_id');
    expect(await checkCampus(knex, {
      now: new Date(), rules: context.rules,
      feeds: {
        userIds: studentUsers,
        feedOf: async (userId) => feedByToken(context, /feeds\/(.*)\.ics$/.exec((await feedAddress(context, (await personById(context, userId))!)).url)![1]!),
      },
    })).toEqual([]);
    const remedies: string[] = await knex('rescheduled_class').distinct().pluck('status');
    expect(remedies).toEqual(expect.arrayContaining(['made_up']));
    const planned = await knex('rescheduled_class').select('session_id', 'round').groupBy('session_id', 'round').havingRaw('count(*) > 1');
    expect(planned).toEqual([]);
  }, isFull ? 900_000 : 300_000);
});
