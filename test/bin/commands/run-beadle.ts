// Runs the command line as people do: a process of its own, in an empty folder, with the settings that a test gives it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TEST_SECRET_KEYS } from '../../support/context.ts';
import { takeNamespace } from '../../support/temporal.ts';

/** No test leaves a process behind. */
const LONGEST_MS = 60_000;

const BEADLE = fileURLToPath(new URL('../../../bin/beadle.ts', import.meta.url));

export type Settings = Record<string, string>;

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

export interface RunningBeadle {
  /** Resolves when standard output has a line like this. @throws Error with all output when it ends before */
  says(pattern: RegExp): Promise<void>;
  end(signal: NodeJS.Signals): Promise<Ended>;
}

/** Settings of an installation on the test run's servers, for a database. */
export function settingsFor(databaseUrl: string): Settings {
  const { address, namespace } = takeNamespace();
  return {
    DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace,
    SECRET_KEYS: TEST_SECRET_KEYS, TOKEN_SECRET: 'a secret under which these tests sign tokens',
  };
}

/** A folder with nothing in it: no .env of the developer reaches the command. */
const folder = mkdtempSync(join(tmpdir(), 'beadle-commands-'));

function spawnBeadle(args: string[], settings: Settings): { child: ChildProcess; ended: Promise<Ended>; output: () => Ended } {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [BEADLE, ...args], { cwd: folder, env: { PATH, HOME, ...settings }, timeout: LONGEST_MS });
  let [out, err] = ['', ''];
  child.stdout!.on('data', (data) => (out += String(data)));
  child.stderr!.on('data', (data) => (err += String(data)));
  const output = (): Ended => ({ code: child.exitCode, out, err });
  return { child, ended: once(child, 'close').then(output), output };
}

/** Runs a command to its end. */
export async function beadle(args: string[], settings: Settings = {}, input = ''): Promise<Ended> {
  const { child, ended } = spawnBeadle(args, settings);
  child.stdin!.end(input);
  return ended;
}

/** Starts a command that runs until it is told to stop. */
export function startBeadle(args: string[], settings: Settings): RunningBeadle {
  const { child, ended, output } = spawnBeadle(args, settings);
  return {
    async says(pattern) {
      while (!pattern.test(output().out)) {
        if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${output().out}${output().err}`);
        await Promise.race([once(child.stdout!, 'data'), ended]);
      }
    },
    async end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}
