// Forgetting what a student's mailbox told (I1a): each function one kind of row, all in the transaction of the withdrawal.
import type { Trx } from '../connection.ts';

/** Ends a mailbox: nothing by which it was reached stays. @returns its id; undefined where none is connected */
export async function withdrawMailbox(trx: Trx, studentId: number): Promise<number | undefined> {
  const held = await trx('mailboxes').where({ student_id: studentId }).andWhereNot('status', 'withdrawn').forUpdate().first('id');
  if (!held) return undefined;
  await trx('mailboxes').where({ id: held.id }).update({
    status: 'withdrawn', username: '', secret: Buffer.alloc(0), secret_key_id: '', access_token: null, access_token_key_id: null,
    access_token_expires_at: null, uid_validity: null, last_uid: 0, failures: 0, failure_code: null, retry_at: null, last_read_at: null, pending: 0,
    lease: null, leased_until: null,
  });
  return held.id;
}

/** Blanks a student's interviews that mails told of; the rows stay until what followed from them is undone. @returns their ids */
export async function eraseInterviews(trx: Trx, studentId: number, now: Date): Promise<number[]> {
  const rows: { id: number; drive_id: number | null }[] = await trx('student_company_drive')
    .where({ student_id: studentId }).andWhereNot('source', 'student').andWhereNot('status', 'erased').select('id', 'drive_id');
  const ids = rows.map(({ id }) => id);
  await trx('chat_prompts').whereIn('interview_id', ids).delete();
  await trx('student_company_drive').whereIn('id', ids).update({
    status: 'erased', drive_id: null, company_name: '', company_key: '', role: null, round: null, mode: null, date: '1970-01-01', starts_at: null,
    ends_at: null, time_zone: 'UTC', location: null, link: null, asked_because: null, corrected_from: null, confidence: 0, evidence: null,
    origin_key: trx.raw("unhex(sha2(concat('erased ', id), 256))"), calendar_sequence: null,
    version: trx.raw('version + 1'), sequence: trx.raw('sequence + 1'), updated_at: now,
  });
  await forgetEmptyDrives(trx, rows.flatMap(({ drive_id: driveId }) => (driveId === null ? [] : [driveId])));
  return ids;
}

/** A drive of nobody names a company for nothing. One that somebody is entering at this moment stays. */
async function forgetEmptyDrives(trx: Trx, driveIds: number[]): Promise<void> {
  if (driveIds.length === 0) return;
  await trx.raw('delete ignore from drives where id in (?) and not exists (select 1 from student_company_drive i where i.drive_id = drives.id)', [driveIds]);
}

/** Takes out of interviews that the student added what mails of the mailbox had filled in. */
export async function eraseAdditions(trx: Trx, studentId: number, mailboxId: number): Promise<void> {
  const added: number[] = await trx('interview_mail as m')
    .join('mail_seen as s', 's.message_key', 'm.message_key')
    .where({ 'm.student_id': studentId, 's.mailbox_id': mailboxId })
    .distinct()
    .pluck('m.interview_id');
  await trx('student_company_drive').whereIn('id', added).andWhere('source', 'student').update({
    role: null, round: null, mode: null, location: null, link: null, evidence: null, calendar_sequence: null,
  });
}

/** Which mails there were, which interviews they spoke of, and what was asked about them. */
export async function forgetMails(trx: Trx, studentId: number, mailboxId: number): Promise<void> {
  const fingerprints: Buffer[] = await trx('mail_seen').where({ mailbox_id: mailboxId }).whereNotNull('fingerprint').distinct().pluck('fingerprint');
  await trx('interview_mail').where({ student_id: studentId }).delete();
  await trx('interview_doubts').where({ student_id: studentId }).delete();
  await trx('mail_seen').where({ mailbox_id: mailboxId }).delete();
  await forgetExtractionsOfNobody(trx, fingerprints);
}

/** Forgets what was found in mails that no mailbox has, as far as it is known. */
export async function forgetExtractionsOfNobody(trx: Trx, fingerprints: Buffer[]): Promise<void> {
  if (fingerprints.length === 0) return;
  await trx('mail_extraction')
    .whereIn('fingerprint', fingerprints)
    .andWhere('status', 'done')
    .whereNotExists((seen) => seen.from('mail_seen as s').whereRaw('s.fingerprint = mail_extraction.fingerprint').select('s.id'))
    .delete();
}

/** Takes back what a person was told, also what is still to be sent. */
export async function forgetNotices(trx: Trx, userId: number, kinds: readonly string[]): Promise<void> {
  const ids: number[] = await trx('notices').where({ user_id: userId }).whereIn('kind', kinds).pluck('id');
  await trx('deliveries').whereIn('notice_id', ids).delete();
  await trx('notices').whereIn('id', ids).delete();
}

/**
 * Deletes a blanked interview and the rounds' memory of it, unless something stands that was done for it. Marks of classes that it excused from stay, without saying
 * for what.
 * @returns whether it is gone
 */
export async function deleteErased(trx: Trx, interviewId: number): Promise<boolean> {
  const erased = await trx('student_company_drive').where({ id: interviewId, status: 'erased' }).first('id');
  if (!erased) return false;
  await trx('attendance').where({ interview_id: interviewId }).update({ interview_id: null });
  await trx('rescheduled_class_student').where({ interview_id: interviewId, status: 'withdrawn' }).delete();
  const gone = await trx.raw('delete ignore from student_company_drive where id = ?', [interviewId]);
  return gone[0].affectedRows === 1;
}
