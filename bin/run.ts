// Runs parts until a signal or until one breaks, then stops them, the last started first.
import type { Running } from './assemble.ts';

/**
 * Waits for SIGINT or SIGTERM, or for a part that breaks; then stops all parts in the reverse of their order. A second
 * signal ends at once.
 * @throws what broke
 */
export async function runUntilStopped(parts: Running[], onStop: () => void = () => {}): Promise<void> {
  let stopping = false;
  const signalled = new Promise<void>((resolve) => {
    const listen = (): void => {
      if (stopping) process.exit(130);
      stopping = true;
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, listen);
  });
  // A part that finishes by itself was told to; only one that rejects has broken.
  const broken = new Promise<never>((_, reject) => {
    for (const part of parts) part.finished?.catch(reject);
  });
  try {
    await Promise.race([signalled, broken]);
  } finally {
    stopping = true;
    onStop();
    for (const part of parts.toReversed()) await part.stop();
  }
}
