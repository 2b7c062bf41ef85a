import { describe, expect, test } from '@jest/globals';
import type { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { connectTemporal } from '../../temporal/connection.ts';
import { ensureSearchAttributes } from '../../temporal/search-attributes.ts';
import { eventually } from '../support/beadle.ts';
import { testServers } from '../support/servers.ts';

const RETENTION = msToTs('1 day');

describe('search attributes (rule 8)', () => {
  test('are registered in a namespace that lacks them, once', async () => {
    const namespace = `bare-${Date.now()}`;
    const client = await connectTemporal({ address: testServers().temporalAddress, namespace });
    const connection = client.connection as Connection;
    await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: RETENTION });
    const known = async () => Object.keys((await connection.operatorService.listSearchAttributes({ namespace })).customAttributes);
    await eventually(async () => (await known().catch(() => null)) !== null, 'the namespace');
    await ensureSearchAttributes(client);
    await ensureSearchAttributes(client);
    await eventually(async () => (await known()).filter((name) => name.startsWith('Beadle')).length === 3, 'the attributes');
    expect((await known()).toSorted()).toEqual(expect.arrayContaining(['BeadleDepartment', 'BeadleKind', 'BeadleStatus']));
    await client.connection.close();
  });
});
