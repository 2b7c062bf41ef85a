// Students' mailboxes over plain imapflow: how benchmarks fill them, and how their limit reads them.
import { ImapFlow } from 'imapflow';
import type { Login, Owner } from './installation.ts';

/** Logs in to each of these mailboxes, `atOnce` at a time, and does something there. */
export async function inMailboxes(imap: Login, owners: Owner[], atOnce: number, work: (client: ImapFlow, owner: Owner) => Promise<void>): Promise<void> {
  const left = owners.values();
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (const owner of left) {
      const client = new ImapFlow({
        host: imap.host, port: imap.port, secure: false, auth: { user: owner.email, pass: imap.password }, logger: false, disableAutoIdle: true,
      });
      await client.connect();
      await work(client, owner);
      await client.logout();
    }
  }));
}
