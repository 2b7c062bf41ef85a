// Finds the private Dovecot a folder for mail that its own user can reach.
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { chownSync, lstatSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Log } from './server-process.ts';

const OPEN_TO_OTHERS = 0o001;

/**
 * The mail folder for a state folder, made if need be. It is stateDir/mail, unless Beadle runs as root and a folder
 * above is closed to Dovecot's user (a 0700 home): then one below /var/tmp that stays the same for this stateDir.
 */
export function reachableMailFolder(stateDir: string, log?: Log): string {
  const asRoot = process.getuid?.() === 0;
  const own = join(stateDir, 'mail');
  if (!asRoot) {
    mkdirSync(own, { recursive: true, mode: 0o700 });
    return own;
  }
  const folder = isOpenToOthers(stateDir) ? own : folderElsewhere(stateDir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, gid } = dovecotUser();
  const found = lstatSync(folder);
  // /var/tmp belongs to everyone: somebody else may have put a folder or a link there.
  if (!found.isDirectory() || ![0, uid].includes(found.uid)) throw new Error(`${folder} isn't Beadle's own folder: remove it`);
  chownSync(folder, uid, gid);
  if (folder !== own) log?.(`mail is kept in ${folder}: the mail server's user can't reach ${stateDir}`);
  return folder;
}

function isOpenToOthers(path: string): boolean {
  let folder = resolve(path);
  for (;;) {
    if ((statSync(folder).mode & OPEN_TO_OTHERS) === 0) return false;
    const above = dirname(folder);
    if (above === folder) return true;
    folder = above;
  }
}

function folderElsewhere(stateDir: string): string {
  const name = createHash('sha256').update(resolve(stateDir)).digest('hex').slice(0, 16);
  return join('/var/tmp', `beadle-mail-${name}`);
}

function dovecotUser(): { uid: number; gid: number } {
  const numeric = (flag: string): number => Number(execFileSync('id', [flag, 'dovecot'], { encoding: 'utf8' }));
  return { uid: numeric('-u'), gid: numeric('-g') };
}
