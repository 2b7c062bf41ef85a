// What an interview does to its student's classes: excuses from those it hits, takes back excuses where it hits no more, and
// joins or leaves the rounds in which those classes are rescheduled.
import type { Trx } from '../db/connection.ts';
import { findInterview } from '../db/repositories/interviews.ts';
import { lock } from '../db/repositories/locks.ts';
import { affectedStudents, carryOver, joinRound, latestRound, leaveRounds, openRound, openStatuses } from '../db/repositories/rescheduling.ts';
import { excuse, excusedBy, type Session, takeBackExcuses } from '../db/repositories/sessions.ts';
import { findUserOfStudent } from '../db/repositories/people.ts';
import type { ServiceContext } from './context.ts';
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
  return context.db.transaction(async (trx) => {
    const seen = await findInterview(trx, interviewId);
    if (!seen) return { until: null, departmentId: null, excused: 0 };
    const before = await excusedBy(trx, interviewId);
    const sessionIds = [...new Set([...before, ...(await hitSessions(trx, context, seen)).map((session) => session.id)])];
    await lock(trx, { sessions: sessionIds, students: [seen.studentId] });

    // Under the locks: what holds now. A session that moved meanwhile is met by the round that it then opens.
    const interview = (await findInterview(trx, interviewId))!;
    const hit = (await hitSessions(trx, context, interview)).filter((session) => sessionIds.includes(session.id));
    const hitIds = new Set(hit.map((session) => session.id));
    const freed = before.filter((sessionId) => !hitIds.has(sessionId));
    await takeBackExcuses(trx, { interviewId, sessionIds: freed });
    const now = context.now().toJSDate();
    for (const sessionId of await sessionsLeft(trx, interviewId, freed)) await roundJoined(trx, sessionId, now);
    for (const session of hit) await excuseAndJoin(trx, context, session, interview);
    const watching = interview.status === 'confirmed' && interview.endsAt !== null && interview.endsAt > now && hit.length > 0;
    return {
      until: watching ? interview.endsAt!.toISOString() : null,
      departmentId: hit[0]?.departmentId ?? null,
      excused: hit.length,
    };
  });
}

async function sessionsLeft(trx: Trx, interviewId: number, freed: number[]): Promise<number[]> {
  const left = await leaveRounds(trx, interviewId, freed);
  return left.length === 0 ? [] : freed;
}

async function excuseAndJoin(
  trx: Trx, context: ServiceContext, session: Session, { id: interviewId, studentId, version }: { id: number; studentId: number; version: number },
): Promise<void> {
  const now = context.now().toJSDate();
  const wrote = await excuse(trx, { sessionId: session.id, studentId, interviewId }, now);
  if (wrote) {
    const { userId } = await findUserOfStudent(trx, studentId);
    await tell(trx, {
      userIds: [userId], kind: 'class-excused', params: { ...classAt(session), sessionId: session.id },
      eventKey: `excuse/${session.id}/${interviewId}/v${version}`,
    }, now);
  }
  const latest = await latestRound(trx, session.id);
  const open = latest && openStatuses.includes(latest.status) ? latest : null;
  const member = { studentId, interviewId };
  if (open) {
    if ((await affectedStudents(trx, open.id)).includes(studentId)) return;
    await joinRound(trx, { roundId: open.id, ...member });
  } else {
    // The round that decided about this very student is not opened again.
    if (latest && !wrote) return;
    const roundId = await openRound(trx, session, (latest?.round ?? 0) + 1, now);
    // Those for whom the class stayed count again: together they may be enough to move it.
    if (latest?.status === 'on_duty') await carryOver(trx, latest.id, roundId);
    await joinRound(trx, { roundId, ...member });
  }
  await roundJoined(trx, session.id, now);
}
