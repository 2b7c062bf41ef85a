// Sessions as far as somebody's role reaches: what isn't within reach isn't there.
import type { Knex } from 'knex';
import { findSession, type Session } from '../db/repositories/sessions.ts';
import { Refusal } from '../domain/refusal.ts';
import { type Belonging, requirePermission, requireReach } from './access.ts';
import type { Person } from './context.ts';
import type { Permission } from './permissions.ts';

/** A session with which the person may do this. @throws Refusal not-allowed, not-found */
export async function reachableSession(knex: Knex, actor: Person, permission: Permission, sessionId: number | undefined): Promise<Session> {
  requirePermission(actor, permission);
  const session = sessionId === undefined ? undefined : await findSession(knex, sessionId);
  if (!session) throw new Refusal('not-found');
  requireReach(actor, permission, belongingOf(session));
  return session;
}

/** What a session belongs to. */
export const belongingOf = (session: Session): Belonging => ({
  organisationId: session.organisationId, departmentId: session.departmentId, sectionId: session.sectionId, facultyIds: [session.facultyId],
});
