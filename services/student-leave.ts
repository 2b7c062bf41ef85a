// Leave that students ask for ahead of time (A20). It is decided as a whole, by who decides over every class that it covers: the head of the
// student's department, an admin, or a faculty member who alone teaches all of them.
import type { Knex } from 'knex';
import { DateTime } from 'luxon';
import type { Trx } from '../db/connection.ts';
import { insertAudit } from '../db/repositories/audit.ts';
import { deputiesFor, usersOfFaculty } from '../db/repositories/people.ts';
import { findLeave, insertLeave, type LeaveKind, leavesOf, lockLeave, sameLeave, settleLeave, type StudentLeave } from '../db/repositories/student-leave.ts';
import type { NoticeParams } from '../domain/notices.ts';
import { Refusal } from '../domain/refusal.ts';
import { reaches, reachOf, requirePermission, requireReach, requireStudent } from './access.ts';
import type { Person, ServiceContext } from './context.ts';
import { excuseAbsences, lockCovered } from './leave-marks.ts';
import { restOfTerm } from './rest-of-term.ts';
import { tell } from './telling.ts';

export type { StudentLeave };

const LONGEST_DAYS = 60;
const MOST_SHOWN = 200;

export interface WantedLeave {
  kind: LeaveKind;
  reason: string;
  /** Days of the campus, YYYY-MM-DD, both included; or instants, ISO 8601. */
  time: { from: string; to: string } | { startsAt: string; endsAt: string };
}

/**
 * Asks for leave that begins today or later, for the asking student. The same again is the same.
 * @throws Refusal not-allowed, bad-request with the field
 */
export async function askForLeave(context: ServiceContext, actor: Person, { kind, reason, time }: WantedLeave): Promise<StudentLeave> {
  requirePermission(actor, 'leave.ask');
  const { studentId, organisationId } = requireStudent(actor);
  const { startsAt, endsAt, wholeDays } = stretchOf(context, time);
  const now = context.now().toJSDate();
  return context.db.transaction(async (trx) => {
    const held = await sameLeave(trx, { studentId, kind, startsAt, endsAt });
    if (held !== undefined) return (await findLeave(trx, held))!;
    const teachers = await teachersOf(trx, context, { studentId, organisationId, startsAt, endsAt });
    const facultyId = teachers.length === 1 ? teachers[0]! : null;
    const id = await insertLeave(trx, { studentId, kind, reason, startsAt, endsAt, wholeDays, facultyId }, now);
    const leave = (await findLeave(trx, id))!;
    await insertAudit(trx, { userId: actor.userId, action: 'leave.ask', subject: `leave/${id}`, details: { kind } }, now);
    const userIds = [...await decidersOf(trx, leave), ...(facultyId === null ? [] : await usersOfFaculty(trx, [facultyId]))];
    await tell(trx, { userIds, kind: 'leave-asked', params: { ...noticeOf(leave), reason }, eventKey: `leave/${id}/asked` }, now);
    return leave;
  });
}

function stretchOf(context: ServiceContext, time: WantedLeave['time']): { startsAt: Date; endsAt: Date; wholeDays: boolean } {
  const zone = context.campus.timeZone;
  const wholeDays = 'from' in time;
  const [first, last] = wholeDays ? ['from', 'to'] as const : ['starts_at', 'ends_at'] as const;
  const starts = DateTime.fromISO(wholeDays ? time.from : time.startsAt, { zone });
  const ends = DateTime.fromISO(wholeDays ? time.to : time.endsAt, { zone }).plus({ days: wholeDays ? 1 : 0 });
  if (starts < context.now().setZone(zone).startOf('day')) throw new Refusal('bad-request', { field: first });
  if (ends <= starts || ends <= context.now() || ends.diff(starts, 'days').days > LONGEST_DAYS) throw new Refusal('bad-request', { field: last });
  return { startsAt: starts.toJSDate(), endsAt: ends.toJSDate(), wholeDays };
}

/** Who teaches the classes to come that a stretch of time covers (rows of faculty). */
async function teachersOf(
  knex: Knex, context: ServiceContext, { studentId, organisationId, startsAt, endsAt }: { studentId: number; organisationId: number; startsAt: Date; endsAt: Date },
): Promise<number[]> {
  const rest = await restOfTerm(knex, context, { organisationId, studentIds: [studentId] });
  if (!rest) return [];
  const covered = new Set(rest.classes.filter(({ from, to }) => from < endsAt && to > startsAt).map(({ assignmentId }) => assignmentId));
  return [...new Set(rest.enrolled.filter(({ assignmentId }) => covered.has(assignmentId)).map(({ facultyId }) => facultyId))];
}

const decidersOf = (trx: Trx, { departmentId, organisationId, studentUserId }: StudentLeave): Promise<number[]> =>
  deputiesFor(trx, { departmentId, organisationId }, studentUserId);

function noticeOf(leave: StudentLeave): NoticeParams['leave-granted'] {
  const { id, kind, startsAt, endsAt, wholeDays } = leave;
  return { leaveId: id, leaveKind: kind, wholeDays, start: startsAt.toISOString(), end: endsAt.toISOString(), student: `${leave.name} (${leave.studentKey}, ${leave.section})` };
}

/** The asking student's leave, or what waits for the asking person's decision; the newest first. */
export async function leavesFor(context: ServiceContext, actor: Person): Promise<StudentLeave[]> {
  const { knex } = context.db;
  const { studentId, organisationId, facultyId, departmentId } = actor;
  if (studentId !== null) return leavesOf(knex, { studentId }, MOST_SHOWN);
  requirePermission(actor, 'leave.decide');
  const reach = reachOf(actor, 'leave.decide');
  return leavesOf(knex, reach === 'campus' ? { organisationId } : { organisationId, facultyId, ...(reach === 'department' && { departmentId }) }, MOST_SHOWN);
}

/**
 * Grants or rejects a leave; the student is told, and of a granted one also who teaches the classes to come. Absences in sessions that it
 * covers become what it makes of them. The same decision again changes nothing.
 * @throws Refusal not-allowed, not-found, leave-settled when it was decided otherwise or withdrawn
 */
export async function decideLeave(
  context: ServiceContext, actor: Person, id: number, { choice, answer }: { choice: 'grant' | 'reject'; answer: string | null },
): Promise<StudentLeave> {
  const status = choice === 'grant' ? 'granted' : 'rejected';
  requirePermission(actor, 'leave.decide');
  return context.db.transaction(async (trx) => {
    const now = context.now().toJSDate();
    const seen = await findLeave(trx, id);
    if (!seen) throw new Refusal('not-found');
    requireReach(actor, 'leave.decide', belongingOf(seen));
    const covered = choice === 'grant' ? await lockCovered(trx, seen, now) : [];
    await lockLeave(trx, id);
    const leave = (await findLeave(trx, id))!;
    if (leave.status === status) return leave;
    if (leave.status !== 'open') throw new Refusal('leave-settled');
    await settleLeave(trx, id, { status, decidedBy: actor.userId, answer }, now);
    const excused = await excuseAbsences(trx, covered, leave, actor.userId, now);
    await insertAudit(trx, { userId: actor.userId, action: `leave.${choice}`, subject: `leave/${id}`, details: { excused } }, now);
    const decided = (await findLeave(trx, id))!;
    const { student, ...params } = noticeOf(decided);
    await tell(trx, { userIds: [leave.studentUserId], kind: 'leave-decided', params: { ...params, granted: choice === 'grant', answer }, eventKey: `leave/${id}/decided` }, now);
    if (choice === 'grant') {
      const teachers = await usersOfFaculty(trx, await teachersOf(trx, context, leave));
      await tell(trx, {
        userIds: teachers.filter((userId) => userId !== actor.userId), kind: 'leave-granted', params: { ...params, student }, eventKey: `leave/${id}/granted`,
      }, now);
    }
    return decided;
  });
}

/** A leave is the department's; also of who alone teaches all that it covers. */
const belongingOf = ({ organisationId, departmentId, facultyId }: StudentLeave) =>
  ({ organisationId, departmentId, facultyIds: facultyId === null ? [] : [facultyId] });

/**
 * Withdraws the asking student's leave, also a granted one that hasn't begun; those who were told of it are told. Again, it stays so.
 * @throws Refusal not-found, leave-settled when it was rejected, or has begun
 */
export async function withdrawLeave(context: ServiceContext, actor: Person, id: number): Promise<void> {
  requirePermission(actor, 'leave.ask');
  await context.db.transaction(async (trx) => {
    await lockLeave(trx, id);
    const leave = await findLeave(trx, id);
    if (!leave || !reaches(actor, 'leave.ask', { ...leave, departmentId: leave.departmentId })) throw new Refusal('not-found');
    if (leave.status === 'withdrawn') return;
    const now = context.now().toJSDate();
    if (leave.status === 'rejected' || (leave.status === 'granted' && leave.startsAt <= now)) throw new Refusal('leave-settled');
    await settleLeave(trx, id, { status: 'withdrawn', decidedBy: actor.userId, answer: leave.answer }, now);
    await insertAudit(trx, { userId: actor.userId, action: 'leave.withdraw', subject: `leave/${id}`, details: {} }, now);
    const teachers = leave.status === 'granted' ? await teachersOf(trx, context, leave) : leave.facultyId === null ? [] : [leave.facultyId];
    const userIds = [...await decidersOf(trx, leave), ...await usersOfFaculty(trx, teachers)];
    await tell(trx, { userIds, kind: 'leave-withdrawn', params: noticeOf(leave), eventKey: `leave/${id}/withdrawn` }, now);
  });
}
