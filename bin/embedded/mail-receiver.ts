// A local SMTP receiver: shows the mail that Beadle sends instead of delivering it.
import PostalMime from 'postal-mime';
import type { Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { findFreePort, releasePort } from './port.ts';

/** The newest mails that are kept; older ones are dropped. */
const KEPT = 1_000;

interface ReceivedMail {
  /** Envelope addresses: what SMTP was told, whatever the headers say. */
  from: string;
  to: string[];
  raw: Buffer;
  parsed: Email;
}

/** What the receiver does with one recipient: take it, or answer with an SMTP code (4xx try again, 5xx never). */
type Verdict = 'accept' | { code: number; text: string };

export interface MailReceiverOptions {
  /** Wanted port; the next free one if taken; without it any free one. */
  port?: number;
  /** Called for each mail that was taken. */
  onMail?: (mail: ReceivedMail) => void;
  /** Asked for each recipient. */
  recipient?: (address: string) => Verdict;
  /** Asked once the whole mail is there, before it is taken; may wait. */
  message?: (mail: ReceivedMail) => Verdict | Promise<Verdict>;
}

export interface MailReceiver {
  /** smtp://127.0.0.1:port */
  url: string;
  host: string;
  port: number;
  pid: number;
  /** What was taken, oldest first. */
  mails: readonly ReceivedMail[];
  /** Resolves with the first mail, taken already or later, that the test is true for. */
  waitFor: (test: (mail: ReceivedMail) => boolean) => Promise<ReceivedMail>;
  /** Forgets what was taken. */
  clear: () => void;
  stop: () => Promise<void>;
}

/** Starts the receiver on 127.0.0.1, without TLS and without a login. */
export async function startMailReceiver(options: MailReceiverOptions = {}): Promise<MailReceiver> {
  const mails: ReceivedMail[] = [];
  const waiting = new Set<(mail: ReceivedMail) => void>();

  const take = async (mail: ReceivedMail): Promise<void> => {
    refuse(await (options.message?.(mail) ?? 'accept'));
    mails.push(mail);
    if (mails.length > KEPT) mails.shift();
    waiting.forEach((look) => look(mail));
    options.onMail?.(mail);
  };

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onRcptTo({ address }, _session, done) {
      answer(Promise.resolve().then(() => refuse(options.recipient?.(address) ?? 'accept')), done);
    },
    onData(stream, session, done) {
      const { mailFrom, rcptTo } = session.envelope;
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks);
        const received = PostalMime.parse(raw).then((parsed) =>
          take({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), raw, parsed }),
        );
        answer(received, done);
      });
    },
  });
  // A client that drops its connection is not our failure.
  server.on('error', () => undefined);

  const port = await findFreePort(options.port);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  let stopping: Promise<void> | undefined;
  return {
    url: `smtp://127.0.0.1:${port}`,
    host: '127.0.0.1',
    port,
    pid: process.pid,
    mails,
    waitFor: (test) =>
      new Promise((resolve) => {
        const found = mails.find(test);
        if (found) return resolve(found);
        const look = (mail: ReceivedMail): void => {
          if (!test(mail)) return;
          waiting.delete(look);
          resolve(mail);
        };
        waiting.add(look);
      }),
    clear: () => void mails.splice(0),
    stop: () =>
      (stopping ??= new Promise<void>((resolve) => server.close(resolve)).then(() => releasePort(port))),
  };
}

function refuse(verdict: Verdict): void {
  if (verdict === 'accept') return;
  throw Object.assign(new Error(verdict.text), { responseCode: verdict.code });
}

function answer(work: Promise<void>, done: (error?: Error) => void): void {
  work.then(
    () => done(),
    (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
  );
}
