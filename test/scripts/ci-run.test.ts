// .ci/run: the counts on its last line and its exit code, whatever becomes of npm test.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'beadle-ci-test-'));
  mkdirSync(join(folder, 'bin'));
  cpSync(join(import.meta.dirname, '../../.ci'), join(folder, '.ci'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs it with an npm that does as told. */
function runWithNpm(body: string): { code: number | null; lastLine: string | undefined } {
  writeFileSync(join(folder, 'bin', 'npm'), `#!/bin/sh\n[ "$*" = test ] || exit 99\n${body}\n`, { mode: 0o755 });
  const path = [join(folder, 'bin'), process.env.PATH].join(delimiter);
  const { status, stdout } = spawnSync(join(folder, '.ci', 'run'), { env: { ...process.env, PATH: path }, encoding: 'utf8' });
  return { code: status, lastLine: stdout.trim().split('\n').at(-1) };
}

function result(passed: number, failed: number, brokenFiles = 0): string {
  const json = JSON.stringify({ numPassedTests: passed, numFailedTests: failed, numRuntimeErrorTestSuites: brokenFiles });
  return `echo '${json}' > "$CI_RESULT"`;
}

describe('the CI run', () => {
  test.each([
    ['all tests pass', `${result(7, 0)}; exit 0`, 0, '7 passed, 0 failed'],
    ['tests fail', `${result(5, 2)}; exit 1`, 1, '5 passed, 2 failed'],
    ['a test file does not load', `${result(5, 0, 1)}; exit 1`, 1, '5 passed, 1 failed'],
    ['only a check besides the tests fails', `${result(7, 0)}; exit 1`, 1, '7 passed, 1 failed'],
    ['npm test ends before there is a result', 'exit 3', 3, '0 passed, 1 failed'],
  ])('when %s', (_when, npm, code, lastLine) => {
    expect(runWithNpm(npm)).toEqual({ code, lastLine });
  });
});
