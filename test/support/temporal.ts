// Temporal for tests: a namespace of one's own on the real server, and the server that skips time.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { findTimeSkippingServer } from '../../bin/embedded/find.ts';
import { searchAttributes } from '../../domain/processes/index.ts';
import { testNamespaces, testServers } from './servers.ts';

const KEYWORD = 2;
const SEARCH_ATTRIBUTES = Object.fromEntries(searchAttributes.map((name) => [name, KEYWORD]));

/**
 * A namespace that no other test file has, with Beadle's search attributes. The namespaces exist since the server's
 * start; making a folder decides, across Jest's workers, who gets which.
 */
export function takeNamespace(): { address: string; namespace: string } {
  const { temporalAddress, stateDir } = testServers();
  const namespace = testNamespaces().find((name) => isTakenNow(join(stateDir, 'namespaces', name)));
  if (namespace === undefined) throw new Error('all namespaces are taken: raise their number in test/support/servers.ts');
  return { address: temporalAddress, namespace };
}

function isTakenNow(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** The script that runs the time-skipping server. Throws when set-up hasn't brought it. */
function timeSkippingServerPath(): string {
  const path = findTimeSkippingServer();
  if (path === undefined) throw new Error("Temporal's time-skipping test server isn't there: set-up brings it (needs Maven and Java)");
  return path;
}

/** The library gives a server five seconds to start, which a busy machine may not have. */
async function started(): Promise<TestWorkflowEnvironment> {
  const executable = { type: 'existing-path', path: timeSkippingServerPath() } as const;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
    } catch (error) {
      if (attempt === 5 || !String(error).includes('did not start within')) throw error;
    }
  }
}

/**
 * A server whose clock jumps to the next timer; one test at a time. Search attributes are registered before any worker
 * polls: without them a start fails and an upsert hangs. Call `teardown()` on it in the end.
 */
export async function createTimeSkippingEnvironment(): Promise<TestWorkflowEnvironment> {
  const environment = await started();
  await environment.connection.operatorService.addSearchAttributes({
    namespace: environment.namespace ?? 'default',
    searchAttributes: SEARCH_ATTRIBUTES,
  });
  return environment;
}
