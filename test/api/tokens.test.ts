// Tokens sign in whom they name, while they are in force.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SignJWT } from 'jose';
import { DateTime } from 'luxon';
import { createTokens } from '../../api/tokens.ts';

const secret = 'thirty-two characters, or a few more';
const key = new TextEncoder().encode(secret);
const now = DateTime.fromISO('2027-01-31T12:00:00Z', { zone: 'utc' });
const tokens = createTokens(secret, () => now);

function signed(claims: { sub?: string; iss?: string; aud?: string; exp?: number }, alg = 'HS256') {
  const jwt = new SignJWT({ sub: '7', iss: 'beadle', aud: 'beadle-api', exp: now.toUnixInteger() + 60, ...claims });
  return jwt.setProtectedHeader({ alg }).sign(alg === 'HS256' ? key : Buffer.concat([key, key]));
}

describe('D13 tokens of the API', () => {
  test('a token names its user', () =>
    fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 1e15 }), async (userId) => {
      expect(await tokens.verify(await tokens.mint(userId))).toBe(userId);
    })));

  test('a token is in force until it expires, by the clock that is given', async () => {
    const token = await tokens.mint(7, { ttlSeconds: 60 });
    const after = (seconds: number) => createTokens(secret, () => now.plus({ seconds })).verify(token);
    expect(await after(59)).toBe(7);
    await expect(after(60)).rejects.toThrow();
    await expect(createTokens(secret, () => now.plus({ days: 30 })).verify(await tokens.mint(7))).rejects.toThrow();
  });

  test('a token that was in force before is no longer once it has expired', async () => {
    let seconds = 0;
    const clocked = createTokens(secret, () => now.plus({ seconds }));
    const token = await clocked.mint(7, { ttlSeconds: 60 });
    for (seconds of [0, 1, 59]) expect(await clocked.verify(token)).toBe(7);
    for (seconds of [60, 61]) await expect(clocked.verify(token)).rejects.toThrow();
  });

  test('any change of a token makes it worthless', async () => {
    const token = await tokens.mint(7);
    const [header, , signature] = token.split('.');
    const other = Buffer.from(JSON.stringify({ sub: '1', iss: 'beadle', aud: 'beadle-api', exp: 4e9 })).toString('base64url');
    await expect(tokens.verify(`${header}.${other}.${signature}`)).rejects.toThrow();
    await fc.assert(fc.asyncProperty(fc.nat(token.length - 1), async (at) => {
      const changed = `${token.slice(0, at)}${token[at] === '-' ? '_' : '-'}${token.slice(at + 1)}`;
      const same = Buffer.from(changed.split('.')[2] ?? '', 'base64url').equals(Buffer.from(signature!, 'base64url'));
      if (!same || at < token.lastIndexOf('.')) await expect(tokens.verify(changed)).rejects.toThrow();
    }), { numRuns: 60 });
  });

  test('a token of another secret, issuer, audience or algorithm is refused, and one without an end', async () => {
    expect(await tokens.verify(await signed({}))).toBe(7);
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await tokens.mint(7)).split('.')[1]}.`;
    const wrong = [
      createTokens('another secret of thirty-two characters', () => now).mint(7), signed({ iss: 'other' }), signed({ aud: 'other' }), unsigned,
      signed({}, 'HS512'), signed({ sub: 'asha' }), new SignJWT({ sub: '7', iss: 'beadle', aud: 'beadle-api' }).setProtectedHeader({ alg: 'HS256' }).sign(key),
    ];
    for (const token of wrong) await expect(Promise.resolve(token).then(tokens.verify)).rejects.toThrow();
  });
});
