// After the last test: stops the servers and deletes their state.
import './global-setup.ts';

export default async function globalTeardown(): Promise<void> {
  await globalThis.stopBeadleTestServers?.();
}
