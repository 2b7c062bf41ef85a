// A worker like Beadle's that knows only the empty workflow: the limit of `bench drive`. Ends with SIGTERM.
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { pino } from 'pino';
import { startWorkers } from '../temporal/worker.ts';
import type { EmptyActivities } from './empty-workflow.ts';

const activities: EmptyActivities = { nothing: () => Promise.resolve() };
const bundle = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('./empty-workflow.ts', import.meta.url)), logger: new DefaultLogger('ERROR'),
});
const workers = await startWorkers({
  address: process.env.TEMPORAL_ADDRESS!, namespace: 'default', queues: ['solver'], activities, bundle, log: pino({ level: 'warn' }),
});
process.once('SIGTERM', () => void workers.stop());
await workers.finished;
