// Telling many the same (A23): class representatives their class, faculty their classes, heads their department, the office everybody.
import {
  type Audience, type Broadcast, broadcastsOf, countBroadcasts, countDevices, departmentsForBroadcast, insertBroadcast, progressOf, sectionsForBroadcast, settleBroadcast,
  usersOfAudience,
} from '../db/repositories/broadcasts.ts';
import { insertAudit } from '../db/repositories/audit.ts';
import { Refusal } from '../domain/refusal.ts';
import { reachOf, requirePermission, requireReach } from './access.ts';
import type { Person, ServiceContext } from './context.ts';
import { tell } from './telling.ts';

export type { Audience };

const SHOWN = 50;

/** A broadcast and how far it got: counts of people, and of devices that get push messages. */
export interface BroadcastStatus extends Omit<Broadcast, 'reached' | 'missed'> {
  status: 'sending' | 'success' | 'partial' | 'failed';
  reached: number;
  missed: number;
}

export interface Broadcasting {
  title: string;
  message: string;
  to: Audience;
}

/**
 * Tells the students of an audience, each by the ways they use; the sender is left out.
 * @throws Refusal not-found for what isn't within the sender's reach, nobody-to-tell, broadcast-limit
 */
export async function broadcast(context: ServiceContext, actor: Person, { title, message, to }: Broadcasting): Promise<BroadcastStatus> {
  await requireAudience(context, actor, to);
  const most = actor.role === 'cr' ? context.rules.broadcastsPerHour.cr : context.rules.broadcastsPerHour.others;
  return context.db.transaction(async (trx) => {
    const now = context.now().toJSDate();
    if ((await countBroadcasts(trx, actor.userId, context.now().minus({ hours: 1 }).toJSDate())) >= most) throw new Refusal('broadcast-limit', { most });
    const userIds = (await usersOfAudience(trx, actor.organisationId, to)).filter((userId) => userId !== actor.userId);
    if (userIds.length === 0) throw new Refusal('nobody-to-tell');
    const about = { title, message, recipients: userIds.length, devices: await countDevices(trx, userIds) };
    const id = await insertBroadcast(trx, { ...about, userId: actor.userId, audience: to }, now);
    await tell(trx, {
      userIds, kind: 'broadcast', params: { broadcastId: id, title, message, from: actor.name }, eventKey: `broadcast/${id}`, broadcastId: id,
    }, now);
    await insertAudit(trx, { userId: actor.userId, action: 'broadcast.send', subject: `broadcast/${id}`, details: { to, recipients: userIds.length } }, now);
    return { ...about, id, sentAt: now, status: 'sending', reached: 0, missed: 0 };
  });
}

/** A class representative tells the own class. */
export async function notifySection(context: ServiceContext, actor: Person, { title, message }: Omit<Broadcasting, 'to'>): Promise<BroadcastStatus> {
  requirePermission(actor, 'section.notify');
  if (actor.sectionId === null) throw new Refusal('not-allowed');
  return broadcast(context, actor, { title, message, to: { sections: [actor.sectionId] } });
}

/** The asking person's last broadcasts, the newest first. */
export async function broadcastHistory(
  context: ServiceContext, actor: Person, permission: 'section.notify' | 'broadcasts.send',
): Promise<BroadcastStatus[]> {
  requirePermission(actor, permission);
  const { knex } = context.db;
  const all = await broadcastsOf(knex, actor.userId, SHOWN);
  const underWay = all.flatMap(({ id, reached }) => (reached === null ? [id] : []));
  const progress = new Map((await progressOf(knex, underWay)).map((row) => [row.id, row]));
  for (const row of progress.values()) if (row.open === 0) await settleBroadcast(knex, row.id, row);
  return all.map(({ reached, missed, ...about }) => {
    const counts = { reached: reached ?? progress.get(about.id)?.reached ?? 0, missed: missed ?? progress.get(about.id)?.missed ?? 0 };
    return { ...about, ...counts, status: (progress.get(about.id)?.open ?? 0) > 0 ? 'sending' : outcomeOf(counts) };
  });
}

function outcomeOf({ reached, missed }: { reached: number; missed: number }): BroadcastStatus['status'] {
  if (missed === 0) return 'success';
  return reached === 0 ? 'failed' : 'partial';
}

/** @throws Refusal not-allowed, not-found */
async function requireAudience(context: ServiceContext, actor: Person, to: Audience): Promise<void> {
  requirePermission(actor, 'broadcasts.send');
  if (to === 'all') {
    if (reachOf(actor, 'broadcasts.send') !== 'campus') throw new Refusal('not-allowed');
    return;
  }
  const isSections = 'sections' in to;
  const ids = [...new Set(isSections ? to.sections : to.departments)];
  const parts = await (isSections ? sectionsForBroadcast : departmentsForBroadcast)(context.db.knex, ids);
  if (parts.length < ids.length) throw new Refusal('not-found');
  for (const { id, ...part } of parts) requireReach(actor, 'broadcasts.send', { ...part, ...(isSections && { sectionId: id }) });
}
