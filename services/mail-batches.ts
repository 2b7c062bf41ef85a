// Recording what was read: one transaction moves cursors on, notes the mails and enters what was found in them (I3).
import { createHash } from 'node:crypto';
import type { Trx } from '../db/connection.ts';
import { forgetExtractionsOfNobody } from '../db/repositories/erasure.ts';
import { lock } from '../db/repositories/locks.ts';
import {
  type Advance, advanceCursors, alreadySeen, type Cursor, insertSeen, type Mailbox, type MailOutcome, type Owner, type SeenMail,
} from '../db/repositories/mailboxes.ts';
import { ownMessageIds } from '../db/repositories/notices.ts';
import type { Authenticity } from '../domain/interviews/authenticity.ts';
import type { Finding } from '../domain/interviews/types.ts';
import type { ServiceContext } from './context.ts';
import { recordFindings } from './findings.ts';
import { grouped } from './grouped.ts';
import { looksOwn } from './telling.ts';

export type { Cursor, MailOutcome };

/** A Message-ID as RFC 5322 has it: strangers also send others, which MySQL can't compare with ours. */
const MESSAGE_ID = /^<[\x21-\x7e]{1,250}>$/;
/** Batches that one transaction takes. */
const MOST_TOGETHER = 50;

/** Hash of a Message-ID, by which mails are told apart: the same in every repository that speaks of mails. */
export function messageKeyOf(messageId: string): Buffer {
  return createHash('sha256').update(messageId.trim()).digest();
}

export interface ReadMail {
  messageKey: Buffer;
  /** As written, to tell Beadle's own mails. */
  messageId: string;
  /** Hashed Message-IDs that it replies to. */
  repliedKeys: Buffer[];
  fingerprint: Buffer | null;
  found: { meant: 'yes' | 'ask'; finding: Finding; authenticity: Authenticity } | null;
  /** What to note where nothing was found. */
  otherwise: MailOutcome;
}

export interface BatchCounts {
  messages: number;
  candidates: number;
  interviews: number;
}

/** Mails of one mailbox, in their order. */
export interface MailBatch extends Omit<Advance, 'mailboxId'> {
  mailbox: Pick<Mailbox, 'id' | 'studentId'>;
  owner: Pick<Owner, 'userId' | 'organisationId'>;
  mails: ReadMail[];
}

/**
 * Records a batch of mails of one mailbox and moves its cursor on, in one transaction. Mails that were dealt with before
 * (after a new UIDVALIDITY, say) are passed over.
 * @returns what was written; null when nothing was: the cursor had moved, another reader was faster; or the owner withdrew
 */
export type RecordBatch = (batch: MailBatch) => Promise<BatchCounts | null>;

/** Batches of different mailboxes that come while others are being recorded share the next transaction. */
export function createRecorder(context: ServiceContext): RecordBatch {
  return grouped((batches) => context.db.transaction((trx) => recordBatches(trx, context, batches)), {
    most: MOST_TOGETHER, keyOf: (batch) => batch.mailbox.id,
  });
}

async function recordBatches(trx: Trx, context: ServiceContext, batches: MailBatch[]): Promise<(BatchCounts | null)[]> {
  const now = context.now().toJSDate();
  await lock(trx, { students: batches.map(({ mailbox }) => mailbox.studentId) });
  const moved = await advanceCursors(trx, batches.map(({ mailbox, ...batch }) => ({ ...batch, mailboxId: mailbox.id })), now);
  const standing = batches.filter(({ mailbox }) => moved.has(mailbox.id));
  // Where the owner withdrew the consent while this was read, nothing of it stays.
  const dropped = batches.filter(({ mailbox }) => !moved.has(mailbox.id)).flatMap(({ mails }) => mails.flatMap(({ fingerprint }) => fingerprint ?? []));
  await forgetExtractionsOfNobody(trx, dropped);
  const seen = await freshMails(trx, standing);
  await enterFound(trx, context, seen);
  await insertSeen(trx, seen, now);
  const byMailbox = Map.groupBy(seen, ({ mailboxId }) => mailboxId);
  return batches.map(({ mailbox }) => (moved.has(mailbox.id) ? countsOf(byMailbox.get(mailbox.id) ?? []) : null));
}

interface FreshMail extends SeenMail {
  mail: ReadMail;
  batch: MailBatch;
}

/** The mails that were not dealt with before, each with what to note where nothing is entered. */
async function freshMails(trx: Trx, batches: MailBatch[]): Promise<FreshMail[]> {
  const mails = batches.flatMap((batch) => batch.mails);
  const seen = await alreadySeen(trx, batches.map(({ mailbox }) => mailbox.id), mails.map(({ messageKey }) => messageKey));
  const own = await ownMessageIds(trx, mails.map(({ messageId }) => messageId).filter((id) => MESSAGE_ID.test(id)));
  return batches.flatMap((batch) => {
    const mailboxId = batch.mailbox.id;
    const known = seen.get(mailboxId) ?? new Set();
    return batch.mails.flatMap((mail) => {
      const key = mail.messageKey.toString('hex');
      if (known.has(key)) return [];
      known.add(key);
      const outcome: MailOutcome = own.has(mail.messageId) || looksOwn(mail.messageId) ? 'own' : mail.otherwise;
      return [{ mailboxId, messageKey: mail.messageKey, fingerprint: mail.fingerprint, outcome, mail, batch }];
    });
  });
}

/** Enters what was found, each student's mails one after the other, and notes what became of it. */
async function enterFound(trx: Trx, context: ServiceContext, fresh: FreshMail[]): Promise<void> {
  const found = fresh.flatMap((one) => (one.mail.found && one.outcome !== 'own' ? [{ one, found: one.mail.found }] : []));
  const queues = [...Map.groupBy(found, ({ one }) => one.mailboxId).values()];
  const longest = Math.max(0, ...queues.map((queue) => queue.length));
  for (let turn = 0; turn < longest; turn += 1) {
    const turns = queues.flatMap((queue) => queue.slice(turn, turn + 1));
    const outcomes = await recordFindings(trx, context, turns.map(({ one: { mail, batch }, found: { meant, finding, authenticity } }) => ({
      student: { id: batch.mailbox.studentId, userId: batch.owner.userId, organisationId: batch.owner.organisationId },
      finding, meant, authenticity, messageKey: mail.messageKey, repliedKeys: mail.repliedKeys,
      originKey: finding.calendarUid === undefined ? mail.messageKey : messageKeyOf(`uid:${finding.calendarUid}`),
    })));
    for (const [index, { one }] of turns.entries()) one.outcome = outcomes[index]!;
  }
}

function countsOf(mails: FreshMail[]): BatchCounts {
  return {
    messages: mails.length,
    candidates: mails.filter((mail) => mail.outcome !== 'skipped' && mail.outcome !== 'denied').length,
    interviews: mails.filter((mail) => mail.outcome === 'entered' || mail.outcome === 'asked').length,
  };
}
