// Who may do what: the one place that says no. (Doors only find out who asks.)
import { Refusal } from '../domain/refusal.ts';
import type { Actor, Person, Role } from './context.ts';

/** What the roles may do besides looking after their own things. */
const permissions = {
  'sweep.start': ['admin', 'registrar'],
  'mailboxes.see': ['admin'],
  'senders.manage': ['admin', 'registrar'],
  'departments.see': ['hod', 'admin', 'registrar'],
  'departments.rule': ['hod', 'admin'],
} as const satisfies Record<string, readonly Role[]>;

/** @throws Refusal 'not-allowed' unless the role may; processes may everything */
export function requirePermission(actor: Actor, permission: keyof typeof permissions): void {
  if (actor.kind === 'process') return;
  if (!(permissions[permission] as readonly Role[]).includes(actor.role)) throw new Refusal('not-allowed');
}

/** The student who asks. @throws Refusal 'not-allowed' when the actor is no student */
export function requireStudent(actor: Actor): Person & { studentId: number } {
  if (actor.kind === 'person' && actor.studentId !== null) return { ...actor, studentId: actor.studentId };
  throw new Refusal('not-allowed');
}

/** Whether a person decides over a class: who teaches it, the head of its department, an admin. */
export function decidesOver(actor: Person, session: { facultyId: number; departmentId: number; organisationId: number }): boolean {
  if (actor.organisationId !== session.organisationId) return false;
  return (
    actor.facultyId === session.facultyId ||
    (actor.role === 'hod' && actor.departmentId === session.departmentId) ||
    actor.role === 'admin'
  );
}
