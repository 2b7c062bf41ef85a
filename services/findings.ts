// Entering what mails say of interviews: each finding weighed, matched with what the student has, and merged or made new (I10–I12, I14).
import type { Trx } from '../db/connection.ts';
import {
  driveName, drivesOf, insertInterviews, interviewsOfMails, type KeptInterview, linkMails, loneInterviews, type NewDrive, standingsOf,
} from '../db/repositories/interviews.ts';
import type { Authenticity } from '../domain/interviews/authenticity.ts';
import { companyKey } from '../domain/interviews/company-key.ts';
import { type Match, matchInterview } from '../domain/interviews/matching.ts';
import { type Company, CORROBORATING_STUDENTS, weigh } from '../domain/interviews/trust.ts';
import type { Finding } from '../domain/interviews/types.ts';
import type { ServiceContext } from './context.ts';
import { askWhich } from './doubts.ts';
import { applyTo, isOld, movesTo, openInterviews } from './finding-changes.ts';
import { type Change, described, driveFor, fitted, startOf, timesOf } from './finding-shape.ts';
import { interviewsChanged } from './intents.ts';
import { announceAll, whichHitClasses } from './interviews.ts';

export interface MailFinding {
  student: { id: number; userId: number; organisationId: number };
  finding: Finding;
  /** Whether the mail certainly means this student. */
  meant: 'yes' | 'ask';
  /** Whether the mail comes from whom it says. */
  authenticity: Authenticity;
  /** What identifies the interview from now on: its calendar UID or else the mail, hashed. */
  originKey: Buffer;
  messageKey: Buffer;
  /** The mails that this one replies to, hashed. */
  repliedKeys: Buffer[];
}

export type FindingOutcome = 'entered' | 'asked' | 'dropped';

/**
 * Enters findings of different students, whose rows the caller has locked: makes new interviews, or changes, confirms or calls
 * off those that they speak of; tells the students, and the interviews' processes where classes are hit. What is new is
 * written set by set, because a placement cell's mails come to hundreds in one sweep.
 * @param mails one a student at the most: what the next says depends on what became of the first
 * @returns what became of each, in their order
 */
export async function recordFindings(trx: Trx, context: ServiceContext, mails: MailFinding[]): Promise<FindingOutcome[]> {
  const read = mails.map(({ finding: raw, ...mail }) => {
    const finding = fitted(raw, context.campus.timeZone);
    const times = timesOf(finding, context.campus.timeZone);
    const { company } = finding;
    return { mail, finding, times, drive: company === null ? null : driveFor(mail.student.organisationId, company, times.date) };
  });
  const companyOf = await companies(trx, context, read);
  const known = await knownInterviews(trx, context, mails);
  const news: NewEntry[] = [];
  const outcomes: FindingOutcome[] = [];
  for (const one of read) {
    const { mail, finding, times } = one;
    const weighed = weigh({ ...mail, confidence: finding.confidence }, companyOf(one));
    if (weighed === null) {
      outcomes.push('dropped');
      continue;
    }
    const change: Change = { student: mail.student, authenticity: mail.authenticity, finding, times, ...weighed };
    const match = known.match(mail, change);
    const inQuestion = interviewsInQuestion(match, change);
    if (inQuestion.length > 0) {
      await askWhich(trx, context, change, mail.messageKey, inQuestion);
      outcomes.push('asked');
    } else if (match.kind === 'same') {
      outcomes.push(await applyTo(trx, context, match.interview, change));
      await linkMails(trx, linksOf(match.interview.id, mail));
    } else if (finding.kind === 'cancel' || finding.company === null) outcomes.push('dropped');
    else {
      const because = change.because ?? (match.kind === 'none' ? null : 'in-doubt');
      news.push({ mail, change: { ...change, because }, company: finding.company });
      outcomes.push(because === null ? 'entered' : 'asked');
    }
  }
  await enter(trx, context, news);
  return outcomes;
}

type Mail = Omit<MailFinding, 'finding'>;

interface Read {
  mail: Mail;
  finding: Finding;
  drive: NewDrive | null;
}

/**
 * What company each finding is in: students with mails of its drive, those of this very batch counted. An invitation is borne
 * out by invitations; a move or cancellation only by its like, for a known drive is the easiest to forge one of. Interviews
 * that were asked only because their mail was lone are looked at again.
 */
async function companies(trx: Trx, context: ServiceContext, read: Read[]): Promise<(one: Read) => Company> {
  const students = read.map(({ mail }) => mail.student.id);
  const invited = read.flatMap(({ drive, finding }) => (drive !== null && finding.kind === 'invite' ? [drive] : []));
  const standings = await standingsOf(trx, invited, students);
  const nameOf = ({ drive, finding }: Read) => (drive === null ? null : `${finding.kind} ${driveName(drive)}`);
  const counts = ({ mail, finding }: Read) =>
    mail.authenticity !== 'failed' && weigh({ ...mail, confidence: finding.confidence }, { students: 1, certain: 0 }) !== null;
  const together = Map.groupBy(read.filter(counts), nameOf);
  const companyOf = (one: Read): Company => {
    if (one.drive === null) return { students: 1, certain: 0 };
    const { others = 0, certain = 0 } = (one.finding.kind === 'invite' && standings.get(driveName(one.drive))) || {};
    return { students: others + (together.get(nameOf(one))?.length ?? 0), certain };
  };
  const borneOut = read.flatMap((one) => {
    const lone = one.drive === null ? 0 : standings.get(driveName(one.drive))?.lone ?? 0;
    return lone > 0 && companyOf(one).students >= CORROBORATING_STUDENTS ? [one.drive!] : [];
  });
  await interviewsChanged(trx, await loneInterviews(trx, borneOut, students), context.now().toJSDate());
  return companyOf;
}

/**
 * The interviews among which the student has to say which one a cancellation or move means: where several fit, and where a
 * certain one would be changed by a mail that shows neither whom it comes from nor whom it means.
 */
function interviewsInQuestion(match: Match<KeptInterview>, change: Change): KeptInterview[] {
  const { finding, because, times } = change;
  if (finding.kind === 'invite' || because === 'failed') return [];
  if (match.kind === 'doubt') return match.interviews;
  const isOpen = because === 'unverified' || because === 'perhaps-meant';
  if (match.kind === 'none' || !isOpen || match.interview.status !== 'confirmed') return [];
  const { interview } = match;
  const isChange = finding.kind === 'cancel' || (movesTo(interview, change) && startOf(times) !== startOf(interview));
  return isChange && !isOld(interview, change) ? [interview] : [];
}

/** Replies to the mail find the interview from now on, and so do later versions of its calendar event. */
const linksOf = (interviewId: number, { student, messageKey, originKey }: Mail) =>
  [messageKey, originKey].map((key) => ({ interviewId, studentId: student.id, messageKey: key }));

/** What the mails' students have already, read at once. */
async function knownInterviews(trx: Trx, context: ServiceContext, mails: MailFinding[]) {
  const studentIds = mails.map(({ student }) => student.id);
  const open = Map.groupBy(await openInterviews(trx, context, studentIds), (interview) => interview.studentId);
  const keys = mails.flatMap(({ originKey, repliedKeys }) => [originKey, ...repliedKeys]);
  const spokenOf = Map.groupBy(await interviewsOfMails(trx, studentIds, keys), ({ interview }) => interview.studentId);
  return {
    /** The interview that a mail speaks of: the one that began with its origin, or the best match. */
    match({ student, originKey, repliedKeys }: Mail, { finding, times }: Change) {
      const ofMails = spokenOf.get(student.id) ?? [];
      const byOrigin = ofMails.find(({ messageKey }) => messageKey.equals(originKey));
      if (byOrigin) return { kind: 'same', interview: byOrigin.interview } as const;
      const replied = ofMails.filter(({ messageKey }) => repliedKeys.some((key) => key.equals(messageKey))).map(({ interview }) => interview);
      return matchInterview(finding, times.date, {
        replied: [...new Map(replied.map((interview) => [interview.id, interview])).values()], known: open.get(student.id) ?? [],
      });
    },
  };
}

interface NewEntry {
  mail: Mail;
  change: Change;
  company: string;
}

/** Writes new interviews of different students with all that follows from them. */
async function enter(trx: Trx, context: ServiceContext, entries: NewEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const now = context.now().toJSDate();
  const driveIds = await drivesOf(trx, entries.map(({ change, company }) => driveFor(change.student.organisationId, company, change.times.date)));
  const interviews = await insertInterviews(trx, entries.map(({ mail, change: { finding, times, student, because, confidence }, company }, index) => ({
    ...described(finding), ...times, studentId: student.id, status: because === null ? 'confirmed' : 'asked', askedBecause: because,
    driveId: driveIds[index]!,
    companyName: company, companyKey: companyKey(company), timeZone: finding.timeZone,
    confidence, source: finding.source, evidence: finding.evidence,
    originKey: mail.originKey, calendarSequence: finding.calendarSequence ?? null,
  })), now);
  await linkMails(trx, entries.flatMap(({ mail }, index) => linksOf(interviews[index]!.id, mail)));
  await announceAll(trx, context, entries.map(({ change }, index) => ({
    interview: interviews[index]!, userId: change.student.userId, kind: change.because === null ? 'interview-found' : 'interview-question',
  })));
  const dueAt = context.now().plus({ seconds: context.rules.settleSeconds }).toJSDate();
  // What seems lone may not be: another worker may be writing the same drive's mails at this moment.
  const lone = interviews.filter(({ askedBecause }) => askedBecause === 'unverified').map(({ id }) => id);
  await interviewsChanged(trx, [...lone, ...(await whichHitClasses(trx, context, interviews))], now, dueAt);
}

