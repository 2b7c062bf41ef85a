// The faculty member's word on a round, and carrying it out: one transaction that moves the class, or leaves it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Trx } from '../db/connection.ts';
import { type Claim, type ClaimKind, findClash, replaceClaims, takenIntervals } from '../db/repositories/claims.ts';
import { insertAudit } from '../db/repositories/audit.ts';
import { interviewTimesOf } from '../db/repositories/interviews.ts';
import { lock } from '../db/repositories/locks.ts';
import {
  type Decision, findDecision, findOption, findRound, insertDecision, lockRound, offeredRoundsOfFaculty, type OfferedOption, optionsOf,
  pendingDecision, settleDecision, setRoundStatus, type Round,
} from '../db/repositories/rescheduling.ts';
import { classesOfStudents, findSession, moveSessionRow, rosterOf, type Session, takeBackExcuses } from '../db/repositories/sessions.ts';
import { DateTime } from 'luxon';
import { toSlot } from '../domain/calendar/slots.ts';
import { busyWindow } from '../domain/interviews/busy-window.ts';
import { Refusal } from '../domain/refusal.ts';
import { decidesOver } from './access.ts';
import { classAt } from './class-at.ts';
import type { Person, ServiceContext } from './context.ts';
import { roundDecided } from './intents.ts';
import { cutoffOf, tellAffected, tellThatItIsOff } from './rescheduling.ts';
import { tell } from './telling.ts';

export type Choice = { choice: 'accept'; optionId: number } | { choice: 'decline' };

/** What the person who decided is told at once, and what became of it. */
export interface DecisionState {
  decisionId: number;
  roundId: number;
  choice: Decision['choice'];
  outcome: Decision['outcome'];
  refusalCode: string | null;
}

/**
 * Writes a decision; the round's process carries it out. The same choice again gives the same decision.
 * @throws Refusal not-found (also for a round that isn't this person's to know of), round-over with what was decided
 */
export async function decide(context: ServiceContext, actor: Person, roundId: number, choice: Choice): Promise<DecisionState> {
  return context.db.transaction(async (trx) => {
    const seen = await findRound(trx, roundId);
    const session = seen && (await findSession(trx, seen.sessionId));
    if (!session || !decidesOver(actor, session)) throw new Refusal('not-found');
    await lock(trx, { sessions: [session.id] });
    const round = (await lockRound(trx, roundId))!;
    const pending = await pendingDecision(trx, roundId);
    const optionId = choice.choice === 'accept' ? choice.optionId : null;
    if (pending && pending.choice === choice.choice && pending.optionId === optionId) return stateOf(pending);
    if (pending || round.status !== 'offered') throw new Refusal('round-over', { status: pending ? 'decided' : round.status });
    if (optionId !== null) {
      const option = await findOption(trx, optionId);
      if (option?.roundId !== roundId) throw new Refusal('not-found');
      if (option.offer !== round.offer) throw new Refusal('option-taken');
    }
    const now = context.now().toJSDate();
    const decisionId = await insertDecision(trx, { roundId, optionId, userId: actor.userId, choice: choice.choice }, now);
    await insertAudit(trx, { userId: actor.userId, action: 'reschedule.decide', subject: `round/${roundId}`, details: { decisionId, ...choice } }, now);
    await roundDecided(trx, session.id, decisionId, now);
    return { decisionId, roundId, choice: choice.choice, outcome: 'pending', refusalCode: null };
  });
}

const stateOf = (decision: Decision): DecisionState => ({
  decisionId: decision.id, roundId: decision.roundId, choice: decision.choice, outcome: decision.outcome,
  refusalCode: decision.refusalCode,
});

/** A door never hangs on a process (rule 9): after so long it says that the decision is noted. */
const PATIENCE_MS = 2_000;
const LOOK_EVERY_MS = 100;

/** Decides, and gives the process two seconds to carry it out. @throws as `decide` */
export async function decideAndWait(context: ServiceContext, actor: Person, roundId: number, choice: Choice): Promise<DecisionState> {
  let state = await decide(context, actor, roundId, choice);
  for (let waited = 0; state.outcome === 'pending' && waited < PATIENCE_MS; waited += LOOK_EVERY_MS) {
    await sleep(LOOK_EVERY_MS);
    state = await decisionState(context, actor, state.decisionId);
  }
  return state;
}

/** How far a decision got. @throws Refusal not-found for another person's */
export async function decisionState(context: ServiceContext, actor: Person, decisionId: number): Promise<DecisionState> {
  const decision = await findDecision(context.db.knex, decisionId);
  if (decision?.userId !== actor.userId) throw new Refusal('not-found');
  return stateOf(decision);
}

/** The rounds that wait for this faculty member's word, with what is offered. */
export async function offersFor(
  context: ServiceContext, actor: Person,
): Promise<{ round: Round; session: Session; options: OfferedOption[] }[]> {
  if (actor.facultyId === null) throw new Refusal('not-allowed');
  const { knex } = context.db;
  const rounds = await offeredRoundsOfFaculty(knex, actor.facultyId);
  return Promise.all(rounds.map(async (round) => ({
    round, session: (await findSession(knex, round.sessionId))!, options: await optionsOf(knex, round.id, round.offer),
  })));
}

export type Applied = 'moved' | 'declined' | 'refused' | 'unknown';

/**
 * Carries a decision out, once: what is asked again answers what was done. An option that is no longer free is refused, and
 * the round gathers anew; one that came too late is refused.
 */
export async function applyDecision(context: ServiceContext, decisionId: number): Promise<Applied> {
  const decision = await findDecision(context.db.knex, decisionId);
  if (!decision) return 'unknown';
  return context.db.transaction(async (trx) => {
    const { sessionId } = (await findRound(trx, decision.roundId))!;
    const option = decision.optionId === null ? undefined : await findOption(trx, decision.optionId);
    const unlocked = (await findSession(trx, sessionId))!;
    const roster = await rosterOf(trx, sessionId);
    await lock(trx, {
      faculty: [unlocked.facultyId], rooms: option ? [option.roomId, unlocked.roomId] : [], sessions: [sessionId],
      students: option ? roster.map((student) => student.studentId) : [],
    });
    const round = (await lockRound(trx, decision.roundId))!;
    const current = (await findDecision(trx, decisionId))!;
    if (current.outcome === 'refused') return 'refused';
    if (current.outcome === 'applied') return current.choice === 'decline' ? 'declined' : 'moved';
    const session = (await findSession(trx, sessionId))!;
    const now = context.now().toJSDate();
    if (round.status !== 'offered') return refuse('round-over');
    if (!option) {
      await settleDecision(trx, decisionId, 'applied');
      await setRoundStatus(trx, round.id, 'declined', now);
      await tellAffected(trx, context, round, session);
      if (decision.userId !== session.facultyUserId) await tellThatItIsOff(trx, context, round, session, 'declined');
      return 'declined';
    }
    if (session.status !== 'scheduled') return refuse('session-not-scheduled');
    if (cutoffOf(context, session) <= context.now() || option.startsAt <= now) return refuse('round-over');
    const taken = await findObstacle(trx, context, session, option, roster.map((student) => student.studentId));
    if (taken) {
      await setRoundStatus(trx, round.id, 'gathering', now);
      return refuse(`${taken}-taken`);
    }
    await moveSession(trx, context, session, option, roster);
    await settleDecision(trx, decisionId, 'applied');
    await setRoundStatus(trx, round.id, 'moved', now);
    return 'moved';

    async function refuse(code: string): Promise<'refused'> {
      await settleDecision(trx, decisionId, 'refused', code);
      return 'refused';
    }
  });
}

const iso = (date: Date) => date.toISOString();

/** What stands against a session's new time, checked under the locks: claims, and the students' classes and interviews. */
async function findObstacle(
  trx: Trx, context: ServiceContext, session: Session, to: { startsAt: Date; endsAt: Date; roomId: number }, students: number[],
): Promise<ClaimKind | null> {
  const slots = { start: toSlot(iso(to.startsAt)), end: toSlot(iso(to.endsAt)) };
  const except = { except: session.id };
  const clash = await findClash(trx, claimsFor(session, to), except);
  if (clash) return clash;
  const bookings = await takenIntervals(trx, 'student', students, slots.start, slots.end, except);
  if ([...bookings.values()].some((intervals) => intervals.length > 0)) return 'student';
  if ((await classesOfStudents(trx, students, to.startsAt, to.endsAt, except)).length > 0) return 'student';
  const day = 24 * 3_600_000;
  const near = await interviewTimesOf(trx, students, new Date(to.startsAt.getTime() - day), new Date(to.endsAt.getTime() + day));
  const hit = near.some((interview) => {
    const window = busyWindow(interview, context.rules.bufferMinutes);
    return window !== null && window.from < to.endsAt && window.to > to.startsAt;
  });
  return hit ? 'student' : null;
}

function claimsFor(session: Session, to: { startsAt: Date; endsAt: Date; roomId: number }): Claim[] {
  const slots = { start: toSlot(iso(to.startsAt)), end: toSlot(iso(to.endsAt)) };
  return [
    { kind: 'faculty', resourceId: session.facultyId, ...slots },
    { kind: 'room', resourceId: to.roomId, ...slots },
  ];
}

async function moveSession(
  trx: Trx, context: ServiceContext, session: Session, to: OfferedOption, roster: { studentId: number; userId: number }[],
): Promise<void> {
  const now = context.now().toJSDate();
  const date = DateTime.fromJSDate(to.startsAt, { zone: session.timeZone }).toISODate()!;
  await replaceClaims(trx, session.id, claimsFor(session, to));
  await moveSessionRow(trx, session.id, { startsAt: to.startsAt, endsAt: to.endsAt, date, roomId: to.roomId }, now);
  await takeBackExcuses(trx, { sessionIds: [session.id] });
  const moved = (await findSession(trx, session.id))!;
  await tell(trx, {
    userIds: [...roster.map((student) => student.userId), session.facultyUserId],
    kind: 'class-moved',
    params: {
      ...classAt(moved), sessionId: session.id, sequence: moved.sequence, oldStart: iso(session.startsAt), oldEnd: iso(session.endsAt),
      oldRoom: session.roomName,
    },
    eventKey: `session/${session.id}/v${moved.sequence}`,
  }, now);
}
