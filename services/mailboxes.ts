// Sweeping the mailboxes: what is due, who reads what, how to log in, and who fails. What was read is recorded by mail-batches.ts.
import {
  backOff, dueBetween, failingMailboxes, findMailbox, leaseForReading, type Mailbox, mailboxOfStudent, noteCounts, type Owner, ownersOf,
  rangesOfDue, storeAccessToken,
} from '../db/repositories/mailboxes.ts';
import { findUserOfStudent } from '../db/repositories/people.ts';
import { requirePermission, requireStudent } from './access.ts';
import type { Actor, ServiceContext } from './context.ts';
import { tell } from './telling.ts';

export type { Mailbox, Owner };

/** Mailboxes that one counting activity looks at. */
const RANGE_SIZE = 500;
/** A reader heartbeats every few seconds; after this long its mailboxes are free for others. */
const READING_LEASE_MS = 300_000;
const FIRST_BACKOFF_MINUTES = 2;
const LONGEST_BACKOFF_MINUTES = 24 * 60;
/** After so many failures in a row the student is told. */
const FAILURES_UNTIL_TOLD = 3;

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
