// Telling people: notices and their deliveries, written in the transaction of the change that they tell of.
import { randomUUID } from 'node:crypto';
import { DateTime } from 'luxon';
import type { Trx } from '../db/connection.ts';
import { insertDeliveries, insertNotices, noticesSince, type Notice, type Recipient, recipientsOf, type Urgency } from '../db/repositories/notices.ts';
import { type Channel, channels } from '../domain/processes/index.ts';
import { tellableFrom, type Way, waysTaken } from '../domain/notice-ways.ts';
import type { NoticeParams } from '../domain/notices.ts';
import type { Person, ServiceContext } from './context.ts';
import { wakeChannel } from './intents.ts';

export interface Telling<Kind extends keyof NoticeParams> {
  userIds: number[];
  kind: Kind;
  params: NoticeParams[Kind];
  /** The event and its version: a person is told once of each. */
  eventKey: string;
  urgency?: Urgency;
  /** Whose recipients are counted. */
  broadcastId?: number;
}

/**
 * Tells people, each by the ways they use and want, after their quiet hours unless it is about something soon. Sending is left to the channel's process,
 * which is woken after the commit.
 */
export async function tell<Kind extends keyof NoticeParams>(trx: Trx, telling: Telling<Kind>, now: Date): Promise<void> {
  await tellEach(trx, [telling], now);
}

/** Tells several things at once. */
export async function tellEach<Kind extends keyof NoticeParams>(trx: Trx, tellings: Telling<Kind>[], now: Date): Promise<void> {
  const notices = await insertNotices(trx, tellings.flatMap(({ userIds, kind, params, eventKey, urgency = 'change', broadcastId = null }) =>
    [...new Set(userIds)].map((userId) => ({ userId, kind, params, eventKey, urgency, broadcastId }))), now);
  if (notices.length === 0) return;
  const recipients = await recipientsOf(trx, notices.map((notice) => notice.userId));
  const deliveries = notices.flatMap(({ id: noticeId, userId, urgency, params }) => {
    const recipient = recipients.get(userId);
    if (!recipient) return [];
    const dueAt = dueFor(recipient, params, now);
    return waysTaken(recipient.ways.filter(isOurs), recipient.preferences).map((way) => ({ noticeId, ...way, urgency, messageId: newMessageId(), dueAt }));
  });
  await insertDeliveries(trx, deliveries, now);
  for (const channel of new Set(deliveries.map((delivery) => delivery.channel))) await wakeChannel(trx, channel, now);
}

/** A notice that goes to a mail address besides those of the person whom it is about. */
export interface TellingElsewhere<Kind extends keyof NoticeParams> extends Omit<Telling<Kind>, 'userIds'> {
  userId: number;
  address: string;
}

/** Tells somebody who has no account, by mail: the notices are among those of the person whom they are about. */
export async function tellElsewhere<Kind extends keyof NoticeParams>(trx: Trx, tellings: TellingElsewhere<Kind>[], now: Date): Promise<void> {
  const notices = await insertNotices(trx, tellings, now);
  if (notices.length === 0) return;
  await insertDeliveries(trx, notices.map(({ id: noticeId, address, urgency = 'change' }) =>
    ({ noticeId, channel: 'email' as const, address, urgency, messageId: newMessageId(), dueAt: now })), now);
  await wakeChannel(trx, 'email', now);
}

const newMessageId = () => `<${randomUUID()}@beadle>`;
const OWN_MESSAGE_ID = /^<[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}@beadle>$/;

/** Whether a Message-ID is of the form that Beadle gives: also of a delivery that was forgotten with its student's consent. */
export const looksOwn = (messageId: string): boolean => OWN_MESSAGE_ID.test(messageId);

/** Whether anybody sends on its channel. */
const isOurs = (way: Way): way is Way & { channel: Channel } => (channels as readonly string[]).includes(way.channel);

/** Params of notices that say when what they are about begins, or was to begin. */
const STARTS = ['start', 'oldStart', 'previousStart'] as const;

function dueFor({ preferences, timeZone }: Recipient, params: object, now: Date): Date {
  const values = params as Partial<Record<(typeof STARTS)[number], unknown>>;
  const starts = STARTS.flatMap((name) => {
    const start = values[name];
    // A bare date is no time at which anything begins.
    return typeof start === 'string' && start.includes('T') ? [DateTime.fromISO(start)] : [];
  });
  return tellableFrom(DateTime.fromJSDate(now, { zone: timeZone }), preferences, starts).toJSDate();
}

const PAGE = 100;

/** A person's own notices after a cursor (an id; 0 from the beginning), the oldest first, a hundred at the most (I24). */
export async function noticesAfter(context: ServiceContext, actor: Person, after: number): Promise<Notice[]> {
  return noticesSince(context.db.knex, actor.userId, after, PAGE);
}
