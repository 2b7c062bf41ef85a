// Carrying a decision out, and undoing what it did: one transaction each that moves the class, or makes the makeup, or leaves it.
import { DateTime } from 'luxon';
import type { Trx } from '../db/connection.ts';
import { takeBackExcuses } from '../db/repositories/attendance.ts';
import { addClaims, releaseHolds, replaceClaims } from '../db/repositories/claims.ts';
import { lock } from '../db/repositories/locks.ts';
import { findDecision, findOption, type OfferedOption, settleDecision } from '../db/repositories/offers.ts';
import { findRound, lockRound, type Round, setRoundStatus } from '../db/repositories/rescheduling.ts';
import { type Attendee, attendeesOf, findSession, insertMakeup, moveSessionRow, type Session } from '../db/repositories/sessions.ts';
import { classAt } from './class-at.ts';
import type { ServiceContext } from './context.ts';
import { guestsAmong, tellThatItMoved } from './moved-classes.ts';
import { claimsOf, findObstacle, studentClaims } from './obstacles.ts';
import { tellThatItIsOff } from './offering.ts';
import { enterPlaces, isBeforeCutoff, isChangeable } from './replacing.ts';
import { endWithoutDecision, waitingAmong } from './rescheduling.ts';
import { tell } from './telling.ts';

export type Applied = 'moved' | 'made_up' | 'declined' | 'refused' | 'unknown';

/**
 * Carries a decision out, once: what is asked again answers what was done. An option that is no longer possible is refused, and
 * the round gathers anew; a decision that came too late is refused.
 */
export async function applyDecision(context: ServiceContext, decisionId: number): Promise<Applied> {
  const decision = await findDecision(context.db.knex, decisionId);
  if (!decision) return 'unknown';
  return context.db.transaction(async (trx) => {
    const { sessionId } = (await findRound(trx, decision.roundId))!;
    const option = decision.optionId === null ? undefined : await findOption(trx, decision.optionId);
    const unlocked = (await findSession(trx, sessionId))!;
    const attendees = await attendeesOf(trx, sessionId);
    await lock(trx, {
      faculty: [unlocked.facultyId], rooms: option ? [option.roomId, unlocked.roomId] : [], sessions: [sessionId],
      students: option ? attendees.map((student) => student.studentId) : [],
    });
    const round = (await lockRound(trx, decision.roundId))!;
    const current = (await findDecision(trx, decisionId))!;
    if (current.outcome === 'refused') return 'refused';
    if (current.outcome === 'applied') return current.choice === 'decline' ? 'declined' : appliedAs(round);
    const session = (await findSession(trx, sessionId))!;
    const now = context.now().toJSDate();
    if (round.status !== 'offered') return refuse('round-over');
    if (!option) {
      await settleDecision(trx, decisionId, 'applied');
      await endWithoutDecision(trx, context, round, session, 'declined');
      if (decision.userId !== session.facultyUserId) await tellThatItIsOff(trx, context, round, session, 'declined');
      return 'declined';
    }
    if (session.status !== 'scheduled') return refuse('session-not-scheduled');
    if (round.remedy === 'move' && !isChangeable(context, session)) return refuse('round-over');
    const scene: Scene = { round, session, option, attendees };
    const taken = isBeforeCutoff(context, option) ? await (round.remedy === 'makeup' ? makeUp : move)(trx, context, scene) : 'time';
    if (taken) {
      await releaseHolds(trx, sessionId);
      await setRoundStatus(trx, round.id, 'gathering', now);
      return refuse(`${taken}-taken`);
    }
    await settleDecision(trx, decisionId, 'applied');
    return appliedAs(round);

    async function refuse(code: string): Promise<'refused'> {
      await settleDecision(trx, decisionId, 'refused', code);
      return 'refused';
    }
  });
}

const appliedAs = (round: Round) => (round.remedy === 'makeup' ? 'made_up' : 'moved');

interface Scene {
  round: Round;
  session: Session;
  option: OfferedOption;
  attendees: Attendee[];
}

/** Moves the whole class. @returns what stands against it; then nothing was written */
async function move(trx: Trx, context: ServiceContext, { round, session, option, attendees }: Scene) {
  if (option.roomCapacity < attendees.length) return 'room';
  const taken = await obstacleToMove(trx, context, session, option, attendees);
  if (taken) return taken;
  await moveSession(trx, context, session, option, attendees);
  await setRoundStatus(trx, round.id, 'moved', context.now().toJSDate());
  return null;
}

function obstacleToMove(trx: Trx, context: ServiceContext, session: Session, to: Time, attendees: Attendee[]) {
  return findObstacle(trx, context, {
    ...to, facultyId: session.facultyId, students: attendees.map(({ studentId }) => studentId), moves: session.id,
  });
}

interface Time {
  startsAt: Date;
  endsAt: Date;
  roomId: number;
}

const dayOf = (session: Session, startsAt: Date) => DateTime.fromJSDate(startsAt, { zone: session.timeZone }).toISODate()!;

async function moveSession(trx: Trx, context: ServiceContext, session: Session, { startsAt, endsAt, roomId }: Time, attendees: Attendee[]): Promise<void> {
  const now = context.now().toJSDate();
  const guests = guestsAmong(attendees);
  await replaceClaims(trx, session.id, [
    ...claimsOf({ facultyId: session.facultyId, roomId, startsAt, endsAt }), ...studentClaims(guests, { startsAt, endsAt }),
  ], now);
  await moveSessionRow(trx, session.id, { startsAt, endsAt, date: dayOf(session, startsAt), roomId }, now);
  await takeBackExcuses(trx, { sessionIds: [session.id], studentIds: attendees.map(({ studentId }) => studentId) }, now);
  await tellThatItMoved(trx, session, attendees, now);
}

/** Makes a makeup class for those who wait. @returns what stands against it; then nothing was written but that holds are let go */
async function makeUp(trx: Trx, context: ServiceContext, { round, session, option, attendees }: Scene) {
  const now = context.now().toJSDate();
  const students = await waitingAmong(trx, round.id, attendees);
  if (option.roomCapacity < students.length) return 'room';
  await releaseHolds(trx, session.id);
  const { startsAt, endsAt, roomId } = option;
  const taken = await findObstacle(trx, context, {
    startsAt, endsAt, roomId, facultyId: session.facultyId, students: students.map(({ studentId }) => studentId), insteadOf: session.id,
  });
  if (taken) return taken;
  const id = await insertMakeup(trx, session, { startsAt, endsAt, roomId, date: dayOf(session, startsAt) }, now);
  await addClaims(trx, id, claimsOf({ facultyId: session.facultyId, roomId, startsAt, endsAt }), now);
  const makeup = (await findSession(trx, id))!;
  await enterPlaces(trx, context, { students, from: session, to: makeup, roundId: round.id });
  await setRoundStatus(trx, round.id, 'made_up', now, { makeupSessionId: id });
  await tell(trx, {
    userIds: [session.facultyUserId], kind: 'makeup-set',
    params: { ...classAt(makeup), sessionId: id, sequence: makeup.sequence, students: students.length, oldStart: session.startsAt.toISOString(), oldEnd: session.endsAt.toISOString() },
    eventKey: `session/${id}/v${makeup.sequence}`,
  }, now);
  return null;
}

/**
 * Moves a class back to where it was, when the interviews for which it was moved are all off and everybody is free then; otherwise it
 * stays where it is, and who teaches it is told why. Asked again, it changes nothing.
 */
export async function undoRound(context: ServiceContext, roundId: number): Promise<'undone' | 'stands' | 'over'> {
  return context.db.transaction(async (trx) => {
    const seen = await findRound(trx, roundId);
    if (!seen) return 'over';
    const unlocked = (await findSession(trx, seen.sessionId))!;
    const attendees = await attendeesOf(trx, unlocked.id);
    await lock(trx, {
      faculty: [unlocked.facultyId], rooms: [seen.originalRoomId, unlocked.roomId], sessions: [unlocked.id],
      students: attendees.map(({ studentId }) => studentId),
    });
    const round = (await lockRound(trx, roundId))!;
    if (round.status !== 'undoing') return 'over';
    const session = (await findSession(trx, unlocked.id))!;
    const now = context.now().toJSDate();
    const back = { startsAt: round.originalStartsAt, endsAt: round.originalEndsAt, roomId: round.originalRoomId };
    const inTime = isChangeable(context, session) && isBeforeCutoff(context, back);
    const obstacle = inTime ? await obstacleToMove(trx, context, session, back, attendees) : 'time';
    if (!obstacle) {
      await moveSession(trx, context, session, back, attendees);
      await setRoundStatus(trx, round.id, 'undone', now);
      return 'undone';
    }
    await setRoundStatus(trx, round.id, 'moved', now);
    await tell(trx, {
      userIds: [session.facultyUserId], kind: 'move-stands', params: { ...classAt(session), sessionId: session.id, why: obstacle },
      eventKey: `reschedule/${round.id}/stands`,
    }, now);
    return 'stands';
  });
}
