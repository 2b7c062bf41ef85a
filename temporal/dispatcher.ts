// Carries intents to Temporal: right after the commit that wrote them, and again until each is done. Whoever dies in
// between, the intent stands in MySQL and is carried out by the next.
import { type Client, WithStartWorkflowOperation, WorkflowUpdateFailedError } from '@temporalio/client';
import type { Logger } from 'pino';
import type { DateTime } from 'luxon';
import type { Database } from '../db/connection.ts';
import { finishIntents, type Intent, leaseIntents, postponeIntent } from '../db/repositories/intents.ts';
import { loggedCause } from '../domain/logged-cause.ts';
import { type ProcessName, processes, subjectOf } from '../domain/processes/index.ts';

const LOOK_EVERY_MS = 1_000;
const GATHER_MS = 25;
const LEASE_MS = 15_000;
const CALL_DEADLINE_MS = 10_000;
const BATCH = 200;
const AT_ONCE = 20;
const LONGEST_PAUSE_MS = 60_000;

export interface Dispatcher {
  /** Stops looking, and waits for what is under way. */
  stop(): Promise<void>;
}

export interface DispatcherDependencies {
  db: Database;
  client: Client;
  now: () => DateTime;
  log: Logger;
}

/** Starts a dispatcher: it listens to commits of `db` and looks for what others left. Any number may run at once. */
export function startDispatcher({ db, client, now, log }: DispatcherDependencies): Dispatcher {
  const underWay = new Set<Promise<unknown>>();
  let stopped = false;

  /** Carries out what is due now, or of that only these. */
  async function carryOut(only?: number[]): Promise<void> {
    const intents = await db.transaction((trx) =>
      leaseIntents(trx, { now: now().toJSDate(), leaseMs: LEASE_MS, limit: BATCH, ...(only && { only }) }));
    const groups = [...Map.groupBy(intents, groupOf).values()].values();
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      for (const group of groups) await send(group);
    }));
  }

  /** Sends one message for a group that means the same. */
  async function send(group: Intent[]): Promise<void> {
    const intent = group.at(-1)!;
    const ids = group.map(({ id }) => id);
    try {
      await client.withDeadline(Date.now() + CALL_DEADLINE_MS, () => deliver(client, intent));
      await finishIntents(db.knex, ids, now().toJSDate());
    } catch (error) {
      if (error instanceof WorkflowUpdateFailedError) {
        // The process heard it and refused: the row says what became of the decision.
        await finishIntents(db.knex, ids, now().toJSDate(), 'refused');
        return;
      }
      log.warn({ intentIds: ids, process: intent.process, attempts: intent.attempts, cause: loggedCause(error) }, 'an intent has to wait');
      const pause = Math.min(LONGEST_PAUSE_MS, 500 * 2 ** Math.min(intent.attempts, 10));
      for (const id of ids) await postponeIntent(db.knex, id, now().plus(pause).toJSDate(), 'not-delivered');
    }
  }

  function watch(work: Promise<unknown>): void {
    const settled = work.catch((error: unknown) => log.error({ cause: loggedCause(error) }, 'the dispatcher could not look for intents'));
    underWay.add(settled);
    void settled.then(() => underWay.delete(settled));
  }

  let fresh: number[] = [];
  const carryOutFresh = (): void => {
    const ids = fresh;
    fresh = [];
    for (let from = 0; from < ids.length; from += BATCH) watch(carryOut(ids.slice(from, from + BATCH)));
  };
  db.onIntents((ids) => {
    if (stopped) return;
    // A sweep commits hundreds of times a second: what comes within a blink goes together.
    if (fresh.length === 0) setTimeout(carryOutFresh, GATHER_MS).unref();
    fresh.push(...ids);
  });
  let looking = false;
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    watch(carryOut().finally(() => { looking = false; }));
  }, LOOK_EVERY_MS);

  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      carryOutFresh();
      await Promise.all(underWay);
    },
  };
}

/** Signals without content to one process mean the same: one is enough. */
function groupOf(intent: Intent): string {
  const hasContent = Object.keys(intent.payload).length > 0;
  return hasContent ? `intent ${intent.id}` : `${intent.workflowId} ${intent.message}`;
}

async function deliver(client: Client, intent: Intent): Promise<void> {
  const process = processes[intent.process as ProcessName];
  const how = (process.messages as Record<string, 'signal' | 'update'>)[intent.message];
  const subject = subjectOf(intent.workflowId);
  const start = {
    workflowId: intent.workflowId,
    taskQueue: process.taskQueue,
    args: [/^\d+$/.test(subject) ? Number(subject) : subject],
    staticSummary: intent.workflowId,
  };
  const message = { ...intent.payload, intentId: intent.id };
  if (how === 'signal') {
    await client.workflow.signalWithStart(process.workflowType, { ...start, signal: intent.message, signalArgs: [message] });
    return;
  }
  await client.workflow.startUpdateWithStart(intent.message, {
    startWorkflowOperation: new WithStartWorkflowOperation(process.workflowType, { ...start, workflowIdConflictPolicy: 'USE_EXISTING' }),
    args: [message],
    updateId: `intent-${intent.id}`,
    waitForStage: 'ACCEPTED',
  });
}
