// The workflows as the worker runs them, bundled once for the whole test run.
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflows } from '../../temporal/worker.ts';
import { testServers } from './servers.ts';

/** Where the bundle lies; the first who asks makes it. */
export async function workflowBundle(): Promise<{ codePath: string }> {
  const codePath = join(testServers().stateDir, 'workflows.js');
  if (!existsSync(codePath)) {
    const { code } = await bundleWorkflows();
    const aside = `${codePath}.${process.pid}`;
    writeFileSync(aside, code);
    renameSync(aside, codePath);
  }
  return { codePath };
}
