// Runs parts until a signal or until one breaks, then stops them, the last started first.
import type { Running } from './assemble.ts';

/** The terminal sends Ctrl-C to npm and to us, and npm passes it on: within this time it is the same one. */
const SAME_SIGNAL_MS = 1_000;

/**
 * Waits for SIGINT or SIGTERM, or for a part that breaks; then stops all parts in the reverse of their order. A second
 * signal ends at once.
 * @throws what broke
 */
export async function runUntilStopped(parts: Running[], onStop: () => void = () => {}): Promise<void> {
  let stoppingSince = Infinity;
  const signalled = new Promise<void>((resolve) => {
    const listen = (): void => {
      if (performance.now() - stoppingSince > SAME_SIGNAL_MS) process.exit(130);
      stoppingSince = Math.min(stoppingSince, performance.now());
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
    stoppingSince = Math.min(stoppingSince, performance.now());
    onStop();
    for (const part of parts.toReversed()) await part.stop();
  }
}
