// Running other programs for set-up: their output goes to standard error, so that `npm run --silent` stays clean.
import { spawn } from 'node:child_process';

/** Says something to whoever waits, on standard error. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Runs a program to its end with its output on standard error. Throws when it fails.
 * `onLine`: takes the output line by line instead.
 */
export function run(command, args, { cwd, env = process.env, onLine } = {}) {
  return new Promise((resolve, reject) => {
    const output = onLine ? 'pipe' : 2;
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', output, output] });
    if (onLine) {
      child.stdout.on('data', (data) => String(data).split('\n').filter(Boolean).forEach(onLine));
      child.stderr.on('data', (data) => String(data).split('\n').filter(Boolean).forEach(onLine));
    }
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${command} ${args.join(' ')} ended with ${code}`))));
  });
}

/** What a program says on standard output; undefined when it fails or isn't there. */
export function output(command, args, env = process.env) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
    let said = '';
    child.stdout.on('data', (data) => (said += data));
    child.on('error', () => resolve(undefined));
    child.on('close', (code) => resolve(code === 0 ? said.trim() : undefined));
  });
}
