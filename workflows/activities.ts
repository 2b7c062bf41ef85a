// The activities as workflows call them: each with the timeouts and retries that fit what it touches.
import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { DeliveryActivities } from '../activities/delivering.ts';
import type { MailboxActivities } from '../activities/mailboxes.ts';
import type { RecordActivities } from '../activities/records.ts';
import type { SolverActivities } from '../activities/solver.ts';

/**
 * One transaction each. MySQL may be down for a night: tried again for ever, at most a minute apart, because nothing else
 * can be done meanwhile and the rows say what is open.
 */
export const records = proxyActivities<RecordActivities>({
  // Far more than any takes; what a killed worker had begun is begun anew after it.
  startToCloseTimeout: '20 seconds',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** A day of a campus's sessions: some seconds where there are many. */
export const making = proxyActivities<Pick<RecordActivities, 'makeSessionsOf'>>({
  startToCloseTimeout: '2 minutes',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** What deletes a day's worth of rows at once. */
export const housework = proxyActivities<Pick<RecordActivities, 'keepHouse'>>({ startToCloseTimeout: '10 minutes', retry: { maximumAttempts: 10 } });

/** Mailboxes back off by themselves; what fails here is the database or the worker, so it is tried again for a while. */
export const mailboxes = proxyActivities<MailboxActivities>({
  startToCloseTimeout: '1 hour',
  // They heartbeat each second: a worker that was killed is replaced soon.
  heartbeatTimeout: '5 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds', maximumAttempts: 60 },
});

/** A lost batch is judged by the next lease (sent, unknown); the process itself has to go on. */
export const deliveries = proxyActivities<DeliveryActivities>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** Searches go on for minutes and wait for a free core; what a killed worker had found is kept, and the next one goes on from there. */
export const solver = proxyActivities<SolverActivities>({
  startToCloseTimeout: '1 hour',
  // They heartbeat each second, and look every two whether the job's row still wants them: what is called off needn't be told.
  heartbeatTimeout: '10 seconds',
  cancellationType: ActivityCancellationType.ABANDON,
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds', maximumAttempts: 60 },
});
