// Rounds of rescheduling a session: when to plan, the plan and its offer, and how a round ends without a decision.
import { DateTime } from 'luxon';
import type { Trx } from '../db/connection.ts';
import { departmentRules } from '../db/repositories/campus.ts';
import { lock } from '../db/repositories/locks.ts';
import {
  affectedStudents, findRound, insertOptions, latestRound, lockRound, openStatuses, optionsOf, type Round, setRoundStatus,
} from '../db/repositories/rescheduling.ts';
import { findSession, rosterOf, type Session } from '../db/repositories/sessions.ts';
import { slotToIso } from '../domain/calendar/slots.ts';
import type { Coded, NoticeParams } from '../domain/notices.ts';
import { chooseRemedy } from '../domain/rescheduling/remedy.ts';
import type { SlotSearchResult } from '../domain/rescheduling/types.ts';
import { classAt } from './class-at.ts';
import type { ServiceContext } from './context.ts';
import { searchNewTime } from './new-time.ts';
import { tell } from './telling.ts';

/** A class this near is planned for at once (I18). */
const HURRY_HOURS = 6;

/** What a session's process needs to know of its open round. Milliseconds; instants ISO 8601 in UTC. */
export interface OpenRound {
  roundId: number;
  departmentId: number;
  status: 'gathering' | 'offered';
  /** Plan when nobody joined for so long, at the most so long after the first. */
  quietMs: number;
  quietMaxMs: number;
  /** From then on nothing is changed any more. */
  cutoffAt: string;
}

/** The session's open round, or null when there is nothing to do. */
export async function openRoundOf(context: ServiceContext, sessionId: number): Promise<OpenRound | null> {
  const { knex } = context.db;
  const round = await latestRound(knex, sessionId);
  if (!round || !openStatuses.includes(round.status)) return null;
  const session = (await findSession(knex, sessionId))!;
  const { quietSeconds, quietMaxSeconds } = context.rules;
  const hurry = hoursUntil(context, session) < HURRY_HOURS;
  return {
    roundId: round.id,
    departmentId: session.departmentId,
    status: round.status as OpenRound['status'],
    quietMs: hurry ? 0 : quietSeconds * 1000,
    quietMaxMs: hurry ? 0 : quietMaxSeconds * 1000,
    cutoffAt: cutoffOf(context, session).toISO()!,
  };
}

const hoursUntil = (context: ServiceContext, session: Session) =>
  DateTime.fromJSDate(session.startsAt).diff(context.now(), 'hours').hours;

export const cutoffOf = (context: ServiceContext, session: Session) =>
  DateTime.fromJSDate(session.startsAt, { zone: 'utc' }).minus({ minutes: context.rules.cutoffMinutes });

export type PlanOutcome = 'offered' | 'on_duty' | 'withdrawn' | 'over';

interface Plan {
  session: Session;
  hit: number;
  roster: number;
  thresholdPercent: number;
  /** Why the class stays, unless the search has options. */
  why: NoticeParams['reschedule-impossible']['why'];
  search: SlotSearchResult;
}

const NOTHING: SlotSearchResult = { options: [], blocked: [] };

/**
 * Plans a gathering round, once: chooses the remedy, searches the slots, and offers the best three to the faculty member; or
 * says why the class stays. The search runs before the locks; what it found is checked again when an option is accepted.
 */
export async function planRound(context: ServiceContext, roundId: number): Promise<PlanOutcome> {
  const plan = await draftPlan(context, roundId);
  if (!plan) return 'over';
  return context.db.transaction(async (trx) => {
    await lock(trx, { sessions: [plan.session.id] });
    const round = (await lockRound(trx, roundId))!;
    if (round.status !== 'gathering') return round.status === 'offered' ? 'offered' : 'over';
    const now = context.now().toJSDate();
    const session = (await findSession(trx, plan.session.id))!;
    if (session.status !== 'scheduled' || (await affectedOnRoster(trx, round)).hit === 0) {
      await withdraw(trx, context, round, session);
      return 'withdrawn';
    }
    if (plan.search.options.length > 0) {
      await makeOffer(trx, context, round, plan);
      return 'offered';
    }
    await setRoundStatus(trx, roundId, 'on_duty', now, { blocked: plan.search.blocked });
    await tellThatItStays(trx, context, round, plan);
    return 'on_duty';
  });
}

/** Whoever left the class since is not on its roster, and doesn't count. */
async function affectedOnRoster(knex: ServiceContext['db']['knex'], round: Round): Promise<{ hit: number; roster: number }> {
  const affected = new Set(await affectedStudents(knex, round.id));
  const roster = await rosterOf(knex, round.sessionId);
  return { hit: roster.filter((student) => affected.has(student.studentId)).length, roster: roster.length };
}

/** Null for a round that is not there: a restored database doesn't know it. */
async function draftPlan(context: ServiceContext, roundId: number): Promise<Plan | null> {
  const { knex } = context.db;
  const round = await findRound(knex, roundId);
  if (!round) return null;
  const session = (await findSession(knex, round.sessionId))!;
  const { hit, roster } = await affectedOnRoster(knex, round);
  const { moveThresholdPercent, horizonDays } = await departmentRules(knex, session.departmentId);
  const plan = { session, hit, roster, thresholdPercent: moveThresholdPercent, why: 'no-slot' as const, search: NOTHING };
  if (hit === 0 || session.status !== 'scheduled') return plan;
  const remedy = chooseRemedy({
    hit, roster, hoursLeft: hoursUntil(context, session), threshold: moveThresholdPercent / 100,
    cutOffHours: context.rules.cutoffMinutes / 60,
  });
  if (remedy.kind === 'on-duty') return { ...plan, why: remedy.because };
  return { ...plan, search: await searchNewTime(context, session, horizonDays) };
}

async function makeOffer(trx: Trx, context: ServiceContext, round: Round, plan: Plan): Promise<void> {
  const now = context.now().toJSDate();
  const offer = round.offer + 1;
  await insertOptions(trx, round.id, offer, plan.search.options.map((option) => ({
    startsAt: new Date(slotToIso(option.start)), endsAt: new Date(slotToIso(option.end)), roomId: option.roomId, reasons: option.reasons,
  })));
  await setRoundStatus(trx, round.id, 'offered', now, { offer });
  const options = await optionsOf(trx, round.id, offer);
  await tell(trx, {
    userIds: [plan.session.facultyUserId], kind: 'reschedule-offer',
    params: {
      ...classAt(plan.session), sessionId: plan.session.id, roundId: round.id, hit: plan.hit, roster: plan.roster,
      options: options.map((option) => ({
        id: option.id, start: option.startsAt.toISOString(), end: option.endsAt.toISOString(), room: option.roomName,
        reasons: option.reasons as Coded[],
      })),
    },
    eventKey: `reschedule/${round.id}/offer${offer}`,
  }, now);
}

async function tellThatItStays(trx: Trx, context: ServiceContext, round: Round, plan: Plan): Promise<void> {
  const now = context.now().toJSDate();
  const { session } = plan;
  await tell(trx, {
    userIds: [session.facultyUserId], kind: 'reschedule-impossible',
    params: {
      ...classAt(session), sessionId: session.id, hit: plan.hit, roster: plan.roster, why: plan.why,
      thresholdPercent: plan.thresholdPercent,
      blocked: plan.search.blocked.map(({ start, end, reasons }) => ({
        start: slotToIso(start), end: slotToIso(end), reasons: reasons as readonly Coded[] as Coded[],
      })),
    },
    eventKey: `reschedule/${round.id}/stays`,
  }, now);
  await tellAffected(trx, context, round, session);
}

/** Tells the students of a round that their class takes place as planned, and that their excuse stands. */
export async function tellAffected(trx: Trx, context: ServiceContext, round: Round, session: Session): Promise<void> {
  const affected = new Set(await affectedStudents(trx, round.id));
  const userIds = (await rosterOf(trx, session.id)).filter((student) => affected.has(student.studentId)).map((student) => student.userId);
  await tell(trx, {
    userIds, kind: 'class-stays', params: { ...classAt(session), sessionId: session.id }, eventKey: `reschedule/${round.id}/stays`,
  }, context.now().toJSDate());
}

/**
 * Ends a round without a decision: it expired, or nobody is hit any more. Asked again, it changes nothing.
 * @returns whether the round is over
 */
export async function closeRound(context: ServiceContext, roundId: number, why: 'expired' | 'withdrawn'): Promise<boolean> {
  return context.db.transaction(async (trx) => {
    const seen = await findRound(trx, roundId);
    if (!seen) return true;
    const { sessionId } = seen;
    await lock(trx, { sessions: [sessionId] });
    const round = (await lockRound(trx, roundId))!;
    if (!openStatuses.includes(round.status)) return true;
    const session = (await findSession(trx, sessionId))!;
    if (why === 'withdrawn') {
      if (session.status === 'scheduled' && (await affectedOnRoster(trx, round)).hit > 0) return false;
      await withdraw(trx, context, round, session);
      return true;
    }
    await setRoundStatus(trx, roundId, why, context.now().toJSDate());
    await tellThatItIsOff(trx, context, round, session, why);
    await tellAffected(trx, context, round, session);
    return true;
  });
}

/** Ends a round because nobody is hit any more, or the class doesn't take place. */
async function withdraw(trx: Trx, context: ServiceContext, round: Round, session: Session): Promise<void> {
  await setRoundStatus(trx, round.id, 'withdrawn', context.now().toJSDate());
  await tellThatItIsOff(trx, context, round, session, 'withdrawn');
}

/** Tells the faculty member who was asked, or waits for new times after an answer that came to nothing. */
export async function tellThatItIsOff(
  trx: Trx, context: ServiceContext, round: Round, session: Session, why: 'expired' | 'withdrawn' | 'declined',
): Promise<void> {
  if (round.offer === 0) return;
  await tell(trx, {
    userIds: [session.facultyUserId], kind: 'reschedule-off', params: { ...classAt(session), sessionId: session.id, why },
    eventKey: `reschedule/${round.id}/${why}`,
  }, context.now().toJSDate());
}
