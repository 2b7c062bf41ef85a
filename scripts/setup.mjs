// Brings what a fresh machine lacks; quick and silent when nothing is missing. Plain JavaScript, for Node 18 and up:
// it runs before there are packages. It talks on standard error only.
//   node scripts/setup.mjs --packages | --start | --test
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installWithApt, mayInstall } from './setup/apt.mjs';
import { chromium } from './setup/chromium.mjs';
import { say } from './setup/commands.mjs';
import { dovecot } from './setup/dovecot.mjs';
import { readEnvironment } from './setup/environment.mjs';
import { withLock } from './setup/lock.mjs';
import { mysql } from './setup/mysql.mjs';
import { mysql8 } from './setup/mysql8.mjs';
import { packages } from './setup/packages.mjs';
import { cacheFolder } from './setup/places.mjs';
import { temporal } from './setup/temporal.mjs';
import { timeSkipping } from './setup/time-skipping.mjs';

/**
 * A part: `name`; `aims` it is needed for; `essential` (without it there is no going on); `isThere(context)`;
 * what brings it, `apt` packages (and the system `units` they would start) or `bring(context)`; and the `advice` for when that isn't possible.
 */
const PARTS = [packages, mysql, dovecot, chromium, temporal, timeSkipping, mysql8];

const project = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const env = readEnvironment(project);
const aim = (process.argv[2] || '--test').replace(/^--/, '');
const context = { project, env, aim };

const parts = PARTS.filter((part) => part.aims.includes(aim));
if (parts.length === 0) {
  say('usage: node scripts/setup.mjs --packages | --start | --test');
  process.exit(2);
}
if (missing().length > 0) await withLock(cacheFolder(env), bringMissing);

const stillMissing = missing();
for (const part of stillMissing) say(`Missing: ${part.name}. To get it: ${part.advice}`);
process.exitCode = stillMissing.some((part) => part.essential) ? 1 : 0;

function missing() {
  return parts.filter((part) => !part.isThere(context));
}

/** Under the lock what was missing may have come: each part is asked again. */
async function bringMissing() {
  const byApt = missing().filter((part) => part.apt);
  if (byApt.length > 0 && (await mayInstall(env))) {
    const units = byApt.flatMap((part) => part.units || []);
    await attempt('apt', () => installWithApt(byApt.flatMap((part) => part.apt), units, env));
  }
  for (const part of missing().filter((candidate) => candidate.bring)) {
    await attempt(part.name, () => part.bring(context));
  }
}

/** A part that can't be brought must not keep the others away: what is missing in the end is said in the end. */
async function attempt(name, work) {
  try {
    await work();
  } catch (error) {
    say(`${name}: ${error.message}`);
  }
}
