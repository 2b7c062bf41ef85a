// make-sessions/<institution>: makes the sessions of the coming weeks from the weekly classes, a day an activity, and ends. Woken once a day
// and after each change of the weekly classes; a wake in the meantime lets it begin anew.
import { allHandlersFinished, condition, setHandler } from '@temporalio/workflow';
import { making, records } from './activities.ts';
import { Inbox, wake } from './messages.ts';
import { show } from './visibility.ts';

export async function makeSessions(organisationId: number): Promise<{ made: number; changed: number; calledOff: number; blocked: number }> {
  const inbox = new Inbox();
  setHandler(wake, (message) => void inbox.take(message));

  const sum = { made: 0, changed: 0, calledOff: 0, blocked: 0 };
  for (let known = -1; known !== inbox.count;) {
    known = inbox.count;
    for (const date of await records.daysToMake()) {
      const done = await making.makeSessionsOf(organisationId, date);
      for (const key of ['made', 'changed', 'calledOff', 'blocked'] as const) sum[key] += done[key];
      show('make-sessions', 'making', `Up to ${date}: **${sum.made}** made, ${sum.changed} changed, ${sum.calledOff} called off, ${sum.blocked} not possible.`);
    }
    await condition(allHandlersFinished);
  }
  return sum;
}

/** What the schedule starts each day: wakes the institutions' processes. */
export async function wakeSessionMakers(): Promise<number> {
  return records.wakeSessionMakers();
}
