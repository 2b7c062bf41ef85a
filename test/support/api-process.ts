// `beadle api` as a process of its own, which can be killed.
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '../../bin/embedded/port.ts';
import { endChild } from './worker-process.ts';

const BEADLE = fileURLToPath(new URL('../../bin/beadle.ts', import.meta.url));
const FIRST_PORT = 18_420;

export interface ApiProcess {
  readonly url: string;
  readonly pid: number;
  /** Resolves when it has ended. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Starts the API with these variables; resolves when it answers. Its output goes to api.log in `stateDir`. */
export async function startApiProcess(stateDir: string, environment: Record<string, string>): Promise<ApiProcess> {
  const port = await findFreePort(FIRST_PORT);
  const logPath = join(stateDir, 'api.log');
  const log = openSync(logPath, 'a');
  const child = spawn(process.execPath, ['--no-memory-reducer', BEADLE, 'api'], {
    cwd: stateDir, stdio: ['ignore', log, log],
    env: { PATH: process.env.PATH, BEADLE_STATE: stateDir, API_HOST: '127.0.0.1', API_PORT: String(port), ...environment },
  });
  closeSync(log);
  const url = `http://127.0.0.1:${port}`;
  while (!(await fetch(`${url}/health`).then(({ ok }) => ok, () => false))) {
    if (child.exitCode !== null) throw new Error(`the API ended: ${await readFile(logPath, 'utf8')}`);
    await sleep(50);
  }
  return {
    url,
    pid: child.pid!,
    end: (signal) => endChild(child, signal),
  };
}
