// What runs by the clock: Temporal Schedules, compared at every start with what is wanted.
import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy, type ScheduleOptions } from '@temporalio/client';
import { type ScheduleId, schedules } from '../domain/processes/index.ts';

const DAY_MS = 86_400_000;

export type Intervals = Readonly<Record<ScheduleId, { seconds: number }>>;

/** Creates the schedules that are missing and brings the others in line. Never two runs of one at a time. */
export async function ensureSchedules(client: Client, intervals: Intervals): Promise<void> {
  for (const scheduleId of Object.keys(schedules) as ScheduleId[]) {
    const wanted = optionsOf(scheduleId, intervals[scheduleId].seconds);
    try {
      await client.schedule.create(wanted);
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      await client.schedule.getHandle(scheduleId).update((held) => ({ ...wanted, state: held.state }));
    }
  }
}

function optionsOf(scheduleId: ScheduleId, seconds: number): ScheduleOptions {
  const { workflowType, taskQueue } = schedules[scheduleId];
  return {
    scheduleId,
    spec: { intervals: [{ every: seconds * 1000 }] },
    action: { type: 'startWorkflow', workflowType, taskQueue, workflowId: scheduleId, args: [], staticSummary: scheduleId },
    // What was missed is done once by the next run; where that is a day away, as soon as the server is up again.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: seconds * 1000 >= DAY_MS ? DAY_MS : '1 minute' },
  };
}

/** Starts a schedule's workflow now, unless one runs. */
export async function triggerSchedule(client: Client, scheduleId: ScheduleId): Promise<void> {
  await client.schedule.getHandle(scheduleId).trigger(ScheduleOverlapPolicy.SKIP);
}
