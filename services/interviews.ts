// Interviews as services share them: which classes they hit, and telling of a change. What mails do to them is in findings.ts.
import type { Knex } from 'knex';
import type { Trx } from '../db/connection.ts';
import { excusedBy } from '../db/repositories/attendance.ts';
import { confirmedBetween, findInterview, type Interview, interviewsOfStudent, interviewTimesOf, type KeptInterview } from '../db/repositories/interviews.ts';
import { membershipsOf } from '../db/repositories/round-members.ts';
import { sessionsOfStudent, windowsWithClasses } from '../db/repositories/sessions.ts';
import { busyWindow, type InterviewTimes } from '../domain/interviews/busy-window.ts';
import type { NoticeParams } from '../domain/notices.ts';
import { Refusal } from '../domain/refusal.ts';
import { requireStudent } from './access.ts';
import { campusDay } from './campus-day.ts';
import type { Actor, ServiceContext } from './context.ts';
import { interviewChanged, interviewsChanged } from './intents.ts';
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
  const interview = (await findInterview(trx, id))!;
  await announceAll(trx, context, [{ interview, userId, kind, previousStart }]);
  await followIfConcerned(trx, context, interview);
}

/** Lets an interview's process look at it, where classes are or were hit. */
export async function followChange(trx: Trx, context: ServiceContext, id: number): Promise<void> {
  await followIfConcerned(trx, context, (await findInterview(trx, id))!);
}

async function followIfConcerned(trx: Trx, context: ServiceContext, interview: Interview): Promise<void> {
  const { id } = interview;
  const concerns = (await whichHitClasses(trx, context, [interview])).length > 0
    || (await excusedBy(trx, id)).length > 0 || (await membershipsOf(trx, id)).length > 0;
  if (concerns) await interviewChanged(trx, id, context.now().toJSDate());
}

/** An interview as notices and answers speak of it. */
export function interviewParams(interview: Interview): NoticeParams['interview-found'] {
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

/** A student's own interview. @throws Refusal not-found, also for another's */
export async function ownInterview(knex: Knex, id: number, studentId: number): Promise<KeptInterview> {
  const interview = await keptInterview(knex, id);
  if (interview.studentId !== studentId) throw new Refusal('not-found');
  return interview;
}

/** Neither called off nor turned down. */
export const isStanding = ({ status }: Pick<Interview, 'status'>): boolean => status === 'asked' || status === 'confirmed';

/** When a confirmed interview takes its student, with its travel buffers (I15); null where it says no time. */
export const windowOf = (context: ServiceContext, interview: Interview) =>
  (interview.status === 'confirmed' ? busyWindow(interview, context.rules.bufferMinutes) : null);

const DAY_MS = 24 * 3_600_000;

/** When confirmed interviews take these students, with their travel buffers, where that overlaps [from, to). */
export async function windowsOfStudents(
  knex: Knex, context: ServiceContext, studentIds: number[], { from, to }: { from: Date; to: Date },
): Promise<{ interviewId: number; studentId: number; from: Date; to: Date }[]> {
  // No buffer is as long as a day.
  const near = await interviewTimesOf(knex, studentIds, new Date(from.getTime() - DAY_MS), new Date(to.getTime() + DAY_MS));
  return windowsWithin(context, near, { from, to });
}

/** Classes came about in [from, to): the processes of interviews that hit any there look again. */
export async function lookForClasses(trx: Trx, context: ServiceContext, { from, to }: { from: Date; to: Date }): Promise<void> {
  const near = await confirmedBetween(trx, new Date(from.getTime() - DAY_MS), new Date(to.getTime() + DAY_MS));
  const windows = windowsWithin(context, near, { from, to }).map(({ interviewId, ...window }) => ({ key: interviewId, ...window }));
  const now = context.now().toJSDate();
  await interviewsChanged(trx, await windowsWithClasses(trx, windows, now), now);
}

function windowsWithin(context: ServiceContext, interviews: (InterviewTimes & { id: number; studentId: number })[], { from, to }: { from: Date; to: Date }) {
  return interviews.flatMap((interview) => {
    const window = busyWindow(interview, context.rules.bufferMinutes);
    return window && window.from < to && window.to > from ? [{ interviewId: interview.id, studentId: interview.studentId, ...window }] : [];
  });
}

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
  const today = campusDay(context);
  return interviewsOfStudent(context.db.knex, student.studentId, today);
}
