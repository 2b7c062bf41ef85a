// The log of tests: silent, unless BEADLE_TEST_LOG names a level.
import { IllegalStateError } from '@temporalio/common';
import pino from 'pino';
import { installRuntime } from '../../temporal/worker.ts';

export const quietLog = pino({ level: process.env.BEADLE_TEST_LOG ?? 'silent' });

/**
 * Lets Temporal's SDK speak to that log. Called right before a worker is made: a runtime that never had one keeps the
 * process alive, and one whose workers have all stopped has ended by itself.
 */
export function quietRuntime(): void {
  try {
    installRuntime(quietLog);
  } catch (error) {
    if (!(error instanceof IllegalStateError)) throw error;
  }
}
