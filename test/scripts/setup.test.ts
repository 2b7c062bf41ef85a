// Set-up of a fresh machine: which commands it calls, and what it says when it may not.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { FakeMachine } from './fake-machine.ts';

const INSTALLERS = ['npm', 'apt-get', 'go', 'mvn'];
const ROOT = 0;
const SOMEBODY = 1000;

let machine: FakeMachine;
afterEach(() => machine.remove());

function machineWith(programs: string[], user: number): FakeMachine {
  machine = new FakeMachine(programs, user);
  return machine;
}

/** Serves an archive with a program named temporal, as the official download does. */
async function servingTemporal<T>(work: (url: string) => Promise<T>): Promise<T> {
  const folder = join(machine.project, 'served');
  mkdirSync(folder);
  writeFileSync(join(folder, 'temporal'), '#!/bin/sh\necho downloaded\n', { mode: 0o755 });
  spawnSync('tar', ['-czf', join(folder, 'archive'), '-C', folder, 'temporal']);
  const server = createServer((_request, response) => response.end(readFileSync(join(folder, 'archive'))));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
  }
}

describe('D9 set-up of a fresh machine', () => {
  test('as root brings everything, each once, and the second time does and says nothing', async () => {
    machineWith(INSTALLERS, ROOT);
    const first = await machine.setUp('--test');
    expect(first.code).toBe(0);
    expect(first.stdout).toBe('');
    expect(machine.calls().map((call) => call.split(' -D')[0])).toEqual([
      'apt-get update -qq',
      'apt-get install -y -qq --no-install-recommends mariadb-server-core mariadb-client-core dovecot-imapd chromium',
      'npm ci --no-audit --no-fund --loglevel=error',
      'go install -v github.com/temporalio/cli/cmd/temporal@v1.5.1',
      'mvn -q -B dependency:copy-dependencies',
      'mvn -q -B dependency:unpack',
    ]);
    expect(await machine.setUp('--test')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(machine.calls()).toEqual([]);
  });

  test('for npm start leaves out what only tests need', async () => {
    machineWith(INSTALLERS, ROOT);
    expect((await machine.setUp('--start')).code).toBe(0);
    const calls = machine.calls().join('\n');
    expect(calls).not.toContain('chromium');
    expect(calls).not.toContain('mvn');
  });

  test('for a single command brings the packages alone', async () => {
    machineWith(INSTALLERS, ROOT);
    expect((await machine.setUp('--packages')).code).toBe(0);
    expect(machine.calls()).toEqual(['npm ci --no-audit --no-fund --loglevel=error']);
  });

  test('keeps services that apt would start at boot from starting', async () => {
    machineWith([...INSTALLERS, 'systemctl'], ROOT);
    await machine.setUp('--start');
    expect(machine.calls()).toContain('systemctl disable --quiet dovecot.service dovecot.socket');
  });

  test('names the command for what it may not install, and fails where there is no going on', async () => {
    machineWith(['npm', 'apt-get'], SOMEBODY);
    const { code, stderr } = await machine.setUp('--start');
    expect(code).toBe(1);
    expect(machine.calls()).toEqual(['npm ci --no-audit --no-fund --loglevel=error']);
    expect(stderr).toContain('sudo apt-get install mariadb-server-core mariadb-client-core');
    expect(stderr).toContain('sudo apt-get install dovecot-imapd');
    expect(stderr).toContain('TEMPORAL_ADDRESS');
    expect(stderr).not.toContain('chromium');
  });

  test('uses servers that are there, MySQL as well as MariaDB', async () => {
    machineWith(['npm', 'mysqld', 'dovecot', 'temporal'], SOMEBODY);
    expect((await machine.setUp('--start')).code).toBe(0);
    expect(machine.calls()).toEqual(['npm ci --no-audit --no-fund --loglevel=error']);
  });

  test('needs no embedded server for what .env names', async () => {
    machineWith(['npm', 'apt-get'], SOMEBODY);
    machine.writeFile('.env', '# real ones\nDATABASE_URL="mysql://a:b@db/beadle"\nTEMPORAL_ADDRESS=temporal:7233\nexport IMAP_HOST=imap.campus.example\n');
    const { code, stderr } = await machine.setUp('--start');
    expect(code).toBe(0);
    expect(stderr).not.toContain('Missing');
  });
});

describe('D9 npm packages', () => {
  test('come again when package-lock.json changes', async () => {
    machineWith(['npm'], SOMEBODY);
    await machine.setUp('--packages');
    machine.writeLock({ packages: { '': {}, 'node_modules/one': { version: '2.0.0', integrity: 'sha512-b' } } });
    machine.calls();
    await machine.setUp('--packages');
    expect(machine.calls()).toEqual(['npm ci --no-audit --no-fund --loglevel=error']);
  });

  test("don't come again after somebody's npm install brought the same", async () => {
    machineWith(['npm'], SOMEBODY);
    await machine.setUp('--packages');
    const lock = { packages: { '': {}, 'node_modules/one': { version: '2.0.0', integrity: 'sha512-b' }, 'node_modules/mac': { version: '1.0.0', optional: true } } };
    machine.writeLock(lock);
    const { 'node_modules/mac': _absent, ...installed } = lock.packages;
    machine.writeFile('node_modules/.package-lock.json', JSON.stringify({ packages: installed }));
    machine.calls();
    expect(await machine.setUp('--packages')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(machine.calls()).toEqual([]);
  });

  test.each(['', '1.0.0'])('come by npm install when only optional packages of other platforms are missing (version "%s")', async (version) => {
    machineWith(['npm'], SOMEBODY);
    machine.refuseClean([`other-platform@${version}`]);
    machine.writeLock({ packages: { 'node_modules/one': { version: '1.0.0', optionalDependencies: { 'other-platform': '1.0.0' } } } });
    expect((await machine.setUp('--packages')).code).toBe(0);
    expect(machine.calls().map((call) => call.split(' --')[0])).toEqual(['npm ci', 'npm install']);
  });

  test("don't come when package-lock.json lags behind package.json", async () => {
    machineWith(['npm'], SOMEBODY);
    machine.refuseClean(['wanted@2.0.0', 'other-platform@1.0.0']);
    machine.writeLock({ packages: { 'node_modules/one': { version: '1.0.0', optionalDependencies: { 'other-platform': '1.0.0' } } } });
    const { code, stderr } = await machine.setUp('--packages');
    expect(code).toBe(1);
    expect(stderr).toContain('Missing: wanted@2.0.0 from lock file');
  });

  test('fail when no Node 24 comes with them', async () => {
    machineWith([], SOMEBODY);
    machine.addProgram('npm', 'mkdir -p node_modules/.bin');
    const { code, stderr } = await machine.setUp('--packages');
    expect(code).toBe(1);
    expect(stderr).toContain("isn't Node 24");
    expect(machine.calls()).toContain('npm rebuild node --ignore-scripts=false');
  });
});

describe("D9 Temporal's server", () => {
  test('is downloaded where the network allows, and then not built', async () => {
    machineWith(['npm', 'go', 'mysqld', 'dovecot'], SOMEBODY);
    const { code } = await servingTemporal((url) => machine.setUp('--start', { BEADLE_TEMPORAL_DOWNLOAD: url }));
    expect(code).toBe(0);
    expect(machine.calls()).toEqual(['npm ci --no-audit --no-fund --loglevel=error']);
    expect(readFileSync(machine.cache('temporal-cli-1.5.1', 'temporal'), 'utf8')).toContain('downloaded');
  });

  test('leaves nothing behind when its build fails, and is tried again the next time', async () => {
    machineWith(['npm', 'mysqld', 'dovecot'], SOMEBODY);
    machine.addProgram('go', 'echo "go: no such module" >&2; exit 1');
    const { code, stderr } = await machine.setUp('--start');
    expect(code).toBe(1);
    expect(stderr).toContain('go: no such module');
    expect(existsSync(machine.cache('temporal-cli-1.5.1'))).toBe(false);
    await machine.setUp('--start');
    expect(machine.calls().filter((call) => call.startsWith('go'))).toHaveLength(2);
  });
});

describe('D9 two set-ups at once', () => {
  test('do the work once: the second waits', async () => {
    machineWith(['npm'], SOMEBODY);
    machine.holdUpNpm('somebody-waits');
    const onStderr = (said: string): void => {
      if (said.includes('Waiting for another set-up')) machine.writeFile('somebody-waits', '');
    };
    const both = await Promise.all([machine.setUp('--packages', {}, onStderr), machine.setUp('--packages', {}, onStderr)]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(machine.calls()).toHaveLength(1);
    expect(both.filter(({ stderr }) => stderr.includes('Waiting for another set-up'))).toHaveLength(1);
  });

  test('the lock of one that was killed is taken over', async () => {
    machineWith(['npm'], SOMEBODY);
    const dead = spawnSync('true').pid;
    mkdirSync(machine.cache(), { recursive: true });
    writeFileSync(machine.cache('setup.lock'), String(dead));
    expect((await machine.setUp('--packages')).code).toBe(0);
    expect(existsSync(machine.cache('setup.lock'))).toBe(false);
  });
});
