// What a mail's finding does to a student's interviews: one row per interview, merged, versioned (I12, I14).
import { DateTime, IANAZone } from 'luxon';
import type { Trx } from '../db/connection.ts';
import {
  drivesOf, findInterview, insertInterviews, type Interview, interviewsOfMails, interviewsOfStudents, linkMails, type NewInterview, passMailsOn,
  updateInterview,
} from '../db/repositories/interviews.ts';
import { usualMinutes } from '../domain/interviews/busy-window.ts';
import { companyKey } from '../domain/interviews/company-key.ts';
import { matchInterview } from '../domain/interviews/matching.ts';
import type { Finding } from '../domain/interviews/types.ts';
import type { ServiceContext } from './context.ts';
import { interviewChanged, interviewsChanged } from './intents.ts';
import { announceAll, announceChange, whichHitClasses } from './interviews.ts';

/** From here on a finding is entered; from LOW_CONFIDENCE on the student is asked; below, it is dropped and counted (I11). */
const HIGH_CONFIDENCE = 0.6;
const LOW_CONFIDENCE = 0.35;

export interface MailFinding {
  student: { id: number; userId: number; organisationId: number };
  finding: Finding;
  /** Whether the mail certainly means this student. */
  meant: 'yes' | 'ask';
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
  const known = await knownInterviews(trx, context, mails);
  const news: NewEntry[] = [];
  const outcomes: FindingOutcome[] = [];
  for (const { finding: raw, ...mail } of mails) {
    const finding = fitted(raw, context.campus.timeZone);
    const { student } = mail;
    if (finding.confidence < LOW_CONFIDENCE) {
      outcomes.push('dropped');
      continue;
    }
    const change: Change = {
      student, finding, times: timesOf(finding, context.campus.timeZone), sure: mail.meant === 'yes' && finding.confidence >= HIGH_CONFIDENCE,
    };
    const match = known.match(mail, change);
    if (match.kind === 'same') {
      outcomes.push(await applyTo(trx, context, match.interview, change));
      await linkMails(trx, linksOf(match.interview.id, mail));
    } else if (finding.kind === 'cancel' || finding.company === null) outcomes.push('dropped');
    else {
      const status = change.sure && match.kind === 'none' ? 'confirmed' : 'asked';
      news.push({ mail, change, company: finding.company, status });
      outcomes.push(status === 'confirmed' ? 'entered' : 'asked');
    }
  }
  await enter(trx, context, news);
  return outcomes;
}

type Mail = Omit<MailFinding, 'finding'>;

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

/** Since yesterday: what a mail may still speak of. */
function openInterviews(trx: Trx, context: ServiceContext, studentIds: number[]): Promise<Interview[]> {
  const yesterday = context.now().setZone(context.campus.timeZone).minus({ days: 1 }).toISODate()!;
  return interviewsOfStudents(trx, studentIds, yesterday);
}

interface NewEntry {
  mail: Mail;
  change: Change;
  company: string;
  status: 'confirmed' | 'asked';
}

/** Writes new interviews of different students with all that follows from them. */
async function enter(trx: Trx, context: ServiceContext, entries: NewEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const now = context.now().toJSDate();
  const driveIds = await drivesOf(trx, entries.map(({ change, company }) => driveFor(change.student.organisationId, company, change.times.date)));
  const interviews = await insertInterviews(trx, entries.map(({ mail, change: { finding, times, student }, company, status }, index) => ({
    ...described(finding), ...times, studentId: student.id, status, driveId: driveIds[index]!,
    companyName: company, companyKey: companyKey(company), timeZone: finding.timeZone,
    confidence: finding.confidence, source: finding.source, evidence: finding.evidence,
    originKey: mail.originKey, calendarSequence: finding.calendarSequence ?? null,
  })), now);
  await linkMails(trx, entries.flatMap(({ mail }, index) => linksOf(interviews[index]!.id, mail)));
  await announceAll(trx, context, entries.map(({ change, status }, index) => ({
    interview: interviews[index]!, userId: change.student.userId, kind: status === 'confirmed' ? 'interview-found' : 'interview-question',
  })));
  const dueAt = context.now().plus({ seconds: context.rules.settleSeconds }).toJSDate();
  await interviewsChanged(trx, await whichHitClasses(trx, context, interviews), now, dueAt);
}

interface Change {
  student: MailFinding['student'];
  finding: Finding;
  times: Times;
  sure: boolean;
}

/** Lets a finding change the interview that it speaks of. */
async function applyTo(trx: Trx, context: ServiceContext, interview: Interview, change: Change): Promise<FindingOutcome> {
  const { student, finding, times, sure } = change;
  const now = context.now().toJSDate();
  if (isOld(interview, change) || interview.status === 'rejected') return 'dropped';
  // A doubtful mail doesn't change what is certain.
  if (!sure && interview.status === 'confirmed') return 'dropped';

  if (finding.kind === 'cancel') {
    if (interview.status === 'cancelled') return 'dropped';
    await updateInterview(trx, interview.id, {
      status: 'cancelled', calendarSequence: finding.calendarSequence ?? interview.calendarSequence,
    }, { visible: true }, now);
    await announceChange(trx, context, interview.id, student.userId, 'interview-called-off');
    return 'entered';
  }

  const next: Partial<NewInterview> = { ...gaps(described(finding), interview), ...(movesTo(interview, finding, times) && times) };
  if (sure || interview.status === 'cancelled') next.status = sure ? 'confirmed' : 'asked';
  if (finding.calendarSequence !== undefined) next.calendarSequence = finding.calendarSequence;
  const changed = Object.entries(next).some(([name, value]) => !same(value, interview[name as keyof Interview]));
  if (!changed) return 'dropped';
  const previousStart = startOf(interview);
  const timeChanged = next.date !== undefined && startOf(times) !== previousStart;
  if (timeChanged) [next.driveId] = await drivesOf(trx, [driveFor(student.organisationId, interview.companyName, times.date)]) as [number];
  await updateInterview(trx, interview.id, next, { visible: true }, now);
  await absorbTwins(trx, context, interview.id);
  const status = next.status ?? interview.status;
  if (status !== interview.status) {
    await announceChange(trx, context, interview.id, student.userId, status === 'confirmed' ? 'interview-found' : 'interview-question');
  } else if (timeChanged) await announceChange(trx, context, interview.id, student.userId, 'interview-moved', previousStart);
  return status === 'confirmed' ? 'entered' : 'asked';
}

const startOf = ({ startsAt, date }: Pick<Times, 'startsAt' | 'date'>) => startsAt?.toISOString() ?? date;

/** By the event's SEQUENCE (RFC 5546): of an earlier version, or of the very one that was called off. */
function isOld({ status, calendarSequence, ...at }: Interview, { finding, times }: Change): boolean {
  if (finding.calendarSequence === undefined || calendarSequence === null) return false;
  if (finding.calendarSequence < calendarSequence) return true;
  return finding.calendarSequence === calendarSequence && status === 'cancelled' && startOf(at) === startOf(times);
}

/** Whether a finding sets the interview's time. A date alone doesn't take the time away from one on that day. */
function movesTo(interview: Interview, finding: Finding, times: Times): boolean {
  if (times.startsAt === null && interview.date === times.date) return false;
  return finding.kind === 'reschedule' || finding.calendarSequence !== undefined || interview.startsAt === null;
}

/** An interview that now stands where another of its company stands is that one: it goes on, with the other's mails. A doubtful one ends no certain one. */
async function absorbTwins(trx: Trx, context: ServiceContext, id: number): Promise<void> {
  const now = context.now().toJSDate();
  const interview = (await findInterview(trx, id))!;
  if (interview.startsAt === null) return;
  const twins = (await openInterviews(trx, context, [interview.studentId])).filter((other) =>
    other.id !== id && other.companyKey === interview.companyKey && same(other.startsAt, interview.startsAt)
    && (other.status === 'asked' || (other.status === 'confirmed' && interview.status === 'confirmed')));
  for (const twin of twins) {
    await passMailsOn(trx, twin.id, id);
    await updateInterview(trx, twin.id, { status: 'cancelled' }, { visible: true }, now);
    await interviewChanged(trx, twin.id, now);
  }
}

interface Times {
  date: string;
  startsAt: Date | null;
  endsAt: Date | null;
}

function timesOf(finding: Finding, zone: string): Times {
  if (finding.start.length === 10) return { date: finding.start, startsAt: null, endsAt: null };
  const start = DateTime.fromISO(finding.start, { setZone: true });
  const end = finding.end !== null && finding.end.length > 10 ? DateTime.fromISO(finding.end) : null;
  const endsAt = end && end > start ? end : start.plus({ minutes: usualMinutes(finding.round) });
  return { date: start.setZone(zone).toISODate()!, startsAt: start.toJSDate(), endsAt: endsAt.toJSDate() };
}

type Described = Pick<NewInterview, 'role' | 'round' | 'mode' | 'location' | 'link'>;

/** What a finding says besides company and time. */
function described({ role, round, mode, location, link }: Finding): Described {
  return { role, round, mode, location, link };
}

const LARGEST_SEQUENCE = 2 ** 32 - 1;
/** A sentence is shorter; what a mail runs together may not be. */
const LONGEST_EVIDENCE = 2000;

/** A finding as the table can hold it: mails are strangers' input. */
function fitted(finding: Finding, campusZone: string): Finding {
  const { calendarSequence, company, role, location, link, timeZone, evidence, ...rest } = finding;
  const isSequence = Number.isInteger(calendarSequence) && calendarSequence! >= 0 && calendarSequence! <= LARGEST_SEQUENCE;
  return {
    ...rest, company: cut(company, 200), role: cut(role, 200), location: cut(location, 300), evidence: cut(evidence, LONGEST_EVIDENCE)!,
    // Half an address leads nowhere.
    link: link !== null && Array.from(link).length > 500 ? null : link,
    timeZone: timeZone === campusZone || (timeZone.length <= 64 && IANAZone.isValidZone(timeZone)) ? timeZone : campusZone,
    ...(isSequence && { calendarSequence: calendarSequence! }),
  };
}

/** Cut to so many characters as MySQL counts them. */
const cut = (text: string | null, length: number) => (text === null ? null : Array.from(text.toWellFormed()).slice(0, length).join(''));

/** Of a description, what it adds to an interview or says newly. */
function gaps(description: Described, interview: Interview): Partial<Described> {
  return Object.fromEntries(Object.entries(description).filter(([name, value]) => value !== null && value !== interview[name as keyof Described]));
}

function same(a: unknown, b: unknown): boolean {
  return a instanceof Date && b instanceof Date ? a.getTime() === b.getTime() : a === b;
}

const driveFor = (organisationId: number, companyName: string, date: string) => ({ organisationId, companyName, companyKey: companyKey(companyName), date });
