// The npm packages, Node 24 among them.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { output, run, say } from './commands.mjs';

/** Holds when node_modules is what package-lock.json says. */
export const packages = {
  name: 'npm packages',
  aims: ['packages', 'start', 'test'],
  essential: true,
  advice: 'npm ci',
  isThere({ project }) {
    if (!existsSync(nodeProgram(project))) return false;
    const lock = readFileSync(join(project, 'package-lock.json'), 'utf8');
    const hash = createHash('sha256').update(lock).digest('hex');
    if (readText(stampPath(project)) === hash) return true;
    // Somebody ran npm install: npm's own record tells whether the result is the same.
    if (!isInstalled(JSON.parse(lock), readText(join(project, 'node_modules', '.package-lock.json')))) return false;
    writeFileSync(stampPath(project), hash);
    return true;
  },
  async bring({ project, env }) {
    say('Installing npm packages …');
    // npm runs on the machine's own Node: the one in node_modules is about to be replaced.
    const path = (env.PATH || '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
    const options = { cwd: project, env: { ...env, PATH: path.join(delimiter) } };
    await install(options);
    if (!(await isWantedNode(project))) {
      // Node 24 arrives by an install script, which npm may have been told not to run.
      await run('npm', ['rebuild', 'node', '--ignore-scripts=false'], options);
    }
    if (!(await isWantedNode(project))) throw new Error(`npm succeeded, but ${nodeProgram(project)} isn't Node ${wantedMajor(project)}`);
    const lock = readFileSync(join(project, 'package-lock.json'), 'utf8');
    writeFileSync(stampPath(project), createHash('sha256').update(lock).digest('hex'));
  },
};

/**
 * npm ci; but a lock file written on one platform may lack the optional packages of others, to which npm ci objects.
 * Then npm install, which takes the locked versions too and, with --no-save, leaves the lock as it is.
 */
async function install(options) {
  const lines = [];
  try {
    await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { ...options, onLine: (line) => lines.push(line) });
  } catch (error) {
    if (!lackOnlyOptional(lines, options.cwd)) throw new Error(`${lines.join('\n')}\n${error.message}`);
    say("package-lock.json lacks optional packages of other platforms, so npm install instead of npm ci …");
    await run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], options);
  }
}

/** Whether npm ci objected to missing packages, and all of them are optional for some package in the lock file. */
function lackOnlyOptional(lines, project) {
  const { packages: locked = {} } = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8'));
  const optional = new Set(Object.values(locked).flatMap((entry) => Object.keys(entry.optionalDependencies || {})));
  const objections = lines.filter((line) => /(Missing|Invalid): /.test(line));
  const missing = objections.map((line) => (/Missing: (@?[^@\s]+)@\S* from lock file/.exec(line) || [])[1]);
  return missing.length > 0 && missing.every((name) => optional.has(name));
}

function stampPath(project) {
  return join(project, 'node_modules', '.beadle-packages');
}

function nodeProgram(project) {
  return join(project, 'node_modules', '.bin', 'node');
}

function wantedMajor(project) {
  const { devDependencies, dependencies } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
  return ({ ...dependencies, ...devDependencies }.node || '').split('.')[0];
}

async function isWantedNode(project) {
  const version = await output(nodeProgram(project), ['-v']);
  return version !== undefined && version.startsWith(`v${wantedMajor(project)}.`);
}

function isInstalled(lock, recordText) {
  if (recordText === undefined) return false;
  const installed = JSON.parse(recordText).packages || {};
  return Object.entries(lock.packages || {}).every(([path, wanted]) => {
    if (path === '') return true;
    // Optional packages are those of other platforms.
    if (!installed[path]) return Boolean(wanted.optional);
    return installed[path].version === wanted.version && installed[path].integrity === wanted.integrity;
  });
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
