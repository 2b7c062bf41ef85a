// Sweeping the mailboxes: what is due, who reads what, and the one transaction per batch of mails that moves the cursor on.
import { createHash } from 'node:crypto';
import {
  advanceCursor, alreadySeen, backOff, type Cursor, dueBetween, findMailbox, insertSeen, leaseForReading, type Mailbox, type MailOutcome,
  mailboxOfStudent, failingMailboxes, noteCounts, type Owner, ownersOf, rangesOfDue, storeAccessToken,
} from '../db/repositories/mailboxes.ts';
import { lock } from '../db/repositories/locks.ts';
import { ownMessageIds } from '../db/repositories/notices.ts';
import { findUserOfStudent } from '../db/repositories/people.ts';
import type { Finding } from '../domain/interviews/types.ts';
import { requirePermission, requireStudent } from './access.ts';
import type { Actor, ServiceContext } from './context.ts';
import { recordFinding } from './interviews.ts';
import { tell } from './telling.ts';

export type { Cursor, Mailbox, MailOutcome, Owner };

/** Mailboxes that one counting activity looks at. */
const RANGE_SIZE = 250;
/** A reader heartbeats every few seconds; after this long its mailboxes are free for others. */
const READING_LEASE_MS = 300_000;
const FIRST_BACKOFF_MINUTES = 2;
const LONGEST_BACKOFF_MINUTES = 24 * 60;
/** After so many failures in a row the student is told. */
const FAILURES_UNTIL_TOLD = 3;

/** A Message-ID as RFC 5322 has it: strangers also send others, which MySQL can't compare with ours. */
const MESSAGE_ID = /^<[\x21-\x7e]{1,250}>$/;

/** Hash of a Message-ID, by which mails are told apart: the same in every repository that speaks of mails. */
export function messageKeyOf(messageId: string): Buffer {
  return createHash('sha256').update(messageId.trim()).digest();
}

/** Where the ranges of a sweep end: ids of mailboxes, ascending. */
export async function planSweep(context: ServiceContext): Promise<number[]> {
  return rangesOfDue(context.db.knex, RANGE_SIZE, context.now().toJSDate());
}

/** The due mailboxes of one range. */
export async function mailboxesBetween(context: ServiceContext, after: number, upTo: number): Promise<Mailbox[]> {
  return dueBetween(context.db.knex, after, upTo, context.now().toJSDate());
}

/** Writes down what a range's counts gave. */
export async function recordCounts(context: ServiceContext, counts: { id: number; pending: number }[]): Promise<void> {
  const fresh = counts.filter((count) => count.pending > 0);
  const idle = counts.filter((count) => count.pending === 0).map((count) => count.id);
  await context.db.transaction((trx) => noteCounts(trx, fresh, idle, context.now().toJSDate()));
}

/** Leases the next mailboxes to read, with their owners, those with the most new mail first (I2); empty when all are read. */
export async function takeMailboxes(context: ServiceContext, lease: string, limit: number): Promise<{ mailbox: Mailbox; owner: Owner }[]> {
  const taken = await context.db.transaction((trx) =>
    leaseForReading(trx, { lease, limit, now: context.now().toJSDate(), leaseMs: READING_LEASE_MS }));
  if (taken.length === 0) return [];
  const owners = new Map((await ownersOf(context.db.knex, taken.map(({ studentId }) => studentId))).map((owner) => [owner.studentId, owner]));
  return taken.map((mailbox) => ({ mailbox, owner: owners.get(mailbox.studentId)! }));
}

export interface ReadMail {
  messageKey: Buffer;
  /** As written, to tell Beadle's own mails. */
  messageId: string;
  /** Hashed Message-IDs that it replies to. */
  repliedKeys: Buffer[];
  fingerprint: Buffer | null;
  found: { meant: 'yes' | 'ask'; finding: Finding } | null;
  /** What to note where nothing was found. */
  otherwise: MailOutcome;
}

export interface BatchCounts {
  messages: number;
  candidates: number;
  interviews: number;
}

export interface MailBatch {
  from: Cursor;
  to: Cursor;
  /** Whether the mailbox is thereby read to its end: its lease then ends with the same commit. */
  isEnd: boolean;
  mails: ReadMail[];
}

/**
 * Records a batch of mails of one mailbox and moves its cursor on, in one transaction. Mails that were dealt with before
 * (after a new UIDVALIDITY, say) are passed over.
 * @returns what was written; null when the cursor had moved: another reader was faster, and nothing was written
 */
export async function recordBatch(context: ServiceContext, mailbox: Mailbox, owner: Owner, batch: MailBatch): Promise<BatchCounts | null> {
  const { mails } = batch;
  return context.db.transaction(async (trx) => {
    await lock(trx, { students: [mailbox.studentId] });
    const now = context.now().toJSDate();
    if (!(await advanceCursor(trx, mailbox.id, batch, now))) return null;
    const student = { id: mailbox.studentId, userId: owner.userId, organisationId: owner.organisationId };
    const seen = await alreadySeen(trx, mailbox.id, mails.map((mail) => mail.messageKey));
    const own = await ownMessageIds(trx, mails.map((mail) => mail.messageId).filter((id) => MESSAGE_ID.test(id)));
    const noted: { messageKey: Buffer; fingerprint: Buffer | null; outcome: MailOutcome }[] = [];
    for (const mail of mails) {
      const key = mail.messageKey.toString('hex');
      if (seen.has(key)) continue;
      seen.add(key);
      let outcome: MailOutcome = mail.otherwise;
      if (own.has(mail.messageId)) outcome = 'own';
      else if (mail.found) {
        const { finding } = mail.found;
        outcome = await recordFinding(trx, context, {
          student, ...mail.found, messageKey: mail.messageKey, repliedKeys: mail.repliedKeys,
          originKey: finding.calendarUid === undefined ? mail.messageKey : messageKeyOf(`uid:${finding.calendarUid}`),
        });
      }
      noted.push({ messageKey: mail.messageKey, fingerprint: mail.fingerprint, outcome });
    }
    await insertSeen(trx, mailbox.id, noted, now);
    return {
      messages: noted.length,
      candidates: noted.filter((mail) => mail.outcome !== 'skipped').length,
      interviews: noted.filter((mail) => mail.outcome === 'entered' || mail.outcome === 'asked').length,
    };
  });
}

/**
 * Backs a failing mailbox off: 2 minutes, doubled with every failure in a row up to a day, or as long as its server asked.
 * The cursor stays, so nothing is lost. The student is told at the third failure.
 */
export async function recordFailure(context: ServiceContext, mailboxId: number, failureCode: string, afterMs?: number): Promise<void> {
  await context.db.transaction(async (trx) => {
    const mailbox = await findMailbox(trx, mailboxId);
    if (!mailbox) return;
    const minutes = Math.min(FIRST_BACKOFF_MINUTES * 2 ** mailbox.failures, LONGEST_BACKOFF_MINUTES);
    const retryAt = context.now().plus(Math.max(afterMs ?? 0, minutes * 60_000));
    await backOff(trx, mailboxId, failureCode, retryAt.toJSDate());
    if (mailbox.failures + 1 !== FAILURES_UNTIL_TOLD) return;
    const { userId } = await findUserOfStudent(trx, mailbox.studentId);
    await tell(trx, {
      userIds: [userId], kind: 'mailbox-failing', params: { failureCode, retryAt: retryAt.toISO()! },
      eventKey: `mailbox/${mailboxId}/${context.now().toISODate()}`, urgency: 'reminder',
    }, context.now().toJSDate());
  });
}

export type Credentials = { kind: 'password'; password: string } | { kind: 'token'; accessToken: string } | { kind: 'refresh'; refreshToken: string };

/** Half a minute more than a login takes. */
const TOKEN_MARGIN_MS = 60_000;

/** How to log in to a mailbox: its password, an access token still in force, or the refresh token that gets one. */
export function credentialsOf(context: ServiceContext, mailbox: Mailbox): Credentials {
  const secret = () => context.secrets.open({ keyId: mailbox.secretKeyId, value: mailbox.secret });
  if (mailbox.auth === 'password') return { kind: 'password', password: secret() };
  const inForce = mailbox.accessTokenExpiresAt !== null && mailbox.accessTokenExpiresAt.getTime() - TOKEN_MARGIN_MS > context.now().toMillis();
  if (inForce && mailbox.accessToken && mailbox.accessTokenKeyId) {
    return { kind: 'token', accessToken: context.secrets.open({ keyId: mailbox.accessTokenKeyId, value: mailbox.accessToken }) };
  }
  return { kind: 'refresh', refreshToken: secret() };
}

/** Keeps a fresh access token, sealed, and the refresh token where the provider gave a new one. */
export async function keepAccessToken(
  context: ServiceContext, mailboxId: number, token: { accessToken: string; expiresInSeconds: number; refreshToken?: string },
): Promise<void> {
  await storeAccessToken(
    context.db.knex, mailboxId,
    { ...context.secrets.seal(token.accessToken), expiresAt: context.now().plus({ seconds: token.expiresInSeconds }).toJSDate() },
    token.refreshToken === undefined ? undefined : context.secrets.seal(token.refreshToken),
  );
}

/** How the asking student's mailbox fares. */
export async function myMailbox(context: ServiceContext, actor: Actor) {
  return mailboxOfStudent(context.db.knex, requireStudent(actor).studentId);
}

/** The mailboxes that fail, with the reason, for admins (I5). */
export async function mailboxFailures(context: ServiceContext, actor: Actor) {
  requirePermission(actor, 'mailboxes.see');
  return failingMailboxes(context.db.knex, 200);
}

/** @throws Refusal not-allowed unless the actor may start a sweep by hand (I6) */
export function mayStartSweep(actor: Actor): void {
  requirePermission(actor, 'sweep.start');
}
