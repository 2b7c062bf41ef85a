// Another faculty member takes a class (A9): a head of department or an admin says so, or the one who takes it asks and the other agrees.
import type { Trx } from '../db/connection.ts';
import { insertAudit } from '../db/repositories/audit.ts';
import { hasMarks } from '../db/repositories/class-schedule.ts';
import { replaceClaims } from '../db/repositories/claims.ts';
import { lock } from '../db/repositories/locks.ts';
import { attendeesOf, findSession, type Session } from '../db/repositories/sessions.ts';
import {
  facultyById, facultyByKey, findSubstitution, insertSubstitution, type OpenSubstitution, openSubstitutionsFor, setSubstitute, settleSubstitution, type Substitute, withdrawSubstitutions,
} from '../db/repositories/substitutions.ts';
import { openRoundOfSession } from '../db/repositories/rescheduling.ts';
import { Refusal } from '../domain/refusal.ts';
import { reachOf, requirePermission } from './access.ts';
import { classAt } from './class-at.ts';
import type { Person, ServiceContext } from './context.ts';
import { roundJoined } from './intents.ts';
import { guestsAmong } from './moved-classes.ts';
import { claimsOf, findObstacle, studentClaims } from './obstacles.ts';
import { reachableSession } from './reachable.ts';
import { tell } from './telling.ts';

export interface Substituted {
  /** Of the question; null where nobody had to be asked. */
  id: number | null;
  sessionId: number;
  facultyId: string;
  status: 'open' | 'accepted' | 'declined' | 'withdrawn';
}

/**
 * Lets another take a class to come, or asks them where only the one who takes it says so. Naming whom it is assigned to gives it back.
 * @param facultyKey the substitute's faculty_id, whatever its case
 * @throws Refusal not-allowed, not-found (also another's class), substitute-unknown, session-not-scheduled, faculty-taken
 */
export async function substitute(context: ServiceContext, actor: Person, sessionId: number, facultyKey: string): Promise<Substituted> {
  const seen = await reachableSession(context.db.knex, actor, 'sessions.manage', sessionId);
  const other = await facultyByKey(context.db.knex, seen.organisationId, facultyKey.toUpperCase());
  if (!other || other.id === seen.facultyId) throw new Refusal('substitute-unknown');
  const decidesAlone = reachOf(actor, 'sessions.manage') === 'campus' || (reachOf(actor, 'sessions.manage') === 'department' && actor.departmentId === seen.departmentId);
  return context.db.transaction(async (trx) => {
    const session = await lockAll(trx, seen, other.id);
    requireChangeable(context, session);
    const now = context.now().toJSDate();
    if (decidesAlone || other.id === session.assignedFacultyId) {
      await handOver(trx, context, session, other, actor.userId);
      return { id: null, sessionId, facultyId: other.facultyId, status: 'accepted' };
    }
    await requireFree(trx, context, session, other.id);
    await withdrawSubstitutions(trx, sessionId, now);
    const id = await insertSubstitution(trx, { sessionId, substituteId: other.id, askedBy: actor.userId }, now);
    await tell(trx, {
      userIds: [other.userId], kind: 'substitution-asked', params: { ...classAt(session), sessionId, substitutionId: id, faculty: actor.name }, eventKey: `substitution/${id}`,
    }, now);
    return { id, sessionId, facultyId: other.facultyId, status: 'open' };
  });
}

/**
 * The asked one's answer. Given again, it changes nothing.
 * @throws Refusal not-found (also who wasn't asked), substitution-over, session-not-scheduled, faculty-taken
 */
export async function answerSubstitution(context: ServiceContext, actor: Person, id: number, answer: 'yes' | 'no'): Promise<Substituted> {
  requirePermission(actor, 'sessions.manage');
  const asked = await findSubstitution(context.db.knex, id);
  if (!asked || asked.substituteId !== actor.facultyId) throw new Refusal('not-found');
  const seen = (await findSession(context.db.knex, asked.sessionId))!;
  return context.db.transaction(async (trx) => {
    const session = await lockAll(trx, seen, asked.substituteId);
    const question = (await findSubstitution(trx, id))!;
    const other = (await facultyById(trx, asked.substituteId))!;
    const settled = answer === 'yes' ? 'accepted' : 'declined';
    const done: Substituted = { id, sessionId: session.id, facultyId: other.facultyId, status: settled };
    if (question.status === settled) return done;
    if (question.status !== 'open') throw new Refusal('substitution-over');
    const now = context.now().toJSDate();
    if (answer === 'yes') {
      requireChangeable(context, session);
      await settleSubstitution(trx, id, 'accepted', now);
      await handOver(trx, context, session, other, actor.userId);
      return done;
    }
    await settleSubstitution(trx, id, 'declined', now);
    await tell(trx, {
      userIds: [question.askedBy], kind: 'substitution-declined', params: { ...classAt(session), sessionId: session.id, faculty: other.name }, eventKey: `substitution/${id}/declined`,
    }, now);
    return done;
  });
}

/** Classes that the asking faculty member is asked to take, by start. @throws Refusal not-allowed */
export async function substitutionsFor(context: ServiceContext, actor: Person): Promise<OpenSubstitution[]> {
  requirePermission(actor, 'sessions.manage');
  return actor.facultyId === null ? [] : openSubstitutionsFor(context.db.knex, actor.facultyId, context.now().toJSDate());
}

async function lockAll(trx: Trx, seen: Session, otherId: number): Promise<Session> {
  await lock(trx, { faculty: [seen.facultyId, otherId], rooms: [seen.roomId], sessions: [seen.id] });
  const session = (await findSession(trx, seen.id))!;
  // It went to somebody else, or elsewhere, meanwhile.
  if (session.facultyId !== seen.facultyId || session.roomId !== seen.roomId) throw new Refusal('busy');
  return session;
}

function requireChangeable(context: ServiceContext, session: Session): void {
  if (session.status !== 'scheduled' || session.startsAt <= context.now().toJSDate()) throw new Refusal('session-not-scheduled');
}

async function requireFree(trx: Trx, context: ServiceContext, session: Session, facultyId: number): Promise<void> {
  const { startsAt, endsAt } = session;
  if (await findObstacle(trx, context, { startsAt, endsAt, facultyId, students: [], moves: session.id })) throw new Refusal('faculty-taken');
  if (await hasMarks(trx, session.id)) throw new Refusal('session-not-scheduled');
}

/** The class is the other's: claims, rights and calendars follow; questions about it end. Both are told. */
async function handOver(trx: Trx, context: ServiceContext, session: Session, other: Substitute, userId: number): Promise<void> {
  const now = context.now().toJSDate();
  await requireFree(trx, context, session, other.id);
  const guests = guestsAmong(await attendeesOf(trx, session.id));
  await replaceClaims(trx, session.id, [...claimsOf({ ...session, facultyId: other.id }), ...studentClaims(guests, session)], now);
  await setSubstitute(trx, session.id, other.id === session.assignedFacultyId ? null : other.id, now);
  await withdrawSubstitutions(trx, session.id, now);
  const after = (await findSession(trx, session.id))!;
  await tell(trx, {
    userIds: [session.facultyUserId, other.userId], kind: 'substitution-set',
    params: { ...classAt(after), sessionId: after.id, sequence: after.sequence, faculty: after.facultyName }, eventKey: `session/${after.id}/v${after.sequence}/substitute`,
  }, now);
  // An offer about it was the other's to answer.
  if (await openRoundOfSession(trx, session.id)) await roundJoined(trx, session.id, now);
  await insertAudit(trx, { userId, action: 'class.substitute', subject: `session/${session.id}`, details: { from: session.facultyId, to: other.id } }, now);
}
