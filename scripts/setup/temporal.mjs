// Temporal's server: one that runs already, its CLI on PATH or in the cache, the official download, or a build with Go.
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fillAside } from './aside.mjs';
import { output, run, say } from './commands.mjs';
import { TEMPORAL_CLI_VERSION, findProgram, isProgram, temporalCliPlace } from './places.mjs';

const DOWNLOAD = 'https://temporal.download/cli/archive';
const MODULE = `github.com/temporalio/cli/cmd/temporal@v${TEMPORAL_CLI_VERSION}`;
const GIVE_UP_MS = 5_000;
const PROGRESS_MS = 10_000;

export const temporal = {
  name: "Temporal's server",
  aims: ['start', 'test'],
  essential: true,
  advice: `brew install temporal, or install Go for go install ${MODULE}, or set TEMPORAL_ADDRESS=host:7233 in .env`,
  isThere({ env, aim }) {
    if (aim === 'start' && env.TEMPORAL_ADDRESS) return true;
    return findProgram(['temporal'], { env }) !== undefined || isProgram(temporalCliPlace(env).program);
  },
  async bring({ env }) {
    const { folder } = temporalCliPlace(env);
    try {
      await fillAside(folder, (aside) => download(aside, env));
    } catch (error) {
      if (!findProgram(['go'], { env })) throw error;
      say(`The download of Temporal's CLI failed (${error.message}): building it with Go, which takes some minutes, once …`);
      await fillAside(folder, (aside) => build(aside, env));
    }
  },
};

async function download(aside, env) {
  const platform = process.platform === 'darwin' ? 'darwin' : 'linux';
  const arch = process.arch === 'arm64' ? 'arm64' : 'amd64';
  // A mirror may take the official address's place.
  const base = env.BEADLE_TEMPORAL_DOWNLOAD || DOWNLOAD;
  say("Downloading Temporal's CLI …");
  const archive = join(aside, 'temporal.tar.gz');
  writeFileSync(archive, await fetchBytes(`${base}/v${TEMPORAL_CLI_VERSION}?platform=${platform}&arch=${arch}`));
  await run('tar', ['-xzf', archive, '-C', aside], { env });
  await checkProgram(join(aside, 'temporal'));
}

/** Fetches a file; gives up when nothing arrives for five seconds, however long the whole takes. */
async function fetchBytes(url) {
  const control = new AbortController();
  let timer;
  const expectMore = () => {
    clearTimeout(timer);
    timer = setTimeout(() => control.abort(new Error(`nothing came for ${GIVE_UP_MS / 1000} s`)), GIVE_UP_MS);
  };
  expectMore();
  try {
    const response = await fetch(url, { signal: control.signal });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const chunks = [];
    for await (const chunk of response.body) {
      expectMore();
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    throw new Error((error.cause && error.cause.message) || error.message);
  } finally {
    clearTimeout(timer);
  }
}

async function build(aside, env) {
  const begun = Date.now();
  let packages = 0;
  const errors = [];
  const progress = setInterval(() => {
    say(`  … ${packages} packages built, ${Math.round((Date.now() - begun) / 1000)} s`);
  }, PROGRESS_MS);
  const onLine = (line) => {
    // -v names each package; anything with a space is a message.
    if (line.includes(' ')) errors.push(line);
    else packages++;
  };
  try {
    await run('go', ['install', '-v', MODULE], { env: { ...env, GOBIN: join(aside, 'bin') }, onLine });
  } catch (error) {
    throw new Error(`${error.message}\n${errors.slice(-10).join('\n')}`);
  } finally {
    clearInterval(progress);
  }
  renameSync(join(aside, 'bin', 'temporal'), join(aside, 'temporal'));
  await checkProgram(join(aside, 'temporal'));
}

async function checkProgram(path) {
  const version = await output(path, ['--version']);
  if (version === undefined) throw new Error(`${path} doesn't run`);
}
