// Sends one batch of deliveries on a channel: leases, sends outside any transaction, records each.
import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import type { Channel } from '../domain/processes/index.ts';
import type { ServiceContext } from '../services/context.ts';
import { type LeasedDelivery, type SendResult, settleDeliveries, settleDelivery, takeDeliveries, untilNextDelivery } from '../services/deliveries.ts';

/** Sends one delivery on one channel and says how it ended; it throws only what is a fault of ours. */
export type Sender = (delivery: LeasedDelivery) => Promise<SendResult>;

/** Sends many deliveries at once, each to another address. */
export interface BatchSender {
  readonly batchSize: number;
  /** @returns how each ended, in their order */
  send(deliveries: LeasedDelivery[]): Promise<SendResult[]>;
}

const BATCH_SIZE = 50;
const HEARTBEAT_MS = 5_000;
/** Addresses served at once; one address gets its deliveries one after another, in their order. */
const AT_ONCE = 10;

/** An hour: somebody may set the channel up. */
const NOT_SET_UP_MS = 3_600_000;

export type DeliveryActivities = ReturnType<typeof createDeliveryActivities>;

/** @param senders by channel; a channel without one keeps its deliveries for an hour at a time (`channel-not-set-up`) */
export function createDeliveryActivities(context: ServiceContext, senders: Partial<Record<Channel, Sender | BatchSender>>) {
  return {
    /** @returns how many were sent, and in how many milliseconds the next is due (null: none waits) */
    async deliverBatch(channel: Channel): Promise<{ sent: number; nextInMs: number | null }> {
      const lease = randomUUID();
      const sender = senders[channel];
      if (typeof sender === 'object') {
        const sent = await sendAll(context, sender, channel, lease);
        return { sent, nextInMs: await untilNextDelivery(context, channel) };
      }
      const batch = await takeDeliveries(context, channel, lease, BATCH_SIZE);
      const waiting = Map.groupBy(batch, (delivery) => delivery.address).values();
      let sent = 0;
      const work = async (): Promise<void> => {
        for (const ofAddress of waiting) for (const delivery of ofAddress) {
          Context.current().heartbeat();
          const result = await send(sender, delivery);
          await settleDelivery(context, delivery, lease, result);
          if (result.kind === 'sent') sent += 1;
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      return { sent, nextInMs: await untilNextDelivery(context, channel) };
    },
  };
}

/** @returns how many were sent */
async function sendAll(context: ServiceContext, sender: BatchSender, channel: Channel, lease: string): Promise<number> {
  const batch = await takeDeliveries(context, channel, lease, sender.batchSize);
  if (batch.length === 0) return 0;
  const activity = Context.current();
  const heartbeat = setInterval(() => activity.heartbeat(), HEARTBEAT_MS);
  try {
    const results = await sender.send(batch);
    return await settleDeliveries(context, batch.map((delivery, index) => ({ delivery, result: results[index]! })), lease);
  } finally {
    clearInterval(heartbeat);
  }
}

async function send(sender: Sender | undefined, delivery: LeasedDelivery): Promise<SendResult> {
  if (!sender) return { kind: 'later', errorCode: 'channel-not-set-up', afterMs: NOT_SET_UP_MS };
  return sender(delivery);
}
