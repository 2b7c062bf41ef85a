// The API as a process of its own, for `bench queries`: its clock stands, and nobody is counted. Says its address; ends with SIGTERM.
import { DateTime } from 'luxon';
import { pino } from 'pino';
import { defaultRateLimits } from '../api/rate-limits.ts';
import { createApi } from '../api/server.ts';
import { createTokens } from '../api/tokens.ts';
import { readConfig } from '../config.ts';
import { openDatabase } from '../db/connection.ts';
import type { Role } from '../services/context.ts';
import { createSecretBox } from '../services/secret-box.ts';
import { SECRET_KEYS, TOKEN_SECRET } from './keys.ts';

const now = DateTime.fromISO(process.env.BENCH_NOW!, { zone: 'utc' });
const config = readConfig({ DATABASE_URL: process.env.DATABASE_URL!, SECRET_KEYS, TOKEN_SECRET });
const db = openDatabase(process.env.DATABASE_URL!, { poolSize: 20 });
const roles = Object.fromEntries(Object.keys(defaultRateLimits.roles).map((role) => [role, 1e9])) as Record<Role, number>;
const api = await createApi({
  context: {
    db, now: () => now, campus: config.campus, rules: config.rules, secrets: createSecretBox(SECRET_KEYS, TOKEN_SECRET), publicUrl: 'http://127.0.0.1',
  },
  log: pino({ level: 'error' }), tokens: createTokens(TOKEN_SECRET, () => now), rateLimits: { ...defaultRateLimits, roles }, sweep: () => Promise.resolve(),
});
process.stdout.write(`${await api.listen({ host: '127.0.0.1', port: 0 })}\n`);
process.once('SIGTERM', () => void api.close().then(() => db.close()));
