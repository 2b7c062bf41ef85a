// Sign-ins and the refresh tokens that follow each other in them (A1).
import type { Knex } from 'knex';
import type { Trx } from '../connection.ts';

export interface HeldToken {
  id: number;
  signInId: number;
  userId: number;
  expiresAt: Date;
  usedAt: Date | null;
  endedAt: Date | null;
}

export async function insertSignIn(trx: Trx, { userId, expiresAt }: { userId: number; expiresAt: Date }, now: Date): Promise<number> {
  const [id] = await trx('sign_ins').insert({ user_id: userId, signed_in_at: now, expires_at: expiresAt });
  return id!;
}

/** The newest token of a sign-in, which lasts as long as it. */
export async function insertRefreshToken(trx: Trx, token: { signInId: number; hash: Buffer; expiresAt: Date }): Promise<void> {
  await trx('refresh_tokens').insert({ sign_in_id: token.signInId, token_hash: token.hash, expires_at: token.expiresAt });
  await trx('sign_ins').where({ id: token.signInId }).update({ expires_at: token.expiresAt });
}

/** A token as it stands, its sign-in locked: of several who present it at once, one finds it unused. */
export async function lockRefreshToken(trx: Trx, hash: Buffer): Promise<HeldToken | undefined> {
  const found = await trx('refresh_tokens').where({ token_hash: hash }).first('sign_in_id');
  if (!found) return undefined;
  await trx('sign_ins').where({ id: found.sign_in_id }).forUpdate().first('id');
  return trx('refresh_tokens as t')
    .join('sign_ins as s', 's.id', 't.sign_in_id')
    .where('t.token_hash', hash)
    .first({ id: 't.id', signInId: 's.id', userId: 's.user_id', expiresAt: 't.expires_at', usedAt: 't.used_at', endedAt: 's.ended_at' });
}

export async function useRefreshToken(trx: Trx, id: number, now: Date): Promise<void> {
  await trx('refresh_tokens').where({ id }).update({ used_at: now });
}

/** Ends a sign-in, unless it has ended: none of its tokens counts from then on. */
export async function endSignIn(trx: Trx, id: number, because: 'signed-out' | 'reused' | 'inactive', now: Date): Promise<void> {
  await trx('sign_ins').where({ id }).whereNull('ended_at').update({ ended_at: now, ended_because: because });
}

/** Deletes tokens and sign-ins that are over at `now`, and tokens exchanged before `usedBefore`. */
export async function forgetSignIns(knex: Knex, now: Date, usedBefore: Date): Promise<void> {
  await knex('refresh_tokens').where('expires_at', '<=', now).orWhere('used_at', '<', usedBefore).delete();
  await knex('sign_ins').where('expires_at', '<=', now).whereNotExists((token) =>
    token.from('refresh_tokens as t').whereRaw('t.sign_in_id = sign_ins.id').select('t.id')).delete();
}
