// Staying signed in on a page by its cookie, what a browser keeps, and the pages as they are sent.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { signIn } from '../../services/sign-in.ts';
import { Issuer } from '../support/issuer.ts';
import { NOW, startTestApi, type TestApi } from './harness.ts';

const OURS = 'https://beadle.campus.example';
const BROWSER = '/api/auth/browser';

let issuer: Issuer;
let campus: TestApi;
let email: string;
beforeAll(async () => {
  issuer = await new Issuer(() => NOW).start();
  campus = await startTestApi({ publicUrl: OURS, identity: { issuer: issuer.issuer, clientIds: [issuer.clientId], mailDomains: ['campus.example'] } });
  ({ email } = await campus.campus.db.knex('users').where({ role: 'student' }).orderBy('id').first('email'));
});
afterAll(async () => {
  await campus.close();
  await issuer.stop();
});

/** A page asks with the cookies that the browser has. */
const fromPage = (method: 'POST' | 'DELETE', cookies: Record<string, string>, origin: string | undefined = OURS) =>
  campus.api.inject({ method, url: BROWSER, cookies, headers: { ...(origin !== undefined && { origin }) } });
const signedIn = async () => ({ beadle_signed_in: (await signIn(campus.context, email)).refreshToken });
type Answer = Awaited<ReturnType<typeof fromPage>>;
const cookie = ({ cookies }: Answer, name: string) => cookies.find((one) => one.name === name);

describe('A1 staying signed in on a page', () => {
  test('the cookie is exchanged for the next one and an access token; no script sees it, and it goes nowhere else', async () => {
    const answer = await fromPage('POST', await signedIn());
    expect(answer.json()).toMatchObject({ token_type: 'Bearer', expires_in: 900, person: { email } });
    expect(answer.body).not.toContain('refresh');
    const next = cookie(answer, 'beadle_signed_in')!;
    expect(next).toMatchObject({ path: BROWSER, httpOnly: true, secure: true, sameSite: 'Lax', maxAge: 30 * 24 * 3600 });
    const me = await campus.api.inject({ url: '/api/me', headers: { authorization: `Bearer ${answer.json().access_token}` } });
    expect(me.json().email).toBe(email);
    expect((await fromPage('POST', { beadle_signed_in: next.value })).statusCode).toBe(200);
  });

  test('a page of somebody else, and a program without a page, get nothing and end nothing', async () => {
    const cookies = await signedIn();
    for (const method of ['POST', 'DELETE'] as const) {
      for (const origin of ['https://elsewhere.example', 'http://beadle.campus.example', `${OURS}.elsewhere.example`, 'null', '']) {
        const answer = await fromPage(method, cookies, origin);
        expect([answer.statusCode, answer.json().error.code, answer.cookies]).toEqual([403, 'page-foreign', []]);
      }
      expect((await campus.api.inject({ method, url: BROWSER, cookies })).statusCode).toBe(403);
    }
    expect((await fromPage('POST', cookies)).statusCode).toBe(200);
  });

  test('a cookie that came twice ends the sign-in, and is taken back', async () => {
    const cookies = await signedIn();
    await fromPage('POST', cookies);
    const again = await fromPage('POST', cookies);
    expect([again.statusCode, again.json().error.code, cookie(again, 'beadle_signed_in')?.value]).toEqual([401, 'refresh-token-reused', '']);
    expect((await fromPage('POST', {})).json().error.code).toBe('not-signed-in');
  });

  test('signing out ends it; what the browser is known by as a device stays', async () => {
    const cookies = await signedIn();
    const renewed = await fromPage('POST', cookies);
    const kept = { beadle_signed_in: cookie(renewed, 'beadle_signed_in')!.value, beadle_device: cookie(renewed, 'beadle_device')!.value };
    expect(renewed.json().device_id).toBe(kept.beadle_device);
    const out = await fromPage('DELETE', kept);
    expect([out.statusCode, cookie(out, 'beadle_signed_in')?.value, cookie(out, 'beadle_device')]).toEqual([204, '', undefined]);
    expect((await fromPage('POST', kept)).statusCode).toBe(401);
    expect((await fromPage('POST', { ...kept, ...await signedIn() })).json().device_id).toBe(kept.beadle_device);
  });

  test('each browser is a device of its own; what somebody put in its place is none', async () => {
    const ids = new Set<string>();
    for (const device of [undefined, undefined, '', 'short', 'x'.repeat(70), 'no id with spaces at all']) {
      const { device_id: id } = (await fromPage('POST', { ...await signedIn(), ...(device !== undefined && { beadle_device: device }) })).json();
      expect(id).toMatch(/^[\w-]{32}$/);
      ids.add(id);
    }
    expect(ids.size).toBe(6);
  });
});

describe('A1 a sign-in that a page begins', () => {
  const html = { accept: 'text/html,*/*;q=0.8' };

  test('goes to the provider with PKCE, state and nonce; the browser keeps them sealed', async () => {
    const answer = await campus.api.inject({ url: '/sign-in?next=/projector?session=7', headers: html });
    const asked = new URL(String(answer.headers.location)).searchParams;
    expect([answer.statusCode, asked.get('redirect_uri'), asked.get('code_challenge_method')]).toEqual([302, `${OURS}/auth/callback`, 'S256']);
    const kept = cookie(answer, 'beadle_sign_in')!;
    expect(kept).toMatchObject({ path: '/auth', httpOnly: true, secure: true, sameSite: 'Lax', maxAge: 600 });
    for (const part of ['state', 'nonce']) expect(kept.value).not.toContain(asked.get(part));
  });

  test.each(['https://elsewhere.example', '//elsewhere.example', '/\\elsewhere.example'])('never leads to %s', async (next) => {
    const answer = await campus.api.inject({ url: '/sign-in', query: { next }, headers: html });
    expect([answer.statusCode, answer.headers['content-type'], answer.cookies]).toEqual([400, 'text/html; charset=utf-8', []]);
    expect(answer.body).not.toContain('elsewhere');
  });

  test('that was broken off is said on a page, which leads back to where it began', async () => {
    const begun = await campus.api.inject('/sign-in?next=/projector?session=7');
    const state = new URL(String(begun.headers.location)).searchParams.get('state')!;
    const cookies = { beadle_sign_in: cookie(begun, 'beadle_sign_in')!.value };
    const answer = await campus.api.inject({ url: `/auth/callback?error=access_denied&state=${state}`, cookies, headers: html });
    expect([answer.statusCode, cookie(answer, 'beadle_sign_in')?.value]).toEqual([400, '']);
    expect(answer.body).toContain('The sign-in was broken off.');
    expect(answer.body).toContain(`href="/sign-in?next=${encodeURIComponent('/projector?session=7')}"`);
    // To a program, as ever.
    expect((await campus.api.inject({ url: `/auth/callback?error=access_denied&state=${state}`, cookies })).json().error.code).toBe('sign-in-declined');
  });

  test('without a provider says so on a page', async () => {
    const bare = await startTestApi();
    const answer = await bare.api.inject({ url: '/sign-in', headers: html });
    expect([answer.statusCode, answer.body]).toEqual([503, expect.stringContaining('Signing in is not set up here.')]);
    await bare.close();
  });
});

describe('A11 A12 the pages as they are sent', () => {
  test('with a policy that lets nothing in but our own, and no script or style within', async () => {
    for (const path of ['/check-in', '/projector', '/sign-in?next=//x']) {
      const { headers, body } = await campus.api.inject(path);
      const policy = String(headers['content-security-policy']);
      expect(policy.split(';').toSorted()).toEqual([
        "base-uri 'none'", "connect-src 'self'", "default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "img-src 'self' data:", "script-src 'self'", "style-src 'self'",
      ]);
      expect(body).not.toMatch(/<style|style=|\son\w+=|https?:/);
      for (const [, type] of body.matchAll(/<script type="([^"]+)"(?! src=)/g)) expect(type).toBe('application/json');
    }
  });

  test('a browser that has them already gets them no second time', async () => {
    for (const url of ['/check-in', '/projector', '/web/beadle.css', '/web/beadle.js', '/web/check-in.js', '/web/projector.js']) {
      const first = await campus.api.inject(url);
      expect([first.statusCode, first.headers['cache-control']]).toEqual([200, 'no-cache']);
      const again = await campus.api.inject({ url, headers: { 'if-none-match': String(first.headers.etag) } });
      expect([again.statusCode, again.body]).toEqual([304, '']);
    }
  });

  test.each(['/web/nothing.js', '/web/tsconfig.json', '/web/check-in.html', '/web/..%2fpackage.json', '/web/%2e%2e/package.json', '/web/'])('%s is not there', async (url) => {
    expect((await campus.api.inject(url)).statusCode).toBe(404);
  });

  test('a campus that loads them at once from one address is not slowed down', async () => {
    const limited = await startTestApi({ rateLimits: { roles: { student: 1, cr: 1, faculty: 1, hod: 1, registrar: 1, admin: 1, system: 1 }, anonymous: 1, feed: 1, decision: 1, linkCode: 1, feedAddress: 1, sweep: 1, whatIf: 1, signIn: 1 } });
    for (let visit = 0; visit < 5; visit += 1) expect((await limited.api.inject('/check-in')).statusCode).toBe(200);
    await limited.close();
  });
});
