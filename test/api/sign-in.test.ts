// Signing in with an ID token, staying signed in, signing out; against a real issuer on the loopback address.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { DateTime } from 'luxon';
import { keepHouse } from '../../services/housekeeping.ts';
import { Issuer } from '../support/issuer.ts';
import { NOW, startTestApi, type TestApi } from './harness.ts';

const DOMAINS = ['campus.example', 'alumni.campus.example'];
let now: DateTime = NOW;
let issuer: Issuer;
let campus: TestApi;
let email: string;
beforeAll(async () => {
  issuer = await new Issuer(() => now).start();
  campus = await startTestApi({ now: () => now, identity: { issuer: issuer.issuer, clientIds: [issuer.clientId, 'app'], mailDomains: DOMAINS } });
  ({ email } = await campus.campus.db.knex('users').where({ role: 'student' }).orderBy('id').first('email'));
});
afterAll(async () => {
  await campus.close();
  await issuer.stop();
});
beforeEach(() => { now = NOW; });

const post = (url: string, payload: object) => campus.api.inject({ method: 'POST', url, payload });
const signIn = (idToken: string) => post('/api/auth/sign-in', { id_token: idToken });
const refresh = (token: string) => post('/api/auth/refresh', { refresh_token: token });
const codeOf = async (asked: Promise<{ statusCode: number; json: () => { error?: { code: string } } }>) => {
  const answer = await asked;
  return [answer.statusCode, answer.json().error?.code];
};
const signedIn = async () => (await signIn(await issuer.idToken(email))).json<{ access_token: string; refresh_token: string }>();

describe('A1 sign-in with an ID token', () => {
  test('who has an account gets a token for a quarter of an hour and one that renews it', async () => {
    const answer = await signIn(await issuer.idToken(email));
    expect(answer.json()).toMatchObject({ token_type: 'Bearer', expires_in: 900, person: { email, role: 'student' } });
    const me = () => campus.api.inject({ url: '/api/me', headers: { authorization: `Bearer ${answer.json().access_token}` } });
    expect((await me()).json()).toEqual(answer.json().person);
    now = NOW.plus({ minutes: 14 });
    expect((await me()).statusCode).toBe(200);
    now = NOW.plus({ minutes: 15 });
    expect((await me()).statusCode).toBe(401);
  });

  test('a token for any of our clients counts, and the case of an address does not', async () => {
    expect((await signIn(await issuer.idToken(email.toUpperCase(), { aud: 'app', email_verified: 'true' }))).statusCode).toBe(200);
    expect((await signIn(await issuer.idToken(email, { aud: ['app', 'other'], azp: 'app' }))).statusCode).toBe(200);
    expect((await signIn(await issuer.idToken(email, { hd: undefined }))).statusCode).toBe(200);
  });

  test.each<[string, JWTPayload]>([
    ['another audience', { aud: 'somebody-else' }],
    ['several audiences, issued to another', { aud: ['app', 'other'], azp: 'other' }],
    ['no audience', { aud: undefined }],
    ['another issuer', { iss: 'https://accounts.google.com' }],
    ['no expiry', { exp: undefined }],
    ['an expiry that is over', { exp: NOW.minus({ minutes: 1 }).toUnixInteger() }],
    ['a beginning that is yet to come', { nbf: NOW.plus({ minutes: 1 }).toUnixInteger() }],
    ['no subject', { sub: undefined }],
    ['no address', { email: undefined }],
    ['an address that is no text', { email: ['a@campus.example'] }],
  ])('%s: refused', async (_what, claims) => {
    expect(await codeOf(signIn(await issuer.idToken(email, claims)))).toEqual([401, 'identity-wrong']);
  });

  test('what the issuer did not sign with its key is refused', async () => {
    const good = await issuer.idToken(email);
    const [header, payload] = good.split('.');
    const { privateKey } = await generateKeyPair('ES256');
    const kid = JSON.parse(Buffer.from(header!, 'base64url').toString()).kid as string;
    const unsigned = `${Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url')}.${payload}.`;
    const symmetric = await new SignJWT({ email }).setProtectedHeader({ alg: 'HS256', kid }).sign(new TextEncoder().encode(kid.repeat(2)));
    for (const token of [await issuer.idToken(email, {}, { kid, privateKey }), await issuer.idToken(email, {}, { kid: 'unknown', privateKey }), unsigned, symmetric, good.slice(0, -4), 'x', 'a.b.c']) {
      expect(await codeOf(signIn(token))).toEqual([401, 'identity-wrong']);
    }
  });

  test.each([
    ['an address of another domain', 'mallory@elsewhere.example', {}],
    ['a domain that only ends like ours', 'mallory@notcampus.example', {}],
    ['a domain below ours that is not named', 'mallory@lists.campus.example', { hd: 'campus.example' }],
    ['our domain in front of another', 'mallory@campus.example@elsewhere.example', {}],
    ['an account that another institution hosts', 'mallory@campus.example', { hd: 'elsewhere.example' }],
  ])('%s: refused, with the domains that would do', async (_what, address, claims) => {
    const answer = await signIn(await issuer.idToken(address, claims));
    expect([answer.statusCode, answer.json().error.code]).toEqual([403, 'mail-domain-not-ours']);
    expect(answer.json().error.message).toContain(DOMAINS.join(', '));
  });

  test('an address that the issuer has not verified is refused', async () => {
    for (const verified of [false, undefined, 'false', 1]) {
      expect(await codeOf(signIn(await issuer.idToken(email, { email_verified: verified })))).toEqual([403, 'mail-not-verified']);
    }
  });

  test('nobody is taken for another, and who has left is told so', async () => {
    expect(await codeOf(signIn(await issuer.idToken('nobody@campus.example')))).toEqual([403, 'account-unknown']);
    // The database's collation takes these for the same letters.
    expect(await codeOf(signIn(await issuer.idToken('ádmin@campus.example')))).toEqual([403, 'account-unknown']);
    const { knex } = campus.campus.db;
    const leaver = await knex('users').where({ role: 'student' }).orderBy('id', 'desc').first('id', 'email');
    const before = (await signIn(await issuer.idToken(leaver.email))).json().refresh_token;
    await knex('users').where({ id: leaver.id }).update({ active: false });
    expect(await codeOf(signIn(await issuer.idToken(leaver.email)))).toEqual([403, 'account-inactive']);
    expect(await codeOf(refresh(before))).toEqual([403, 'account-inactive']);
    expect(await codeOf(refresh(before))).toEqual([401, 'refresh-token-wrong']);
  });

  test('where no provider is set up, it says so', async () => {
    const bare = await startTestApi();
    try {
      for (const [method, url] of [['GET', '/auth/sign-in'], ['GET', '/auth/callback'], ['POST', '/api/auth/sign-in']] as const) {
        const answer = await bare.api.inject({ method, url, ...(method === 'POST' && { payload: { id_token: 'x' } }) });
        expect([answer.statusCode, answer.json().error.code]).toEqual([503, 'sign-in-not-set-up']);
      }
    } finally {
      await bare.close();
    }
  });
});

describe('A1 keys of the issuer', () => {
  let other: TestApi;
  let changing: Issuer;
  beforeEach(async () => { changing = await new Issuer(() => now).start(); });
  afterEach(async () => {
    await other.close();
    await changing.stop();
  });
  const start = async (more: { jwksUrl?: string; issuer?: string } = {}) => {
    other = await startTestApi({ identity: { issuer: changing.issuer, clientIds: [issuer.clientId], mailDomains: DOMAINS, ...more } });
    return (idToken: string) => other.api.inject({ method: 'POST', url: '/api/auth/sign-in', payload: { id_token: idToken } });
  };

  test('are fetched once for many tokens, and again when the issuer has a new one', async () => {
    const ask = await start();
    const before = changing.keysAsked;
    const token = await changing.idToken(email);
    await Promise.all(Array.from({ length: 20 }, () => ask(token)));
    expect(changing.keysAsked).toBe(before + 1);
    // A fresh verifier: within half a minute of a fetch an unknown key is refused without asking again.
    await other.close();
    const again = await start();
    await changing.rotate();
    expect((await again(await changing.idToken(email))).statusCode).toBe(200);
    expect((await again(token)).statusCode).toBe(401);
  });

  test('while they cannot be had, nobody is refused for good', async () => {
    const ask = await start();
    changing.isUp = false;
    const token = await changing.idToken(email);
    expect(await codeOf(ask(token))).toEqual([503, 'identity-provider-unreachable']);
    changing.isUp = true;
    expect((await ask(token)).statusCode).toBe(200);
  });

  test('can be somewhere else than the discovery document says; Google’s name counts in both spellings', async () => {
    const ask = await start({ jwksUrl: changing.jwksUrl, issuer: 'https://accounts.google.com' });
    for (const iss of ['https://accounts.google.com', 'accounts.google.com']) expect((await ask(await changing.idToken(email, { iss }))).statusCode).toBe(200);
    expect((await ask(await changing.idToken(email))).statusCode).toBe(401);
    // A private Google account can have an address of ours: no institution hosts it.
    expect(await codeOf(ask(await changing.idToken(email, { iss: 'accounts.google.com', hd: undefined })))).toEqual([403, 'mail-domain-not-ours']);
  });
});

describe('A1 staying signed in', () => {
  test('a refresh token is exchanged for the next, as long as one comes back within thirty days', async () => {
    let { refresh_token: token } = await signedIn();
    for (let turn = 1; turn <= 3; turn += 1) {
      now = NOW.plus({ days: 29 * turn });
      const answer = await refresh(token);
      expect(answer.json()).toMatchObject({ expires_in: 900, person: { email } });
      expect(answer.json().refresh_token).not.toBe(token);
      token = answer.json().refresh_token;
    }
    now = now.plus({ days: 30 });
    expect(await codeOf(refresh(token))).toEqual([401, 'refresh-token-wrong']);
  });

  test('one that comes again ends the sign-in, and what followed from it; others stand', async () => {
    const [first, second] = [await signedIn(), await signedIn()];
    const next = (await refresh(first.refresh_token)).json().refresh_token;
    expect(await codeOf(refresh(first.refresh_token))).toEqual([401, 'refresh-token-reused']);
    expect(await codeOf(refresh(next))).toEqual([401, 'refresh-token-wrong']);
    expect((await refresh(second.refresh_token)).statusCode).toBe(200);
    const audit = await campus.campus.db.knex('audit_log').where({ action: 'sign-in.reused' });
    expect(audit).toHaveLength(1);
  });

  test('of fifty who present one at once, one gets the next, and the sign-in is over', async () => {
    const { refresh_token: token } = await signedIn();
    const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(token)));
    const won = answers.filter(({ statusCode }) => statusCode === 200);
    expect(won).toHaveLength(1);
    expect(new Set(answers.filter((answer) => answer !== won[0]).map((answer) => answer.json().error.code))).toEqual(new Set(['refresh-token-reused']));
    expect(await codeOf(refresh(won[0]!.json().refresh_token))).toEqual([401, 'refresh-token-wrong']);
  });

  test('signing out ends it, with any of its tokens; out of nothing is out already', async () => {
    const { refresh_token: token } = await signedIn();
    const next = (await refresh(token)).json().refresh_token;
    expect((await post('/api/auth/sign-out', { refresh_token: token })).statusCode).toBe(204);
    expect(await codeOf(refresh(next))).toEqual([401, 'refresh-token-wrong']);
    expect((await post('/api/auth/sign-out', { refresh_token: 'unknown' })).statusCode).toBe(204);
  });

  test('tokens are in no table, and what is over is deleted', async () => {
    const { knex } = campus.campus.db;
    const { refresh_token: token } = await signedIn();
    const rows = JSON.stringify(await knex('refresh_tokens'));
    expect(rows).not.toContain(token);
    now = NOW.plus({ days: 20 });
    await refresh(token);
    now = NOW.plus({ days: 31 });
    await keepHouse(campus.context, 30);
    expect(await knex('refresh_tokens').where('expires_at', '<=', now.toJSDate())).toEqual([]);
    expect(await knex('sign_ins').where('expires_at', '<=', now.toJSDate())).toEqual([]);
    expect(await knex('sign_ins')).not.toEqual([]);
    now = NOW.plus({ days: 400 });
    await keepHouse(campus.context, 30);
    expect([...(await knex('sign_ins')), ...(await knex('refresh_tokens'))]).toEqual([]);
  });
});
