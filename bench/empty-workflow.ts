// The least that a process can be: started, one activity, over.
import { proxyActivities } from '@temporalio/workflow';

export interface EmptyActivities {
  nothing(): Promise<void>;
}

const { nothing } = proxyActivities<EmptyActivities>({ startToCloseTimeout: '1 minute' });

export async function emptyWorkflow(): Promise<void> {
  await nothing();
}
