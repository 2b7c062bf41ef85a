// Interviews: what a mail's finding does to a student's interviews. One row per interview, merged, versioned (I12, I14).
import { DateTime, IANAZone } from 'luxon';
import type { Trx } from '../db/connection.ts';
import {
  driveOf, findByOrigin, findInterview, insertInterview, interviewsOfMails, interviewsOfStudent, linkMails, passMailsOn, updateInterview,
  type Interview, type NewInterview,
} from '../db/repositories/interviews.ts';
import { sessionsJoinedBy } from '../db/repositories/rescheduling.ts';
import { excusedBy, sessionsOfStudent } from '../db/repositories/sessions.ts';
import { busyWindow, usualMinutes } from '../domain/interviews/busy-window.ts';
import { companyKey } from '../domain/interviews/company-key.ts';
import { matchInterview } from '../domain/interviews/matching.ts';
import type { Finding } from '../domain/interviews/types.ts';
import type { NoticeParams } from '../domain/notices.ts';
import { requireStudent } from './access.ts';
import type { Actor, ServiceContext } from './context.ts';
import { interviewChanged } from './intents.ts';
import { tell } from './telling.ts';

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
 * Enters a finding among a student's interviews, whose row the caller has locked: makes a new one, or changes, confirms or
 * calls off the one that it speaks of; tells the student, and the interview's process where classes are hit.
 */
export async function recordFinding(trx: Trx, context: ServiceContext, mail: MailFinding): Promise<FindingOutcome> {
  const { student } = mail;
  const finding = fitted(mail.finding, context.campus.timeZone);
  if (finding.confidence < LOW_CONFIDENCE) return 'dropped';
  const sure = mail.meant === 'yes' && finding.confidence >= HIGH_CONFIDENCE;
  const times = timesOf(finding, context.campus.timeZone);
  const match = await findMatch(trx, context, { ...mail, finding }, times.date);

  if (match.kind === 'same') {
    const outcome = await applyTo(trx, context, match.interview, { student, finding, times, sure });
    await linkKeys(trx, match.interview.id, mail);
    return outcome;
  }
  if (finding.kind === 'cancel' || finding.company === null) return 'dropped';
  const status = sure && match.kind === 'none' ? 'confirmed' : 'asked';
  const interview = await insertInterview(trx, {
    ...described(finding), ...times, studentId: student.id, status,
    driveId: await driveFor(trx, student.organisationId, finding.company, times.date),
    companyName: finding.company, companyKey: companyKey(finding.company), timeZone: finding.timeZone,
    confidence: finding.confidence, source: finding.source, evidence: finding.evidence,
    originKey: mail.originKey, calendarSequence: finding.calendarSequence ?? null,
  }, context.now().toJSDate());
  await linkKeys(trx, interview.id, mail);
  await announce(trx, context, interview, student.userId, status === 'confirmed' ? 'interview-found' : 'interview-question');
  if ((await hitSessions(trx, context, interview)).length > 0) await interviewChanged(trx, interview.id, context.now().toJSDate());
  return status === 'confirmed' ? 'entered' : 'asked';
}

/** Replies to the mail find the interview from now on, and so do later versions of its calendar event. */
async function linkKeys(trx: Trx, interviewId: number, mail: MailFinding): Promise<void> {
  await linkMails(trx, { interviewId, studentId: mail.student.id, messageKeys: [mail.messageKey, mail.originKey] });
}

async function findMatch(trx: Trx, context: ServiceContext, mail: MailFinding, date: string) {
  const byOrigin = await findByOrigin(trx, mail.student.id, mail.originKey);
  if (byOrigin) return { kind: 'same', interview: byOrigin } as const;
  return matchInterview(mail.finding, date, {
    replied: await interviewsOfMails(trx, mail.student.id, mail.repliedKeys),
    known: await openInterviews(trx, context, mail.student.id),
  });
}

/** Since yesterday: what a mail may still speak of. */
function openInterviews(trx: Trx, context: ServiceContext, studentId: number): Promise<Interview[]> {
  const yesterday = context.now().setZone(context.campus.timeZone).minus({ days: 1 }).toISODate()!;
  return interviewsOfStudent(trx, studentId, yesterday);
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
  if (timeChanged) next.driveId = await driveFor(trx, student.organisationId, interview.companyName, times.date);
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
  const twins = (await openInterviews(trx, context, interview.studentId)).filter((other) =>
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
    timeZone: IANAZone.isValidZone(timeZone) && timeZone.length <= 64 ? timeZone : campusZone,
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

async function driveFor(trx: Trx, organisationId: number, company: string, date: string): Promise<number> {
  return driveOf(trx, { organisationId, companyName: company, companyKey: companyKey(company), date });
}

type Announcement = 'interview-found' | 'interview-question' | 'interview-moved' | 'interview-called-off';

/** Tells the student of an interview as it now stands. */
async function announce(
  trx: Trx, context: ServiceContext, interview: Interview, userId: number, kind: Announcement, previousStart?: string,
): Promise<void> {
  const params = { ...interviewParams(interview), previousStart: previousStart ?? '' };
  await tell(trx, { userIds: [userId], kind, params, eventKey: `interview/${interview.id}/v${interview.version}` }, context.now().toJSDate());
}

/** Tells the student of a change and, where classes are or were hit, the interview's process. */
async function announceChange(
  trx: Trx, context: ServiceContext, id: number, userId: number, kind: Announcement, previousStart?: string,
): Promise<void> {
  const interview = (await findInterview(trx, id))!;
  await announce(trx, context, interview, userId, kind, previousStart);
  const hit = await hitSessions(trx, context, interview);
  const concerns = hit.length > 0 || (await excusedBy(trx, id)).length > 0 || (await sessionsJoinedBy(trx, id)).length > 0;
  if (concerns) await interviewChanged(trx, id, context.now().toJSDate());
}

export function interviewParams(interview: Interview): NoticeParams['interview-found'] {
  return {
    interviewId: interview.id, sequence: interview.sequence, company: interview.companyName,
    start: interview.startsAt?.toISOString() ?? interview.date, end: interview.endsAt?.toISOString() ?? null,
    location: interview.location, link: interview.link,
  };
}

/** The student's classes to come that a confirmed interview hits, with its travel buffers (I15); none where it says no time. */
export async function hitSessions(trx: Trx, context: ServiceContext, interview: Interview) {
  const window = interview.status === 'confirmed' ? busyWindow(interview, context.rules.bufferMinutes) : null;
  if (!window) return [];
  const sessions = await sessionsOfStudent(trx, interview.studentId, window.from, window.to);
  return sessions.filter((session) => session.status === 'scheduled' && session.startsAt > context.now().toJSDate());
}

/** The asking student's interviews from today on. */
export async function myInterviews(context: ServiceContext, actor: Actor): Promise<Interview[]> {
  const student = requireStudent(actor);
  const today = context.now().setZone(context.campus.timeZone).toISODate()!;
  return interviewsOfStudent(context.db.knex, student.studentId, today);
}
