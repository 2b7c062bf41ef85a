// Bundles workflows/ and writes the code to standard output. Run as a process of its own: the bundler takes hundreds of
// megabytes, which a worker would keep for the rest of its life.
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const { code } = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)),
  logger: new DefaultLogger('ERROR'),
});
process.stdout.write(code);
