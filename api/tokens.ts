// Tokens that sign people in at the API: a signed JWT that names the user, and no more.
import { jwtVerify, SignJWT } from 'jose';
import type { DateTime } from 'luxon';

const ALGORITHM = 'HS256';
const ISSUER = 'beadle';
const AUDIENCE = 'beadle-api';
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
      const { payload } = await jwtVerify<{ sub: string }>(token, key, {
        algorithms: [ALGORITHM], issuer: ISSUER, audience: AUDIENCE, requiredClaims: ['sub', 'exp'], currentDate: now().toJSDate(),
      });
      const userId = Number(payload.sub);
      if (!Number.isSafeInteger(userId)) throw new Error('the token names no user');
      return userId;
    },
  };
}
