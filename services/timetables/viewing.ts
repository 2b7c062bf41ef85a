// Who sees which timetable (T4, T5): what is in force, of a department, a faculty member or a student; drafts only for who makes them.
import { departmentsOf } from '../../db/repositories/campus.ts';
import { currentOrNextTerm } from '../../db/repositories/terms.ts';
import { entriesOf, findTimetable, type ShownEntry, termById, type TermTimetable } from '../../db/repositories/timetables.ts';
import { Refusal } from '../../domain/refusal.ts';
import { requirePermission, requireReach, requireStudent } from '../access.ts';
import { campusDay } from '../campus-day.ts';
import type { Person, ServiceContext } from '../context.ts';

export interface ShownTimetable {
  /** Null where none has been published for the term. */
  timetableId: number | null;
  academicYear: string;
  semester: number;
  entries: ShownEntry[];
}

/** This term's timetable of a department. @throws Refusal not-allowed; not-found for a department out of reach; term-missing */
export async function departmentTimetable(context: ServiceContext, actor: Person, departmentId: number): Promise<ShownTimetable> {
  requirePermission(actor, 'timetables.department');
  const { organisationId } = actor;
  if (!(await departmentsOf(context.db.knex, organisationId)).some((one) => one.departmentId === departmentId)) throw new Refusal('not-found');
  requireReach(actor, 'timetables.department', { organisationId, departmentId });
  return inForce(context, actor, { departmentId });
}

/** This term's timetable of the asking faculty member. @throws Refusal not-allowed for others; term-missing */
export async function facultyTimetable(context: ServiceContext, actor: Person): Promise<ShownTimetable> {
  requirePermission(actor, 'classes.own');
  if (actor.facultyId === null) throw new Refusal('not-allowed');
  return inForce(context, actor, { facultyId: actor.facultyId });
}

/** This term's timetable of the asking student. @throws Refusal not-allowed for others; term-missing */
export async function studentTimetable(context: ServiceContext, actor: Person): Promise<ShownTimetable> {
  requirePermission(actor, 'schedule.own');
  const { studentId } = requireStudent(actor);
  return inForce(context, actor, { studentId, date: campusDay(context) });
}

async function inForce(context: ServiceContext, actor: Person, whose: { departmentId?: number; facultyId?: number; studentId?: number; date?: string }): Promise<ShownTimetable> {
  const { knex } = context.db;
  const current = await currentOrNextTerm(knex, actor.organisationId, campusDay(context));
  const term = current && await termById(knex, current.id);
  if (!term) throw new Refusal('term-missing');
  return shown(term, term.timetableId === 0 ? [] : await entriesOf(knex, { timetableId: term.timetableId, ...whose }));
}

const shown = ({ timetableId, academicYear, semester }: TermTimetable, entries: ShownEntry[]): ShownTimetable =>
  ({ timetableId: timetableId === 0 ? null : timetableId, academicYear, semester, entries });

/** All entries of a draft or of what is published, for who makes timetables. @throws Refusal not-allowed; not-found */
export async function timetableEntries(context: ServiceContext, actor: Person, timetableId: number): Promise<ShownEntry[]> {
  requirePermission(actor, 'timetables.generate');
  const timetable = await findTimetable(context.db.knex, timetableId);
  if (timetable?.organisationId !== actor.organisationId) throw new Refusal('not-found');
  return entriesOf(context.db.knex, { timetableId });
}
