// The word of who decides on a round: the faculty member, the head of department, an admin.
import { setTimeout as sleep } from 'node:timers/promises';
import { insertAudit } from '../db/repositories/audit.ts';
import { lock } from '../db/repositories/locks.ts';
import {
  type Decision, findDecision, findOption, insertDecision, type OfferedOption, optionsOf, pendingDecision,
} from '../db/repositories/offers.ts';
import { findRound, lockRound, type Round, roundsToDecide } from '../db/repositories/rescheduling.ts';
import { findSession, type Session } from '../db/repositories/sessions.ts';
import { Refusal } from '../domain/refusal.ts';
import { requirePermission } from './access.ts';
import type { Person, ServiceContext } from './context.ts';
import { roundDecided } from './intents.ts';
import { reachableSession } from './reachable.ts';

export type Choice = { choice: 'accept'; optionId: number } | { choice: 'decline' };

/** What the person who decided is told at once, and what became of it. */
export interface DecisionState {
  decisionId: number;
  roundId: number;
  /** What was offered: a makeup class, or another time for the whole class. */
  remedy: Round['remedy'];
  choice: Decision['choice'];
  outcome: Decision['outcome'];
  refusalCode: string | null;
}

/**
 * Writes a decision; the round's process carries it out. The same choice again gives the same decision.
 * @throws Refusal not-allowed, not-found (also for a round that isn't this person's to know of), round-over with what was decided
 */
export async function decide(context: ServiceContext, actor: Person, roundId: number, choice: Choice): Promise<DecisionState> {
  return context.db.transaction(async (trx) => {
    const seen = await findRound(trx, roundId);
    const session = await reachableSession(trx, actor, 'sessions.manage', seen?.sessionId);
    await lock(trx, { sessions: [session.id] });
    const round = (await lockRound(trx, roundId))!;
    const pending = await pendingDecision(trx, roundId);
    const optionId = choice.choice === 'accept' ? choice.optionId : null;
    if (pending && pending.choice === choice.choice && pending.optionId === optionId) return stateOf(pending, round);
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
    return { decisionId, roundId, remedy: round.remedy, choice: choice.choice, outcome: 'pending', refusalCode: null };
  });
}

const stateOf = (decision: Decision, round: Round): DecisionState => ({
  decisionId: decision.id, roundId: decision.roundId, remedy: round.remedy, choice: decision.choice, outcome: decision.outcome,
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

/** How far a decision got. @throws Refusal not-allowed, not-found for another person's */
export async function decisionState(context: ServiceContext, actor: Person, decisionId: number): Promise<DecisionState> {
  requirePermission(actor, 'sessions.manage');
  const decision = await findDecision(context.db.knex, decisionId);
  if (decision?.userId !== actor.userId) throw new Refusal('not-found');
  return stateOf(decision, (await findRound(context.db.knex, decision.roundId))!);
}

/** The rounds that wait for this person's word, with what is offered: those of the own classes, and those that were passed on. @throws Refusal not-allowed */
export async function offersFor(
  context: ServiceContext, actor: Person,
): Promise<{ round: Round; session: Session; options: OfferedOption[] }[]> {
  requirePermission(actor, 'sessions.manage');
  const { knex } = context.db;
  const rounds = await roundsToDecide(knex, {
    facultyId: actor.facultyId, departmentId: actor.role === 'hod' ? actor.departmentId : null, organisationId: actor.role === 'admin' ? actor.organisationId : null,
  });
  return Promise.all(rounds.map(async (round) => ({
    round, session: (await findSession(knex, round.sessionId))!, options: await optionsOf(knex, round.id, round.offer),
  })));
}
