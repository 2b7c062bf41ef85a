// Leave of faculty members: on these days no class is moved to them, and what would wait for their word is passed on.
import type { Knex } from 'knex';
import { DateTime } from 'luxon';
import { insertAudit } from '../db/repositories/audit.ts';
import { insertLeave, leaveOf } from '../db/repositories/faculty-leave.ts';
import { lock } from '../db/repositories/locks.ts';
import { roundsToDecide } from '../db/repositories/rescheduling.ts';
import { Refusal } from '../domain/refusal.ts';
import { requirePermission } from './access.ts';
import type { Person, ServiceContext } from './context.ts';
import { roundJoined } from './intents.ts';

/** Whether a faculty member is away on a local day of the campus. */
export async function isOnLeave(knex: Knex, facultyId: number, day: DateTime): Promise<boolean> {
  const date = day.toISODate()!;
  return (await leaveOf(knex, facultyId, date, date)).length > 0;
}

const LONGEST_DAYS = 366;

/**
 * Notes a leave of the asking faculty member, from and to YYYY-MM-DD of the campus, both included. The same again changes nothing.
 * @throws Refusal not-allowed for anybody else, bad-request for days in the past, in the wrong order or too many
 */
export async function takeLeave(context: ServiceContext, actor: Person, { from, to }: { from: string; to: string }): Promise<void> {
  requirePermission(actor, 'classes.own');
  const { facultyId } = actor;
  if (facultyId === null) throw new Refusal('not-allowed');
  const zone = context.campus.timeZone;
  const today = context.now().setZone(zone).startOf('day');
  const [first, last] = [DateTime.fromISO(from, { zone }), DateTime.fromISO(to, { zone })];
  if (first.toISODate() !== from || first < today) throw new Refusal('bad-request', { field: 'from' });
  if (last.toISODate() !== to || last < first || last.diff(first, 'days').days >= LONGEST_DAYS) throw new Refusal('bad-request', { field: 'to' });
  await context.db.transaction(async (trx) => {
    // What is being booked for them at this moment is booked before or not at all.
    await lock(trx, { faculty: [facultyId] });
    await insertLeave(trx, facultyId, { startsOn: from, endsOn: to });
    const now = context.now().toJSDate();
    await insertAudit(trx, { userId: actor.userId, action: 'faculty.leave', subject: `faculty/${facultyId}`, details: { from, to } }, now);
    // Their processes look who is to be asked.
    const waiting = await roundsToDecide(trx, { facultyId, departmentId: null, organisationId: null });
    for (const { sessionId } of waiting) await roundJoined(trx, sessionId, now);
  });
}
