// What an interview does to its student's classes: excuses from those it hits, takes back excuses where it hits no more, and
// joins or leaves the rounds in which those classes are rescheduled.
import type { Trx } from '../db/connection.ts';
import { excuse, excusedBy, passExcuseOn, takeBackExcuses } from '../db/repositories/attendance.ts';
import { deleteErased } from '../db/repositories/erasure.ts';
import { findInterview, type Interview, interviewsOfStudent } from '../db/repositories/interviews.ts';
import { lockFound } from '../db/repositories/locks.ts';
import { joinableStatuses, lastMove, latestRound, latestRounds, openRound, type Round, setRoundStatus } from '../db/repositories/rescheduling.ts';
import {
  affectedStudents, carryOver, hasMembers, isMember, joinRound, leaveRound, type Membership, membershipsOf, replaceMember,
} from '../db/repositories/round-members.ts';
import { findSession, type Session } from '../db/repositories/sessions.ts';
import { findUserOfStudent } from '../db/repositories/people.ts';
import { campusDay } from './campus-day.ts';
import type { ServiceContext } from './context.ts';
import { confirmCorroborated } from './corroboration.ts';
import { roundJoined } from './intents.ts';
import { hitSessions, windowOf } from './interviews.ts';
import { classAt } from './class-at.ts';
import { findObstacle } from './obstacles.ts';
import { giveUpPlace, isChangeable, placeInstead, placesInsteadOf, takePlaces } from './replacing.ts';
import { tell, tellEach } from './telling.ts';

export interface Followed {
  /** Until when the interview's process has something to watch, ISO 8601 in UTC; null when it has ended. */
  until: string | null;
  departmentId: number | null;
  excused: number;
}

/**
 * Brings a student's excuses, rounds and places elsewhere in line with an interview as it is now. Asked again, it changes nothing.
 * One transaction: the sessions are locked by id, then the student.
 */
export async function followInterview(context: ServiceContext, interviewId: number): Promise<Followed> {
  await confirmCorroborated(context, interviewId);
  for (;;) {
    const followed = await context.db.transaction((trx) => follow(trx, context, interviewId));
    if (followed) return followed;
  }
}

/** Null when more sessions are concerned than were when it began to lock them. */
async function follow(trx: Trx, context: ServiceContext, interviewId: number): Promise<Followed | null> {
  const seen = await concernsOf(trx, context, interviewId);
  if (!seen) return { until: null, departmentId: null, excused: 0 };
  const concerns = await lockFound(trx, seen, async () => (await concernsOf(trx, context, interviewId))!);
  if (!concerns) return null;

  const { interview } = concerns;
  const isFreed = await free(trx, context, concerns);
  // A place that was given up is not hit any more.
  const hit = isFreed ? await hitSessions(trx, context, interview) : concerns.hit;
  if (hit.length > 0) await excuseFrom(trx, context, hit, interview);
  if (interview.status === 'erased') await deleteErased(trx, interviewId);
  const watching = interview.status === 'confirmed' && interview.endsAt !== null && interview.endsAt > context.now().toJSDate() && hit.length > 0;
  return {
    until: watching ? interview.endsAt!.toISOString() : null,
    departmentId: hit[0]?.departmentId ?? null,
    excused: hit.length,
  };
}

interface Concerns {
  interview: Interview;
  memberships: Membership[];
  excused: number[];
  hit: Session[];
  /** All sessions that may have to change, and the student. */
  sessions: number[];
  students: number[];
}

async function concernsOf(trx: Trx, context: ServiceContext, interviewId: number): Promise<Concerns | null> {
  const interview = await findInterview(trx, interviewId);
  if (!interview) return null;
  const memberships = await membershipsOf(trx, interviewId);
  const excused = await excusedBy(trx, interviewId);
  const hit = await hitSessions(trx, context, interview);
  const hitIds = hit.map((session) => session.id);
  const concerned = [...new Set([...memberships.map(({ round }) => round.sessionId), ...excused, ...hitIds])];
  const makeups = (await latestRounds(trx, hitIds)).flatMap(({ makeupSessionId }) => makeupSessionId ?? []);
  const places = await placesInsteadOf(trx, interview.studentId, concerned);
  return { interview, memberships, excused, hit, sessions: [...new Set([...concerned, ...makeups, ...places])], students: [interview.studentId] };
}

/** Takes back what an interview did to classes that it hits no more. A class that has begun stays as it was. @returns whether there were any */
async function free(trx: Trx, context: ServiceContext, { interview, memberships, excused, hit }: Concerns): Promise<boolean> {
  const now = context.now().toJSDate();
  const window = windowOf(context, interview);
  const isMoved = ({ round, status }: Membership) => round.status === 'moved' && status === 'affected';
  for (const { round } of memberships.filter(isMoved)) {
    if (round.originalStartsAt > now && !overlaps(window, round)) await leaveMoved(trx, context, round, interview);
  }
  const others = memberships.filter((membership) => !isMoved(membership));
  // Who attends another class instead goes on doing so when the missed one is moved away for the rest.
  const placed = others.filter(({ round, status }) => status !== 'affected' && overlaps(window, round)).map(({ round }) => round.sessionId);
  const sessionIds = new Set([...excused, ...others.map(({ round }) => round.sessionId)]);
  const noLonger = [...sessionIds].filter((id) => !hit.some((session) => session.id === id) && !placed.includes(id));
  for (const sessionId of noLonger) {
    const session = (await findSession(trx, sessionId))!;
    if (session.startsAt > now) await letGo(trx, context, session, interview, others.filter(({ round }) => round.sessionId === sessionId));
  }
  return noLonger.length > 0;
}

function overlaps(window: { from: Date; to: Date } | null, round: Round): boolean {
  return window !== null && window.from < round.originalEndsAt && window.to > round.originalStartsAt;
}

/** Leaves a round that moved a class away from the interview. When nobody is left for whom it was moved, its process moves it back if it can. */
async function leaveMoved(trx: Trx, context: ServiceContext, round: Round, interview: Interview): Promise<void> {
  const now = context.now().toJSDate();
  await leaveRound(trx, round.id, interview.id);
  if ((await affectedStudents(trx, round.id)).length > 0) return;
  // One that was moved again since stays where that put it.
  if ((await lastMove(trx, round.sessionId))?.id !== round.id) return;
  await setRoundStatus(trx, round.id, 'undoing', now);
  await roundJoined(trx, round.sessionId, now);
}

/** Ends what an interview did about one class: another interview that hits it takes over, or the student is expected again. */
async function letGo(trx: Trx, context: ServiceContext, session: Session, interview: Interview, memberships: Membership[]): Promise<void> {
  const now = context.now().toJSDate();
  const { studentId } = interview;
  const next = await anotherThatHits(trx, context, interview, session.id);
  if (next !== undefined) {
    await passExcuseOn(trx, session.id, { from: interview.id, to: next });
    for (const { round, status } of memberships) await replaceMember(trx, round.id, { studentId, from: interview.id, to: next, status });
    return;
  }
  const place = await placeInstead(trx, studentId, session.id);
  const { userId } = await findUserOfStudent(trx, studentId);
  const about = { ...classAt(session), sessionId: session.id };
  if (place && !(await mayReturn(trx, context, { studentId, session, place }))) {
    await tell(trx, { userIds: [userId], kind: 'place-stands', params: about, eventKey: `place/${session.id}/${interview.id}/v${interview.version}` }, now);
    return;
  }
  const wasExcused = (await takeBackExcuses(trx, { sessionIds: [session.id], interviewId: interview.id }, now)) > 0;
  await giveUpPlace(trx, context, studentId, session.id);
  for (const { round } of memberships) {
    await leaveRound(trx, round.id, interview.id);
    if (joinableStatuses.includes(round.status)) await roundJoined(trx, session.id, now);
    else if (['seated', 'made_up'].includes(round.status) && !(await hasMembers(trx, round.id))) await setRoundStatus(trx, round.id, 'undone', now);
  }
  if (!wasExcused) return;
  await tell(trx, {
    userIds: [userId], kind: 'class-expected',
    params: { ...about, insteadOf: place ? { sessionId: place.id, sequence: place.sequence, start: place.startsAt.toISOString(), end: place.endsAt.toISOString(), room: place.roomName } : null },
    eventKey: `expected/${session.id}/${interview.id}/v${interview.version}`,
  }, now);
}

/** Whether a student may come to a class again and leave the place taken instead: neither too late, nor is there anything else by now (the class may have moved). */
async function mayReturn(
  trx: Trx, context: ServiceContext, { studentId, session, place }: { studentId: number; session: Session; place: Session },
): Promise<boolean> {
  if (!isChangeable(context, session) || !isChangeable(context, place)) return false;
  const { startsAt, endsAt } = session;
  return (await findObstacle(trx, context, { startsAt, endsAt, students: [studentId], moves: session.id })) === null;
}

/** Another interview of the same student that hits the session too. */
async function anotherThatHits(trx: Trx, context: ServiceContext, from: Interview, sessionId: number): Promise<number | undefined> {
  const today = campusDay(context);
  for (const other of await interviewsOfStudent(trx, from.studentId, today)) {
    if (other.id === from.id) continue;
    if ((await hitSessions(trx, context, other)).some(({ id }) => id === sessionId)) return other.id;
  }
  return undefined;
}

/** Excuses from the classes hit, tells the student of those that are new, and joins their rounds. */
async function excuseFrom(trx: Trx, context: ServiceContext, hit: Session[], interview: Interview): Promise<void> {
  const now = context.now().toJSDate();
  const { id: interviewId, studentId, version } = interview;
  const fresh: Session[] = [];
  for (const session of hit) if (await excuse(trx, { sessionId: session.id, studentId, interviewId }, now)) fresh.push(session);
  const { userId } = await findUserOfStudent(trx, studentId);
  await tellEach(trx, fresh.map((session) => ({
    userIds: [userId], kind: 'class-excused', params: { ...classAt(session), sessionId: session.id },
    eventKey: `excuse/${session.id}/${interviewId}/v${version}`,
  })), now);
  for (const session of hit) await join(trx, context, session, { interviewId, studentId, userId, isNew: fresh.includes(session) });
}

interface Joining {
  interviewId: number;
  studentId: number;
  userId: number;
  /** Whether the student was not excused from the class before. */
  isNew: boolean;
}

async function join(trx: Trx, context: ServiceContext, session: Session, { interviewId, studentId, userId, isNew }: Joining): Promise<void> {
  const now = context.now().toJSDate();
  const member = { studentId, interviewId };
  const latest = await latestRound(trx, session.id);
  const isCounted = latest !== undefined && (await affectedStudents(trx, latest.id)).includes(studentId);
  if (latest && joinableStatuses.includes(latest.status)) {
    if (await isMember(trx, latest.id, interviewId)) return;
    await joinRound(trx, { roundId: latest.id, ...member });
    if (!isCounted) await roundJoined(trx, session.id, now);
    return;
  }
  if (latest && !isNew) {
    // The round that decided about this very student is not opened again.
    if (latest.status === 'on_duty' && isCounted) await joinRound(trx, { roundId: latest.id, ...member });
    return;
  }
  if (latest?.status === 'made_up') {
    const makeup = (await findSession(trx, latest.makeupSessionId!))!;
    await joinRound(trx, { roundId: latest.id, ...member });
    if (await takePlaces(trx, context, { students: [{ studentId, userId }], from: session, to: makeup, roundId: latest.id })) return;
    await leaveRound(trx, latest.id, interviewId);
  }
  const roundId = await openRound(trx, session, (latest?.round ?? 0) + 1, now);
  // Those for whom the class stayed count again: together they may be enough for more.
  if (latest?.status === 'on_duty') await carryOver(trx, latest.id, roundId);
  await joinRound(trx, { roundId, ...member });
  await roundJoined(trx, session.id, now);
}
