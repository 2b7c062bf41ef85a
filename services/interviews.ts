// Interviews: what a mail's finding does to a student's interviews. One row per interview, merged, versioned (I12, I14).
import { DateTime } from 'luxon';
import type { Trx } from '../db/connection.ts';
import {
  driveOf, findByOrigin, findInterview, insertInterview, interviewsOfMails, interviewsOfStudent, linkMail, updateInterview,
  type Interview, type NewInterview,
} from '../db/repositories/interviews.ts';
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
  const { finding, student } = mail;
  if (finding.confidence < LOW_CONFIDENCE) return 'dropped';
  const sure = mail.meant === 'yes' && finding.confidence >= HIGH_CONFIDENCE;
  const times = timesOf(finding, context.campus.timeZone);
  const match = await findMatch(trx, context, mail, times.date);

  if (match.kind === 'same') {
    const changed = await applyTo(trx, context, match.interview, mail, times, sure);
    await linkMail(trx, { interviewId: match.interview.id, studentId: student.id, messageKey: mail.messageKey });
    return changed;
  }
  if (finding.kind === 'cancel') return 'dropped';
  if (finding.company === null) return 'dropped';
  const status = sure && match.kind === 'none' ? 'confirmed' : 'asked';
  const id = await insertInterview(trx, {
    ...described(finding), ...times, studentId: student.id, status,
    driveId: await driveFor(trx, student.organisationId, finding.company, times.date),
    companyName: finding.company, companyKey: companyKey(finding.company), timeZone: finding.timeZone,
    confidence: finding.confidence, source: finding.source, evidence: finding.evidence,
    originKey: mail.originKey, calendarSequence: finding.calendarSequence ?? null,
  }, context.now().toJSDate());
  await linkMail(trx, { interviewId: id, studentId: student.id, messageKey: mail.messageKey });
  await announce(trx, context, id, student.userId, status === 'confirmed' ? 'interview-found' : 'interview-question');
  return status === 'confirmed' ? 'entered' : 'asked';
}

async function findMatch(trx: Trx, context: ServiceContext, mail: MailFinding, date: string) {
  const byOrigin = await findByOrigin(trx, mail.student.id, mail.originKey);
  if (byOrigin) return { kind: 'same', interview: byOrigin } as const;
  const today = context.now().setZone(context.campus.timeZone).minus({ days: 1 }).toISODate()!;
  return matchInterview(mail.finding, date, {
    replied: await interviewsOfMails(trx, mail.student.id, mail.repliedKeys),
    known: await interviewsOfStudent(trx, mail.student.id, today),
  });
}

/** Lets a finding change the interview that it speaks of. */
async function applyTo(
  trx: Trx, context: ServiceContext, interview: Interview, mail: MailFinding, times: Times, sure: boolean,
): Promise<FindingOutcome> {
  const { finding } = mail;
  const now = context.now().toJSDate();
  const stale = finding.calendarSequence !== undefined && interview.calendarSequence !== null
    && finding.calendarSequence < interview.calendarSequence;
  if (stale || interview.status === 'rejected') return 'dropped';
  // A doubtful mail doesn't change what is certain.
  if (!sure && interview.status === 'confirmed') return 'dropped';

  if (finding.kind === 'cancel') {
    if (interview.status === 'cancelled') return 'dropped';
    await updateInterview(trx, interview.id, {
      status: 'cancelled', calendarSequence: finding.calendarSequence ?? interview.calendarSequence,
    }, { visible: true }, now);
    await announce(trx, context, interview.id, mail.student.userId, 'interview-called-off');
    return 'entered';
  }

  const moved = finding.kind === 'reschedule' || finding.calendarSequence !== undefined || interview.startsAt === null;
  const next: Partial<NewInterview> = { ...gaps(described(finding), interview), ...(moved && times) };
  if (sure || interview.status === 'cancelled') next.status = sure ? 'confirmed' : 'asked';
  if (finding.calendarSequence !== undefined) next.calendarSequence = finding.calendarSequence;
  const previousStart = interview.startsAt?.toISOString() ?? interview.date;
  const timeChanged = moved && (times.startsAt?.toISOString() ?? times.date) !== previousStart;
  const changed = Object.entries(next).some(([name, value]) => !same(value, interview[name as keyof Interview]));
  if (!changed) return 'dropped';
  if (timeChanged) next.driveId = await driveFor(trx, mail.student.organisationId, interview.companyName, times.date);
  await updateInterview(trx, interview.id, next, { visible: true }, now);
  const reinstated = interview.status !== 'confirmed' && next.status === 'confirmed';
  if (timeChanged && !reinstated) await announce(trx, context, interview.id, mail.student.userId, 'interview-moved', previousStart);
  else if (reinstated) await announce(trx, context, interview.id, mail.student.userId, 'interview-found');
  return 'entered';
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

/** What a finding says besides company and time, as long as the columns are. */
function described({ role, round, mode, location, link }: Finding): Described {
  return { role: cut(role, 200), round, mode, location: cut(location, 300), link: cut(link, 500) };
}

const cut = (text: string | null, length: number) => (text === null ? null : text.slice(0, length));

/** Of a description, what it adds to an interview or says newly. */
function gaps(description: Described, interview: Interview): Partial<Described> {
  return Object.fromEntries(Object.entries(description).filter(([name, value]) => value !== null && value !== interview[name as keyof Described]));
}

function same(a: unknown, b: unknown): boolean {
  return a instanceof Date && b instanceof Date ? a.getTime() === b.getTime() : a === b;
}

async function driveFor(trx: Trx, organisationId: number, company: string, date: string): Promise<number> {
  return driveOf(trx, { organisationId, companyName: company.slice(0, 200), companyKey: companyKey(company), date });
}

/** Tells the student and, where classes are or were hit, the interview's process. */
async function announce(
  trx: Trx, context: ServiceContext, id: number, userId: number,
  kind: 'interview-found' | 'interview-question' | 'interview-moved' | 'interview-called-off', previousStart?: string,
): Promise<void> {
  const interview = (await findInterview(trx, id))!;
  const now = context.now().toJSDate();
  const params = { ...interviewParams(interview), previousStart: previousStart ?? '' };
  await tell(trx, { userIds: [userId], kind, params, eventKey: `interview/${id}/v${interview.version}` }, now);
  const hit = await hitSessions(trx, context, interview);
  if (hit.length > 0 || (await excusedBy(trx, id)).length > 0) await interviewChanged(trx, id, now);
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
