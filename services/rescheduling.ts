// Rounds of rescheduling a session: when to plan, the plan, and how a round ends without a decision.
import type { Knex } from 'knex';
import { DateTime } from 'luxon';
import type { Trx } from '../db/connection.ts';
import { departmentRules, type DepartmentRules } from '../db/repositories/campus.ts';
import { releaseHolds } from '../db/repositories/claims.ts';
import { lock } from '../db/repositories/locks.ts';
import { findRound, joinableStatuses, lockRound, openRoundOfSession, type Round, setRoundStatus } from '../db/repositories/rescheduling.ts';
import { affectedStudents, studentsOfRound } from '../db/repositories/round-members.ts';
import { type Attendee, attendeesOf, findSession, type Session } from '../db/repositories/sessions.ts';
import { slotToIso } from '../domain/calendar/slots.ts';
import type { Coded, NoticeParams } from '../domain/notices.ts';
import { chooseRemedies, type Searched } from '../domain/rescheduling/remedy.ts';
import type { SlotSearchResult } from '../domain/rescheduling/types.ts';
import { Refusal } from '../domain/refusal.ts';
import { classAt } from './class-at.ts';
import type { ServiceContext } from './context.ts';
import { searchMakeup, searchNewTime } from './new-time.ts';
import { holdOffer, nextStepOf, type NextStep, tellThatItIsOff } from './offering.ts';
import { takePlaces } from './replacing.ts';
import { findSeats } from './seats.ts';
import { tell } from './telling.ts';

/** A class this near is planned for at once (I18). */
const HURRY_HOURS = 6;

/** What a session's process needs to know of its open round. Milliseconds; instants ISO 8601 in UTC. */
export interface OpenRound {
  roundId: number;
  departmentId: number;
  status: 'gathering' | 'offered' | 'undoing';
  /** Plan when nobody joined for so long, at the most so long after the first. */
  quietMs: number;
  quietMaxMs: number;
  /** What to do when nobody has answered by then; null unless an offer stands. */
  next: NextStep | null;
}

/** The session's open round, or null when there is nothing to do. */
export async function openRoundOf(context: ServiceContext, sessionId: number): Promise<OpenRound | null> {
  const { knex } = context.db;
  const round = await openRoundOfSession(knex, sessionId);
  if (!round) return null;
  const session = (await findSession(knex, sessionId))!;
  const { quietSeconds, quietMaxSeconds } = context.rules;
  const hurry = hoursUntil(context, session) < HURRY_HOURS;
  return {
    roundId: round.id,
    departmentId: session.departmentId,
    status: round.status as OpenRound['status'],
    quietMs: hurry ? 0 : quietSeconds * 1000,
    quietMaxMs: hurry ? 0 : quietMaxSeconds * 1000,
    next: round.status === 'offered' ? await nextStepOf(context, round, session) : null,
  };
}

const hoursUntil = (context: ServiceContext, session: Session) =>
  DateTime.fromJSDate(session.startsAt).diff(context.now(), 'hours').hours;

export type PlanOutcome = 'seated' | 'offered' | 'on_duty' | 'withdrawn' | 'over';

interface Plan {
  session: Session;
  /** Students who are hit and wait, as the plan knew them. */
  waiting: number[];
  seats: { studentId: number; to: Session }[];
  attendees: number;
  rules: DepartmentRules;
  remedy: Searched | null;
  /** Why the class stays, unless the search has options. */
  why: NoticeParams['reschedule-impossible']['why'];
  search: SlotSearchResult;
}

const NOTHING: SlotSearchResult = { options: [], blocked: [] };
/** So often a plan is made anew because somebody joined, left or took a seat or room meanwhile. */
const PLANS_MADE = 8;

/**
 * Plans a gathering round, once: gives seats in other sections, then chooses the remedy for those who got none, searches its
 * times and offers the best three to the faculty member; or says why the class stays. The searches run before the locks; what
 * they found is checked under them, and a plan that no longer fits is made anew.
 * @throws Refusal busy when it never fitted
 */
export async function planRound(context: ServiceContext, roundId: number): Promise<PlanOutcome> {
  for (let made = 0; made < PLANS_MADE; made += 1) {
    const plan = await draftPlan(context, roundId);
    if (!plan) return 'over';
    const outcome = await context.db.transaction((trx) => carryOut(trx, context, roundId, plan)).catch((error: unknown) => {
      if (error instanceof Outdated) return null;
      throw error;
    });
    if (outcome) return outcome;
  }
  throw new Refusal('busy');
}

/** The plan was made of rows that have changed since. Whatever the transaction has written is rolled back. */
class Outdated extends Error {}

/** Null for a round that is not there: a restored database doesn't know it. */
async function draftPlan(context: ServiceContext, roundId: number): Promise<Plan | null> {
  const { knex } = context.db;
  const round = await findRound(knex, roundId);
  if (!round) return null;
  const session = (await findSession(knex, round.sessionId))!;
  const rules = await departmentRules(knex, session.departmentId);
  const { waiting, attendees } = await waitingOnRoster(knex, round);
  const plan: Plan = {
    session, seats: [], rules, waiting: idsOf(waiting), attendees: attendees.length, remedy: null, why: 'no-slot', search: NOTHING,
  };
  if (waiting.length === 0 || session.status !== 'scheduled') return plan;
  plan.seats = await findSeats(context, session, plan.waiting);
  const seated = new Set(plan.seats.map(({ studentId }) => studentId));
  const left = plan.waiting.filter((studentId) => !seated.has(studentId));
  plan.attendees -= seated.size;
  if (left.length === 0) return plan;
  const remedies = chooseRemedies({
    hit: left.length, attendees: plan.attendees, hoursLeft: hoursUntil(context, session), moveThreshold: rules.moveThresholdPercent / 100,
    makeupMinStudents: rules.makeupMinStudents, cutOffHours: context.rules.cutoffMinutes / 60, kind: session.kind,
  });
  if (remedies.kind === 'on-duty') return { ...plan, why: remedies.because };
  for (const remedy of remedies.inOrder) {
    plan.remedy = remedy;
    plan.search = remedy === 'makeup'
      ? await searchMakeup(context, session, left, rules.horizonDays) : await searchNewTime(context, session, rules.horizonDays);
    if (plan.search.options.length > 0) break;
  }
  return plan;
}

const idsOf = (students: Attendee[]) => students.map(({ studentId }) => studentId);

/** Who waits in a round, and who comes to its class. Whoever left the class since is not on its roster, and doesn't count. */
export async function waitingOnRoster(knex: Knex, round: Round): Promise<{ waiting: Attendee[]; attendees: Attendee[] }> {
  const attendees = await attendeesOf(knex, round.sessionId);
  return { waiting: await waitingAmong(knex, round.id, attendees), attendees };
}

/** Those of a class's attendees who wait in a round of it. */
export async function waitingAmong(knex: Knex, roundId: number, attendees: Attendee[]): Promise<Attendee[]> {
  const affected = new Set(await affectedStudents(knex, roundId));
  return attendees.filter((student) => affected.has(student.studentId));
}

/** @throws Outdated */
async function carryOut(trx: Trx, context: ServiceContext, roundId: number, plan: Plan): Promise<PlanOutcome> {
  const { options } = plan.search;
  await lock(trx, {
    faculty: options.length > 0 ? [plan.session.facultyId] : [], rooms: options.map(({ roomId }) => roomId),
    sessions: [plan.session.id, ...plan.seats.map(({ to }) => to.id)], students: plan.seats.map(({ studentId }) => studentId),
  });
  const round = (await lockRound(trx, roundId))!;
  if (round.status !== 'gathering') return round.status === 'offered' ? 'offered' : 'over';
  const now = context.now().toJSDate();
  const session = (await findSession(trx, plan.session.id))!;
  const { waiting } = await waitingOnRoster(trx, round);
  const placed = await studentsOfRound(trx, roundId, 'seated');
  if (session.status !== 'scheduled' || (waiting.length === 0 && placed.length === 0)) {
    await withdraw(trx, context, round, session);
    return 'withdrawn';
  }
  if (session.sequence !== plan.session.sequence || idsOf(waiting).join() !== plan.waiting.join()) throw new Outdated();
  await takeSeats(trx, context, round, plan, waiting);
  const seated = new Set([...placed, ...plan.seats.map(({ studentId }) => studentId)]).size;
  const left = waiting.filter(({ studentId }) => !plan.seats.some((seat) => seat.studentId === studentId));
  if (left.length === 0) {
    await setRoundStatus(trx, roundId, 'seated', now);
    await tell(trx, {
      userIds: [session.facultyUserId], kind: 'reschedule-seated', params: { ...classAt(session), sessionId: session.id, seated },
      eventKey: `reschedule/${roundId}/seated`,
    }, now);
    return 'seated';
  }
  if (options.length > 0) {
    const offer = { remedy: plan.remedy!, options, hit: left.length, roster: plan.attendees, seated };
    if (!(await holdOffer(trx, context, round, session, offer))) throw new Outdated();
    return 'offered';
  }
  await setRoundStatus(trx, roundId, 'on_duty', now, { blocked: plan.search.blocked });
  await tellThatItStays(trx, context, round, plan, { hit: left.length, seated });
  return 'on_duty';
}

/** Gives the seats of a plan, and tells those who teach there that guests come. */
async function takeSeats(trx: Trx, context: ServiceContext, round: Round, plan: Plan, waiting: Attendee[]): Promise<void> {
  const classOf = new Map(plan.seats.map(({ studentId, to }) => [studentId, to]));
  const byClass = Map.groupBy(waiting.filter(({ studentId }) => classOf.has(studentId)), ({ studentId }) => classOf.get(studentId)!);
  for (const [planned, students] of byClass) {
    const to = (await findSession(trx, planned.id))!;
    if (to.sequence !== planned.sequence) throw new Outdated();
    if (!(await takePlaces(trx, context, { students, from: plan.session, to, roundId: round.id }))) throw new Outdated();
    await tell(trx, {
      userIds: [to.facultyUserId], kind: 'guests-expected', params: { ...classAt(to), sessionId: to.id, guests: to.guests + students.length },
      eventKey: `guests/${to.id}/r${round.id}`,
    }, context.now().toJSDate());
  }
}

async function tellThatItStays(
  trx: Trx, context: ServiceContext, round: Round, plan: Plan, { hit, seated }: { hit: number; seated: number },
): Promise<void> {
  const { session, rules } = plan;
  await tell(trx, {
    userIds: [session.facultyUserId], kind: 'reschedule-impossible',
    params: {
      ...classAt(session), sessionId: session.id, hit, seated, roster: plan.attendees, why: plan.why,
      thresholdPercent: rules.moveThresholdPercent, makeupMinStudents: rules.makeupMinStudents,
      blocked: plan.search.blocked.map(({ start, end, reasons }) => ({
        start: slotToIso(start), end: slotToIso(end), reasons: reasons as readonly Coded[] as Coded[],
      })),
    },
    eventKey: `reschedule/${round.id}/stays`,
  }, context.now().toJSDate());
  await tellAffected(trx, context, round, session);
}

/** Tells the students who wait in a round that their class takes place as planned, and that their excuse stands. */
export async function tellAffected(trx: Trx, context: ServiceContext, round: Round, session: Session): Promise<void> {
  const { waiting } = await waitingOnRoster(trx, round);
  await tell(trx, {
    userIds: waiting.map((student) => student.userId), kind: 'class-stays', params: { ...classAt(session), sessionId: session.id },
    eventKey: `reschedule/${round.id}/stays`,
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
    if (!joinableStatuses.includes(round.status)) return true;
    const session = (await findSession(trx, sessionId))!;
    if (why === 'withdrawn') {
      if (session.status === 'scheduled' && (await waitingOnRoster(trx, round)).waiting.length > 0) return false;
      await withdraw(trx, context, round, session);
      return true;
    }
    await endWithoutDecision(trx, context, round, session, why);
    return true;
  });
}

/** Ends a round whose question nobody answered in time, or that the class stays by decision: the students stay excused. */
export async function endWithoutDecision(
  trx: Trx, context: ServiceContext, round: Round, session: Session, status: 'expired' | 'declined',
): Promise<void> {
  await releaseHolds(trx, session.id);
  await setRoundStatus(trx, round.id, status, context.now().toJSDate());
  await tellAffected(trx, context, round, session);
  if (status === 'expired') await tellThatItIsOff(trx, context, round, session, status);
}

/** Ends a round because nobody waits any more, or the class doesn't take place. Those who got seats elsewhere keep them. */
async function withdraw(trx: Trx, context: ServiceContext, round: Round, session: Session): Promise<void> {
  const placed = (await studentsOfRound(trx, round.id, 'seated')).length > 0;
  await releaseHolds(trx, session.id);
  await setRoundStatus(trx, round.id, placed ? 'seated' : 'withdrawn', context.now().toJSDate());
  await tellThatItIsOff(trx, context, round, session, 'withdrawn');
}
