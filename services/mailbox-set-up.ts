// Connecting a mailbox: the student consents, the way in is kept sealed (I1, I1a).
import type { Trx } from '../db/connection.ts';
import { insertAudit } from '../db/repositories/audit.ts';
import { upsertMailbox } from '../db/repositories/mailboxes.ts';
import type { ServiceContext } from './context.ts';

export interface MailboxSetUp {
  host: string;
  port: number;
  security: 'tls' | 'starttls' | 'none';
  username: string;
  auth: 'password' | 'oauth2';
  /** The password or the OAuth 2 refresh token. */
  secret: string;
}

/** Connects a student's mailbox, or changes how it is reached; the cursor of one on the same server stays. */
export async function connectMailbox(trx: Trx, context: ServiceContext, student: { id: number; userId: number }, setUp: MailboxSetUp): Promise<void> {
  const { secret, ...way } = setUp;
  const sealed = context.secrets.seal(secret);
  const now = context.now().toJSDate();
  await upsertMailbox(trx, { studentId: student.id, ...way, secret: sealed.value, secretKeyId: sealed.keyId }, now);
  await insertAudit(trx, { userId: student.userId, action: 'mailbox.connect', subject: `student/${student.id}`, details: { host: way.host } }, now);
}
