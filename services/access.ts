// Who may do what: the one place that says no, by the table in permissions.ts. (Doors only find out who asks.)
import { Refusal } from '../domain/refusal.ts';
import type { Actor, Person } from './context.ts';
import { type Permission, permissions, type Reach } from './permissions.ts';

/** What something belongs to, as far as anybody's reach depends on it. */
export interface Belonging {
  organisationId: number;
  departmentId: number | null;
  /** Whose it is, where it is a student's. */
  studentId?: number;
  sectionId?: number;
  /** Who teaches what it is about. */
  facultyIds?: readonly number[];
}

/** How far a person's role reaches with a permission; null: it doesn't have it. */
export function reachOf(actor: Person, permission: Permission): Reach | null {
  return (permissions[permission] as Partial<Record<Person['role'], Reach>>)[actor.role] ?? null;
}

/** @throws Refusal 'not-allowed' unless the role may; processes may everything */
export function requirePermission(actor: Actor, permission: Permission): void {
  if (actor.kind === 'person' && reachOf(actor, permission) === null) throw new Refusal('not-allowed');
}

/** @throws Refusal 'not-allowed' unless the role may; 'not-found' where that doesn't reach this: it isn't there for them */
export function requireReach(actor: Person, permission: Permission, to: Belonging): void {
  requirePermission(actor, permission);
  if (!reaches(actor, permission, to)) throw new Refusal('not-found');
}

/** Whether a person may do this with that. */
export function reaches(actor: Person, permission: Permission, to: Belonging): boolean {
  if (actor.organisationId !== to.organisationId) return false;
  const reach = reachOf(actor, permission);
  const teaches = actor.facultyId !== null && (to.facultyIds ?? []).includes(actor.facultyId);
  switch (reach) {
    case null: return false;
    case 'own': return actor.studentId !== null && actor.studentId === to.studentId;
    case 'section': return actor.sectionId !== null && actor.sectionId === to.sectionId;
    case 'taught': return teaches;
    case 'department': return teaches || (actor.departmentId !== null && actor.departmentId === to.departmentId);
    case 'campus': return true;
  }
}

/** The student who asks. @throws Refusal 'not-allowed' when the actor is no student */
export function requireStudent(actor: Actor): Person & { studentId: number } {
  if (actor.kind === 'person' && actor.studentId !== null) return { ...actor, studentId: actor.studentId };
  throw new Refusal('not-allowed');
}
