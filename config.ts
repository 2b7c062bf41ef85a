// The only reader of the environment. Every variable is in .env.example with its default; a wrong one is named with what
// would be right. Nothing else in Beadle looks at process.env.
import ipaddr from 'ipaddr.js';
import { IANAZone } from 'luxon';
import { z } from 'zod';

const wholeNumber = (minimum: number, maximum: number, what: string) =>
  z.string().regex(/^\d{1,15}$/, what).transform(Number).refine((number) => number >= minimum && number <= maximum, what);
const count = (fallback: number, minimum = 1) =>
  wholeNumber(minimum, Number.MAX_SAFE_INTEGER, `must be a whole number, ${minimum} or more`).default(fallback);
const port = wholeNumber(1, 65_535, 'must be a port: a whole number from 1 to 65535');
const url = (protocol: RegExp, example: string) => z.url({ protocol, error: `must be a URL such as ${example}` });
/** Names with commas between them. */
const names = (pattern: RegExp, what: string) =>
  z.string().transform((text) => text.split(',').map((name) => name.trim())).refine((all) => all.every((name) => pattern.test(name)), what);
const httpUrl = (example: string) => url(/^https?$/, example);

const environment = z.object({
  BEADLE_STATE: z.string().default('.beadle'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),

  DATABASE_URL: url(/^mysql$/, 'mysql://beadle:password@127.0.0.1:3306/beadle').optional(),
  DATABASE_POOL: count(20),
  MYSQL_PORT: port.default(3406),

  TEMPORAL_ADDRESS: z.string().regex(/^[^\s:]+:\d+$/, 'must be HOST:PORT, such as 127.0.0.1:7233').optional(),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  TEMPORAL_PORT: port.default(7243),
  TEMPORAL_UI_PORT: port.default(8243),

  API_HOST: z.string().default('127.0.0.1'),
  API_PORT: port.default(8420),
  PUBLIC_URL: httpUrl('https://beadle.example.edu').optional(),

  // 32 bytes each in base64, as ID:KEY with a comma between; the first seals, all open.
  SECRET_KEYS: z.string().regex(/^[\w-]+:[A-Za-z0-9+/=]{44}(,[\w-]+:[A-Za-z0-9+/=]{44})*$/, 'must be ID:BASE64 of 32 bytes, with commas between several').optional(),
  TOKEN_SECRET: z.string().min(32, 'must be at least 32 characters').optional(),

  CAMPUS_TIME_ZONE: z.string().default('Asia/Kolkata').refine((zone) => IANAZone.isValidZone(zone), 'must be an IANA time zone such as Asia/Kolkata'),
  CAMPUS_LOCALE: z.string().default('en-IN').refine(isLocale, 'must be a BCP 47 language tag such as en-IN'),

  CAMPUS_EMAIL_DOMAINS: names(/^[\w-]+(\.[\w-]+)+$/, 'must be mail domains such as campus.example, with commas between several').prefault('campus.example'),
  SIGN_IN_ISSUER: httpUrl('https://accounts.google.com').default('https://accounts.google.com'),
  SIGN_IN_JWKS_URL: httpUrl('https://www.googleapis.com/oauth2/v3/certs').optional(),
  SIGN_IN_CLIENT_IDS: names(/^\S+$/, 'must be client ids, with commas between several').optional(),
  SIGN_IN_CLIENT_SECRET: z.string().optional(),
  SIGN_IN_PORT: port.default(8430),

  IMAP_HOST: z.string().optional(),
  IMAP_PORT: port.optional(),
  IMAP_SECURITY: z.enum(['tls', 'starttls', 'none']).default('tls'),
  MAIL_CONNECTIONS: count(20),
  MAIL_CONNECTIONS_PER_HOST: count(20),
  MAIL_BATCH_SIZE: count(50),
  MAIL_SWEEP_SECONDS: count(120, 5),
  MAIL_LOOKBACK_DAYS: count(14),
  MAIL_RETENTION_DAYS: count(30),
  MAIL_MAX_BYTES: count(5_000_000, 10_000),
  MAIL_AUTHSERV_ID: z.string().regex(/^[^\s;()"]*$/, "must be the name with which your mail server's Authentication-Results begin").default(''),
  MAIL_OAUTH_TOKEN_URL: httpUrl('https://oauth2.googleapis.com/token').optional(),
  MAIL_OAUTH_CLIENT_ID: z.string().optional(),
  MAIL_OAUTH_CLIENT_SECRET: z.string().optional(),

  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: httpUrl('https://api.openai.com/v1').default('https://api.openai.com/v1'),
  OPENAI_MODEL: z.string().default('gpt-5-mini'),

  INTERVIEW_BUFFER_MINUTES_ONLINE: count(15, 0),
  INTERVIEW_BUFFER_MINUTES_ON_CAMPUS: count(15, 0),
  INTERVIEW_BUFFER_MINUTES_ELSEWHERE: count(90, 0),
  MAIL_SETTLE_SECONDS: count(5, 0),
  RESCHEDULE_QUIET_SECONDS: count(600, 0),
  RESCHEDULE_QUIET_MAX_SECONDS: count(3600, 0),
  RESCHEDULE_CUTOFF_MINUTES: count(120, 0),
  ATTENDANCE_OPEN_MINUTES: count(10),
  ATTENDANCE_CODE_SECONDS: count(20, 5),
  ATTENDANCE_EARLY_MINUTES: count(15, 0),
  ATTENDANCE_COMPLETE_MINUTES: count(15, 0),
  ATTENDANCE_CUTOFF_HOURS: count(48, 0),
  CAMPUS_NETWORKS: z.string().default('').transform((text) => text.split(',').map((entry) => entry.trim()).filter((entry) => entry !== ''))
    .refine((entries) => entries.every((entry) => ipaddr.isValidCIDR(entry)), 'must be networks such as 10.20.0.0/16, with commas between several'),
  STUDENT_DAILY_HOURS: count(8),
  FACULTY_DAILY_HOURS: count(6),
  SESSIONS_WEEKS_AHEAD: count(2),
  BROADCASTS_PER_HOUR_CR: count(5),
  BROADCASTS_PER_HOUR: count(30),

  TELEGRAM_BOT_TOKEN: z.string().optional(),
  TELEGRAM_API_ROOT: httpUrl('https://api.telegram.org').default('https://api.telegram.org'),

  FIREBASE_SERVICE_ACCOUNT: z.string().optional(),

  SMTP_URL: url(/^smtps?$/, 'smtp://user:password@mail.example.edu:587').optional(),
  SMTP_PORT: port.default(3025),
  MAIL_FROM: z.string().default('Beadle <beadle@localhost>'),
});

function isLocale(tag: string): boolean {
  try {
    return new Intl.Locale(tag).language.length > 0;
  } catch {
    return false;
  }
}

/** The embedded server's port, or the registered one of IMAP with or without TLS from the start. */
function usualImapPort(host: string | undefined, security: 'tls' | 'starttls' | 'none'): number {
  if (host === undefined) return 3143;
  return security === 'tls' ? 993 : 143;
}

/** One wrong variable of the environment: its name, what was wrong, what would be right. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export type Config = ReturnType<typeof readConfig>;

/**
 * Reads and checks the environment (an empty value counts as not set).
 * @throws ConfigError that names every wrong variable, one a line
 */
export function readConfig(env: Record<string, string | undefined> = process.env) {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const read = environment.safeParse(given);
  if (!read.success) {
    throw new ConfigError(read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
  }
  const value = read.data;
  return {
    stateDir: value.BEADLE_STATE,
    logLevel: value.LOG_LEVEL,
    database: { url: value.DATABASE_URL, poolSize: value.DATABASE_POOL, embeddedPort: value.MYSQL_PORT },
    temporal: {
      address: value.TEMPORAL_ADDRESS,
      namespace: value.TEMPORAL_NAMESPACE,
      embeddedPort: value.TEMPORAL_PORT,
      uiPort: value.TEMPORAL_UI_PORT,
    },
    api: { host: value.API_HOST, port: value.API_PORT, publicUrl: value.PUBLIC_URL },
    secrets: { keys: value.SECRET_KEYS, tokenSecret: value.TOKEN_SECRET },
    campus: { timeZone: value.CAMPUS_TIME_ZONE, locale: value.CAMPUS_LOCALE },
    signIn: {
      provider: value.SIGN_IN_CLIENT_IDS && {
        issuer: value.SIGN_IN_ISSUER, jwksUrl: value.SIGN_IN_JWKS_URL, clientIds: value.SIGN_IN_CLIENT_IDS, clientSecret: value.SIGN_IN_CLIENT_SECRET,
      },
      mailDomains: value.CAMPUS_EMAIL_DOMAINS,
      embeddedPort: value.SIGN_IN_PORT,
    },
    imap: { host: value.IMAP_HOST, port: value.IMAP_PORT ?? usualImapPort(value.IMAP_HOST, value.IMAP_SECURITY), security: value.IMAP_SECURITY },
    mail: {
      connections: value.MAIL_CONNECTIONS,
      connectionsPerHost: value.MAIL_CONNECTIONS_PER_HOST,
      batchSize: value.MAIL_BATCH_SIZE,
      sweepSeconds: value.MAIL_SWEEP_SECONDS,
      lookbackDays: value.MAIL_LOOKBACK_DAYS,
      retentionDays: value.MAIL_RETENTION_DAYS,
      maxBytes: value.MAIL_MAX_BYTES,
      authservId: value.MAIL_AUTHSERV_ID,
      oauth:
        value.MAIL_OAUTH_TOKEN_URL && value.MAIL_OAUTH_CLIENT_ID
          ? { tokenUrl: value.MAIL_OAUTH_TOKEN_URL, clientId: value.MAIL_OAUTH_CLIENT_ID, clientSecret: value.MAIL_OAUTH_CLIENT_SECRET }
          : undefined,
    },
    openai: value.OPENAI_API_KEY
      ? { apiKey: value.OPENAI_API_KEY, baseURL: value.OPENAI_BASE_URL, model: value.OPENAI_MODEL }
      : undefined,
    rules: {
      bufferMinutes: {
        online: value.INTERVIEW_BUFFER_MINUTES_ONLINE,
        'on-campus': value.INTERVIEW_BUFFER_MINUTES_ON_CAMPUS,
        elsewhere: value.INTERVIEW_BUFFER_MINUTES_ELSEWHERE,
      },
      settleSeconds: value.MAIL_SETTLE_SECONDS,
      quietSeconds: value.RESCHEDULE_QUIET_SECONDS,
      quietMaxSeconds: value.RESCHEDULE_QUIET_MAX_SECONDS,
      cutoffMinutes: value.RESCHEDULE_CUTOFF_MINUTES,
      attendance: {
        openMinutes: value.ATTENDANCE_OPEN_MINUTES,
        codeSeconds: value.ATTENDANCE_CODE_SECONDS,
        earlyMinutes: value.ATTENDANCE_EARLY_MINUTES,
        completeMinutes: value.ATTENDANCE_COMPLETE_MINUTES,
        cutoffHours: value.ATTENDANCE_CUTOFF_HOURS,
        networks: value.CAMPUS_NETWORKS,
      },
      studentDailyHours: value.STUDENT_DAILY_HOURS,
      facultyDailyHours: value.FACULTY_DAILY_HOURS,
      broadcastsPerHour: { cr: value.BROADCASTS_PER_HOUR_CR, others: value.BROADCASTS_PER_HOUR },
    },
    sessions: { weeksAhead: value.SESSIONS_WEEKS_AHEAD },
    telegram: value.TELEGRAM_BOT_TOKEN ? { token: value.TELEGRAM_BOT_TOKEN, apiRoot: value.TELEGRAM_API_ROOT } : undefined,
    push: value.FIREBASE_SERVICE_ACCOUNT ? { serviceAccount: value.FIREBASE_SERVICE_ACCOUNT } : undefined,
    smtp: { url: value.SMTP_URL, embeddedPort: value.SMTP_PORT, from: value.MAIL_FROM },
  };
}
