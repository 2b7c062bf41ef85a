// Where everything is: as the environment says, else as the running `beadle start` wrote it down.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from '../config.ts';

/** What is embedded or configured, resolved to addresses. */
export interface Places {
  databaseUrl: string;
  temporal: { address: string; namespace: string };
  secretKeys: string;
  tokenSecret: string;
  publicUrl: string;
  smtpUrl: string | undefined;
  /** The embedded Temporal UI. */
  temporalUi: string | undefined;
  /** The OpenID provider of the settings, or the demo's. */
  identity: IdentityClient | undefined;
}

/** Beadle as a client of an OpenID provider. */
type IdentityClient = NonNullable<Config['signIn']['provider']>;

/** The embedded servers' part of the places, known once they run. */
export interface EmbeddedPlaces {
  databaseUrl: string;
  temporalAddress: string;
  publicUrl: string;
  smtpUrl: string | undefined;
  temporalUi: string | undefined;
  identity: IdentityClient | undefined;
}

const RUNNING = 'running.json';
const SECRETS = 'secrets.json';

/** Writes down where the servers are, for the other commands. */
export function noteRunning(config: Config, places: EmbeddedPlaces): void {
  writeAside(join(config.stateDir, RUNNING), places);
}

export function forgetRunning(config: Config): void {
  rmSync(join(config.stateDir, RUNNING), { force: true });
}

/**
 * Resolves the places of a command.
 * @param embedded what runs in this process; without it, what `beadle start` wrote down
 * @throws Error that says which variable is missing, or to run `npm start` first
 */
export function placesOf(config: Config, embedded: EmbeddedPlaces | undefined = readRunning(config)): Places {
  const databaseUrl = config.database.url ?? embedded?.databaseUrl;
  const address = config.temporal.address ?? embedded?.temporalAddress;
  if (!databaseUrl) throw new Error('no database: set DATABASE_URL, or run npm start first');
  if (!address) throw new Error('no Temporal: set TEMPORAL_ADDRESS, or run npm start first');
  const secrets = secretsOf(config);
  return {
    databaseUrl,
    temporal: { address, namespace: config.temporal.namespace },
    ...secrets,
    publicUrl: config.api.publicUrl ?? embedded?.publicUrl ?? `http://${config.api.host}:${config.api.port}`,
    smtpUrl: config.smtp.url ?? embedded?.smtpUrl,
    temporalUi: embedded?.temporalUi,
    identity: config.signIn.provider ?? embedded?.identity,
  };
}

function readRunning(config: Config): EmbeddedPlaces | undefined {
  return readJson<EmbeddedPlaces>(join(config.stateDir, RUNNING));
}

/** Keys from the environment; with the embedded database, made once and kept in the state folder. */
function secretsOf(config: Config): { secretKeys: string; tokenSecret: string } {
  const { keys, tokenSecret } = config.secrets;
  if (keys && tokenSecret) return { secretKeys: keys, tokenSecret };
  if (config.database.url) {
    throw new Error(`${keys ? 'TOKEN_SECRET' : 'SECRET_KEYS'} is not set: with a database of your own, keys have to be yours too (see .env.example)`);
  }
  const path = join(config.stateDir, SECRETS);
  const held = readJson<{ secretKeys: string; tokenSecret: string }>(path);
  if (held) return held;
  const made = { secretKeys: `k1:${randomBytes(32).toString('base64')}`, tokenSecret: randomBytes(32).toString('base64url') };
  writeAside(path, made);
  return made;
}

function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${path} can't be read; delete it to begin anew`, { cause: error });
  }
}

/** Written beside and renamed: a kill never leaves half a file. */
function writeAside(path: string, content: unknown): void {
  mkdirSync(join(path, '..'), { recursive: true, mode: 0o755 });
  writeFileSync(`${path}.new`, JSON.stringify(content), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
