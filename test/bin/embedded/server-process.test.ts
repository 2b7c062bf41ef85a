// What becomes of a private server when the process that started it goes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { processIdentity } from '../../../bin/embedded/identity.ts';
import { startServerProcess } from '../../../bin/embedded/server-process.ts';

const MODULE = pathToFileURL(join(import.meta.dirname, '../../../bin/embedded/server-process.ts')).href;

let stateDir: string;
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'beadle-process-test-'));
});
afterEach(() => rm(stateDir, { recursive: true, force: true }));

/** Starts a process that starts a server (here: sleep), prints its process number, and then does as told. */
async function parent(andThen: string): Promise<{ serverPid: number; gone: Promise<unknown>; kill: (signal: NodeJS.Signals) => void }> {
  const script = join(stateDir, 'parent.ts');
  await writeFile(
    script,
    `import { exitOnSignals, startServerProcess } from ${JSON.stringify(MODULE)};
     exitOnSignals();
     const server = await startServerProcess({
       name: 'sleeper', command: 'sleep', args: ['600'], stateDir: ${JSON.stringify(stateDir)}, ready: async () => undefined,
     });
     console.log(server.pid);
     ${andThen}`,
  );
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { serverPid: Number(line.toString()), gone, kill: (signal) => child.kill(signal) };
}

async function isGone(pid: number): Promise<true> {
  while (processIdentity(pid) !== undefined) await sleep(10);
  return true;
}

const waitForever = 'setInterval(() => undefined, 1000);';
const sleeper = { name: 'sleeper', command: 'sleep', args: ['600'], ready: async () => undefined };

describe('D9 nothing is left behind', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s to the parent ends the server too', async (signal) => {
    const { serverPid, gone, kill } = await parent(waitForever);
    kill(signal);
    await gone;
    expect(await isGone(serverPid)).toBe(true);
  });

  test('a parent that throws takes the server with it', async () => {
    const { serverPid, gone } = await parent('process.exit(1);');
    await gone;
    expect(await isGone(serverPid)).toBe(true);
  });

  test('what a kill -9 of the parent left is stopped at the next start', async () => {
    const { serverPid, gone, kill } = await parent(waitForever);
    kill('SIGKILL');
    await gone;
    expect(processIdentity(serverPid)).toBeDefined();

    const said: string[] = [];
    const next = await startServerProcess({ ...sleeper, stateDir, log: (line) => said.push(line) });
    expect(processIdentity(serverPid)).toBeUndefined();
    expect(said.join()).toContain(String(serverPid));
    await next.stop();
  });

  test('a pid file whose number now means another process ends nobody', async () => {
    const bystander = spawn('sleep', ['600']);
    const content = { pid: bystander.pid, identity: 'of an earlier process', owner: 1, ownerIdentity: 'gone' };
    await writeFile(join(stateDir, 'sleeper.pid.json'), JSON.stringify(content));
    const server = await startServerProcess({ ...sleeper, stateDir });
    expect(processIdentity(bystander.pid ?? 0)).toBeDefined();
    bystander.kill();
    await server.stop();
  });

  test('a server that ends at once is an error with the end of its log', async () => {
    const start = startServerProcess({
      name: 'talker',
      command: 'sh',
      args: ['-c', 'echo the disk is full; sleep 0.1; exit 3'],
      stateDir,
      ready: () => Promise.reject(new Error('not yet')),
    });
    await expect(start).rejects.toThrow(/exited with 3[\s\S]*the disk is full/);
    expect(await readFile(join(stateDir, 'talker.log'), 'utf8')).toContain('the disk is full');
  });

  test('a server that ignores SIGTERM is killed', async () => {
    const stubborn = await startServerProcess({
      name: 'stubborn',
      command: 'sh',
      args: ['-c', 'trap "" TERM; touch ready; while :; do sleep 0.05; done'],
      stateDir,
      ready: async () => void (await readFile(join(stateDir, 'ready'))),
      stopWithin: 100,
    });
    await stubborn.stop();
    expect(processIdentity(stubborn.pid)).toBeUndefined();
  });
});
