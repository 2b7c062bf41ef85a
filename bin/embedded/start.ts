// Starts the embedded servers that the settings leave to us, side by side, and says where they are.
import { join } from 'node:path';
import type { Config } from '../../config.ts';
import type { EmbeddedPlaces } from '../places.ts';
import { startDovecot } from './dovecot.ts';
import { startMailReceiver } from './mail-receiver.ts';
import { startMysql } from './mysql.ts';
import type { Log } from './server-process.ts';
import { startTemporal } from './temporal.ts';

/** Of the demo's mailboxes, on loopback only. */
const DEMO_PASSWORD = 'demo';

export interface Embedded {
  places: EmbeddedPlaces;
  /** The demo's IMAP server; undefined where the settings name a real one. */
  imap: { host: string; port: number; password: string } | undefined;
  /** Rejects when a server ended although nobody stopped it. */
  finished: Promise<void>;
  stop(): Promise<void>;
}

/** @throws Error that names the server that did not start; those that did are stopped */
export async function startEmbedded(config: Config, publicUrl: string, log: Log, onMail: (line: string) => void): Promise<Embedded> {
  const dir = (name: string) => join(config.stateDir, name);
  const told = new Set<string>();
  const { promise: finished, reject } = Promise.withResolvers<void>();
  finished.catch(() => {});
  const onEnd = (why: string) => reject(new Error(`the embedded ${why}; start again to go on where this was`));
  const started = await Promise.allSettled([
    config.database.url ? undefined : startMysql({ stateDir: dir('mysql'), port: config.database.embeddedPort, onEnd, log }),
    config.temporal.address ? undefined : startTemporal({ stateDir: dir('temporal'), port: config.temporal.embeddedPort, uiPort: config.temporal.uiPort, onEnd, log }),
    config.imap.host || config.database.url ? undefined : startDovecot({ stateDir: dir('imap'), port: config.imap.port, passwords: { everyone: DEMO_PASSWORD }, onEnd, log }),
    config.smtp.url || config.database.url ? undefined : startMailReceiver({
      port: config.smtp.embeddedPort,
      onMail: ({ to, parsed }) => {
        const subject = parsed.subject ?? '';
        if (told.has(subject)) return;
        told.add(subject);
        onMail(`first of its kind, to ${to.join(', ')}: ${subject}`);
      },
    }),
  ]);
  const stop = async (): Promise<void> => {
    for (const server of started) if (server.status === 'fulfilled') await server.value?.stop();
  };
  const [mysql, temporal, imap, receiver] = started;
  const failed = started.find((server) => server.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  const valueOf = <T>(result: PromiseSettledResult<T>) => (result as PromiseFulfilledResult<T>).value;
  const [database, frontend, mailboxes, smtp] = [valueOf(mysql), valueOf(temporal), valueOf(imap), valueOf(receiver)];
  return {
    places: {
      databaseUrl: database?.url ?? config.database.url!,
      temporalAddress: frontend?.address ?? config.temporal.address!,
      publicUrl: config.api.publicUrl ?? publicUrl,
      smtpUrl: smtp?.url ?? config.smtp.url,
      temporalUi: frontend?.uiUrl,
      identity: config.signIn.provider,
    },
    imap: mailboxes && { host: mailboxes.host, port: mailboxes.port, password: DEMO_PASSWORD },
    finished,
    stop,
  };
}
