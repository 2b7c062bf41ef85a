// Mailboxes on the test run's Dovecot: made, filled and read back over IMAP.
import { randomBytes } from 'node:crypto';
import { ImapFlow } from 'imapflow';
import { testServers } from './servers.ts';

/** What a client needs to log in to one mailbox. */
export interface MailboxLogin {
  host: string;
  port: number;
  secure: boolean;
  user: string;
  password: string;
}

/** A mail to put into a mailbox; the folder is INBOX and the flags are none unless said. */
export interface MailToAppend {
  raw: string | Buffer;
  flags?: string[];
  /** When it arrived (INTERNALDATE); default now. */
  receivedAt?: Date;
  folder?: string;
}

export interface MailInMailbox {
  uid: number;
  flags: string[];
  raw: Buffer;
}

const CONNECTIONS_FOR_APPENDING = 4;

/** The login of a mailbox that nobody else uses; it is empty, and begins to exist with the first login. */
export function newMailbox(name = 'someone'): MailboxLogin {
  const { host, port, password } = testServers().imap;
  return { host, port, secure: false, password, user: `${name}.${randomBytes(4).toString('hex')}@campus.example` };
}

/** Runs something with a client that is logged in, and logs it out again. */
export async function withImap<T>(login: MailboxLogin, work: (client: ImapFlow) => Promise<T>): Promise<T> {
  const { host, port, secure, user, password } = login;
  const client = new ImapFlow({ host, port, secure, auth: { user, pass: password }, logger: false, tls: { rejectUnauthorized: false } });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.logout();
  }
}

/** Puts mails into a mailbox, in their order; returns their UIDs. */
export function appendMails(login: MailboxLogin, mails: (string | Buffer | MailToAppend)[]): Promise<number[]> {
  return withImap(login, async (client) => {
    const uids: number[] = [];
    for (const entry of mails) {
      const mail = typeof entry === 'string' || Buffer.isBuffer(entry) ? { raw: entry } : entry;
      const folder = mail.folder ?? 'INBOX';
      if (folder !== 'INBOX') await client.mailboxCreate(folder);
      const appended = await client.append(folder, mail.raw, mail.flags ?? [], mail.receivedAt);
      if (!appended || appended.uid === undefined) throw new Error(`the server didn't take a mail for ${login.user}`);
      uids.push(appended.uid);
    }
    return uids;
  });
}

/** Fills many mailboxes over a few connections at a time. */
export async function fillMailboxes(fillings: { login: MailboxLogin; mails: (string | Buffer | MailToAppend)[] }[]): Promise<void> {
  const left = fillings.values();
  const fill = async (): Promise<void> => {
    for (const { login, mails } of left) await appendMails(login, mails);
  };
  await Promise.all(Array.from({ length: CONNECTIONS_FOR_APPENDING }, fill));
}

/** Reads a folder back, in order of UID, without changing any flag. */
export function readMails(login: MailboxLogin, folder = 'INBOX'): Promise<MailInMailbox[]> {
  return withImap(login, async (client) => {
    const { exists } = await client.mailboxOpen(folder, { readOnly: true });
    const mails: MailInMailbox[] = [];
    // "1:*" of an empty mailbox is an error in Dovecot.
    if (exists === 0) return mails;
    for await (const { uid, flags, source } of client.fetch('1:*', { uid: true, flags: true, source: true })) {
      // \\Recent belongs to the connection, not to the mail.
      const kept = [...(flags ?? [])].filter((flag) => flag !== '\\Recent').sort();
      mails.push({ uid, flags: kept, raw: source ?? Buffer.alloc(0) });
    }
    return mails.sort((one, other) => one.uid - other.uid);
  });
}
