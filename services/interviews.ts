// Interviews as services share them: which classes they hit, and telling of a change. What mails do to them is in findings.ts.
import type { Knex } from 'knex';
import type { Trx } from '../db/connection.ts';
import { excusedBy } from '../db/repositories/attendance.ts';
import { findInterview, type Interview, interviewsOfStudent, type KeptInterview } from '../db/repositories/interviews.ts';
import { membershipsOf } from '../db/repositories/round-members.ts';
import { sessionsOfStudent, windowsWithClasses } from '../db/repositories/sessions.ts';
import { busyWindow } from '../domain/interviews/busy-window.ts';
import type { NoticeParams } from '../domain/notices.ts';
import { Refusal } from '../domain/refusal.ts';
import { requireStudent } from './access.ts';
import type { Actor, ServiceContext } from './context.ts';
import { interviewChanged } from './intents.ts';
import { tellEach } from './telling.ts';

export type { KeptInterview as StudentInterview };

type Announcement = 'interview-found' | 'interview-question' | 'interview-moved' | 'interview-called-off';

export interface Announced {
  interview: Interview;
  userId: number;
  kind: Announcement;
  /** Where it was moved from. */
  previousStart?: string | undefined;
}

/** Tells students of their interviews as they now stand. */
export async function announceAll(trx: Trx, context: ServiceContext, announced: Announced[]): Promise<void> {
  await tellEach(trx, announced.map(({ interview, userId, kind, previousStart = '' }) => ({
    userIds: [userId], kind, params: { ...interviewParams(interview), previousStart, because: interview.askedBecause },
    eventKey: `interview/${interview.id}/v${interview.version}`,
  })), context.now().toJSDate());
}

/** Tells the student of a change and, where classes are or were hit, the interview's process. */
export async function announceChange(
  trx: Trx, context: ServiceContext, id: number, userId: number, kind: Announcement, previousStart?: string,
): Promise<void> {
  await announceAll(trx, context, [{ interview: (await findInterview(trx, id))!, userId, kind, previousStart }]);
  await followChange(trx, context, id);
}

/** Lets an interview's process look at it, where classes are or were hit. */
export async function followChange(trx: Trx, context: ServiceContext, id: number): Promise<void> {
  const interview = (await findInterview(trx, id))!;
  const concerns = (await whichHitClasses(trx, context, [interview])).length > 0
    || (await excusedBy(trx, id)).length > 0 || (await membershipsOf(trx, id)).length > 0;
  if (concerns) await interviewChanged(trx, id, context.now().toJSDate());
}

function interviewParams(interview: Interview): NoticeParams['interview-found'] {
  return {
    interviewId: interview.id, version: interview.version, sequence: interview.sequence, company: interview.companyName,
    start: interview.startsAt?.toISOString() ?? interview.date, end: interview.endsAt?.toISOString() ?? null,
    location: interview.location, link: interview.link,
  };
}

/** @throws Refusal not-found, also for one that is being forgotten */
export async function keptInterview(knex: Knex, id: number): Promise<KeptInterview> {
  const interview = await findInterview(knex, id);
  if (!interview || interview.status === 'erased') throw new Refusal('not-found');
  return { ...interview, status: interview.status };
}

/** Neither called off nor turned down. */
export const isStanding = ({ status }: Pick<Interview, 'status'>): boolean => status === 'asked' || status === 'confirmed';

/** When a confirmed interview takes its student, with its travel buffers (I15); null where it says no time. */
export const windowOf = (context: ServiceContext, interview: Interview) =>
  (interview.status === 'confirmed' ? busyWindow(interview, context.rules.bufferMinutes) : null);

/** The student's classes to come that an interview hits. */
export async function hitSessions(trx: Trx, context: ServiceContext, interview: Interview) {
  const window = windowOf(context, interview);
  if (!window) return [];
  const sessions = await sessionsOfStudent(trx, interview.studentId, window.from, window.to);
  return sessions.filter((session) => session.status === 'scheduled' && session.startsAt > context.now().toJSDate());
}

/** Of these interviews, the ids of those that hit any class to come: for many at once, one statement. */
export async function whichHitClasses(trx: Trx, context: ServiceContext, interviews: Interview[]): Promise<number[]> {
  const windows = interviews.flatMap((interview) => {
    const window = windowOf(context, interview);
    return window ? [{ ...window, studentId: interview.studentId, key: interview.id }] : [];
  });
  return windowsWithClasses(trx, windows, context.now().toJSDate());
}

/** The asking student's interviews from today on. */
export async function myInterviews(context: ServiceContext, actor: Actor): Promise<KeptInterview[]> {
  const student = requireStudent(actor);
  const today = context.now().setZone(context.campus.timeZone).toISODate()!;
  return interviewsOfStudent(context.db.knex, student.studentId, today);
}
