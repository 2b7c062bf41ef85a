// What a sweep does to the world of mail: plan, count, read. One cap on connections for the worker, one for each mail host.
import { Context } from '@temporalio/activity';
import pLimit, { type LimitFunction } from 'p-limit';
import type { AskModel } from '../domain/interviews/model-question.ts';
import type { ServiceContext } from '../services/context.ts';
import { createExtractor } from '../services/extractions.ts';
import { type BatchCounts, createRecorder } from '../services/mail-batches.ts';
import { type Mailbox, mailboxesBetween, planSweep, recordCounts, recordFailure, takeMailboxes } from '../services/mailboxes.ts';
import { senderLists } from '../services/senders.ts';
import { MailboxFailure, type OAuthSettings, type Purpose, withMailbox } from './imap.ts';
import { LanguageModelError } from './language-model.ts';
import { addCounts, readMailbox } from './mail-reading.ts';

export interface MailboxSettings {
  /** Open IMAP connections at the most, of this worker and to one host. */
  connections: number;
  connectionsPerHost: number;
  /** Mailboxes that one reading activity takes. */
  batchSize: number;
  lookbackDays: number;
  maxBytes: number;
  authservId: string;
  oauth: OAuthSettings | undefined;
  askModel: AskModel | undefined;
}

/** Whether a mailbox is slow or quick, its reader says that it lives: well within the heartbeat timeout of workflows/activities.ts. */
const HEARTBEAT_MS = 1_000;

export type MailboxActivities = ReturnType<typeof createMailboxActivities>;

export function createMailboxActivities(context: ServiceContext, settings: MailboxSettings) {
  const connect = createConnector(context, settings);
  const record = createRecorder(context);
  const extractOnce = createExtractor(context, { slow: settings.askModel !== undefined });

  /** Runs `work` on each mailbox; one that fails is backed off by itself and holds up nobody. @returns how many failed */
  async function forEach(mailboxes: Mailbox[], work: (mailbox: Mailbox) => Promise<void>): Promise<number> {
    let failing = 0;
    const ended = await Promise.allSettled(mailboxes.map(async (mailbox) => {
      try {
        await work(mailbox);
      } catch (error) {
        const failure = failureOf(error);
        if (!failure) throw error;
        failing += 1;
        Context.current().log.warn('a mailbox failed', { mailboxId: mailbox.id, code: failure.code });
        await recordFailure(context, mailbox.id, failure.code, failure.afterMs);
      }
    }));
    // What is no mailbox's fault (the database, a shutdown) fails the activity, but only when nobody of it works any more.
    const broken = ended.find((one) => one.status === 'rejected');
    if (broken) throw broken.reason;
    return failing;
  }

  return {
    planSweep: (): Promise<number[]> => planSweep(context),

    /** Counts new mail of the due mailboxes with `after` < id ≤ `upTo`, by STATUS alone. */
    countNewMail: (after: number, upTo: number): Promise<{ mailboxes: number; failing: number }> => heartbeating(async () => {
      const due = await mailboxesBetween(context, after, upTo);
      const counts: { id: number; pending: number }[] = [];
      const failing = await forEach(due, (mailbox) => connect(mailbox, 'counting', async (client) => {
        const status = await client.status('INBOX', { uidNext: true, uidValidity: true, messages: true });
        if (!status) throw new MailboxFailure('protocol');
        counts.push({ id: mailbox.id, pending: newMails(mailbox, status) });
      }));
      await recordCounts(context, counts);
      return { mailboxes: due.length, failing };
    }),

    /** Reads the next mailboxes, those with the most new mail first. `more` is false when nobody has new mail left. */
    readMailboxes: (): Promise<BatchCounts & { failing: number; more: boolean }> => heartbeating(async () => {
      const { activityId, workflowExecution } = Context.current().info;
      const taken = await takeMailboxes(context, `${workflowExecution!.runId}/${activityId}`, settings.batchSize);
      const owners = new Map(taken.map(({ mailbox, owner }) => [mailbox.id, owner]));
      const senders = await senderLists(context, taken.map(({ owner }) => owner.organisationId));
      const total: BatchCounts = { messages: 0, candidates: 0, interviews: 0 };
      const failing = await forEach(taken.map(({ mailbox }) => mailbox), async (mailbox) => {
        const owner = owners.get(mailbox.id)!;
        const reader = {
          context, settings, mailbox, owner, senders: senders.get(owner.organisationId) ?? new Map(), record, extractOnce, alive: throwIfCancelled,
        };
        const { counts, last } = await connect(mailbox, 'reading', (client) => readMailbox(reader, client));
        addCounts(total, counts);
        const recorded = last && (await record(last));
        if (recorded) addCounts(total, recorded);
      });
      return { ...total, failing, more: taken.length > 0 };
    }),
  };
}

/** Logs in under the caps. */
function createConnector(context: ServiceContext, settings: MailboxSettings) {
  const all = pLimit(settings.connections);
  const byHost = new Map<string, LimitFunction>();
  return <T>(mailbox: Mailbox, purpose: Purpose, work: Parameters<typeof withMailbox<T>>[3]): Promise<T> => {
    const ofHost = byHost.get(mailbox.host) ?? pLimit(settings.connectionsPerHost);
    byHost.set(mailbox.host, ofHost);
    return ofHost(() => all(() => {
      throwIfCancelled();
      return withMailbox(context, mailbox, { oauth: settings.oauth, purpose }, work);
    }));
  };
}

/** Runs `work` with a heartbeat each second, however long one mailbox takes. */
async function heartbeating<T>(work: () => Promise<T>): Promise<T> {
  const activity = Context.current();
  const timer = setInterval(() => activity.heartbeat(), HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** Throws when the activity was cancelled, timed out, or its worker shuts down. */
function throwIfCancelled(): void {
  Context.current().cancellationSignal.throwIfAborted();
}

function newMails(mailbox: Mailbox, status: { uidNext?: number | undefined; uidValidity?: bigint | undefined; messages?: number | undefined }): number {
  if (mailbox.uidValidity !== null && BigInt(mailbox.uidValidity) === status.uidValidity) {
    return Math.max(0, (status.uidNext ?? 1) - 1 - mailbox.lastUid);
  }
  return status.messages ?? 0;
}

function failureOf(error: unknown): MailboxFailure | null {
  if (error instanceof MailboxFailure) return error;
  if (error instanceof LanguageModelError) return new MailboxFailure('model-unavailable', { cause: error });
  return null;
}
