// The connection to Temporal that the dispatcher, the reconciler and the doors use.
import { Client, Connection } from '@temporalio/client';

export interface TemporalSettings {
  /** HOST:PORT of the frontend. */
  address: string;
  namespace: string;
}

/** @throws Error when the server does not answer within ten seconds */
export async function connectTemporal({ address, namespace }: TemporalSettings): Promise<Client> {
  const connection = await Connection.connect({ address, connectTimeout: '10s' });
  return new Client({ connection, namespace });
}
