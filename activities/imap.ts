// A connection to one mailbox: how to log in (password or OAuth 2), and what a failure means in words that stay the same.
import { isNativeError } from 'node:util/types';
import { ImapFlow, type ImapFlowOptions } from 'imapflow';
import type { ServiceContext } from '../services/context.ts';
import { credentialsOf, keepAccessToken, type Mailbox } from '../services/mailboxes.ts';

const CONNECT_TIMEOUT_MS = 15_000;
const SOCKET_TIMEOUT_MS = 60_000;
/** What we say of ourselves (RFC 2971). An empty value is left out. */
const CLIENT_INFO = { name: 'Beadle', version: '', vendor: '', 'support-url': '' };

interface Internals {
  run(command: string, ...args: unknown[]): Promise<unknown>;
}

const PRINTABLE = /^[\x20-\x7e]*$/;
const isExchange = (client: ImapFlow) => /microsoft|exchange/i.test(client.greeting ?? '');

/**
 * A session of the fewest commands: every sweep logs in to every mailbox. What imapflow asks besides is for clients that show
 * folders, or costs a round trip more than it has to:
 * - ID, which it says before and again after the login, is said once and by readers alone: NetEase's servers refuse EXAMINE to
 *   whoever didn't say it;
 * - NAMESPACE, by which it learns that an Exchange server let somebody in by name only, is asked of Exchange alone;
 * - LIST and LSUB, before it opens a folder: INBOX is always there;
 * - a password goes with LOGIN instead of AUTHENTICATE and its answer, where it may and where LOGIN can carry it.
 */
class ShortSession extends ImapFlow {
  #introduces: boolean;

  constructor(options: ImapFlowOptions, { introduces }: { introduces: boolean }) {
    super(options);
    this.#introduces = introduces;
  }

  async run(command: string, ...args: unknown[]): Promise<unknown> {
    const run = (...all: [string, ...unknown[]]) => (ImapFlow.prototype as unknown as Internals).run.call(this, ...all);
    switch (command) {
      case 'ID':
        if (!this.#introduces) return undefined;
        this.#introduces = false;
        break;
      case 'NAMESPACE':
        if (!isExchange(this)) return undefined;
        break;
      case 'LIST':
        return [];
      case 'AUTHENTICATE': {
        const [user, { password }] = args as [string, { password?: string }];
        const isPlain = password !== undefined && PRINTABLE.test(user + password);
        if (isPlain && !this.capabilities.has('LOGINDISABLED')) return run('LOGIN', user, password);
      }
    }
    return run(command, ...args);
  }
}

/** The institution's OAuth 2 client (RFC 6749) at the mail provider. */
export interface OAuthSettings {
  tokenUrl: string;
  clientId: string;
  clientSecret: string | undefined;
}

export type FailureCode =
  | 'wrong-password' | 'token-refused' | 'token-endpoint-down' | 'oauth-not-set-up' | 'throttled' | 'unreachable' | 'certificate'
  | 'secret-unreadable' | 'model-unavailable' | 'protocol';

/** Why a mailbox can't be read. `afterMs` where the server said when to come again. */
export class MailboxFailure extends Error {
  override readonly name = 'MailboxFailure';
  readonly code: FailureCode;
  readonly afterMs: number | undefined;

  constructor(code: FailureCode, options: { cause?: unknown; afterMs?: number | undefined } = {}) {
    super(`the mailbox can't be read: ${code}`, { cause: options.cause });
    this.code = code;
    this.afterMs = options.afterMs;
  }
}

/** What a connection is for: `counting` asks STATUS and nothing else. */
export type Purpose = 'counting' | 'reading';

/**
 * Logs in, runs `work`, logs out. The mailbox is never selected for writing: callers use STATUS and EXAMINE only.
 * @throws MailboxFailure
 */
export async function withMailbox<T>(
  context: ServiceContext, mailbox: Mailbox, { oauth, purpose }: { oauth: OAuthSettings | undefined; purpose: Purpose },
  work: (client: ImapFlow) => Promise<T>,
): Promise<T> {
  const auth = await loginOf(context, mailbox, oauth);
  const client = new ShortSession({
    host: mailbox.host,
    port: mailbox.port,
    secure: mailbox.security === 'tls',
    ...(mailbox.security !== 'tls' && { doSTARTTLS: mailbox.security === 'starttls' }),
    auth: { user: mailbox.username, ...auth },
    // Its name in imapflow's own log, which nobody reads; random bytes would be drawn for it.
    id: String(mailbox.id),
    logger: false,
    clientInfo: CLIENT_INFO,
    disableAutoIdle: true,
    // CONDSTORE and UTF8 are not used: a round trip less for each mailbox.
    disableAutoEnable: true,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SOCKET_TIMEOUT_MS,
  }, { introduces: purpose === 'reading' });
  // Errors also reject the command under way; without a listener they would end the process.
  client.on('error', () => {});
  let isConnected = false;
  try {
    await client.connect();
    isConnected = true;
    const result = await work(client);
    await client.logout();
    return result;
  } catch (error) {
    client.close();
    const failure = failureOf(error, mailbox);
    // Whatever keeps us from logging in is this mailbox's own trouble; later it may be ours (the database, a shutdown).
    throw failure ?? (isConnected ? error : new MailboxFailure('protocol', { cause: error }));
  }
}

async function loginOf(context: ServiceContext, mailbox: Mailbox, oauth: OAuthSettings | undefined): Promise<{ pass: string } | { accessToken: string }> {
  let credentials;
  try {
    credentials = credentialsOf(context, mailbox);
  } catch (cause) {
    throw new MailboxFailure('secret-unreadable', { cause });
  }
  if (credentials.kind === 'password') return { pass: credentials.password };
  if (credentials.kind === 'token') return { accessToken: credentials.accessToken };
  if (!oauth) throw new MailboxFailure('oauth-not-set-up');
  const token = await refresh(oauth, credentials.refreshToken);
  await keepAccessToken(context, mailbox.id, token);
  return { accessToken: token.accessToken };
}

/** Exchanges a refresh token for an access token (RFC 6749, section 6). */
async function refresh(
  oauth: OAuthSettings, refreshToken: string,
): Promise<{ accessToken: string; expiresInSeconds: number; refreshToken?: string }> {
  const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken, client_id: oauth.clientId });
  if (oauth.clientSecret !== undefined) body.set('client_secret', oauth.clientSecret);
  let response: Response;
  try {
    response = await fetch(oauth.tokenUrl, { method: 'POST', body, signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS) });
  } catch (cause) {
    throw new MailboxFailure('token-endpoint-down', { cause });
  }
  if (response.status >= 500 || response.status === 429) throw new MailboxFailure('token-endpoint-down');
  const answer = (await response.json().catch(() => null)) as { access_token?: unknown; expires_in?: unknown; refresh_token?: unknown } | null;
  if (!response.ok || typeof answer?.access_token !== 'string') throw new MailboxFailure('token-refused');
  return {
    accessToken: answer.access_token,
    expiresInSeconds: typeof answer.expires_in === 'number' ? answer.expires_in : 300,
    ...(typeof answer.refresh_token === 'string' && { refreshToken: answer.refresh_token }),
  };
}

interface ImapError extends Error {
  code?: string;
  authenticationFailed?: boolean;
  serverResponseCode?: string;
  throttleReset?: number;
  responseText?: string;
  response?: unknown;
}

/** Response codes (RFC 5530, and what large providers send) that mean: later. */
const LATER = /^(?:THROTTLED|LIMIT|INUSE|UNAVAILABLE|SERVERBUG|OVERQUOTA)$/i;
const THROTTLED_TEXT = /throttl|too many|rate limit|temporar|try again|bandwidth|simultaneous/i;
const CERTIFICATE = /^(?:CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS)/;
const UNREACHABLE = /^(?:ECONN|ENOTFOUND|EHOST|ENET|EAI_|EPIPE|ETIMEDOUT|ETIMEOUT|CONNECT_TIMEOUT|GREETING_TIMEOUT|UPGRADE_TIMEOUT|NoConnection|EConnectionClosed|ClosedAfter)/;

/** What an error says of the mailbox; null where it isn't the mailbox's. */
function failureOf(error: unknown, mailbox: Mailbox): MailboxFailure | null {
  if (error instanceof MailboxFailure) return error;
  if (!isNativeError(error)) return null;
  const imap = error as ImapError;
  // mysql2 marks its errors as fatal or not, and those of statements with SQL's state: what `work` wrote went wrong, not what it read.
  if ('fatal' in imap || 'sqlState' in imap) return null;
  const text = [imap.responseText, imap.response, imap.message].filter((part) => typeof part === 'string').join(' ');
  if (imap.code === 'ETHROTTLE' || LATER.test(imap.serverResponseCode ?? '') || (imap.authenticationFailed && THROTTLED_TEXT.test(text))) {
    return new MailboxFailure('throttled', { cause: error, afterMs: imap.throttleReset });
  }
  if (imap.authenticationFailed) return new MailboxFailure(mailbox.auth === 'oauth2' ? 'token-refused' : 'wrong-password', { cause: error });
  if (CERTIFICATE.test(imap.code ?? '')) return new MailboxFailure('certificate', { cause: error });
  if (UNREACHABLE.test(imap.code ?? '')) return new MailboxFailure('unreachable', { cause: error });
  return imap.code !== undefined || imap.responseText !== undefined ? new MailboxFailure('protocol', { cause: error }) : null;
}
