// The outbox: notices (what a person is told) and deliveries (by which way, and how far it got).
import type { Knex } from 'knex';
import type { Channel } from '../../domain/processes/index.ts';
import type { NoticePreferences, Way } from '../../domain/notice-ways.ts';
import type { Trx } from '../connection.ts';
import { preferenceColumns, type PreferenceRow, preferencesOfRow } from './notice-preferences.ts';

export interface Notice {
  id: number;
  kind: string;
  params: Record<string, unknown>;
  createdAt: Date;
}

export type Urgency = 'change' | 'reminder';

export interface NewNotice {
  userId: number;
  kind: string;
  params: object;
  eventKey: string;
  broadcastId?: number | null;
}

/** Writes notices; whoever was told of an event already is left out. @returns the new ones with their ids */
export async function insertNotices<New extends NewNotice>(trx: Trx, notices: New[], now: Date): Promise<(New & { id: number })[]> {
  const [only, ...others] = notices;
  if (!only) return [];
  const ofThem = () => trx('notices')
    .whereIn('user_id', [...new Set(notices.map(({ userId }) => userId))])
    .whereIn('event_key', [...new Set(notices.map(({ eventKey }) => eventKey))])
    .select({ id: 'id', userId: 'user_id', eventKey: 'event_key' });
  const nameOf = ({ userId, eventKey }: Pick<NewNotice, 'userId' | 'eventKey'>) => `${userId} ${eventKey}`;
  if (others.length === 0) {
    // Also where two tell of the same event at once.
    const made = await trx.raw(
      'insert ignore into notices (user_id, kind, params, event_key, broadcast_id, created_at) values (?, ?, ?, ?, ?, ?)',
      [only.userId, only.kind, JSON.stringify(only.params), only.eventKey, only.broadcastId ?? null, now],
    );
    if (made[0].affectedRows === 1) return [{ ...only, id: made[0].insertId }];
    // It ignores a missing user too.
    if ((await ofThem()).length === 0) throw new Error(`no notice can be written for user ${only.userId}`);
    return [];
  }
  const told = new Set((await ofThem()).map(nameOf));
  const untold = notices.filter((notice) => !told.has(nameOf(notice)));
  if (untold.length === 0) return [];
  for (const part of inParts(untold)) {
    await trx('notices').insert(part.map(({ userId, kind, params, eventKey, broadcastId = null }) =>
      ({ user_id: userId, kind, params: JSON.stringify(params), event_key: eventKey, broadcast_id: broadcastId, created_at: now })));
  }
  const ids = new Map((await ofThem()).map((row) => [nameOf(row), row.id]));
  return untold.map((notice) => ({ ...notice, id: ids.get(nameOf(notice))! }));
}

/** A person as far as telling them goes. */
export interface Recipient {
  ways: Way[];
  preferences: NoticePreferences;
  /** IANA */
  timeZone: string;
}

/** How each of these people can be told: every linked chat, every device, the mail address, and their wishes. Who has left is not. */
export async function recipientsOf(knex: Knex, userIds: number[]): Promise<Map<number, Recipient>> {
  const rows: ({ id: number; email: string; timeZone: string; channel: Way['channel'] | null; address: string } & PreferenceRow)[] = await knex('users as u')
    .join('organisations as o', 'o.id', 'u.organisation_id')
    .leftJoin('notice_preferences as w', 'w.user_id', 'u.id')
    .leftJoin('chat_links as c', 'c.user_id', 'u.id')
    .whereIn('u.id', userIds)
    .andWhere('u.active', true)
    .orderBy('c.id')
    .select({ id: 'u.id', email: 'u.email', channel: 'c.platform', address: 'c.chat_id', ...preferenceColumns })
    .select(knex.raw('coalesce(u.time_zone, o.time_zone) as timeZone'));
  const devices: { id: number; userId: number }[] = await knex('push_tokens').whereIn('user_id', userIds).orderBy('id').select({ id: 'id', userId: 'user_id' });
  const devicesOf = Map.groupBy(devices, (device) => device.userId);
  return new Map([...Map.groupBy(rows, (row) => row.id)].map(([userId, chats]) => {
    const [{ email, timeZone, ...row }] = chats as [(typeof rows)[number]];
    const ways: Way[] = [
      ...chats.flatMap(({ channel, address }) => (channel === null ? [] : [{ channel, address }])),
      ...(devicesOf.get(userId) ?? []).map(({ id }) => ({ channel: 'push' as const, address: String(id) })),
      { channel: 'email', address: email },
    ];
    return [userId, { ways, preferences: preferencesOfRow(row), timeZone }];
  }));
}

export async function insertDeliveries(
  trx: Trx,
  deliveries: { noticeId: number; channel: Channel; address: string; urgency: Urgency; messageId: string; dueAt: Date }[],
  now: Date,
): Promise<void> {
  for (const part of inParts(deliveries)) {
    await trx('deliveries').insert(part.map((delivery) => ({
      notice_id: delivery.noticeId, channel: delivery.channel, address: delivery.address, urgency: delivery.urgency,
      message_id: delivery.messageId, due_at: delivery.dueAt, ...(delivery.dueAt > now ? { quiet_until: delivery.dueAt } : { quiet_until: null }),
    })));
  }
}

/** What a whole campus is told is more than one statement may have bytes. */
const ROWS_AT_ONCE = 1_000;

function* inParts<Row>(rows: Row[]): Generator<Row[]> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) yield rows.slice(from, from + ROWS_AT_ONCE);
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

/** What a person was told of some events. */
export async function noticesOfEvents(knex: Knex, userId: number, eventKeys: string[]): Promise<Pick<Notice, 'id' | 'kind' | 'params'>[]> {
  if (eventKeys.length === 0) return [];
  const rows = await knex('notices').where({ user_id: userId }).whereIn('event_key', eventKeys).orderBy('id').select('id', 'kind', 'params');
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
  /** The message of an older version of the event, which this one takes the place of. */
  edits?: string;
}

/** How long a delivery waits for an earlier one to the same address that another sender has, or that is to be tried again. */
const HELD_BACK_MS = 2_000;

export interface Lease {
  channel: Channel;
  lease: string;
  limit: number;
  now: Date;
  leaseMs: number;
  mostAttempts: number;
}

/**
 * Takes deliveries that are due and marks them `sending`, the oldest first, one an address: the next to it is taken when
 * this one is settled, so that its order is kept. First it judges what a killed sender left: a reminder whose fate is unknown
 * stays so, a change is sent again under the same message id, as often as a delivery is tried.
 */
export async function leaseDeliveries(trx: Trx, { channel, lease, limit, now, leaseMs, mostAttempts }: Lease): Promise<LeasedDelivery[]> {
  const lapsed = () => trx('deliveries').where({ channel, status: 'sending' }).andWhere('leased_until', '<=', now);
  await lapsed().andWhere((given) => void given.where('urgency', 'reminder').orWhere('attempts', '>=', mostAttempts))
    .update({ status: 'unknown', lease: null, error_code: 'fate-unknown' });
  await lapsed().update({ status: 'pending', lease: null, error_code: 'fate-unknown' });
  const due: { id: number; address: string }[] = await trx('deliveries')
    .where({ channel, status: 'pending' })
    .andWhere('due_at', '<=', now)
    .orderBy(['due_at', 'id'])
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .select('id', 'address');
  const firsts = await firstUnsettled(trx, channel, due.map((delivery) => delivery.address), now);
  const ids = due.flatMap(({ id }) => (firsts.has(id) ? [id] : []));
  const served = new Set(due.flatMap(({ id, address }) => (firsts.has(id) ? [address] : [])));
  const heldBack = due.flatMap(({ id, address }) => (served.has(address) ? [] : [id]));
  if (heldBack.length > 0) await trx('deliveries').whereIn('id', heldBack).update({ due_at: new Date(now.getTime() + HELD_BACK_MS) });
  if (ids.length === 0) return [];
  await trx('deliveries').whereIn('id', ids).update({
    status: 'sending', lease, leased_until: new Date(now.getTime() + leaseMs), attempts: trx.raw('attempts + 1'),
  });
  const gone = await failGone(trx, ids);
  const rows = await trx('deliveries as d')
    .join('notices as n', 'n.id', 'd.notice_id')
    .join('users as u', 'u.id', 'n.user_id')
    .join('organisations as o', 'o.id', 'u.organisation_id')
    .whereIn('d.id', ids.filter((id) => !gone.has(id)))
    .select({ id: 'd.id', address: 'd.address', messageId: 'd.message_id', attempts: 'd.attempts', kind: 'n.kind', params: 'n.params' })
    // What goes to somebody else's address doesn't carry the person's name.
    .select(trx.raw("if(d.channel = 'email' and d.address <> u.email, '', u.name) as name"))
    .select(trx.raw('coalesce(u.locale, o.locale) as locale'), trx.raw('coalesce(u.time_zone, o.time_zone) as timeZone'));
  // Not in SQL: with the texts in it, sorting would go by way of the disk.
  return rows.map((row) => ({ ...row, params: JSON.parse(row.params) })).sort((a, b) => a.id - b.id);
}

/**
 * Of deliveries of an event's newer version: the message of the newest older one at the same address, if it was sent after `since`. Versions of an
 * event have keys that differ after their last /v.
 */
export async function olderMessages(knex: Knex, deliveryIds: number[], since: Date): Promise<Map<number, string>> {
  if (deliveryIds.length === 0) return new Map();
  const rows: { id: number; messageId: string }[] = await knex('deliveries as d')
    .join('notices as n', 'n.id', 'd.notice_id')
    .join('notices as m', (join) => join.on('m.user_id', 'n.user_id').andOn('m.id', '<', 'n.id')
      .andOn('m.event_key', 'like', knex.raw("concat(substring_index(n.event_key, '/v', 1), '/v%')")))
    .join('deliveries as o', (join) => join.on('o.notice_id', 'm.id').andOn('o.channel', 'd.channel').andOn('o.address', 'd.address'))
    .whereIn('d.id', deliveryIds)
    .andWhere('n.event_key', 'regexp', '/v[0-9]+$')
    .andWhere('o.status', 'sent')
    .andWhere('o.sent_at', '>', since)
    .whereNotNull('o.platform_message_id')
    .orderBy('o.id')
    .select({ id: 'd.id', messageId: 'o.platform_message_id' });
  return new Map(rows.map(({ id, messageId }) => [id, messageId]));
}

/** The oldest unsettled delivery to each of these addresses; one that waits for quiet hours to end holds nothing back. */
async function firstUnsettled(trx: Trx, channel: Channel, addresses: string[], now: Date): Promise<Set<number>> {
  if (addresses.length === 0) return new Set();
  const firsts: { id: number }[] = await trx('deliveries')
    .where({ channel })
    .whereIn('status', ['pending', 'sending'])
    .whereIn('address', [...new Set(addresses)])
    .andWhere((given) => void given.whereNull('quiet_until').orWhere('quiet_until', '<=', now))
    .groupBy('address')
    .select(trx.raw('min(id) as id'));
  return new Set(firsts.map(({ id }) => id));
}

/** Gives up deliveries to a chat or device that is no longer the person's: another may read it now. @returns which */
async function failGone(trx: Trx, ids: number[]): Promise<Set<number>> {
  const gone: number[] = await trx('deliveries as d')
    .join('notices as n', 'n.id', 'd.notice_id')
    .leftJoin('chat_links as l', (join) =>
      join.on('l.user_id', 'n.user_id').andOn('l.platform', 'd.channel').andOn('l.chat_id', trx.raw('cast(d.address as binary)')))
    .leftJoin('push_tokens as p', (join) => join.on('p.user_id', 'n.user_id').andOn('p.id', 'd.address').andOn('d.channel', trx.raw("'push'")))
    .whereIn('d.id', ids)
    .andWhereNot('d.channel', 'email')
    .whereNull('l.id')
    .whereNull('p.id')
    .pluck('d.id');
  if (gone.length > 0) await trx('deliveries').whereIn('id', gone).update({ status: 'failed', lease: null, leased_until: null, error_code: 'not-theirs' });
  return new Set(gone);
}

export type DeliveryOutcome =
  | { status: 'sent'; sentAt: Date; platformMessageId?: string }
  | { status: 'failed'; errorCode: string }
  | { status: 'pending'; dueAt: Date; errorCode: string; isAttempt: boolean };

/** Records what became of a delivery, if this lease still holds it. */
export async function recordDelivery(knex: Knex, id: number, lease: string, outcome: DeliveryOutcome): Promise<void> {
  await knex('deliveries').where({ id, lease }).update({
    status: outcome.status,
    lease: null,
    leased_until: null,
    ...(outcome.status === 'sent' ? { sent_at: outcome.sentAt, error_code: null, platform_message_id: outcome.platformMessageId ?? null } : { error_code: outcome.errorCode }),
    ...(outcome.status === 'pending' && { due_at: outcome.dueAt, ...(!outcome.isAttempt && { attempts: knex.raw('attempts - 1') }) }),
  });
}

/** Records that deliveries were sent, those that this lease still holds. */
export async function recordSent(knex: Knex, ids: number[], lease: string, now: Date): Promise<void> {
  if (ids.length === 0) return;
  await knex('deliveries').whereIn('id', ids).andWhere({ lease }).update({ status: 'sent', lease: null, leased_until: null, sent_at: now, error_code: null });
}

/** When the next delivery of each channel is due: pending ones, and those whose sender may have died. */
export async function nextDue(knex: Knex): Promise<{ channel: Channel; dueAt: Date }[]> {
  // Not by if() in SQL: MySQL 8 gives its datetimes back as text.
  const [pending, sending]: { channel: Channel; dueAt: Date }[][] = await Promise.all([
    knex('deliveries').where({ status: 'pending' }).groupBy('channel').select({ channel: 'channel', dueAt: knex.raw('min(due_at)') }),
    knex('deliveries').where({ status: 'sending' }).groupBy('channel').select({ channel: 'channel', dueAt: knex.raw('min(leased_until)') }),
  ]);
  const earliest = new Map<Channel, Date>();
  for (const { channel, dueAt } of [...pending!, ...sending!]) {
    const held = earliest.get(channel);
    if (held === undefined || dueAt < held) earliest.set(channel, dueAt);
  }
  return [...earliest].map(([channel, dueAt]) => ({ channel, dueAt }));
}

/** Of these Message-IDs, those under which Beadle itself sent something. */
export async function ownMessageIds(knex: Knex, messageIds: string[]): Promise<Set<string>> {
  if (messageIds.length === 0) return new Set();
  return new Set(await knex('deliveries').whereIn('message_id', messageIds).pluck('message_id'));
}
