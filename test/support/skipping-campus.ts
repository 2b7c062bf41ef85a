// A Beadle whose days pass in moments: real rows, services, dispatcher and workflows, on the server that skips time.
import { Context } from '@temporalio/activity';
import { Client } from '@temporalio/client';
import type { Duration } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { DateTime } from 'luxon';
import { createRecordActivities } from '../../activities/records.ts';
import { processes } from '../../domain/processes/index.ts';
import type { CampusRules, ServiceContext } from '../../services/context.ts';
import { startDispatcher } from '../../temporal/dispatcher.ts';
import { eventually } from './beadle.ts';
import { workflowBundle } from './bundle.ts';
import { type TestCampus, testContext } from './context.ts';
import { quietLog, quietRuntime } from './log.ts';
import { createTimeSkippingEnvironment } from './temporal.ts';

export interface SkippingCampus {
  context: ServiceContext;
  client: Client;
  /** Lets so much time pass; what falls due meanwhile happens. */
  pass(duration: Duration): Promise<void>;
  /** Waits until every message was carried out. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

type Activities = Record<string, (...args: never[]) => Promise<unknown>>;

/** @param deadly the worker dies at every step: before it does anything, and again when all is done but not reported */
export async function startSkippingCampus(campus: TestCampus, { rules, deadly }: { rules: Partial<CampusRules>; deadly: boolean }): Promise<SkippingCampus> {
  quietRuntime();
  const environment = await createTimeSkippingEnvironment();
  let serverTime = await environment.currentTimeMs();
  const look = async () => { serverTime = await environment.currentTimeMs(); };
  const clock = setInterval(() => void look().catch(() => undefined), 20);
  const context = testContext(campus.db, { now: () => DateTime.fromMillis(activityTime() ?? serverTime, { zone: 'utc' }), rules });
  const records = createRecordActivities(context, { mailRetentionDays: 30, sessionsWeeksAhead: 2 });
  const activities = deadly ? dying(records as Activities) : records;
  const options = { connection: environment.nativeConnection, workflowBundle: await workflowBundle(), activities };
  const worker = await Worker.create({ ...options, taskQueue: 'campus' });
  const running = worker.run();
  // What is told is read from the rows. (A process that ends while it is woken, as those of deliveries do, would stop the server's clock.)
  const client = new Client({
    connection: environment.connection, ...(environment.namespace !== undefined && { namespace: environment.namespace }),
    interceptors: { workflow: [{ signalWithStart: (input, next) => (input.workflowType === processes.deliver.workflowType ? Promise.resolve('') : next(input)) }] },
  });
  const dispatcher = startDispatcher({ db: campus.db, client, now: context.now, log: quietLog });
  const settled = async () => {
    await look();
    const undone = () => campus.db.knex('intents').whereNull('done_at').where('due_at', '<=', context.now().toJSDate()).first('workflow_id', 'message', 'attempts');
    await eventually(async () => (await undone()) === undefined, 'all messages carried out');
  };
  return {
    context,
    client: environment.client,
    settled,
    async pass(duration) {
      await settled();
      await environment.sleep(duration);
      await settled();
    },
    async stop() {
      await dispatcher.stop();
      worker.shutdown();
      await running;
      clearInterval(clock);
      await environment.teardown();
    },
  };
}

/** The server's time when this attempt of an activity was scheduled; undefined outside activities. */
function activityTime(): number | undefined {
  try {
    return Context.current().info.currentAttemptScheduledTimestampMs;
  } catch {
    return undefined;
  }
}

function dying(activities: Activities): Activities {
  return Object.fromEntries(Object.entries(activities).map(([name, activity]) => [name, async (...args: never[]) => {
    const { attempt } = Context.current().info;
    if (attempt === 1) throw new Error('killed before it did anything');
    const result = await activity(...args);
    if (attempt === 2) throw new Error('killed before it could report');
    return result;
  }]));
}
