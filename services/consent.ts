// Withdrawing the consent to have one's mail read: what came from it is erased (I1a).
import { insertAudit } from '../db/repositories/audit.ts';
import { eraseAdditions, eraseInterviews, forgetMails, forgetNotices, withdrawMailbox } from '../db/repositories/erasure.ts';
import { lock } from '../db/repositories/locks.ts';
import { kindsThatNameCompanies } from '../domain/notices.ts';
import { requireStudent } from './access.ts';
import type { Actor, ServiceContext } from './context.ts';
import { interviewsChanged } from './intents.ts';

/**
 * Ends the reading of the asking student's mail and erases what it told: interviews but for those that the student added,
 * notices of them, sent or not, and what was noted of mails. Excuses and rounds that followed are undone by the interviews'
 * processes, which then forget the blank rows. A reading that is under way records nothing more.
 * @returns whether a mailbox was connected
 */
export async function withdrawConsent(context: ServiceContext, actor: Actor): Promise<boolean> {
  const { studentId, userId } = requireStudent(actor);
  return context.db.transaction(async (trx) => {
    await lock(trx, { students: [studentId] });
    const mailboxId = await withdrawMailbox(trx, studentId);
    if (mailboxId === undefined) return false;
    const now = context.now().toJSDate();
    await eraseAdditions(trx, studentId, mailboxId);
    const interviewIds = await eraseInterviews(trx, studentId, now);
    await forgetMails(trx, studentId, mailboxId);
    await forgetNotices(trx, userId, kindsThatNameCompanies);
    await interviewsChanged(trx, interviewIds, now);
    await insertAudit(trx, { userId, action: 'mailbox.withdraw', subject: `student/${studentId}`, details: { interviews: interviewIds.length } }, now);
    return true;
  });
}
