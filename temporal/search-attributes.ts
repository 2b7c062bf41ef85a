// The search attributes that workflows set have to be known to the server: a workflow that sets an unknown one gets stuck.
import type { Client, Connection } from '@temporalio/client';
import { searchAttributes } from '../domain/processes/index.ts';

/** temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD */
const KEYWORD = 2;

/** Registers those of our search attributes that the namespace lacks. @throws when the server lets nobody do so: an admin has to */
export async function ensureSearchAttributes(client: Client): Promise<void> {
  const { namespace } = client.options;
  const { operatorService } = client.connection as Connection;
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  const missing = searchAttributes.filter((name) => !(name in customAttributes));
  if (missing.length === 0) return;
  await operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])) });
}
