// Delivering: what a channel's process asks for and reports. Sending itself happens outside any transaction (rule 4).
import type { Channel } from '../domain/processes/index.ts';
import { type DeliveryOutcome, leaseDeliveries, type LeasedDelivery, nextDue, recordDelivery } from '../db/repositories/notices.ts';
import type { ServiceContext } from './context.ts';
import { wakeChannel } from './intents.ts';

export type { LeasedDelivery };

/** Longer than a batch takes to send; after that a sender counts as dead and its deliveries as of unknown fate. */
const LEASE_MS = 120_000;
const MOST_ATTEMPTS = 8;
const FIRST_RETRY_MS = 5_000;

/** How a send ended: a platform's or server's answer as the sender understood it. */
export type SendResult =
  | { kind: 'sent' }
  /** It may work later; with `afterMs` the other side said when, and this was no failed attempt. */
  | { kind: 'later'; errorCode: string; afterMs?: number }
  /** It never will: a blocked bot, an address that doesn't exist. */
  | { kind: 'never'; errorCode: string };

/** Takes a batch of due deliveries; they are `sending` from the commit on. */
export async function takeDeliveries(context: ServiceContext, channel: Channel, lease: string, limit: number): Promise<LeasedDelivery[]> {
  return context.db.transaction((trx) =>
    leaseDeliveries(trx, { channel, lease, limit, now: context.now().toJSDate(), leaseMs: LEASE_MS, mostAttempts: MOST_ATTEMPTS }));
}

/** Records how a delivery's send ended. Tries again with exponential backoff and jitter, eight times at the most. */
export async function settleDelivery(
  context: ServiceContext, delivery: { id: number; attempts: number }, lease: string, result: SendResult,
): Promise<void> {
  await recordDelivery(context.db.knex, delivery.id, lease, outcomeOf(context, delivery.attempts, result));
}

function outcomeOf(context: ServiceContext, attempts: number, result: SendResult): DeliveryOutcome {
  if (result.kind === 'sent') return { status: 'sent', sentAt: context.now().toJSDate() };
  if (result.kind === 'later' && result.afterMs !== undefined) {
    return { status: 'pending', errorCode: result.errorCode, dueAt: context.now().plus(result.afterMs).toJSDate(), isAttempt: false };
  }
  if (result.kind === 'never' || attempts >= MOST_ATTEMPTS) return { status: 'failed', errorCode: result.errorCode };
  const backoff = FIRST_RETRY_MS * 2 ** (attempts - 1) * (0.75 + Math.random() / 2);
  return { status: 'pending', errorCode: result.errorCode, dueAt: context.now().plus(backoff).toJSDate(), isAttempt: true };
}

/** Milliseconds until the channel has something due; 0 when it has now, null when nothing waits. */
export async function untilNextDelivery(context: ServiceContext, channel: Channel): Promise<number | null> {
  const due = (await nextDue(context.db.knex)).find((row) => row.channel === channel);
  return due ? Math.max(0, due.dueAt.getTime() - context.now().toMillis()) : null;
}

/** Wakes the processes of all channels that have something due: what the schedule does each minute. */
export async function wakeDueChannels(context: ServiceContext): Promise<number> {
  return context.db.transaction(async (trx) => {
    const now = context.now().toJSDate();
    const due = (await nextDue(trx)).filter((row) => row.dueAt <= now);
    for (const { channel } of due) await wakeChannel(trx, channel, now);
    return due.length;
  });
}
