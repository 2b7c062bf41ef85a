// Before the first test: starts the servers that the whole run shares.
import { startTestServers } from './servers.ts';

declare global {
  var stopBeadleTestServers: (() => Promise<void>) | undefined;
}

export default async function globalSetup(): Promise<void> {
  globalThis.stopBeadleTestServers = await startTestServers();
}
