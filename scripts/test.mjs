// npm test: lint, types, unused code, then Jest; further arguments go to Jest (npm test -- test/domain).
// With CI_RESULT=FILE Jest also writes its result there as JSON.
import { spawn } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const jestArguments = process.argv.slice(2);

const CHECKS = [
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings']],
  ['types', 'tsc', ['--noEmit']],
  ['types of the pages', 'tsc', ['--noEmit', '-p', 'web']],
  ['unused code', 'knip', []],
];

let running;
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    interrupted = true;
    running?.kill(signal);
  });
}

// Checks don't keep the tests from running: one run shows everything that is wrong.
const failed = [];
for (const [name, program, args] of CHECKS) {
  if ((await run(program, args)) !== 0) failed.push(name);
}
const resultFile = process.env.CI_RESULT;
const resultArguments = resultFile ? ['--json', `--outputFile=${resultFile}`] : [];
const nodeOptions = `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`.trim();
const code = await run('jest', ['--config', 'jest.config.mjs', ...resultArguments, ...jestArguments], { NODE_OPTIONS: nodeOptions });

if (failed.length > 0) process.stderr.write(`Failed besides the tests: ${failed.join(', ')}\n`);
process.exitCode = code !== 0 ? code : Math.min(failed.length, 1);

/** Runs one of node_modules/.bin under this Node; resolves with its exit code. */
function run(program, args, env = {}) {
  if (interrupted) return Promise.resolve(1);
  return new Promise((done) => {
    const path = join(project, 'node_modules', '.bin', program);
    running = spawn(path, args, { cwd: project, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } });
    running.on('error', (error) => {
      process.stderr.write(`${program}: ${error.message}\n`);
      done(1);
    });
    running.on('close', (exitCode, signal) => done(signal ? 1 : exitCode));
  });
}
