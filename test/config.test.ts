// The settings: what they are when nothing is set, what is said of wrong ones, and that .env.example tells the truth.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ConfigError, readConfig } from '../config.ts';

const path = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const example = parseEnv(readFileSync(path('.env.example'), 'utf8'));
/** Read by set-up and by docker-compose.yml, which have no config.ts. */
const READ_BY_OTHERS = ['BEADLE_TEMPORAL_DOWNLOAD', 'MYSQL_PASSWORD', 'MYSQL_ROOT_PASSWORD', 'TEMPORAL_DB_PASSWORD'];

/** The variables that config.ts reads: the names in its schema. */
function variablesOfConfig(): string[] {
  const source = readFileSync(path('config.ts'), 'utf8');
  return [...source.matchAll(/^ {2}([A-Z][A-Z0-9_]+): /gm)].map(([, name]) => name!);
}

function errorOf(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  throw new Error('nothing was wrong');
}

describe('D8 settings from the environment', () => {
  test('.env.example names every setting, and no other', () => {
    const named = Object.keys(example).filter((name) => !READ_BY_OTHERS.includes(name));
    expect(named.toSorted()).toEqual(variablesOfConfig().toSorted());
    expect(Object.keys(example)).toEqual(expect.arrayContaining(READ_BY_OTHERS));
  });

  test('.env.example gives the defaults: with it everything is as with nothing', () => {
    expect(readConfig(example)).toEqual(readConfig({}));
  });

  test('each default in .env.example that is no empty value is the one that holds without it', () => {
    for (const [name, value] of Object.entries(example)) {
      if (value === '' || READ_BY_OTHERS.includes(name)) continue;
      // OPENAI_BASE_URL and the like show only beside the key that they belong to.
      const keys = { OPENAI_API_KEY: 'key', TELEGRAM_BOT_TOKEN: 'token' };
      expect(readConfig({ ...keys, [name]: value })).toEqual(readConfig(keys));
    }
  });

  test('docker-compose.yml takes no variable that .env.example does not name', () => {
    const taken = [...readFileSync(path('docker-compose.yml'), 'utf8').matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name!);
    expect(Object.keys(example)).toEqual(expect.arrayContaining(taken));
  });

  test('an empty value counts as not set', () => {
    const empty = Object.fromEntries(variablesOfConfig().map((name) => [name, '']));
    expect(readConfig(empty)).toEqual(readConfig({}));
  });

  test.each([
    ['API_PORT', '70000', /a whole number from 1 to 65535/],
    ['API_PORT', '0', /a whole number from 1 to 65535/],
    ['MAIL_CONNECTIONS', 'many', /a whole number, 1 or more/],
    ['MAIL_SWEEP_SECONDS', '1', /a whole number, 5 or more/],
    ['MAIL_BATCH_SIZE', '1e3', /a whole number/],
    ['DATABASE_URL', 'postgres://host/beadle', /mysql:\/\/\S+/],
    ['DATABASE_URL', 'localhost', /mysql:\/\/\S+/],
    ['TEMPORAL_ADDRESS', 'localhost', /HOST:PORT/],
    ['SMTP_URL', 'http://mail.example.edu', /smtp:\/\/\S+/],
    ['CAMPUS_TIME_ZONE', 'Mumbai', /IANA .*Asia\/Kolkata/],
    ['CAMPUS_LOCALE', 'english please', /BCP 47 .*en-IN/],
    ['IMAP_SECURITY', 'ssl', /"tls".*"starttls".*"none"/],
    ['SECRET_KEYS', 'hunter2', /ID:BASE64 of 32 bytes/],
    ['TOKEN_SECRET', 'short', /at least 32 characters/],
  ])('%s=%s is named with what would be right', (name, value, right) => {
    const message = errorOf({ [name]: value });
    expect(message.split('\n')).toHaveLength(1);
    expect(message).toMatch(new RegExp(`^${name}: .*${right.source}`));
  });

  test('several wrong ones are all named, one a line, and no secret is repeated', () => {
    const message = errorOf({ API_PORT: 'x', SMTP_URL: 'y', TOKEN_SECRET: 'hunter2', LOG_LEVEL: 'loud' });
    const named = message.split('\n').map((line) => line.split(':')[0]);
    expect(new Set(named)).toEqual(new Set(['API_PORT', 'LOG_LEVEL', 'SMTP_URL', 'TOKEN_SECRET']));
    expect(message).not.toContain('hunter2');
  });

  test('a whole number in range is taken as it is, any other is refused', () => {
    fc.assert(fc.property(fc.integer({ min: -10, max: 100_000 }), (number) => {
      const read = () => readConfig({ API_PORT: String(number) }).api.port;
      if (number >= 1 && number <= 65_535) expect(read()).toBe(number);
      else expect(read).toThrow(ConfigError);
    }));
  });

  test("without IMAP_PORT the port is the usual one of the server's security", () => {
    expect(readConfig({}).imap.port).toBe(3143);
    expect(readConfig({ IMAP_HOST: 'mail.example.edu' }).imap.port).toBe(993);
    expect(readConfig({ IMAP_HOST: 'mail.example.edu', IMAP_SECURITY: 'starttls' }).imap.port).toBe(143);
    expect(readConfig({ IMAP_HOST: 'mail.example.edu', IMAP_PORT: '1993' }).imap.port).toBe(1993);
  });
});
