// The office's records one by one: lists, who or what leaves, class representatives, terms and holidays (A5, A7).
import { insertAudit } from '../db/repositories/audit.ts';
import { assignedFrom, endEnrolments } from '../db/repositories/curriculum.ts';
import { lock } from '../db/repositories/locks.ts';
import {
  deleteHoliday, type Holiday, listAssignments, listFaculty, type ListFilter, listStudents, listSubjects, listWeekly, lockStudentByKey, namedHolidays, type Page, putHoliday, putTerm,
  type Representative, representatives, setRepresentative, type TermRow, termsOf,
} from '../db/repositories/record-lists.ts';
import { allFaculty, allSubjects, deactivateUsers, lockInstitution, updateSubjects } from '../db/repositories/records.ts';
import type { Trx } from '../db/connection.ts';
import { Refusal } from '../domain/refusal.ts';
import { requirePermission } from './access.ts';
import { campusDay } from './campus-day.ts';
import type { Person, ServiceContext } from './context.ts';
import { sessionsWanted } from './intents.ts';

const lists = { students: listStudents, faculties: listFaculty, subjects: listSubjects, 'faculty-assignments': listAssignments, 'default-schedules': listWeekly } as const;
type Lists = typeof lists;

/** A page of records, those that have ended too. @throws Refusal not-allowed */
export async function recordsOf<Kind extends keyof Lists>(context: ServiceContext, actor: Person, kind: Kind, filter: ListFilter, page: Page): Promise<Awaited<ReturnType<Lists[Kind]>>> {
  requirePermission(actor, 'records.see');
  return (await lists[kind](context.db.knex, actor.organisationId, filter, page)) as Awaited<ReturnType<Lists[Kind]>>;
}

/** A student leaves as of today: signed in no more, on no roster from today on; what has been stays. Asked again, it is not-found. */
export async function removeStudent(context: ServiceContext, actor: Person, key: string): Promise<void> {
  await change(context, actor, 'records.remove', 'student.remove', key.toUpperCase(), async (trx) => {
    const student = await lockStudentByKey(trx, actor.organisationId, key.toUpperCase());
    if (!student) throw new Refusal('not-found');
    await lock(trx, { students: [student.rowId] });
    await deactivateUsers(trx, [student.userId]);
    await endEnrolments(trx, { students: [student.rowId] }, campusDay(context));
  });
}

/** A faculty member leaves. @throws Refusal not-allowed, not-found, still-taught while classes of a term that isn't over are assigned to them */
export async function removeFaculty(context: ServiceContext, actor: Person, key: string): Promise<void> {
  await change(context, actor, 'records.remove', 'faculty.remove', key.toUpperCase(), async (trx) => {
    await lockInstitution(trx, actor.organisationId);
    const member = (await allFaculty(trx, actor.organisationId)).find(({ facultyId, active }) => active && facultyId === key.toUpperCase());
    if (!member) throw new Refusal('not-found');
    if ((await assignedFrom(trx, actor.organisationId, campusDay(context))).some(({ facultyId }) => facultyId === member.id)) throw new Refusal('still-taught');
    await deactivateUsers(trx, [member.userId]);
  });
}

/** A subject is no longer taught. @throws Refusal not-allowed, not-found, still-taught while it is assigned in a term that isn't over */
export async function removeSubject(context: ServiceContext, actor: Person, code: string): Promise<void> {
  await change(context, actor, 'records.remove', 'subject.remove', code.toUpperCase(), async (trx) => {
    await lockInstitution(trx, actor.organisationId);
    const subject = (await allSubjects(trx, actor.organisationId)).find((one) => one.active && one.code === code.toUpperCase());
    if (!subject) throw new Refusal('not-found');
    if ((await assignedFrom(trx, actor.organisationId, campusDay(context))).some(({ subjectId }) => subjectId === subject.id)) throw new Refusal('still-taught');
    await updateSubjects(trx, [{ ...subject, active: false }]);
  });
}

/** @throws Refusal not-allowed */
export async function representativesFor(context: ServiceContext, actor: Person): Promise<Representative[]> {
  requirePermission(actor, 'crs.manage');
  return representatives(context.db.knex, actor.organisationId);
}

/** Makes a student class representative. @throws Refusal not-allowed, not-found, already-cr */
export async function appointRepresentative(context: ServiceContext, actor: Person, key: string, mobile: string): Promise<Representative> {
  return change(context, actor, 'crs.manage', 'cr.add', key.toUpperCase(), async (trx) => {
    const student = await lockStudentByKey(trx, actor.organisationId, key.toUpperCase());
    if (!student) throw new Refusal('not-found');
    if (student.role === 'cr') throw new Refusal('already-cr');
    await setRepresentative(trx, student, 'cr', mobile);
    const { rowId: _row, userId: _user, role: _role, ...representative } = student;
    return { ...representative, phone: mobile };
  });
}

/** A class representative is a student again. @throws Refusal not-allowed, not-found for who is none */
export async function dismissRepresentative(context: ServiceContext, actor: Person, key: string): Promise<void> {
  await change(context, actor, 'crs.manage', 'cr.remove', key.toUpperCase(), async (trx) => {
    const student = await lockStudentByKey(trx, actor.organisationId, key.toUpperCase());
    if (student?.role !== 'cr') throw new Refusal('not-found');
    await setRepresentative(trx, student, 'student');
  });
}

/** @throws Refusal not-allowed */
export async function termsFor(context: ServiceContext, actor: Person): Promise<TermRow[]> {
  requirePermission(actor, 'records.see');
  return termsOf(context.db.knex, actor.organisationId);
}

/** Notes a term's days, both included; sessions to come follow. @throws Refusal not-allowed, bad-request where it ends before it begins */
export async function setTerm(context: ServiceContext, actor: Person, term: Omit<TermRow, 'id'>): Promise<TermRow[]> {
  return change(context, actor, 'records.upload', 'term.set', `${term.academicYear}/${term.semester}`, async (trx) => {
    if (term.endsOn < term.startsOn) throw new Refusal('bad-request', { field: 'ends_on' });
    await putTerm(trx, actor.organisationId, term);
    await sessionsWanted(trx, actor.organisationId, context.now().toJSDate());
    return termsOf(trx, actor.organisationId);
  });
}

/** Holidays from today on. @throws Refusal not-allowed */
export async function holidaysFor(context: ServiceContext, actor: Person): Promise<Holiday[]> {
  requirePermission(actor, 'records.see');
  return namedHolidays(context.db.knex, actor.organisationId, campusDay(context));
}

/** A day without classes: those to come that nobody has touched are called off. @throws Refusal not-allowed, time-past */
export async function setHoliday(context: ServiceContext, actor: Person, holiday: Holiday): Promise<Holiday[]> {
  return change(context, actor, 'records.upload', 'holiday.set', holiday.date, async (trx) => {
    if (holiday.date < campusDay(context)) throw new Refusal('time-past');
    await putHoliday(trx, actor.organisationId, holiday);
    await sessionsWanted(trx, actor.organisationId, context.now().toJSDate());
    return namedHolidays(trx, actor.organisationId, campusDay(context));
  });
}

/** The day has classes after all. @throws Refusal not-allowed, time-past, not-found */
export async function removeHoliday(context: ServiceContext, actor: Person, date: string): Promise<void> {
  await change(context, actor, 'records.upload', 'holiday.remove', date, async (trx) => {
    if (!(await deleteHoliday(trx, actor.organisationId, date))) throw new Refusal('not-found');
    if (date < campusDay(context)) throw new Refusal('time-past');
    await sessionsWanted(trx, actor.organisationId, context.now().toJSDate());
  });
}

/** One transaction of somebody who may, noted in the audit log. */
async function change<Result>(
  context: ServiceContext, actor: Person, permission: 'records.upload' | 'records.remove' | 'crs.manage', action: string, subject: string, work: (trx: Trx) => Promise<Result>,
): Promise<Result> {
  requirePermission(actor, permission);
  return context.db.transaction(async (trx) => {
    const result = await work(trx);
    await insertAudit(trx, { userId: actor.userId, action, subject, details: {} }, context.now().toJSDate());
    return result;
  });
}
