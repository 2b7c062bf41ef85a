// Devices that take push messages (A22).
import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { Trx } from '../connection.ts';

export type PushPlatform = 'android' | 'ios' | 'web';

const hashOf = (token: string) => createHash('sha256').update(token).digest();

/** Registers a device for a person, also where it was another's; of a person's devices the newest `most` stay. */
export async function registerToken(
  trx: Trx, { userId, token, platform }: { userId: number; token: string; platform: PushPlatform }, most: number, now: Date,
): Promise<void> {
  await trx('push_tokens')
    .insert({ user_id: userId, token_hash: hashOf(token), token, platform, registered_at: now })
    .onConflict()
    .merge(['user_id', 'platform', 'registered_at']);
  const old: number[] = await trx('push_tokens').where({ user_id: userId }).orderBy([{ column: 'registered_at', order: 'desc' }, { column: 'id', order: 'desc' }])
    .offset(most).limit(1_000).pluck('id');
  if (old.length > 0) await trx('push_tokens').whereIn('id', old).delete();
}

/** @returns whether the person had it */
export async function removeToken(knex: Knex, userId: number, token: string): Promise<boolean> {
  return (await knex('push_tokens').where({ user_id: userId, token_hash: hashOf(token) }).delete()) > 0;
}

/** The tokens of these rows (deliveries' addresses on the channel `push`). */
export async function tokensOf(knex: Knex, ids: number[]): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map();
  const rows: { id: number; token: string }[] = await knex('push_tokens').whereIn('id', ids).select('id', 'token');
  return new Map(rows.map(({ id, token }) => [id, token]));
}

/** Forgets the device that a delivery went to: it is gone. */
export async function forgetTokenOf(knex: Knex, deliveryId: number): Promise<void> {
  const delivery = await knex('deliveries').where({ id: deliveryId, channel: 'push' }).first('address');
  if (delivery) await knex('push_tokens').where({ id: Number(delivery.address) }).delete();
}
