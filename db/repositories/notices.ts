// The outbox: notices (what a person is told) and deliveries (by which way, and how far it got).
import type { Knex } from 'knex';
import type { Channel } from '../../domain/processes/index.ts';
import type { Trx } from '../connection.ts';

export interface Notice {
  id: number;
  kind: string;
  params: Record<string, unknown>;
  createdAt: Date;
}

export type Urgency = 'change' | 'reminder';

/** Writes the same notice for several people; whoever has one for this event is left out. @returns the new ones */
export async function insertNotices(
  trx: Trx, notice: { userIds: number[]; kind: string; params: object; eventKey: string }, now: Date,
): Promise<{ id: number; userId: number }[]> {
  const event = { event_key: notice.eventKey };
  const told = new Set<number>(await trx('notices').whereIn('user_id', notice.userIds).andWhere(event).pluck('user_id'));
  const untold = [...new Set(notice.userIds)].filter((userId) => !told.has(userId));
  if (untold.length === 0) return [];
  const params = JSON.stringify(notice.params);
  await trx('notices').insert(untold.map((userId) => ({ user_id: userId, kind: notice.kind, params, ...event, created_at: now })));
  return trx('notices').whereIn('user_id', untold).andWhere(event).orderBy('id').select({ id: 'id', userId: 'user_id' });
}

/** Where each of these people can be reached: every linked chat, and the mail address. */
export async function addressesOf(
  knex: Knex, userIds: number[],
): Promise<Map<number, { channel: 'telegram' | 'slack' | 'discord' | 'email'; address: string }[]>> {
  const chats: { user_id: number; platform: 'telegram' | 'slack' | 'discord'; chat_id: string }[] =
    await knex('chat_links').whereIn('user_id', userIds).select('user_id', 'platform', 'chat_id');
  const users: { id: number; email: string }[] = await knex('users').whereIn('id', userIds).select('id', 'email');
  return new Map(users.map((user) => [user.id, [
    ...chats.filter((chat) => chat.user_id === user.id).map((chat) => ({ channel: chat.platform, address: chat.chat_id })),
    { channel: 'email' as const, address: user.email },
  ]]));
}

export async function insertDeliveries(
  trx: Trx,
  deliveries: { noticeId: number; channel: Channel; address: string; urgency: Urgency; messageId: string }[],
  now: Date,
): Promise<void> {
  if (deliveries.length === 0) return;
  await trx('deliveries').insert(deliveries.map((delivery) => ({
    notice_id: delivery.noticeId, channel: delivery.channel, address: delivery.address, urgency: delivery.urgency,
    message_id: delivery.messageId, due_at: now,
  })));
}

/** A person's notices with an id above `after`, the oldest first. */
export async function noticesSince(knex: Knex, userId: number, after: number, limit: number): Promise<Notice[]> {
  const rows = await knex('notices')
    .where({ user_id: userId })
    .andWhere('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .select({ id: 'id', kind: 'kind', params: 'params', createdAt: 'created_at' });
  return rows.map((row) => ({ ...row, params: JSON.parse(row.params) }));
}

export interface LeasedDelivery {
  id: number;
  address: string;
  messageId: string;
  attempts: number;
  kind: string;
  params: Record<string, unknown>;
  locale: string;
  timeZone: string;
  name: string;
}

/**
 * Takes deliveries that are due and marks them `sending`, the oldest first. First it judges what a killed sender left:
 * a reminder whose fate is unknown stays so, a change is sent again under the same message id.
 */
export async function leaseDeliveries(
  trx: Trx, { channel, lease, limit, now, leaseMs }: { channel: Channel; lease: string; limit: number; now: Date; leaseMs: number },
): Promise<LeasedDelivery[]> {
  const lapsed = trx('deliveries').where({ channel, status: 'sending' }).andWhere('leased_until', '<=', now);
  await lapsed.clone().andWhere('urgency', 'reminder').update({ status: 'unknown', lease: null });
  await lapsed.clone().andWhere('urgency', 'change').update({ status: 'pending', lease: null, error_code: 'fate-unknown' });
  const ids: number[] = await trx('deliveries')
    .where({ channel, status: 'pending' })
    .andWhere('due_at', '<=', now)
    .orderBy(['due_at', 'id'])
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .pluck('id');
  if (ids.length === 0) return [];
  await trx('deliveries').whereIn('id', ids).update({
    status: 'sending', lease, leased_until: new Date(now.getTime() + leaseMs), attempts: trx.raw('attempts + 1'),
  });
  const rows = await trx('deliveries as d')
    .join('notices as n', 'n.id', 'd.notice_id')
    .join('users as u', 'u.id', 'n.user_id')
    .join('organisations as o', 'o.id', 'u.organisation_id')
    .whereIn('d.id', ids)
    .orderBy('d.id')
    .select({ id: 'd.id', address: 'd.address', messageId: 'd.message_id', attempts: 'd.attempts', kind: 'n.kind', params: 'n.params', name: 'u.name' })
    .select(trx.raw('coalesce(u.locale, o.locale) as locale'), trx.raw('coalesce(u.time_zone, o.time_zone) as timeZone'));
  return rows.map((row) => ({ ...row, params: JSON.parse(row.params) }));
}

export type DeliveryOutcome =
  | { status: 'sent'; sentAt: Date }
  | { status: 'failed'; errorCode: string }
  | { status: 'pending'; dueAt: Date; errorCode: string };

/** Records what became of a delivery, if this lease still holds it. */
export async function recordDelivery(knex: Knex, id: number, lease: string, outcome: DeliveryOutcome): Promise<void> {
  await knex('deliveries').where({ id, lease }).update({
    status: outcome.status,
    lease: null,
    leased_until: null,
    ...(outcome.status === 'sent' ? { sent_at: outcome.sentAt, error_code: null } : { error_code: outcome.errorCode }),
    ...(outcome.status === 'pending' && { due_at: outcome.dueAt }),
  });
}

/** When the next delivery of each channel is due: pending ones, and those whose sender may have died. */
export async function nextDue(knex: Knex): Promise<{ channel: Channel; dueAt: Date }[]> {
  return knex('deliveries')
    .whereIn('status', ['pending', 'sending'])
    .groupBy('channel')
    .select('channel', knex.raw("min(if(status = 'pending', due_at, leased_until)) as dueAt"));
}

/** Of these Message-IDs, those under which Beadle itself sent something. */
export async function ownMessageIds(knex: Knex, messageIds: string[]): Promise<Set<string>> {
  if (messageIds.length === 0) return new Set();
  return new Set(await knex('deliveries').whereIn('message_id', messageIds).pluck('message_id'));
}
