// The private Temporal server.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { SearchAttributeType, TypedSearchAttributes, defineSearchAttributeKey } from '@temporalio/common';
import type { EmbeddedTemporal, EmbeddedTemporalOptions } from '../../../bin/embedded/temporal.ts';
import { startTemporal } from '../../../bin/embedded/temporal.ts';

let stateDir: string;
const servers: EmbeddedTemporal[] = [];
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'beadle-temporal-test-'));
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  await rm(stateDir, { recursive: true, force: true });
});

async function started(options: Omit<EmbeddedTemporalOptions, 'stateDir'> = {}): Promise<EmbeddedTemporal> {
  const server = await startTemporal({ stateDir, ...options });
  servers.push(server);
  return server;
}

const kind = defineSearchAttributeKey('BeadleKind', SearchAttributeType.KEYWORD);

async function withClient<T>(address: string, namespace: string, work: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await work(new Client({ connection, namespace }));
  } finally {
    await connection.close();
  }
}

function startOne(client: Client, workflowId: string): Promise<unknown> {
  const typedSearchAttributes = new TypedSearchAttributes([{ key: kind, value: 'trial' }]);
  return client.workflow.start('anything', { workflowId, taskQueue: 'nobody', typedSearchAttributes });
}

describe('D9 an embedded Temporal server', () => {
  test('keeps open workflows over a restart and shows them in its UI', async () => {
    const first = await started();
    await withClient(first.address, 'default', (client) => startOne(client, 'kept'));
    await first.stop();

    const second = await started({ port: first.port });
    const status = await withClient(second.address, 'default', async (client) => (await client.workflow.getHandle('kept').describe()).status.name);
    const page = await fetch(second.uiUrl ?? 'no address');
    expect(status).toBe('RUNNING');
    expect(page.status).toBe(200);
  });

  test('has the search attributes in each namespace it was asked for', async () => {
    const server = await started({ uiPort: false, inMemory: true, namespaces: ['one', 'two'] });
    for (const namespace of ['default', 'one', 'two']) {
      const description = await withClient(server.address, namespace, async (client) => {
        await startOne(client, 'tagged');
        return client.workflow.getHandle('tagged').describe();
      });
      expect(description.typedSearchAttributes.get(kind)).toBe('trial');
    }
    expect(server.uiUrl).toBeUndefined();
  });
});
