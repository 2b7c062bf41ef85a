// A mail that a student pastes or forwards to the bot, read by the rules that read mailboxes (I11). No model is asked.
import { createHash } from 'node:crypto';
import { drivesOf, interviewsOfMails, type KeptInterview, linkMails, updateInterview } from '../db/repositories/interviews.ts';
import { lock } from '../db/repositories/locks.ts';
import { findUserOfStudent } from '../db/repositories/people.ts';
import type { Trx } from '../db/connection.ts';
import { companyKey } from '../domain/interviews/company-key.ts';
import { matchInterview } from '../domain/interviews/matching.ts';
import { parseMail } from '../domain/interviews/parse-mail.ts';
import { mailFromPaste } from '../domain/interviews/pasted.ts';
import { extract, forPerson } from '../domain/interviews/pipeline.ts';
import type { Finding, ParsedMail } from '../domain/interviews/types.ts';
import type { NoticeParams } from '../domain/notices.ts';
import { requireStudent } from './access.ts';
import { campusDay } from './campus-day.ts';
import type { Actor, ServiceContext } from './context.ts';
import { openDoubt } from './doubts.ts';
import { openInterviews } from './finding-changes.ts';
import { described, driveFor, fitted, timesOf } from './finding-shape.ts';
import { followChange, isStanding, keptInterview } from './interviews.ts';
import { insertOne } from './reviewing.ts';

export type Pasted =
  /** no-company: a time was found, and nothing that it belongs to. */
  | { found: 'nothing' | 'no-company' | 'not-meant' }
  /** One that was there already, or a new one that the student is asked about. */
  | { found: 'interview'; interview: KeptInterview }
  /** It calls off or moves an interview: the student says which. */
  | { found: 'which'; question: NoticeParams['interview-which'] };

/** Reads a pasted text, and notes what it says as a question to the student. Pasted again, it is the same question. */
export async function readPasted(context: ServiceContext, actor: Actor, text: string): Promise<Pasted> {
  const now = context.now().setZone(context.campus.timeZone).toISO()!;
  return readMail(context, actor, mailFromPaste(text, now), keyOf(text.trim()));
}

/** Reads a mail that a student sends as a file (RFC 5322). */
export async function readMailFile(context: ServiceContext, actor: Actor, file: Uint8Array): Promise<Pasted> {
  return readMail(context, actor, await parseMail(file, context.now().toISO()!), keyOf(file));
}

const keyOf = (mail: string | Uint8Array) => createHash('sha256').update('by hand:').update(mail).digest();

async function readMail(context: ServiceContext, actor: Actor, mail: ParsedMail, messageKey: Buffer): Promise<Pasted> {
  const student = requireStudent(actor);
  const { name, email, rollNumber, timeZone } = await findUserOfStudent(context.db.knex, student.studentId);
  const owner = { name, email, rollNumber, timeZone };
  const extraction = await extract(mail, owner, context.campus);
  if (!extraction.found) return { found: 'nothing' };
  const meant = forPerson(extraction, owner);
  if (meant.meant === 'no') return { found: 'not-meant' };
  const finding = fitted(meant.finding, context.campus.timeZone);
  if (finding.company === null) return { found: 'no-company' };
  if (isOver(context, finding)) return { found: 'nothing' };
  return context.db.transaction((trx) => enter(trx, context, student, { ...finding, company: finding.company! }, messageKey));
}

/** A mail may be as old as the student's collection of them. */
function isOver(context: ServiceContext, finding: Finding): boolean {
  const { date, endsAt } = timesOf(finding, context.campus.timeZone);
  return endsAt === null ? date < campusDay(context) : endsAt < context.now().toJSDate();
}

async function enter(
  trx: Trx, context: ServiceContext, student: ReturnType<typeof requireStudent>, finding: Finding & { company: string }, messageKey: Buffer,
): Promise<Pasted> {
  const { studentId, userId, organisationId } = student;
  await lock(trx, { students: [studentId] });
  const times = timesOf(finding, context.campus.timeZone);
  const [pasted] = await interviewsOfMails(trx, [studentId], [messageKey]);
  const match = pasted
    ? { kind: 'same', interview: pasted.interview } as const
    : matchInterview(finding, times.date, { replied: [], known: await openInterviews(trx, context, [studentId]) });
  if (finding.kind !== 'invite') {
    const interviews = (match.kind === 'doubt' ? match.interviews : match.kind === 'same' ? [match.interview] : []).filter(isStanding);
    if (interviews.length > 0) {
      const { question } = await openDoubt(trx, context, { student: { id: studentId, userId, organisationId }, finding, times }, messageKey, interviews);
      return { found: 'which', question };
    }
    if (finding.kind === 'cancel') return { found: 'nothing' };
  }
  const now = context.now().toJSDate();
  if (match.kind === 'same') {
    const { interview } = match;
    const adds = interview.startsAt === null && times.startsAt !== null ? times : {};
    if (!isStanding(interview) || 'startsAt' in adds) {
      // Pasting what was called off or turned down asks again.
      const status = isStanding(interview) ? interview.status : 'asked';
      await updateInterview(trx, interview.id, { ...adds, status, ...(status === 'asked' && { askedBecause: 'by-hand' }) }, { visible: true }, now);
      await followChange(trx, context, interview.id);
    }
    return { found: 'interview', interview: await keptInterview(trx, interview.id) };
  }
  const [driveId] = await drivesOf(trx, [driveFor(organisationId, finding.company, times.date)]);
  const id = await insertOne(trx, context, student, {
    ...described(finding), ...times, driveId: driveId!, companyName: finding.company, companyKey: companyKey(finding.company),
    status: 'asked', askedBecause: 'by-hand',
  });
  await linkMails(trx, [{ interviewId: id, studentId, messageKey }]);
  return { found: 'interview', interview: await keptInterview(trx, id) };
}
