// A private Temporal server: the official CLI's `server start-dev`, persistent or in memory.
import { join, resolve } from 'node:path';
import { Connection } from '@temporalio/client';
import { searchAttributes } from '../../domain/processes/index.ts';
import { findTemporal } from './find.ts';
import { findFreePort, reach, releasePort } from './port.ts';
import type { Log } from './server-process.ts';
import { makeStateFolder, startServerProcess, stopLeftBehind } from './server-process.ts';

const NAME = 'temporal';
const KEYWORD = 2;

const DYNAMIC_CONFIG = {
  // One machine, few pollers: with one partition a task never waits in one that nobody polls.
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  // The reconciler and the tests list and count more often than the default of 100 a second.
  'frontend.namespaceRPS.visibility': 500,
  // Makes a search attribute usable at once. The CLI's own default; said here because we rely on it.
  'system.forceSearchAttributesCacheRefreshOnRead': true,
};

export interface EmbeddedTemporalOptions {
  stateDir: string;
  /** Wanted gRPC port; the next free one if taken; without it any free one. */
  port?: number;
  /** False: no UI. Otherwise the UI's wanted port. */
  uiPort?: number | false;
  /** Keep everything in memory, so that a stop forgets it. Default: a file in stateDir. */
  inMemory?: boolean;
  /** Besides "default". */
  namespaces?: string[];
  /** Called when the server ends although nobody stopped it. */
  onEnd?: (why: string) => void;
  log?: Log;
}

export interface EmbeddedTemporal {
  /** host:port of the gRPC service. */
  address: string;
  port: number;
  /** http://127.0.0.1:port, unless there is no UI. */
  uiUrl: string | undefined;
  pid: number;
  stop(): Promise<void>;
}

/** Starts the server with the search attributes registered in every namespace. Throws when the CLI isn't there. */
export async function startTemporal(options: EmbeddedTemporalOptions): Promise<EmbeddedTemporal> {
  const { namespaces = [], log } = options;
  const stateDir = resolve(options.stateDir);
  const program = findTemporal();
  if (!program) throw new Error('no temporal on PATH or in the cache: node scripts/setup.mjs brings it, or set TEMPORAL_ADDRESS');
  makeStateFolder(stateDir, 0o700);
  await stopLeftBehind(NAME, stateDir, log);

  const port = await findFreePort(options.port);
  const uiPort = options.uiPort === false ? undefined : await findFreePort(options.uiPort);
  const address = `127.0.0.1:${port}`;
  const server = await startServerProcess({
    onEnd: options.onEnd,
    name: NAME,
    command: program,
    args: [
      'server',
      'start-dev',
      '--ip=127.0.0.1',
      `--port=${port}`,
      '--log-level=error',
      ...(uiPort === undefined ? ['--headless'] : [`--ui-port=${uiPort}`]),
      ...(options.inMemory ? [] : ['--db-filename', join(stateDir, 'temporal.db')]),
      // Without these a file takes half as many workflows a second.
      ...(options.inMemory ? [] : ['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL']),
      ...searchAttributes.flatMap((attribute) => ['--search-attribute', `${attribute}=Keyword`]),
      ...namespaces.flatMap((namespace) => ['--namespace', namespace]),
      ...Object.entries(DYNAMIC_CONFIG).flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${JSON.stringify(value)}`]),
    ],
    stateDir,
    ready: async () => {
      // gRPC waits a second before it tries again; a bare connection doesn't.
      await reach(port, { speaksFirst: false });
      await answers(address, ['default', ...namespaces]);
    },
    // In memory there is nothing to be written down in that second.
    ...(options.inMemory && { stopWithin: 0 }),
    ...(log && { log }),
  });
  return {
    address,
    port,
    uiUrl: uiPort === undefined ? undefined : `http://127.0.0.1:${uiPort}`,
    pid: server.pid,
    async stop() {
      await server.stop();
      releasePort(port);
      if (uiPort !== undefined) releasePort(uiPort);
    },
  };
}

/** Asks for the last namespace and its search attributes; adds those that a state of an earlier version lacks. */
async function answers(address: string, namespaces: string[]): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: '2s' });
  try {
    await connection.workflowService.describeNamespace({ namespace: namespaces.at(-1) ?? 'default' });
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
    const missing = searchAttributes.filter((attribute) => !(attribute in customAttributes));
    if (missing.length > 0) {
      const searchAttributes = Object.fromEntries(missing.map((attribute) => [attribute, KEYWORD]));
      await connection.operatorService.addSearchAttributes({ namespace: 'default', searchAttributes });
    }
  } finally {
    await connection.close();
  }
}
