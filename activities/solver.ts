// The searches for timetables, as processes call them: each says that it goes on, ends when it is called off, and begins where the last one stopped.
import { Context } from '@temporalio/activity';
import type { ServiceContext } from '../services/context.ts';
import { prepareGeneration, saveVariant, searchPart, searchWhole, type Watch } from '../services/timetables/searching.ts';

/** Well within the heartbeat timeout of workflows/activities.ts. */
const BEAT_MS = 1_000;

export type SolverActivities = ReturnType<typeof createSolverActivities>;

export function createSolverActivities(context: ServiceContext) {
  return {
    prepareGeneration: (jobId: string) => watched(() => prepareGeneration(context, jobId)),
    searchPart: (jobId: string, variant: number, part: number) => watched((watch) => searchPart(context, { jobId, variant, part }, watch)),
    searchWhole: (jobId: string, variant: number) => watched((watch) => searchWhole(context, { jobId, variant }, watch)),
    saveVariant: (jobId: string, variant: number) => watched(() => saveVariant(context, { jobId, variant })),
  };
}

async function watched<Result>(work: (watch: Watch) => Promise<Result>): Promise<Result> {
  const activity = Context.current();
  const beating = setInterval(() => activity.heartbeat(), BEAT_MS);
  try {
    const result = await work({ signal: activity.cancellationSignal });
    // Ended early because the worker stops: another one goes on.
    activity.cancellationSignal.throwIfAborted();
    return result;
  } finally {
    clearInterval(beating);
  }
}
