// What becomes of an offer that nobody answers: a reminder, the head of department, then the department's policy (I19).
import type { Trx } from '../db/connection.ts';
import { departmentRules } from '../db/repositories/campus.ts';
import { lock } from '../db/repositories/locks.ts';
import { deputiesFor } from '../db/repositories/people.ts';
import { insertDecision, optionsOf, pendingDecision } from '../db/repositories/offers.ts';
import { findRound, lockRound, type Round, setRoundStatus } from '../db/repositories/rescheduling.ts';
import { studentsOfRound } from '../db/repositories/round-members.ts';
import { findSession, type Session } from '../db/repositories/sessions.ts';
import { applyDecision } from './applying.ts';
import type { ServiceContext } from './context.ts';
import { type NextStep, offerParams } from './offering.ts';
import { isBeforeCutoff } from './replacing.ts';
import { endWithoutDecision, waitingOnRoster } from './rescheduling.ts';
import { tell } from './telling.ts';

/** Takes a step about an offer that stands; asked again, or after an answer, it changes nothing. */
export async function takeStep(context: ServiceContext, roundId: number, step: NextStep['step']): Promise<void> {
  const decisionId = await context.db.transaction(async (trx) => {
    const seen = await findRound(trx, roundId);
    if (!seen) return null;
    await lock(trx, { sessions: [seen.sessionId] });
    const round = (await lockRound(trx, roundId))!;
    if (round.status !== 'offered') return null;
    const session = (await findSession(trx, round.sessionId))!;
    if (step === 'decide') return decideByPolicy(trx, context, round, session);
    await (step === 'remind' ? remind : escalate)(trx, context, round, session);
    return null;
  });
  if (decisionId !== null) await applyDecision(context, decisionId);
}

async function remind(trx: Trx, context: ServiceContext, round: Round, session: Session): Promise<void> {
  if (round.remindedAt) return;
  const now = context.now().toJSDate();
  await setRoundStatus(trx, round.id, 'offered', now, { remindedAt: now });
  await tell(trx, {
    userIds: [session.facultyUserId], kind: 'reschedule-reminder', params: await standingOffer(trx, round, session),
    eventKey: `reschedule/${round.id}/offer${round.offer}/reminder`, urgency: 'reminder',
  }, now);
}

async function escalate(trx: Trx, context: ServiceContext, round: Round, session: Session): Promise<void> {
  if (round.escalatedAt) return;
  const now = context.now().toJSDate();
  await setRoundStatus(trx, round.id, 'offered', now, { escalatedAt: now });
  await tell(trx, {
    userIds: await deputiesFor(trx, session, session.facultyUserId), kind: 'reschedule-escalated', params: await standingOffer(trx, round, session),
    eventKey: `reschedule/${round.id}/offer${round.offer}/escalated`,
  }, now);
}

async function standingOffer(trx: Trx, round: Round, session: Session) {
  const { waiting, attendees } = await waitingOnRoster(trx, round);
  return offerParams(round, session, await optionsOf(trx, round.id, round.offer), {
    hit: waiting.length, roster: attendees.length,
    seated: (await studentsOfRound(trx, round.id, 'seated')).length,
  });
}

/** Accepts the best time that is still possible, or lets the question expire. @returns the decision to carry out, if any */
async function decideByPolicy(trx: Trx, context: ServiceContext, round: Round, session: Session): Promise<number | null> {
  const pending = await pendingDecision(trx, round.id);
  if (pending) return pending.id;
  const { decisionPolicy } = await departmentRules(trx, session.departmentId);
  const possible = (await optionsOf(trx, round.id, round.offer)).filter((option) => isBeforeCutoff(context, option));
  if (decisionPolicy === 'expire' || possible.length === 0) {
    await endWithoutDecision(trx, context, round, session, 'expired');
    return null;
  }
  return insertDecision(trx, { roundId: round.id, optionId: possible[0]!.id, userId: null, choice: 'accept' }, context.now().toJSDate());
}
