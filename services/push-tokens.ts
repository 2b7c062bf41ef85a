// Devices on which a person is told by push message (A22).
import { type PushPlatform, registerToken, removeToken } from '../db/repositories/push-tokens.ts';
import type { Person, ServiceContext } from './context.ts';

/** Nobody has more in use: an app that is installed anew brings a new token. */
const MOST_DEVICES = 10;

/** Registers the asking person's device; one that was another person's is theirs no more. */
export async function registerPushToken(context: ServiceContext, actor: Person, device: { token: string; platform: PushPlatform }): Promise<void> {
  await context.db.transaction((trx) => registerToken(trx, { userId: actor.userId, ...device }, MOST_DEVICES, context.now().toJSDate()));
}

/** @returns whether it was the asking person's */
export async function removePushToken(context: ServiceContext, actor: Person, token: string): Promise<boolean> {
  return removeToken(context.db.knex, actor.userId, token);
}
