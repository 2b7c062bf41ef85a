// Compares open rows with open workflows, so that a restored MySQL or a lost Temporal heals: a row without its process gets
// it, a process without its row is told to look (and ends).
import type { Client } from '@temporalio/client';
import type { DateTime } from 'luxon';
import type { Logger } from 'pino';
import type { Database } from '../db/connection.ts';
import { openTakingIds } from '../db/repositories/attendance-sessions.ts';
import { jobsUnderWay } from '../db/repositories/generation-jobs.ts';
import { addIntents } from '../db/repositories/intents.ts';
import { openInterviewIds } from '../db/repositories/interviews.ts';
import { decisionsPendingSince } from '../db/repositories/offers.ts';
import { sessionsWithOpenRound } from '../db/repositories/rescheduling.ts';
import { timetablesBeingPublished } from '../db/repositories/timetables.ts';
import { loggedCause } from '../domain/logged-cause.ts';
import { processes, workflowIds } from '../domain/processes/index.ts';

const PAGE = 1_000;
const EVERY_MS = 10 * 60_000;
/** A decision that no process has carried out by then was lost with its process. */
const DECISION_LOST_AFTER_SECONDS = 60;

export interface ReconcilerDependencies {
  db: Database;
  client: Client;
  now: () => DateTime;
  log: Logger;
}

/** Compares once. @returns how many messages it wrote; to send one too many is harmless */
export async function reconcile({ db, client, now, log }: ReconcilerDependencies): Promise<number> {
  const rounds = await compare('reschedule', 'joined', workflowIds.reschedule, (after) => sessionsWithOpenRound(db.knex, after, PAGE));
  const interviews = await compare('interview', 'changed', workflowIds.interview, (after) =>
    openInterviewIds(db.knex, now().toJSDate(), after, PAGE));
  const attendance = await compare('attendance', 'opened', workflowIds.attendance, (after) => openTakingIds(db.knex, after, PAGE));
  const timetables = await compare('timetable', 'requested', workflowIds.timetable, (after: string | 0) => jobsUnderWay(db.knex, after || '', PAGE))
    + await compare('publish', 'wake', workflowIds.publish, (after) => timetablesBeingPublished(db.knex, after, PAGE));
  const decisions = await repeatDecisions();
  const written = rounds + interviews + attendance + timetables + decisions;
  if (written > 0) log.info({ rounds, interviews, attendance, timetables, decisions }, 'reconciled rows and processes');
  return written;

  async function compare<Id extends number | string>(
    process: 'reschedule' | 'interview' | 'attendance' | 'timetable' | 'publish', message: string, idOf: (id: Id) => string, page: (after: Id | 0) => Promise<Id[]>,
  ): Promise<number> {
    const running = new Set<string>();
    const query = `ExecutionStatus = 'Running' AND WorkflowType = '${processes[process].workflowType}'`;
    for await (const { workflowId } of client.workflow.list({ query })) running.add(workflowId);
    const wanting: string[] = [];
    for (let ids = await page(0); ids.length > 0; ids = await page(ids.at(-1)!)) {
      for (const workflowId of ids.map(idOf)) if (!running.delete(workflowId)) wanting.push(workflowId);
    }
    // What is left in `running` has no open row.
    const told = [...wanting, ...running];
    await db.transaction((trx) => addIntents(trx, told.map((workflowId) => ({ process, workflowId, message, payload: {} })), now().toJSDate()));
    return told.length;
  }

  async function repeatDecisions(): Promise<number> {
    const pending = await decisionsPendingSince(db.knex, now().minus({ seconds: DECISION_LOST_AFTER_SECONDS }).toJSDate());
    await db.transaction((trx) => addIntents(trx, pending.map(({ sessionId, decisionId }) =>
      ({ process: 'reschedule', workflowId: workflowIds.reschedule(sessionId), message: 'decided', payload: { decisionId } })), now().toJSDate()));
    return pending.length;
  }
}

/** Reconciles now and every ten minutes. @returns how to stop it */
export function startReconciler(dependencies: ReconcilerDependencies): () => Promise<void> {
  let running: Promise<unknown> = Promise.resolve();
  const run = (): void => {
    running = running.then(() => reconcile(dependencies)).catch((error: unknown) =>
      dependencies.log.error({ cause: loggedCause(error) }, 'could not reconcile'));
  };
  run();
  const timer = setInterval(run, EVERY_MS);
  return async () => {
    clearInterval(timer);
    await running;
  };
}
