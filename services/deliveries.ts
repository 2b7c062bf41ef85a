// Delivering: what a channel's process asks for and reports. Sending itself happens outside any transaction (rule 4).
import type { Channel } from '../domain/processes/index.ts';
import { type DeliveryOutcome, leaseDeliveries, type LeasedDelivery, nextDue, olderMessages, recordDelivery, recordSent } from '../db/repositories/notices.ts';
import { forgetTokenOf, tokensOf } from '../db/repositories/push-tokens.ts';
import type { ServiceContext } from './context.ts';
import { wakeChannel } from './intents.ts';
import { remindDue } from './reminders.ts';

export type { LeasedDelivery };

/** Longer than a batch takes to send; after that a sender counts as dead and its deliveries as of unknown fate. */
const LEASE_MS = 120_000;
const MOST_ATTEMPTS = 8;
const FIRST_RETRY_MS = 5_000;

/** Where a newer version of an event takes the place of the older one's message. */
const EDITABLE: readonly Channel[] = ['telegram'];
/** An older one nobody looks up any more: the newer is sent. */
const EDITABLE_HOURS = 48;

/** The device of a push token is gone. */
export const DEAD_DEVICE = 'device-gone';

/** How a send ended: a platform's or server's answer as the sender understood it. */
export type SendResult =
  /** With the platform's name of the message, where it can be edited. */
  | { kind: 'sent'; platformMessageId?: string }
  /** It may work later; with `afterMs` the other side said when, and this was no failed attempt. */
  | { kind: 'later'; errorCode: string; afterMs?: number }
  /** It never will: a blocked bot, an address that doesn't exist. With DEAD_DEVICE the device is forgotten. */
  | { kind: 'never'; errorCode: string };

/** Takes a batch of due deliveries; they are `sending` from the commit on. A push message's address is then the device's token. */
export async function takeDeliveries(context: ServiceContext, channel: Channel, lease: string, limit: number): Promise<LeasedDelivery[]> {
  return context.db.transaction(async (trx) => {
    const leased = await leaseDeliveries(trx, { channel, lease, limit, now: context.now().toJSDate(), leaseMs: LEASE_MS, mostAttempts: MOST_ATTEMPTS });
    if (EDITABLE.includes(channel)) {
      const older = await olderMessages(trx, leased.map(({ id }) => id), context.now().minus({ hours: EDITABLE_HOURS }).toJSDate());
      return leased.map((delivery) => ({ ...delivery, ...(older.has(delivery.id) && { edits: older.get(delivery.id)! }) }));
    }
    if (channel !== 'push') return leased;
    const tokens = await tokensOf(trx, leased.map(({ address }) => Number(address)));
    return leased.map((delivery) => ({ ...delivery, address: tokens.get(Number(delivery.address))! }));
  });
}

/** Records how a delivery's send ended. Tries again with exponential backoff and jitter, eight times at the most. */
export async function settleDelivery(
  context: ServiceContext, delivery: { id: number; attempts: number }, lease: string, result: SendResult,
): Promise<void> {
  await recordDelivery(context.db.knex, delivery.id, lease, outcomeOf(context, delivery.attempts, result));
  if (result.kind === 'never' && result.errorCode === DEAD_DEVICE) await forgetTokenOf(context.db.knex, delivery.id);
}

/** Records how many sends ended. @returns how many were sent */
export async function settleDeliveries(
  context: ServiceContext, settled: { delivery: { id: number; attempts: number }; result: SendResult }[], lease: string,
): Promise<number> {
  const [sent, others] = [true, false].map((wanted) => settled.filter(({ result }) => (result.kind === 'sent') === wanted));
  await recordSent(context.db.knex, sent!.map(({ delivery }) => delivery.id), lease, context.now().toJSDate());
  for (const { delivery, result } of others!) await settleDelivery(context, delivery, lease, result);
  return sent!.length;
}

function outcomeOf(context: ServiceContext, attempts: number, result: SendResult): DeliveryOutcome {
  if (result.kind === 'sent') {
    const { platformMessageId } = result;
    return { status: 'sent', sentAt: context.now().toJSDate(), ...(platformMessageId !== undefined && { platformMessageId }) };
  }
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

/** Reminds those whose time has come, and wakes the processes of all channels that have something due: what the schedule does each minute. */
export async function wakeDueChannels(context: ServiceContext): Promise<number> {
  await remindDue(context);
  return context.db.transaction(async (trx) => {
    const now = context.now().toJSDate();
    const due = (await nextDue(trx)).filter((row) => row.dueAt <= now);
    for (const { channel } of due) await wakeChannel(trx, channel, now);
    return due.length;
  });
}
