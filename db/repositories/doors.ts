// How people come in: linked chats, one-time codes, feed addresses, platform events and repeated requests.
import type { Knex } from 'knex';
import type { Trx } from '../connection.ts';

export type Platform = 'telegram' | 'slack' | 'discord';

export async function userOfChat(knex: Knex, platform: Platform, chatId: string): Promise<number | null> {
  const link = await knex('chat_links').where({ platform, chat_id: chatId }).first('user_id');
  return link?.user_id ?? null;
}

/** Links a chat to a person; a chat belongs to one person at a time, a person may have several. */
export async function linkChat(trx: Trx, link: { userId: number; platform: Platform; chatId: string }, now: Date): Promise<void> {
  await trx('chat_links')
    .insert({ user_id: link.userId, platform: link.platform, chat_id: link.chatId, linked_at: now })
    .onConflict()
    .merge(['user_id', 'linked_at']);
}

export async function unlinkChat(trx: Trx, platform: Platform, chatId: string): Promise<boolean> {
  return (await trx('chat_links').where({ platform, chat_id: chatId }).delete()) > 0;
}

export async function insertLinkCode(trx: Trx, code: { userId: number; codeHash: Buffer; expiresAt: Date }): Promise<void> {
  await trx('link_codes').insert({ user_id: code.userId, code_hash: code.codeHash, expires_at: code.expiresAt });
}

/** Uses a code up, once. @returns whose it was, or null when it is wrong, used or too old */
export async function useLinkCode(trx: Trx, codeHash: Buffer, now: Date): Promise<number | null> {
  const code = await trx('link_codes').where({ code_hash: codeHash }).forUpdate().first('id', 'user_id', 'expires_at', 'used_at');
  if (!code || code.used_at || code.expires_at <= now) return null;
  await trx('link_codes').where({ id: code.id }).update({ used_at: now });
  return code.user_id;
}

/** Counts a chat's wrong codes inside a window. @returns how many there are now */
export async function countLinkFailure(trx: Trx, platform: Platform, chatId: string, now: Date, windowMs: number): Promise<number> {
  const held = await linkFailures(trx, platform, chatId, now);
  await trx('link_attempts')
    .insert({ platform, chat_id: chatId, failures: held + 1, window_ends_at: new Date(now.getTime() + windowMs) })
    .onConflict()
    .merge(held === 0 ? ['failures', 'window_ends_at'] : ['failures']);
  return held + 1;
}

/** A chat's wrong codes in its running window. */
export async function linkFailures(trx: Trx, platform: Platform, chatId: string, now: Date): Promise<number> {
  const held = await trx('link_attempts').where({ platform, chat_id: chatId }).forUpdate().first('failures', 'window_ends_at');
  return held && held.window_ends_at > now ? held.failures : 0;
}

/** Notes an event of a platform. @returns false when it was noted before: a repetition, to be ignored */
export async function noteEvent(knex: Knex, platform: Platform, eventId: string, now: Date): Promise<boolean> {
  const made = await knex.raw('insert ignore into platform_events (platform, event_id, created_at) values (?, ?, ?)', [platform, eventId, now]);
  return made[0].affectedRows === 1;
}

export interface Prompt {
  platform: Platform;
  chatId: string;
  userId: number;
  interviewId: number;
  expiresAt: Date;
}

/** A chat waits for one thing at a time: the last it was asked for. */
export async function setPrompt(knex: Knex, { platform, chatId, userId, interviewId, expiresAt }: Prompt): Promise<void> {
  await knex('chat_prompts')
    .insert({ platform, chat_id: chatId, user_id: userId, interview_id: interviewId, expires_at: expiresAt })
    .onConflict()
    .merge(['user_id', 'interview_id', 'expires_at']);
}

/** What a chat was asked for and may still answer. */
export async function promptOf(
  knex: Knex, { platform, chatId }: { platform: Platform; chatId: string }, now: Date,
): Promise<Pick<Prompt, 'userId' | 'interviewId'> | undefined> {
  return knex('chat_prompts').where({ platform, chat_id: chatId }).andWhere('expires_at', '>', now).first({ userId: 'user_id', interviewId: 'interview_id' });
}

export async function clearPrompt(knex: Knex, { platform, chatId }: { platform: Platform; chatId: string }): Promise<void> {
  await knex('chat_prompts').where({ platform, chat_id: chatId }).delete();
}

export interface FeedToken {
  id: number;
  userId: number;
  nonce: Buffer;
}

const FEED_TOKEN = { id: 'id', userId: 'user_id', nonce: 'nonce' } as const;

/** The feed address in force of a person, if there is one. Locks the person: of two who ask at once, one makes it. */
export async function feedTokenOf(trx: Trx, userId: number): Promise<FeedToken | undefined> {
  await trx('users').where({ id: userId }).forUpdate().first('id');
  return trx('feed_tokens').where({ user_id: userId }).whereNull('revoked_at').orderBy('id', 'desc').first(FEED_TOKEN);
}

export async function findFeedToken(knex: Knex, id: number): Promise<FeedToken | undefined> {
  return knex('feed_tokens').where({ id }).whereNull('revoked_at').first(FEED_TOKEN);
}

export async function insertFeedToken(trx: Trx, token: { userId: number; nonce: Buffer }, now: Date): Promise<number> {
  const [id] = await trx('feed_tokens').insert({ user_id: token.userId, nonce: token.nonce, created_at: now });
  return id!;
}

export async function revokeFeedTokens(trx: Trx, userId: number, now: Date): Promise<void> {
  await trx('feed_tokens').where({ user_id: userId }).whereNull('revoked_at').update({ revoked_at: now });
}

export interface KeptAnswer {
  requestHash: Buffer;
  status: number | null;
  response: string | null;
}

/** Takes an idempotency key for a request. @returns null when it was free, else what is kept under it */
export async function takeIdempotencyKey(
  knex: Knex, request: { userId: number; key: string; requestHash: Buffer }, now: Date,
): Promise<KeptAnswer | null> {
  const made = await knex.raw(
    'insert ignore into idempotency_keys (user_id, idempotency_key, request_hash, created_at) values (?, ?, ?, ?)',
    [request.userId, request.key, request.requestHash, now],
  );
  if (made[0].affectedRows === 1) return null;
  const kept: KeptAnswer | undefined = await knex('idempotency_keys')
    .where({ user_id: request.userId, idempotency_key: request.key })
    .first({ requestHash: 'request_hash', status: 'status', response: 'response' });
  // Freed since the insert: as good as still running, and to be asked again.
  return kept ?? { requestHash: request.requestHash, status: null, response: null };
}

export async function keepAnswer(knex: Knex, userId: number, key: string, status: number, response: string): Promise<void> {
  await knex('idempotency_keys').where({ user_id: userId, idempotency_key: key }).update({ status, response });
}

/** The request failed without an effect: its key may be used again. */
export async function freeIdempotencyKey(knex: Knex, userId: number, key: string): Promise<void> {
  await knex('idempotency_keys').where({ user_id: userId, idempotency_key: key }).whereNull('status').delete();
}

/** Frees a key whose request was taken before `before` and never answered: its process was killed. */
export async function freeAbandonedKey(knex: Knex, userId: number, key: string, before: Date): Promise<void> {
  await knex('idempotency_keys').where({ user_id: userId, idempotency_key: key }).whereNull('status').andWhere('created_at', '<', before).delete();
}

/** Forgets events, codes and answers that are too old to be repeated. */
export async function forgetDoors(knex: Knex, before: Date): Promise<void> {
  await knex('platform_events').where('created_at', '<', before).delete();
  await knex('link_codes').where('expires_at', '<', before).delete();
  await knex('link_attempts').where('window_ends_at', '<', before).delete();
  await knex('chat_prompts').where('expires_at', '<', before).delete();
  await knex('idempotency_keys').where('created_at', '<', before).delete();
}
