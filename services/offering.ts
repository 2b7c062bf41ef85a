// What is offered for a session's round: to whom, held how long, and what comes next when nobody answers (I19).
import type { Knex } from 'knex';
import { DateTime } from 'luxon';
import type { Trx } from '../db/connection.ts';
import { departmentRules } from '../db/repositories/campus.ts';
import { findClash, holdClaims } from '../db/repositories/claims.ts';
import { deputiesFor } from '../db/repositories/people.ts';
import { insertOptions, type OfferedOption, optionsOf } from '../db/repositories/offers.ts';
import { type Round, setRoundStatus } from '../db/repositories/rescheduling.ts';
import type { Session } from '../db/repositories/sessions.ts';
import { slotToIso } from '../domain/calendar/slots.ts';
import type { Coded, NoticeParams } from '../domain/notices.ts';
import { decisionSteps } from '../domain/rescheduling/deadlines.ts';
import type { Searched } from '../domain/rescheduling/remedy.ts';
import type { Option } from '../domain/rescheduling/types.ts';
import { classAt } from './class-at.ts';
import type { ServiceContext } from './context.ts';
import { isOnLeave } from './faculty-leave.ts';
import { claimsOf } from './obstacles.ts';
import { cutoffOf } from './replacing.ts';
import { tell } from './telling.ts';

/** Rooms and faculty of offered times are held so long at the most. */
const HOLD_HOURS = 12;

interface NewOffer {
  remedy: Searched;
  options: readonly Option[];
  /** How many students it is for, of how many. */
  hit: number;
  roster: number;
  /** Students of the round who attend another section. */
  seated: number;
}

/**
 * Holds the rooms and the faculty member for the times found, and asks who decides. A time that was taken since is left out. The
 * caller holds the locks of faculty member, rooms and session.
 * @returns false when none of the times is free any more; then nothing was written
 */
export async function holdOffer(trx: Trx, context: ServiceContext, round: Round, session: Session, { remedy, options, ...counts }: NewOffer): Promise<boolean> {
  const now = context.now().toJSDate();
  const times = options.map((option) => ({
    startsAt: new Date(slotToIso(option.start)), endsAt: new Date(slotToIso(option.end)), roomId: option.roomId, reasons: option.reasons,
  }));
  const free: typeof times = [];
  for (const time of times) {
    const except = remedy === 'move' ? session.id : undefined;
    if (!(await findClash(trx, claimsOf({ ...time, facultyId: session.facultyId }), { except, now }))) free.push(time);
  }
  if (free.length === 0) return false;
  const offer = round.offer + 1;
  await insertOptions(trx, round.id, offer, free);
  await holdClaims(trx, session.id, free.flatMap((time) => claimsOf({ ...time, facultyId: session.facultyId })), {
    now, heldUntil: DateTime.fromJSDate(now).plus({ hours: HOLD_HOURS }).toJSDate(),
  });
  const deputies = await isAway(trx, context, session) ? await deputiesFor(trx, session, session.facultyUserId) : [];
  await setRoundStatus(trx, round.id, 'offered', now, { offer, remedy, offeredAt: now, remindedAt: null, escalatedAt: deputies.length > 0 ? now : null });
  await tell(trx, {
    userIds: deputies.length > 0 ? deputies : [session.facultyUserId], kind: 'reschedule-offer',
    params: offerParams({ id: round.id, remedy }, session, await optionsOf(trx, round.id, offer), counts), eventKey: `reschedule/${round.id}/offer${offer}`,
  }, now);
  return true;
}

/** What an offer says, in every form in which it is put. */
export function offerParams(
  round: Pick<Round, 'id' | 'remedy'>, session: Session, options: OfferedOption[], counts: Pick<NewOffer, 'hit' | 'roster' | 'seated'>,
): NoticeParams['reschedule-offer'] {
  return {
    ...classAt(session), sessionId: session.id, roundId: round.id, remedy: round.remedy!, ...counts,
    options: options.map((option) => ({
      id: option.id, start: option.startsAt.toISOString(), end: option.endsAt.toISOString(), room: option.roomName,
      reasons: option.reasons as Coded[],
    })),
  };
}

/** Whether who teaches a class is on leave today. */
const isAway = (knex: Knex, context: ServiceContext, session: Session) => isOnLeave(knex, session.facultyId, context.now().setZone(session.timeZone));

/** What a round's process does when nobody has answered by then. ISO 8601 in UTC. */
export interface NextStep {
  step: 'remind' | 'escalate' | 'decide';
  at: string;
}

/** The next step of an offer that stands. A faculty member who went on leave meanwhile isn't waited for. */
export async function nextStepOf(context: ServiceContext, round: Round, session: Session): Promise<NextStep> {
  const { knex } = context.db;
  const options = await optionsOf(knex, round.id, round.offer);
  const rules = await departmentRules(knex, session.departmentId);
  const steps = decisionSteps(round.offeredAt!.getTime(), lastMoment(context, round, session, options), rules);
  const now = context.now().toMillis();
  const at = (time: number) => new Date(time).toISOString();
  if (now >= steps.decideAt) return { step: 'decide', at: at(steps.decideAt) };
  if (!round.escalatedAt && (await isAway(knex, context, session))) return { step: 'escalate', at: at(now) };
  if (!round.remindedAt && !round.escalatedAt && now < steps.escalateAt) return { step: 'remind', at: at(steps.remindAt) };
  if (!round.escalatedAt) return { step: 'escalate', at: at(steps.escalateAt) };
  return { step: 'decide', at: at(steps.decideAt) };
}

/** Until when a decision makes sense: the cut-off of the last time that is offered, and of the class itself where that would move. */
function lastMoment(context: ServiceContext, round: Round, session: Session, options: OfferedOption[]): number {
  const last = Math.max(...options.map((option) => cutoffOf(context, option).toMillis()));
  return round.remedy === 'move' ? Math.min(last, cutoffOf(context, session).toMillis()) : last;
}

/** Tells those who were asked, or wait for new times after an answer that came to nothing. */
export async function tellThatItIsOff(
  trx: Trx, context: ServiceContext, round: Round, session: Session, why: 'expired' | 'withdrawn' | 'declined',
): Promise<void> {
  if (round.offer === 0) return;
  const deputies = round.escalatedAt ? await deputiesFor(trx, session, session.facultyUserId) : [];
  await tell(trx, {
    userIds: [session.facultyUserId, ...deputies], kind: 'reschedule-off', params: { ...classAt(session), sessionId: session.id, why },
    eventKey: `reschedule/${round.id}/${why}`,
  }, context.now().toJSDate());
}
