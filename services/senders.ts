// The sender list: whose mails are trusted without proof, and whose are not read (I10). Kept by admins and placement staff.
import { insertAudit } from '../db/repositories/audit.ts';
import { deleteSender, type Sender, sendersOf, upsertSender, verdictsOf } from '../db/repositories/senders.ts';
import { type SenderList, senderPattern, type SenderVerdict } from '../domain/interviews/senders.ts';
import { Refusal } from '../domain/refusal.ts';
import { requirePermission } from './access.ts';
import type { Person, ServiceContext } from './context.ts';

/** What the asking person's institution says of senders, by pattern. */
export async function listSenders(context: ServiceContext, actor: Person): Promise<Sender[]> {
  requirePermission(actor, 'senders.manage');
  return sendersOf(context.db.knex, actor.organisationId);
}

/**
 * Says of an address, or of a domain with all below it, that its mails are trusted (allow) or not read (deny). Said again, the
 * later word counts.
 * @throws Refusal sender-pattern for what is neither
 */
export async function setSender(context: ServiceContext, actor: Person, written: string, verdict: SenderVerdict): Promise<Sender> {
  requirePermission(actor, 'senders.manage');
  const pattern = patternOf(written);
  const { organisationId, userId } = actor;
  return context.db.transaction(async (trx) => {
    const now = context.now().toJSDate();
    await upsertSender(trx, { organisationId, pattern, verdict, userId }, now);
    await insertAudit(trx, { userId, action: `sender.${verdict}`, subject: `organisation/${organisationId}`, details: { pattern } }, now);
    return (await sendersOf(trx, organisationId)).find((sender) => sender.pattern === pattern)!;
  });
}

/** Takes a sender off the list. @returns whether it was on it. @throws Refusal sender-pattern */
export async function removeSender(context: ServiceContext, actor: Person, sender: { id: number } | { written: string }): Promise<boolean> {
  requirePermission(actor, 'senders.manage');
  const by = 'id' in sender ? sender : { pattern: patternOf(sender.written) };
  const { organisationId, userId } = actor;
  return context.db.transaction(async (trx) => {
    const pattern = await deleteSender(trx, organisationId, by);
    if (pattern === undefined) return false;
    await insertAudit(trx, { userId, action: 'sender.remove', subject: `organisation/${organisationId}`, details: { pattern } }, context.now().toJSDate());
    return true;
  });
}

function patternOf(written: string): string {
  const pattern = senderPattern(written);
  if (pattern === null) throw new Refusal('sender-pattern', { field: 'pattern' });
  return pattern;
}

/** What institutions say, for those who read their students' mail. */
export async function senderLists(context: ServiceContext, organisationIds: number[]): Promise<Map<number, SenderList>> {
  return verdictsOf(context.db.knex, [...new Set(organisationIds)]);
}
