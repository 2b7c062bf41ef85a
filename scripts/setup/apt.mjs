// Debian packages: all that are missing in one installation, without starting any service.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { output, run, say } from './commands.mjs';
import { findProgram } from './places.mjs';

/** Asked by Debian's installation scripts before they start a service; 101 means no. */
const POLICY = '/usr/sbin/policy-rc.d';

/** Whether packages may be installed here: apt is there, and we are root. */
export async function mayInstall(env) {
  return findProgram(['apt-get'], { env }) !== undefined && (await output('id', ['-u'], env)) === '0';
}

/**
 * Installs the packages. The servers among them are for private instances: none is started now, and the `units` that
 * they bring aren't started at the next boot.
 */
export async function installWithApt(names, units, env) {
  say(`Installing ${names.join(', ')} with apt …`);
  const quiet = { ...env, DEBIAN_FRONTEND: 'noninteractive' };
  const removePolicy = forbidStarts();
  try {
    await run('apt-get', ['update', '-qq'], { env: quiet });
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], { env: quiet });
  } finally {
    removePolicy();
  }
  if (units.length > 0 && findProgram(['systemctl'], { env })) {
    // Where systemd isn't running there is nothing to switch off.
    await run('systemctl', ['disable', '--quiet', ...units], { env }).catch(() => undefined);
  }
}

function forbidStarts() {
  if (existsSync(POLICY)) return () => undefined;
  try {
    writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  } catch {
    return () => undefined;
  }
  return () => rmSync(POLICY, { force: true });
}
