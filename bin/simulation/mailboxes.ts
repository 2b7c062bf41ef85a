// Students' mailboxes in a simulated month: a mail put into one goes the way of a sweep's mails from the fetch on.
import type { Knex } from 'knex';
import type { DateTime } from 'luxon';
import { type Owner, ownersOf } from '../../db/repositories/mailboxes.ts';
import { authenticityOf } from '../../domain/interviews/authenticity.ts';
import { fingerprint } from '../../domain/interviews/canonical.ts';
import { parseMail } from '../../domain/interviews/parse-mail.ts';
import { extract, forPerson } from '../../domain/interviews/pipeline.ts';
import type { MailExtraction } from '../../domain/interviews/types.ts';
import type { ServiceContext } from '../../services/context.ts';
import { createRecorder, type MailBatch, messageKeyOf, type ReadMail } from '../../services/mail-batches.ts';
import { type Letter, writeMail } from './mails.ts';

export interface Post {
  studentId: number;
  letter: Letter;
}

interface Box {
  id: number;
  studentId: number;
  lastUid: number;
  uidValidity: number | null;
}

const UID_VALIDITY = 1;

/** Puts mails into mailboxes, one a student at the most, and has them read. Put there again, they change nothing. */
export type Deliver = (posts: Post[], at: DateTime) => Promise<void>;

export function createDelivery(context: ServiceContext): Deliver {
  const record = createRecorder(context);
  return async (posts, at) => {
    const { knex } = context.db;
    const studentIds = posts.map(({ studentId }) => studentId);
    const owners = new Map((await ownersOf(knex, studentIds)).map((owner) => [owner.studentId, owner]));
    const boxes: Box[] = await knex('mailboxes').whereIn('student_id', studentIds).andWhereNot('status', 'withdrawn')
      .select({ id: 'id', studentId: 'student_id', lastUid: 'last_uid', uidValidity: 'uid_validity' });
    const byStudent = new Map(boxes.map((box) => [box.studentId, box]));
    // What all recipients of a mail share is read once, as the sweep does.
    const extractions = new Map<string, MailExtraction>();
    const batches: MailBatch[] = [];
    for (const { studentId, letter } of posts) {
      const [box, owner] = [byStudent.get(studentId), owners.get(studentId)];
      if (!box || !owner) continue;
      const mail = await read(context, extractions, owner, letter, at);
      batches.push({
        mailbox: box, owner, from: { uidValidity: box.uidValidity, lastUid: box.lastUid }, to: { uidValidity: UID_VALIDITY, lastUid: box.lastUid + 1 }, isEnd: true, mails: [mail],
      });
    }
    await Promise.all(batches.map(record));
  };
}

async function read(context: ServiceContext, extractions: Map<string, MailExtraction>, owner: Owner, letter: Letter, at: DateTime): Promise<ReadMail> {
  const mail = await parseMail(Buffer.from(writeMail(letter, owner, at)));
  const person = { name: owner.name, email: owner.email, rollNumber: owner.rollNumber, timeZone: owner.timeZone };
  const key = Buffer.from(fingerprint(mail, person));
  const extraction = extractions.get(key.toString('hex')) ?? await extract(mail, person, context.campus);
  extractions.set(key.toString('hex'), extraction);
  const meant = extraction.found ? forPerson(extraction, person) : null;
  return {
    messageKey: messageKeyOf(mail.messageId), messageId: mail.messageId, fingerprint: key,
    repliedKeys: [mail.inReplyTo, ...mail.references].filter(Boolean).map(messageKeyOf),
    found: meant && meant.meant !== 'no' ? { meant: meant.meant, finding: meant.finding, authenticity: authenticityOf(mail.authenticationResults, mail.from.address) } : null,
    otherwise: !meant ? 'nothing' : meant.meant === 'no' ? 'not_meant' : 'dropped',
  };
}

const ROWS_PER_INSERT = 500;

/** A mailbox for each of these students; nothing can be fetched from it. */
export async function insertMailboxes(trx: Knex.Transaction, context: ServiceContext, studentIds: number[]): Promise<void> {
  const sealed = context.secrets.seal('nobody logs in here');
  const rows = studentIds.map((studentId) => ({
    student_id: studentId, host: 'mail.campus.example', port: 993, security: 'tls', username: `student-${studentId}`, auth: 'password',
    secret: sealed.value, secret_key_id: sealed.keyId, consented_at: context.now().toJSDate(), status: 'active',
  }));
  for (let first = 0; first < rows.length; first += ROWS_PER_INSERT) await trx('mailboxes').insert(rows.slice(first, first + ROWS_PER_INSERT));
}
