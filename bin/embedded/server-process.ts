// One private server as a child process: started, waited for, stopped, and never left behind for good.
import { spawn } from 'node:child_process';
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processIdentity } from './identity.ts';

/** A line for whoever watches the start: what was left behind and stopped, where mail is kept. */
export type Log = (line: string) => void;

export interface ServerProcessOptions {
  /** What messages call it; also the name of its log and pid file in stateDir. */
  name: string;
  command: string;
  args: string[];
  /** Has been made with makeStateFolder. */
  stateDir: string;
  /** A folder outside stateDir that the server needs while it runs; deleted when it stops. */
  scratch?: string;
  /** Resolves when the server answers a real request; a rejection means "not yet". */
  ready: () => Promise<void>;
  /** Milliseconds until a start counts as failed; default 60 s. */
  startWithin?: number;
  /** Milliseconds from SIGTERM to SIGKILL; default 15 s. */
  stopWithin?: number;
  /** Called when the server ends although nobody stopped it. */
  onEnd?: ((why: string) => void) | undefined;
  log?: Log;
}

export interface ServerProcess {
  pid: number;
  /** Stops the server and its children; a second call waits for the first. */
  stop(): Promise<void>;
}

interface PidFile {
  pid: number;
  identity: string;
  owner: number;
  ownerIdentity: string | undefined;
  scratch: string | undefined;
}

const POLL_MS = 25;
const running = new Set<number>();

/** Makes a server's state folder with this mode; folders above it that are made on the way get the usual one. */
export function makeStateFolder(path: string, mode: 0o700 | 0o711): void {
  mkdirSync(path, { recursive: true });
  chmodSync(path, mode);
}

/**
 * Stops what an earlier run left in stateDir under this name (kill -9 of the parent leaves servers behind). Call it
 * before choosing a port. Throws when the process that started the server still lives: two may not share a state.
 */
export async function stopLeftBehind(name: string, stateDir: string, log?: Log): Promise<void> {
  const file = readPidFile(name, stateDir);
  if (!file) return;
  if (processIdentity(file.pid) === file.identity) {
    const ownerLives = file.ownerIdentity !== undefined && processIdentity(file.owner) === file.ownerIdentity;
    if (ownerLives) throw new Error(`${name} in ${stateDir} already runs, started by process ${file.owner}: stop that one first`);
    log?.(`stopping the ${name} that an earlier run left behind (process ${file.pid})`);
    await end(file.pid, file.identity, 15_000);
  }
  forget(name, stateDir, file.scratch);
}

/**
 * Starts a server in a process group of its own (so that Ctrl-C reaches Beadle, which stops its servers last) and
 * waits until it is ready. Rejects with the end of its log when it exits or isn't ready in time.
 */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const { name, stateDir, startWithin = 60_000, stopWithin = 15_000 } = options;
  await stopLeftBehind(name, stateDir, options.log);

  const logPath = join(stateDir, `${name}.log`);
  if (existsSync(logPath)) renameSync(logPath, `${logPath}.1`);
  const logFile = openSync(logPath, 'a', 0o600);
  const child = spawn(options.command, options.args, {
    detached: true,
    stdio: ['ignore', logFile, logFile],
    cwd: stateDir,
  });
  closeSync(logFile);
  let ended: string | undefined;
  child.once('error', (error) => (ended = error.message));
  child.once('exit', (code, signal) => (ended ??= signal ? `ended by ${signal}` : `exited with ${code}`));

  const { pid } = child;
  const identity = pid === undefined ? undefined : processIdentity(pid);
  if (pid === undefined || identity === undefined) {
    await sleep(POLL_MS);
    forget(name, stateDir, options.scratch);
    throw new Error(`${name} didn't start: ${ended ?? 'it ended at once'} (${options.command})${logTail(logPath)}`);
  }
  const owner = { owner: process.pid, ownerIdentity: processIdentity(process.pid) };
  writePidFile(name, stateDir, { pid, identity, ...owner, scratch: options.scratch });
  running.add(pid);
  guardAgainstOrphans();
  child.unref();

  const stop = async (): Promise<void> => {
    await end(pid, identity, stopWithin);
    running.delete(pid);
    forget(name, stateDir, options.scratch);
  };
  let stopping: Promise<void> | undefined;
  const stopOnce = (): Promise<void> => (stopping ??= stop());

  const deadline = performance.now() + startWithin;
  let notYet: unknown;
  while (ended === undefined && performance.now() < deadline) {
    try {
      await options.ready();
      child.once('exit', () => {
        if (!stopping) options.onEnd?.(`${name} ${ended}`);
      });
      return { pid, stop: stopOnce };
    } catch (error) {
      notYet = error;
      await sleep(POLL_MS);
    }
  }
  await stopOnce();
  const why = ended ?? `not ready after ${startWithin / 1000} s (${notYet instanceof Error ? notYet.message : String(notYet)})`;
  throw new Error(`${name} didn't start: ${why}${logTail(logPath)}`);
}

/** Asks a process group to end and makes it end when it doesn't. */
async function end(pid: number, identity: string, within: number): Promise<void> {
  signalGroup(pid, 'SIGTERM');
  const deadline = performance.now() + within;
  while (processIdentity(pid) === identity) {
    if (performance.now() > deadline) signalGroup(pid, 'SIGKILL');
    await sleep(POLL_MS);
  }
  // Whatever the server itself had started and not ended.
  signalGroup(pid, 'SIGKILL');
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody of that group is left.
  }
}

let guarded = false;

/** When this process exits without having called stop(), its servers go with it. */
function guardAgainstOrphans(): void {
  if (guarded) return;
  guarded = true;
  process.on('exit', () => running.forEach((pid) => signalGroup(pid, 'SIGTERM')));
}

/**
 * Makes SIGINT, SIGTERM and SIGHUP end this process by way of its exit handlers, and so its servers. For programs
 * without a shutdown of their own.
 */
export function exitOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
}

function pidFilePath(name: string, stateDir: string): string {
  return join(stateDir, `${name}.pid.json`);
}

function writePidFile(name: string, stateDir: string, content: PidFile): void {
  writeFileSync(pidFilePath(name, stateDir), JSON.stringify(content), { mode: 0o600 });
}

function forget(name: string, stateDir: string, scratch: string | undefined): void {
  if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
  rmSync(pidFilePath(name, stateDir), { force: true });
}

function readPidFile(name: string, stateDir: string): PidFile | undefined {
  try {
    return JSON.parse(readFileSync(pidFilePath(name, stateDir), 'utf8')) as PidFile;
  } catch {
    return undefined;
  }
}

function logTail(path: string): string {
  const tail = readFileSync(path, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
  return tail === '' ? '' : `\n--- end of ${path} ---\n${tail}`;
}
