// One set-up at a time for each user: a second one waits.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './commands.mjs';

const POLL_MS = 200;

/** Runs the work while holding the lock in the folder. A lock whose process is gone is taken over. */
export async function withLock(folder, work) {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'setup.lock');
  let told = false;
  while (!create(path)) {
    const holder = readHolder(path);
    if (holder !== undefined && !lives(holder)) takeAway(path, holder);
    else {
      if (!told) say(`Waiting for another set-up to end (process ${holder}; its lock is ${path}) …`);
      told = true;
      await sleep(POLL_MS);
    }
  }
  const release = () => rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

function create(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** The process that holds the lock; undefined while it is being written or has just gone. */
function readHolder(path) {
  try {
    return Number(readFileSync(path, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

function lives(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Of several that find a dead holder one takes the lock away; if it was a new one by then, it is put back. */
function takeAway(path, holder) {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    if (readHolder(aside) !== holder) renameSync(aside, path);
    else rmSync(aside, { force: true });
  } catch {
    // Another waiter was faster.
  }
}
