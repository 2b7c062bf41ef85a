// Turns every error of an activity into a failure that may stand in a history: a type that stays the same, a fixed sentence,
// codes. The cause goes to the log, without the values that it quotes (rule 10).
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { CompleteAsyncError, type Context } from '@temporalio/activity';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import type { Logger } from 'pino';
import { loggedCause } from '../domain/logged-cause.ts';
import { Refusal } from '../domain/refusal.ts';

/** For a worker's `interceptors.activity`. */
export function failureInterceptor(log: Logger): (context: Context) => { inbound: ActivityInboundCallsInterceptor } {
  return (context) => ({
    inbound: {
      async execute(input, next) {
        try {
          return await next(input);
        } catch (error) {
          if (error instanceof CancelledFailure || error instanceof CompleteAsyncError) throw error;
          const { activityType, activityId, attempt, workflowExecution } = context.info;
          const failure = toFailure(error);
          log.warn({
            activityType, activityId, attempt, workflowId: workflowExecution?.workflowId, failure: failure.type, cause: loggedCause(error),
          }, 'an activity failed');
          throw failure;
        }
      },
    },
  });
}

/** The failure as it is recorded: nothing of the error's own text. */
export function toFailure(error: unknown): ApplicationFailure {
  if (error instanceof ApplicationFailure) return ApplicationFailure.create({ message: 'the activity failed', type: error.type ?? 'Failed', nonRetryable: error.nonRetryable ?? false });
  if (error instanceof Refusal) {
    return ApplicationFailure.create({ message: 'the service refused', type: `Refusal.${error.code}`, nonRetryable: error.code !== 'busy' });
  }
  if (isDatabaseError(error)) return ApplicationFailure.create({ message: 'the database did not do it', type: `Database.${error.code}` });
  return ApplicationFailure.create({ message: 'something unexpected happened', type: 'Unexpected' });
}

function isDatabaseError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^(?:ER_|PROTOCOL_|ECONN|ETIMEDOUT|EPIPE)/.test(error.code);
}
