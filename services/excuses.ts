// What an interview does to its student's classes: excuses from those it hits, takes back excuses where it hits no more, and
// joins or leaves the rounds in which those classes are rescheduled.
import type { Trx } from '../db/connection.ts';
import { findInterview, type Interview, interviewsOfStudent } from '../db/repositories/interviews.ts';
import { lock } from '../db/repositories/locks.ts';
import {
  affectedStudents, carryOver, isMember, joinRound, latestRound, leavable, leaveRounds, openRound, openStatuses, sessionsJoinedBy,
} from '../db/repositories/rescheduling.ts';
import { excuse, excusedBy, findSession, type Session, takeBackExcuses } from '../db/repositories/sessions.ts';
import { findUserOfStudent } from '../db/repositories/people.ts';
import type { ServiceContext } from './context.ts';
import { confirmCorroborated } from './corroboration.ts';
import { roundJoined } from './intents.ts';
import { hitSessions } from './interviews.ts';
import { classAt } from './class-at.ts';
import { tell } from './telling.ts';

export interface Followed {
  /** Until when the interview's process has something to watch, ISO 8601 in UTC; null when it has ended. */
  until: string | null;
  departmentId: number | null;
  excused: number;
}

/**
 * Brings a student's excuses and rounds in line with an interview as it is now. Asked again, it changes nothing.
 * One transaction: the sessions are locked by id, then the student.
 */
export async function followInterview(context: ServiceContext, interviewId: number): Promise<Followed> {
  await confirmCorroborated(context, interviewId);
  return context.db.transaction(async (trx) => {
    const seen = await findInterview(trx, interviewId);
    if (!seen) return { until: null, departmentId: null, excused: 0 };
    const before = [...(await excusedBy(trx, interviewId)), ...(await sessionsJoinedBy(trx, interviewId))];
    const sessionIds = [...new Set([...before, ...(await hitSessions(trx, context, seen)).map((session) => session.id)])];
    await lock(trx, { sessions: sessionIds, students: [seen.studentId] });

    // Under the locks: what holds now. A session that moved meanwhile is met by the round that it then opens.
    const interview = (await findInterview(trx, interviewId))!;
    const hit = (await hitSessions(trx, context, interview)).filter((session) => sessionIds.includes(session.id));
    const hitIds = new Set(hit.map((session) => session.id));
    const now = context.now().toJSDate();
    await free(trx, context, interview, [...new Set(before)].filter((sessionId) => !hitIds.has(sessionId)));
    for (const session of hit) await excuseAndJoin(trx, context, session, interview);
    const watching = interview.status === 'confirmed' && interview.endsAt !== null && interview.endsAt > now && hit.length > 0;
    return {
      until: watching ? interview.endsAt!.toISOString() : null,
      departmentId: hit[0]?.departmentId ?? null,
      excused: hit.length,
    };
  });
}

/** Takes back what an interview did to classes that it hits no more. A class that has begun stays as it was. */
async function free(trx: Trx, context: ServiceContext, interview: Interview, sessionIds: number[]): Promise<void> {
  const now = context.now().toJSDate();
  const sessions = await Promise.all(sessionIds.map(async (sessionId) => (await findSession(trx, sessionId))!));
  const freed = sessions.filter((session) => session.startsAt > now).map((session) => session.id);
  if (freed.length === 0) return;
  await takeBackExcuses(trx, { interviewId: interview.id, sessionIds: freed });
  const left = await leaveRounds(trx, interview.id, freed);
  await handOver(trx, context, interview, freed);
  for (const sessionId of left) await roundJoined(trx, sessionId, now);
}

/** Where another interview of the student hits the same class, that one excuses from it now; nobody is told twice. */
async function handOver(trx: Trx, context: ServiceContext, from: Interview, sessionIds: number[]): Promise<void> {
  const today = context.now().setZone(context.campus.timeZone).toISODate()!;
  for (const other of await interviewsOfStudent(trx, from.studentId, today)) {
    if (other.id === from.id) continue;
    for (const session of await hitSessions(trx, context, other)) {
      if (!sessionIds.includes(session.id)) continue;
      const member = { studentId: from.studentId, interviewId: other.id };
      await excuse(trx, { sessionId: session.id, ...member }, context.now().toJSDate());
      const latest = await latestRound(trx, session.id);
      if (latest && leavable.includes(latest.status)) await joinRound(trx, { roundId: latest.id, ...member });
    }
  }
}

async function excuseAndJoin(trx: Trx, context: ServiceContext, session: Session, { id: interviewId, studentId, version }: Interview): Promise<void> {
  const now = context.now().toJSDate();
  const wrote = await excuse(trx, { sessionId: session.id, studentId, interviewId }, now);
  if (wrote) {
    const { userId } = await findUserOfStudent(trx, studentId);
    await tell(trx, {
      userIds: [userId], kind: 'class-excused', params: { ...classAt(session), sessionId: session.id },
      eventKey: `excuse/${session.id}/${interviewId}/v${version}`,
    }, now);
  }
  const member = { studentId, interviewId };
  const latest = await latestRound(trx, session.id);
  const isCounted = latest !== undefined && (await affectedStudents(trx, latest.id)).includes(studentId);
  if (latest && openStatuses.includes(latest.status)) {
    if (await isMember(trx, latest.id, interviewId)) return;
    await joinRound(trx, { roundId: latest.id, ...member });
    if (!isCounted) await roundJoined(trx, session.id, now);
    return;
  }
  if (latest && !wrote) {
    // The round that decided about this very student is not opened again.
    if (latest.status === 'on_duty' && isCounted) await joinRound(trx, { roundId: latest.id, ...member });
    return;
  }
  const roundId = await openRound(trx, session, (latest?.round ?? 0) + 1, now);
  // Those for whom the class stayed count again: together they may be enough to move it.
  if (latest?.status === 'on_duty') await carryOver(trx, latest.id, roundId);
  await joinRound(trx, { roundId, ...member });
  await roundJoined(trx, session.id, now);
}
