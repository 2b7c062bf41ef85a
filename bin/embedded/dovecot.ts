// A private Dovecot: IMAP on the loopback address, with mailboxes of its own.
import { writeFileSync } from 'node:fs';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { dovecotConfig } from './dovecot-config.ts';
import { findDovecot } from './find.ts';
import { reachableMailFolder } from './mail-folder.ts';
import { findFreePort, reach, releasePort } from './port.ts';
import { selfSignedCertificate } from './self-signed.ts';
import type { Log } from './server-process.ts';
import { makeStateFolder, startServerProcess, stopLeftBehind } from './server-process.ts';

const NAME = 'dovecot';

/** Who may log in: everyone with one password (a mailbox begins to exist with its first login), or only those listed. */
type MailboxPasswords = { everyone: string } | { users: Record<string, string> };

export interface EmbeddedDovecotOptions {
  stateDir: string;
  /** Wanted port; the next free one if taken; without it any free one. */
  port?: number;
  passwords: MailboxPasswords;
  /** IMAPS with a certificate that only itself vouches for. Default: no TLS. */
  tls?: boolean;
  /** Lines for the end of Dovecot's configuration. */
  extraConfig?: string;
  /** Called when the server ends although nobody stopped it. */
  onEnd?: (why: string) => void;
  log?: Log;
}

export interface EmbeddedDovecot {
  host: string;
  port: number;
  /** Whether the port speaks TLS from the start. */
  secure: boolean;
  /** The certificate in PEM, for a client that shall trust it; only with `tls`. */
  certificate: string | undefined;
  /** Where the mailboxes lie: one folder a user, Maildir. */
  mailFolder: string;
  pid: number;
  stop(): Promise<void>;
}

/** Starts Dovecot on the mail of the last time when there is any. Throws when it isn't installed or doesn't come up. */
export async function startDovecot(options: EmbeddedDovecotOptions): Promise<EmbeddedDovecot> {
  const { log } = options;
  const stateDir = resolve(options.stateDir);
  const program = findDovecot();
  if (!program) throw new Error('no dovecot on PATH: node scripts/setup.mjs says how to get it, or set IMAP_HOST');
  // Others may pass through it to the mail, not read it.
  makeStateFolder(stateDir, 0o711);
  await stopLeftBehind(NAME, stateDir, log);

  const port = await findFreePort(options.port);
  const mailFolder = reachableMailFolder(stateDir, log);
  // Sockets' paths are short and Dovecot's own users must reach them: so not below stateDir.
  const runDir = await mkdtemp(join(tmpdir(), 'beadle-imap-'));
  await chmod(runDir, 0o755);
  const certificate = options.tls ? await selfSignedCertificate(stateDir) : undefined;
  const usersFile = join(runDir, 'users');
  if ('users' in options.passwords) writeUsers(usersFile, options.passwords.users);
  const configFile = join(stateDir, 'dovecot.conf');
  writeFileSync(
    configFile,
    dovecotConfig({
      runDir,
      mailFolder,
      port,
      certificate,
      passwords: 'users' in options.passwords ? { usersFile } : options.passwords,
      logFile: join(stateDir, 'dovecot.log'),
      extra: options.extraConfig ?? '',
    }),
    { mode: 0o600 },
  );
  const server = await startServerProcess({
    onEnd: options.onEnd,
    name: NAME,
    command: program,
    args: ['-F', '-c', configFile],
    stateDir,
    scratch: runDir,
    ready: () => greets(port, certificate !== undefined),
    ...(log && { log }),
  });
  return {
    host: '127.0.0.1',
    port,
    secure: certificate !== undefined,
    certificate: certificate?.pem,
    mailFolder,
    pid: server.pid,
    async stop() {
      await server.stop();
      releasePort(port);
    },
  };
}

function writeUsers(path: string, users: Record<string, string>): void {
  const lines = Object.entries(users).map(([user, password]) => {
    if (/[:\s]/.test(user) || /[:\n]/.test(password)) throw new Error(`"${user}" or its password can't be in a passwd file`);
    return `${user}:{PLAIN}${password}`;
  });
  writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o644 });
}

/** In plain text IMAP's server speaks first. */
async function greets(port: number, secure: boolean): Promise<void> {
  const greeting = await reach(port, { speaksFirst: !secure });
  if (!secure && !greeting.startsWith('* OK')) throw new Error(`greeted with ${greeting}`);
}
