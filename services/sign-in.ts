// Signing in, staying signed in, signing out (A1). Who somebody is, the door has found out; whether there is an account, this says.
// A refresh token is exchanged for the next, once: one that comes again was copied, and ends the whole sign-in.
import { createHash, randomBytes } from 'node:crypto';
import { insertAudit } from '../db/repositories/audit.ts';
import { isInactive } from '../db/repositories/people.ts';
import { endSignIn, insertRefreshToken, insertSignIn, lockRefreshToken, useRefreshToken } from '../db/repositories/sign-ins.ts';
import type { Trx } from '../db/connection.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Person, ServiceContext } from './context.ts';
import { personByEmail, personById } from './links.ts';

/** How long one may stay away and still be signed in. */
export const REFRESH_DAYS = 30;
const TOKEN_BYTES = 32;

export interface SignedIn {
  person: Person;
  /** Opaque; to be exchanged once. */
  refreshToken: string;
}

/**
 * Signs in whoever has this verified address.
 * @throws Refusal account-unknown, account-inactive
 */
export async function signIn(context: ServiceContext, email: string): Promise<SignedIn> {
  const person = await personByEmail(context, email);
  // The database takes é for e; two addresses that differ so are two people.
  if (person?.email.toLowerCase() !== email.toLowerCase()) {
    throw new Refusal((await isInactive(context.db.knex, email)) ? 'account-inactive' : 'account-unknown', { email });
  }
  return context.db.transaction(async (trx) => {
    const now = context.now();
    const expiresAt = now.plus({ days: REFRESH_DAYS }).toJSDate();
    const signInId = await insertSignIn(trx, { userId: person.userId, expiresAt }, now.toJSDate());
    return { person, refreshToken: await issue(trx, signInId, expiresAt) };
  });
}

/**
 * Exchanges a refresh token for the next.
 * @throws Refusal refresh-token-wrong; refresh-token-reused for one that was exchanged already, after ending its sign-in; account-inactive
 */
export async function renewSignIn(context: ServiceContext, refreshToken: string): Promise<SignedIn> {
  const outcome = await context.db.transaction(async (trx) => {
    const now = context.now();
    const held = await lockRefreshToken(trx, hashOf(refreshToken));
    if (!held || held.expiresAt <= now.toJSDate()) return 'refresh-token-wrong';
    if (held.usedAt) {
      if (!held.endedAt) {
        await endSignIn(trx, held.signInId, 'reused', now.toJSDate());
        const details = { signInId: held.signInId };
        await insertAudit(trx, { userId: held.userId, action: 'sign-in.reused', subject: `user/${held.userId}`, details }, now.toJSDate());
      }
      return 'refresh-token-reused';
    }
    if (held.endedAt) return 'refresh-token-wrong';
    const person = await personById(context, held.userId, trx);
    if (!person) {
      await endSignIn(trx, held.signInId, 'inactive', now.toJSDate());
      return 'account-inactive';
    }
    await useRefreshToken(trx, held.id, now.toJSDate());
    return { person, refreshToken: await issue(trx, held.signInId, now.plus({ days: REFRESH_DAYS }).toJSDate()) };
  });
  if (typeof outcome === 'string') throw new Refusal(outcome);
  return outcome;
}

/** Ends the sign-in of a refresh token, whichever of its tokens it is. One that is unknown has ended already. */
export async function signOut(context: ServiceContext, refreshToken: string): Promise<void> {
  await context.db.transaction(async (trx) => {
    const held = await lockRefreshToken(trx, hashOf(refreshToken));
    if (held) await endSignIn(trx, held.signInId, 'signed-out', context.now().toJSDate());
  });
}

async function issue(trx: Trx, signInId: number, expiresAt: Date): Promise<string> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  await insertRefreshToken(trx, { signInId, hash: hashOf(token), expiresAt });
  return token;
}

const hashOf = (token: string) => createHash('sha256').update(token).digest();
