// Ports on the loopback address: finding free ones, and asking whether somebody listens.
import { connect, createServer } from 'node:net';

const TRIES = 200;
const handedOut = new Set<number>();

/**
 * The wanted port of 127.0.0.1 if it is free, else the next free one above it; without a wanted port one that the
 * system picks. This process never gets the same port twice, so servers may be started side by side.
 */
export async function findFreePort(wanted = 0): Promise<number> {
  for (let tried = 0; tried < TRIES; tried++) {
    const port = await tryPort(wanted === 0 ? 0 : wanted + tried);
    if (port !== undefined && !handedOut.has(port)) {
      handedOut.add(port);
      return port;
    }
  }
  throw new Error(`no free port on 127.0.0.1 from ${wanted} to ${wanted + TRIES - 1}`);
}

/** Gives a port back once the server on it has stopped, so that its next start gets the same one. */
export function releasePort(port: number): void {
  handedOut.delete(port);
}

/** Resolves when a connection to the port of 127.0.0.1 succeeds, with the first bytes of a server that speaks first. */
export function reach(port: number, options: { speaksFirst: boolean }): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 2_000 });
    const settle = (said: string): void => {
      socket.destroy();
      resolve(said);
    };
    socket.once('timeout', () => socket.destroy(new Error('no answer')));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed')));
    if (options.speaksFirst) socket.once('data', (data) => settle(data.toString()));
    else socket.once('connect', () => settle(''));
  });
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(undefined));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
    });
  });
}
