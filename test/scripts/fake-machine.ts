// A machine to try set-up on: a copy of the scripts in a temporary project, and a PATH whose programs write down that
// they were called and then do what the real ones would.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const REAL_TOOLS = ['sh', 'tar', 'gzip', 'mkdir', 'cp', 'chmod', 'cat', 'sleep', 'dirname'];
const REAL_FOLDERS = ['/usr/bin', '/bin'];

const LOCK = { packages: { '': {}, 'node_modules/one': { version: '1.0.0', integrity: 'sha512-a' } } };

/** A program that does nothing; what apt, Go and the download bring on this machine. */
const EMPTY = '#!/bin/sh\nexit 0\n';

const PROGRAMS: Record<string, string> = {
  'npm': `mkdir -p node_modules/.bin
    printf '#!/bin/sh\\necho v24.0.0\\n' > node_modules/.bin/node; chmod +x node_modules/.bin/node
    cp package-lock.json node_modules/.package-lock.json
    echo "npm's chatter"`,
  'apt-get': `[ "$1" = install ] || exit 0
    for name in "$@"; do case $name in
      mariadb-server-core) cp empty "$BIN/mariadbd"; cp empty "$BIN/mariadb-install-db";;
      dovecot-imapd) cp empty "$BIN/dovecot";;
      chromium) cp empty "$BIN/chromium";;
    esac; done`,
  'go': 'mkdir -p "$GOBIN"; cp "$PROJECT/empty" "$GOBIN/temporal"',
  'mvn': `for argument in "$@"; do case $argument in -DoutputDirectory=*) out=\${argument#*=};; esac; done
    mkdir -p "$out/bin"; cp "$PROJECT/empty" "$out/bin/mysqld"
    tar -czf "$out/mysql-Linux-amd64.tar.gz" -C "$out" bin`,
};

export interface SetupRun {
  code: number;
  stdout: string;
  stderr: string;
}

export class FakeMachine {
  readonly project = mkdtempSync(join(tmpdir(), 'beadle-setup-test-'));
  readonly #bin = join(this.project, 'bin');
  readonly #calls = join(this.project, 'calls');

  /** `programs`: the installers that the machine has; `user`: 0 is root. */
  constructor(programs: string[], user: number) {
    cpSync(join(import.meta.dirname, '../../scripts'), join(this.project, 'scripts'), { recursive: true });
    mkdirSync(this.#bin);
    writeFileSync(join(this.project, 'package.json'), JSON.stringify({ type: 'module', devDependencies: { node: '24.0.0' } }));
    this.writeLock(LOCK);
    writeFileSync(join(this.project, 'empty'), EMPTY, { mode: 0o755 });
    for (const tool of REAL_TOOLS) {
      const real = REAL_FOLDERS.map((folder) => join(folder, tool)).find(existsSync);
      if (real) symlinkSync(real, join(this.#bin, tool));
    }
    this.addProgram('id', `echo ${user}`);
    for (const name of programs) this.addProgram(name, PROGRAMS[name] ?? 'exit 0');
  }

  /** Puts a program onto PATH; a given name replaces the one that is there. */
  addProgram(name: string, body: string): void {
    const note = name === 'id' ? '' : `echo "${name} $*" >> "$CALLS"\n`;
    writeFileSync(join(this.#bin, name), `#!/bin/sh\n${note}${body}\n`, { mode: 0o755 });
  }

  /** Makes npm ci object to packages that the lock file lacks, in npm's words. */
  refuseClean(missing: string[]): void {
    const objections = missing.map((name) => `echo "npm error Missing: ${name} from lock file" >&2`).join('\n');
    this.addProgram('npm', `if [ "$1" = ci ]; then\n${objections}\nexit 1; fi\n${PROGRAMS.npm}`);
  }

  /** Makes npm wait until the project has a file of this name. */
  holdUpNpm(until: string): void {
    this.addProgram('npm', `while [ ! -e ${until} ]; do sleep 0.02; done\n${PROGRAMS.npm}`);
  }

  writeLock(lock: object): void {
    writeFileSync(join(this.project, 'package-lock.json'), JSON.stringify(lock));
  }

  writeFile(name: string, content: string): void {
    writeFileSync(join(this.project, name), content);
  }

  /** The file's whole path in the machine's cache folder. */
  cache(...path: string[]): string {
    return join(this.project, 'cache', 'beadle', ...path);
  }

  setUp(aim: '--packages' | '--start' | '--test', more: Record<string, string> = {}, onStderr?: (said: string) => void): Promise<SetupRun> {
    const env = {
      PATH: this.#bin,
      BIN: this.#bin,
      CALLS: this.#calls,
      PROJECT: this.project,
      HOME: this.project,
      XDG_CACHE_HOME: join(this.project, 'cache'),
      BEADLE_SERVER_FOLDERS: '',
      // Nobody listens on port 1: the download fails at once.
      BEADLE_TEMPORAL_DOWNLOAD: 'http://127.0.0.1:1',
      ...more,
    };
    return new Promise((resolve) => {
      const child = spawn(process.execPath, [join(this.project, 'scripts', 'setup.mjs'), aim], { cwd: this.project, env });
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
      child.stderr.on('data', (data: Buffer) => {
        stderr += data.toString();
        onStderr?.(stderr);
      });
      child.on('close', (code) => resolve({ code: code ?? -1, stdout, stderr }));
    });
  }

  /** The calls since the last time this was asked, each with its arguments. */
  calls(): string[] {
    if (!existsSync(this.#calls)) return [];
    const lines = readFileSync(this.#calls, 'utf8').trim().split('\n');
    rmSync(this.#calls);
    return lines;
  }

  remove(): void {
    rmSync(this.project, { recursive: true, force: true });
  }
}
