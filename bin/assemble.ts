// Puts the rooms together: from settings and places to the context of services, the activities and what runs around them.
import { setFlagsFromString } from 'node:v8';
import type { FastifyInstance } from 'fastify';
import { DateTime } from 'luxon';
import pino, { type Logger } from 'pino';
import { createTelegramSender } from '../activities/chat.ts';
import { createDeliveryActivities } from '../activities/delivering.ts';
import { createEmailSender } from '../activities/email.ts';
import { createLanguageModel } from '../activities/language-model.ts';
import { createPushSender } from '../activities/push.ts';
import { createMailboxActivities } from '../activities/mailboxes.ts';
import { createRecordActivities } from '../activities/records.ts';
import { createSolverActivities } from '../activities/solver.ts';
import { createApi } from '../api/server.ts';
import { createTokens } from '../api/tokens.ts';
import type { Config } from '../config.ts';
import { type Database, openDatabase } from '../db/connection.ts';
import { loggedCause } from '../domain/logged-cause.ts';
import { type TaskQueue, taskQueues } from '../domain/processes/index.ts';
import type { ServiceContext } from '../services/context.ts';
import { createSecretBox } from '../services/secret-box.ts';
import { connectTemporal } from '../temporal/connection.ts';
import { startDispatcher } from '../temporal/dispatcher.ts';
import { startReconciler } from '../temporal/reconciler.ts';
import { ensureSchedules, triggerSchedule } from '../temporal/schedules.ts';
import { ensureSearchAttributes } from '../temporal/search-attributes.ts';
import { installRuntime, startWorkers } from '../temporal/worker.ts';
import type { Places } from './places.ts';

const DELIVERY_SECONDS = 60;
const HOUSEKEEPING_SECONDS = 24 * 3600;
const MAKING_SECONDS = 24 * 3600;

/** Something that runs until it is stopped; `finished` rejects when it broke. */
export interface Running {
  stop(): Promise<void>;
  finished?: Promise<void>;
}

export function createLog(config: Config, destination?: pino.DestinationStream): Logger {
  const options = { level: config.logLevel, redact: ['req.headers.authorization', '*.password', '*.secret'] };
  return destination ? pino(options, destination) : pino(options);
}

export function openContext(config: Config, places: Places, log?: Logger): ServiceContext & { db: Database } {
  return {
    db: openDatabase(places.databaseUrl, {
      poolSize: config.database.poolSize,
      ...(log && { warn: (message: string) => log.warn(loggedCause(message), 'the database pool') }),
    }),
    now: () => DateTime.utc(),
    campus: config.campus,
    rules: config.rules,
    secrets: createSecretBox(places.secretKeys, places.tokenSecret),
    publicUrl: places.publicUrl,
  };
}

/** A dispatcher for the commits of this process, and for what others left. */
export async function connectProcesses(context: ServiceContext, places: Places, log: Logger) {
  const client = await connectTemporal(places.temporal);
  const dispatcher = startDispatcher({ db: context.db, client, now: context.now, log });
  return {
    client,
    sweep: () => triggerSchedule(client, 'sweep-mailboxes'),
    async stop() {
      await dispatcher.stop();
      await client.connection.close();
    },
  };
}

type Processes = Awaited<ReturnType<typeof connectProcesses>>;

/**
 * V8 takes a worker that has nothing to do for ten seconds for a program that is over, and drops what it compiled: every sweep
 * would begin slowly. (`--no-memory-reducer`, of the same kind, works on the command line only: package.json and Dockerfile.)
 * And on a big machine it lets the heap grow to several times what lives in it.
 */
const HEAP_FLAGS = ['--retain-maps-for-n-gc=1000', '--no-flush-bytecode', '--heap-growing-percent=30'];

/** Workers of these queues, the schedules as wanted, and the reconciler. */
export async function runWorkers(
  config: Config, places: Places, context: ServiceContext, processes: Processes, log: Logger, queues: readonly TaskQueue[] = taskQueues,
): Promise<Running> {
  const campusTimeZone = config.campus.timeZone;
  const email = places.smtpUrl ? createEmailSender({ smtpUrl: places.smtpUrl, from: config.smtp.from, campusTimeZone, now: context.now }) : undefined;
  const telegram = config.telegram && createTelegramSender({ ...config.telegram, campusTimeZone });
  const push = config.push && createPushSender({ ...config.push, campusTimeZone });
  const activities = {
    ...createSolverActivities(context),
    ...createRecordActivities(context, { mailRetentionDays: config.mail.retentionDays, sessionsWeeksAhead: config.sessions.weeksAhead }),
    ...createDeliveryActivities(context, { ...(email && { email }), ...(telegram && { telegram }), ...(push && { push }) }),
    ...createMailboxActivities(context, { ...config.mail, askModel: config.openai && createLanguageModel(config.openai) }),
  };
  for (const flag of HEAP_FLAGS) setFlagsFromString(flag);
  await ensureSearchAttributes(processes.client);
  installRuntime(log);
  const workers = await startWorkers({ ...places.temporal, queues, activities, log });
  await ensureSchedules(processes.client, {
    'sweep-mailboxes': { seconds: config.mail.sweepSeconds },
    'wake-deliveries': { seconds: DELIVERY_SECONDS },
    'keep-house': { seconds: HOUSEKEEPING_SECONDS },
    'make-sessions': { seconds: MAKING_SECONDS },
  });
  const stopReconciler = startReconciler({ db: context.db, client: processes.client, now: context.now, log });
  return {
    finished: workers.finished,
    async stop() {
      await stopReconciler();
      await workers.stop();
      email?.close();
      await push?.close();
    },
  };
}

/** The REST door, listening. */
export async function runApi(
  config: Config, places: Places, context: ServiceContext, processes: Processes, log: Logger, port = config.api.port,
): Promise<Running & { url: string }> {
  const tokens = createTokens(places.tokenSecret, context.now);
  const api: FastifyInstance = await createApi({
    context, log, tokens, sweep: processes.sweep, uiUrl: places.temporalUi,
    ...(places.identity && { identity: { ...places.identity, mailDomains: config.signIn.mailDomains } }),
  });
  const url = await api.listen({ host: config.api.host, port });
  return { url, stop: () => api.close() };
}
