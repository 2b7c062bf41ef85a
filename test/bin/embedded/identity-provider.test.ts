// A browser's way through the demo's OpenID provider, which is a real one, to tokens of the API.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { type IdentityProvider, startIdentityProvider } from '../../../bin/embedded/identity-provider.ts';
import { personByEmail } from '../../../services/links.ts';
import { startTestApi, type TestApi } from '../../api/harness.ts';

let now = () => DateTime.utc();
let campus: TestApi;
let provider: IdentityProvider;
beforeAll(async () => {
  let find: Parameters<typeof startIdentityProvider>[0]['findPerson'] = async () => null;
  provider = await startIdentityProvider({
    redirectUri: 'http://127.0.0.1:8420/auth/callback', findPerson: (email) => find(email), suggestions: ['"admin"@campus.example'],
  });
  const { issuer, clientId, clientSecret } = provider;
  campus = await startTestApi({ now: () => now(), identity: { issuer, clientIds: [clientId], clientSecret, mailDomains: ['campus.example'] } });
  find = (email) => personByEmail(campus.context, email);
});
afterAll(async () => {
  await campus.close();
  await provider.stop();
});

/** A browser at the provider: keeps cookies, follows redirects until they lead back to Beadle. */
function browser() {
  const cookies = new Map<string, string>();
  const fetched = async (url: string, form?: Record<string, string>): Promise<{ url: string; status: number; page: string }> => {
    const answer = await fetch(new URL(url, provider.issuer), {
      redirect: 'manual', headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      if (value === '') cookies.delete(name!);
      else cookies.set(name!, value!);
    }
    const to = answer.headers.get('location');
    if (to === null) return { url: answer.url, status: answer.status, page: await answer.text() };
    return to.startsWith('http://127.0.0.1:8420/') ? { url: to, status: answer.status, page: '' } : fetched(new URL(to, answer.url).href);
  };
  return fetched;
}

async function begin() {
  const answer = await campus.api.inject('/auth/sign-in');
  expect(answer.statusCode).toBe(302);
  return { url: String(answer.headers.location), cookie: String(answer.headers['set-cookie']) };
}

const back = (url: string, cookie: string) => {
  const { pathname, search } = new URL(url);
  return campus.api.inject({ url: `${pathname}${search}`, headers: { cookie: cookie.split(';')[0]! } });
};

describe('A1 sign-in with a browser', () => {
  test('the demo’s provider asks for an address, and Beadle signs in whose it is', async () => {
    const { url, cookie } = await begin();
    const asked = new URL(url).searchParams;
    expect([asked.get('code_challenge_method'), asked.get('response_type'), asked.get('scope')]).toEqual(['S256', 'code', 'openid email']);
    expect(cookie).toMatch(/^beadle_sign_in=[\w.-]+; Max-Age=600; Path=\/auth; HttpOnly; SameSite=Lax$/);
    const visit = browser();
    const login = await visit(url);
    expect(login.page).toContain('&quot;admin&quot;@campus.example');
    const unknown = await visit(login.url, { email: '<nobody>@campus.example' });
    expect([unknown.status, unknown.page]).toEqual([404, expect.stringContaining('&lt;nobody&gt;')]);
    const done = await visit(login.url, { email: 'admin@campus.example' });
    const answer = await back(done.url, cookie);
    expect(answer.json()).toMatchObject({ person: { email: 'admin@campus.example', role: 'admin' }, expires_in: 900 });
    expect(String(answer.headers['set-cookie'])).toMatch(/^beadle_sign_in=; .*Expires=Thu, 01 Jan 1970/);
    // The code was for one use.
    expect((await back(done.url, cookie)).json().error.code).toBe('sign-in-declined');
  });

  test('whoever signs in next in the same browser may be somebody else', async () => {
    const visit = browser();
    for (const email of ['admin@campus.example', 'registrar@campus.example']) {
      const { url, cookie } = await begin();
      const login = await visit(url);
      const { url: done } = await visit(login.url, { email });
      expect((await back(done, cookie)).json().person.email).toBe(email);
    }
  });

  test('a code that another browser began with, or none, or too late, signs nobody in', async () => {
    const [mine, theirs] = [await begin(), await begin()];
    const visit = browser();
    const login = await visit(mine.url);
    const { url } = await visit(login.url, { email: 'admin@campus.example' });
    const withoutState = new URL(url);
    withoutState.searchParams.delete('state');
    for (const [at, cookie] of [[url, theirs.cookie], [url, ''], [url, 'beadle_sign_in=x.y'], [withoutState.href, mine.cookie]] as const) {
      const answer = await back(at, cookie);
      expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'sign-in-begun-elsewhere']);
    }
    now = () => DateTime.utc().plus({ minutes: 11 });
    expect((await back(url, mine.cookie)).json().error.code).toBe('sign-in-begun-elsewhere');
    now = () => DateTime.utc();
  });

  test('who breaks off at the provider is told to begin again', async () => {
    const { url, cookie } = await begin();
    const state = new URL(url).searchParams.get('state');
    const answer = await back(`http://127.0.0.1:8420/auth/callback?error=access_denied&state=${state}`, cookie);
    expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'sign-in-declined']);
    const wrong = await back(`http://127.0.0.1:8420/auth/callback?code=made-up&state=${state}`, cookie);
    expect([wrong.statusCode, wrong.json().error.code]).toEqual([400, 'sign-in-declined']);
  });

  test('a login page that nobody was sent to is over', async () => {
    const answer = await browser()('/login/nothing');
    expect([answer.status, answer.page]).toEqual([400, 'This sign-in is over. Please begin again.']);
  });
});
