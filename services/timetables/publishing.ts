// Making a draft the term's timetable, and taking that back (T4). Its weekly classes are written in batches that can be begun anew; then one row,
// the term's, decides what is in force, and the sessions follow.
import { insertAudit } from '../../db/repositories/audit.ts';
import { findTimetable, lockTerm, putInForce, setPublishing, takeBack, type Timetable, writeWeeklyClasses } from '../../db/repositories/timetables.ts';
import { Refusal } from '../../domain/refusal.ts';
import { requirePermission } from '../access.ts';
import type { Person, ServiceContext } from '../context.ts';
import { publicationWanted, sessionsWanted } from '../intents.ts';

/** Entries that become weekly classes in one transaction. */
const WRITTEN_TOGETHER = 500;

/**
 * Lets a draft be published by its process. One that is being published, or is, stays as it is.
 * @throws Refusal not-allowed; not-found; timetable-incomplete when meetings have no place
 */
export async function publishTimetable(context: ServiceContext, actor: Person, timetableId: number): Promise<Timetable> {
  await ownTimetable(context, actor, timetableId);
  return context.db.transaction(async (trx) => {
    const { termId } = (await findTimetable(trx, timetableId))!;
    await lockTerm(trx, termId);
    const timetable = (await findTimetable(trx, timetableId))!;
    if (timetable.status !== 'draft') return timetable;
    const { count } = JSON.parse(timetable.unplaced) as { count: number };
    if (count > 0) throw new Refusal('timetable-incomplete', { count });
    const now = context.now().toJSDate();
    await setPublishing(trx, timetableId, actor.userId);
    await publicationWanted(trx, timetableId, now);
    await insertAudit(trx, { userId: actor.userId, action: 'timetable.publish', subject: `timetable/${timetableId}`, details: {} }, now);
    return (await findTimetable(trx, timetableId))!;
  });
}

/** Writes the weekly classes of the next entries; they aren't in force yet. @returns the last entry it came to, null after the last */
export async function writeNextClasses(context: ServiceContext, timetableId: number, after: number): Promise<number | null> {
  return context.db.transaction((trx) => writeWeeklyClasses(trx, timetableId, after, WRITTEN_TOGETHER));
}

/** Puts a timetable whose weekly classes are written in force. @returns when it was, ISO 8601; null when it isn't to be published any more */
export async function enforceTimetable(context: ServiceContext, timetableId: number): Promise<string | null> {
  return context.db.transaction(async (trx) => {
    const before = await findTimetable(trx, timetableId);
    if (!before) return null;
    const term = await lockTerm(trx, before.termId);
    const timetable = (await findTimetable(trx, timetableId))!;
    if (timetable.status === 'published') return timetable.publishedAt!.toISOString();
    if (timetable.status !== 'publishing') return null;
    const now = context.now().toJSDate();
    await putInForce(trx, timetableId, term, now);
    await sessionsWanted(trx, term.organisationId, now);
    return now.toISOString();
  });
}

/**
 * Takes a publication back: what was in force before is again, and the sessions follow. A draft stays one.
 * @throws Refusal not-allowed; not-found; timetable-not-in-force when another was published since
 */
export async function unpublishTimetable(context: ServiceContext, actor: Person, timetableId: number): Promise<Timetable> {
  await ownTimetable(context, actor, timetableId);
  return context.db.transaction(async (trx) => {
    const { termId } = (await findTimetable(trx, timetableId))!;
    const term = await lockTerm(trx, termId);
    const timetable = (await findTimetable(trx, timetableId))!;
    if (timetable.status === 'draft') return timetable;
    if (timetable.status === 'published' && term.timetableId !== timetableId) throw new Refusal('timetable-not-in-force');
    const now = context.now().toJSDate();
    // One that is only being published isn't in force: then nothing but its state goes back.
    await takeBack(trx, timetable.status === 'published' ? timetable : { ...timetable, replacedId: term.timetableId });
    await sessionsWanted(trx, term.organisationId, now);
    await insertAudit(trx, { userId: actor.userId, action: 'timetable.unpublish', subject: `timetable/${timetableId}`, details: {} }, now);
    return (await findTimetable(trx, timetableId))!;
  });
}

async function ownTimetable(context: ServiceContext, actor: Person, timetableId: number): Promise<void> {
  requirePermission(actor, 'timetables.publish');
  const timetable = await findTimetable(context.db.knex, timetableId);
  if (timetable?.organisationId !== actor.organisationId) throw new Refusal('not-found');
}
