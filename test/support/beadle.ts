// A whole Beadle for a journey: database, Temporal namespace, workers, dispatcher; all real.
import { createDeliveryActivities, type Sender } from '../../activities/delivering.ts';
import { createMailboxActivities, type MailboxSettings } from '../../activities/mailboxes.ts';
import { createRecordActivities } from '../../activities/records.ts';
import { createSolverActivities } from '../../activities/solver.ts';
import { taskQueues } from '../../domain/processes/index.ts';
import type { Channel } from '../../domain/processes/index.ts';
import { connectMailbox } from '../../services/mailbox-set-up.ts';
import type { ServiceContext } from '../../services/context.ts';
import { connectTemporal } from '../../temporal/connection.ts';
import { startDispatcher } from '../../temporal/dispatcher.ts';
import { startWorkers } from '../../temporal/worker.ts';
import { workflowBundle } from './bundle.ts';
import type { MailboxLogin } from './imap.ts';
import { quietLog, quietRuntime } from './log.ts';
import { takeNamespace } from './temporal.ts';

export const mailSettings: MailboxSettings = {
  connections: 10, connectionsPerHost: 10, batchSize: 25, lookbackDays: 14, maxBytes: 1_000_000, authservId: '', oauth: undefined, askModel: undefined,
};

/** Starts workers and a dispatcher for `context`, in a namespace of its own unless told otherwise. */
export async function startBeadle(
  context: ServiceContext,
  { mail = {}, senders = {}, temporal = takeNamespace() }: {
    mail?: Partial<MailboxSettings>;
    senders?: Partial<Record<Channel, Sender>>;
    /** Another server than the test run's. */
    temporal?: { address: string; namespace: string };
  } = {},
) {
  const client = await connectTemporal(temporal);
  const dispatcher = startDispatcher({ db: context.db, client, now: context.now, log: quietLog });
  const activities = {
    ...createSolverActivities(context),
    ...createRecordActivities(context, { mailRetentionDays: 30, sessionsWeeksAhead: 2 }),
    ...createMailboxActivities(context, { ...mailSettings, ...mail }),
    ...createDeliveryActivities(context, senders),
  };
  quietRuntime();
  const workers = await startWorkers({ ...temporal, queues: taskQueues, activities, log: quietLog, bundle: await workflowBundle() });
  return {
    client,
    temporal,
    /** Runs one sweep to its end. @returns its counts */
    async sweep() {
      return client.workflow.execute('sweepMailboxes', { workflowId: `sweep-${Date.now()}`, taskQueue: 'mail', args: [] });
    },
    async stop() {
      await workers.stop();
      await dispatcher.stop();
      await client.connection.close();
    },
  };
}

/** Connects students' mailboxes to their accounts on the test's IMAP server. */
export async function connectMailboxes(context: ServiceContext, logins: Map<number, MailboxLogin>): Promise<void> {
  const students: { id: number; user_id: number }[] = await context.db.knex('students').whereIn('id', [...logins.keys()]).select('id', 'user_id');
  await context.db.transaction(async (trx) => {
    for (const { id, user_id: userId } of students) {
      const login = logins.get(id)!;
      await connectMailbox(trx, context, { id, userId }, {
        host: login.host, port: login.port, security: 'none', username: login.user, auth: 'password', secret: login.password,
      });
    }
  });
}

/** Looks until `check` gives something, for a minute at the most. */
export async function eventually<T>(check: () => Promise<T | undefined | null | false>, what: string, timeoutMs = 60_000): Promise<T> {
  for (const end = Date.now() + timeoutMs; Date.now() < end; ) {
    const value = await check();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`it did not come about: ${what}`);
}
