// deliver/<channel>: sends what is due on a channel, batch by batch, and ends when nothing waits. Woken after each commit that
// has something to tell, and each minute for what was left.
import { allHandlersFinished, condition, continueAsNew, setHandler } from '@temporalio/workflow';
import type { Channel } from '../domain/processes/index.ts';
import { deliveries, records } from './activities.ts';
import { Inbox, wake } from './messages.ts';
import { show } from './visibility.ts';

const BATCHES_A_RUN = 200;

export async function deliverNotices(channel: Channel): Promise<void> {
  const inbox = new Inbox();
  setHandler(wake, (message) => void inbox.take(message));

  let sent = 0;
  for (let batch = 0; batch < BATCHES_A_RUN; batch += 1) {
    const known = inbox.count;
    const result = await deliveries.deliverBatch(channel);
    sent += result.sent;
    if (result.nextInMs === 0) continue;
    show('deliver', 'waiting', `Sent **${sent}** on ${channel} in this run.`);
    if (result.nextInMs !== null) await condition(() => inbox.count > known, result.nextInMs);
    else if (inbox.count === known) return;
  }
  await condition(allHandlersFinished);
  await continueAsNew<typeof deliverNotices>(channel);
}

/** What the schedule starts each minute: wakes the channels that have something due. */
export async function wakeDeliveries(): Promise<number> {
  return records.wakeDueChannels();
}
