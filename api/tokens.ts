// Tokens that sign people in at the API: a signed JWT that names the user, and no more.
import { jwtVerify, SignJWT } from 'jose';
import type { DateTime } from 'luxon';

const ALGORITHM = 'HS256';
const ISSUER = 'beadle';
const AUDIENCE = 'beadle-api';
/** Tokens that are remembered as good; the oldest are forgotten first, and looked at again. */
const MOST_KNOWN = 20_000;
const THIRTY_DAYS_S = 30 * 24 * 3600;

export interface TokenService {
  /** A token for a user, in force for `ttlSeconds` (default 30 days). */
  mint(userId: number, options?: { ttlSeconds?: number }): Promise<string>;
  /** The user's id. Rejects when the token is not ours, was changed, names no user, or is no longer in force. */
  verify(token: string): Promise<number>;
}

/**
 * @param secret at least 32 characters; whoever has it can sign anybody in
 * @param now the clock
 */
export function createTokens(secret: string, now: () => DateTime): TokenService {
  const key = new TextEncoder().encode(secret);
  // What was ours once stays ours until it expires: checking a signature takes longer than most answers.
  const known = new Map<string, { userId: number; expiresAt: number }>();
  return {
    async mint(userId, { ttlSeconds = THIRTY_DAYS_S } = {}) {
      const issuedAt = now().toUnixInteger();
      return new SignJWT()
        .setProtectedHeader({ alg: ALGORITHM })
        .setSubject(String(userId))
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + ttlSeconds)
        .sign(key);
    },
    async verify(token) {
      const held = known.get(token);
      if (held && held.expiresAt > now().toUnixInteger()) return held.userId;
      known.delete(token);
      const { payload } = await jwtVerify<{ sub: string; exp: number }>(token, key, {
        algorithms: [ALGORITHM], issuer: ISSUER, audience: AUDIENCE, requiredClaims: ['sub', 'exp'], currentDate: now().toJSDate(),
      });
      const userId = Number(payload.sub);
      if (!Number.isSafeInteger(userId)) throw new Error('the token names no user');
      if (known.size >= MOST_KNOWN) known.delete(known.keys().next().value!);
      known.set(token, { userId, expiresAt: payload.exp });
      return userId;
    },
  };
}
