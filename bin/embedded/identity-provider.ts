// An OpenID provider for the demo and for tests, on the loopback address: whoever names a known address is signed in, without a password.
// Beadle signs in with it exactly as with Google.
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { exportJWK, generateKeyPair } from 'jose';
import Provider, { type Configuration, interactionPolicy } from 'oidc-provider';
import { identityStore } from './identity-store.ts';
import { loginPage } from './login-page.ts';
import { findFreePort, releasePort } from './port.ts';

export interface IdentityProviderOptions {
  /** Wanted port; the next free one if taken; without it any free one. */
  port?: number;
  /** Where Beadle is sent browsers back to. */
  redirectUri: string;
  /** The name of a person with this address, or null where there is none. */
  findPerson: (email: string) => Promise<{ email: string; name: string } | null>;
  /** Addresses that the login page suggests. */
  suggestions?: readonly string[];
}

export interface IdentityProvider {
  /** http://127.0.0.1:port */
  issuer: string;
  clientId: string;
  clientSecret: string;
  stop(): Promise<void>;
}

const CLIENT_ID = 'beadle';
const LOGIN = /^\/login\/[\w-]+$/;
const MOST_FORM_BYTES = 4_096;
const TEN_MINUTES_S = 600;

export async function startIdentityProvider({ port: wanted, redirectUri, findPerson, suggestions = [] }: IdentityProviderOptions): Promise<IdentityProvider> {
  const port = await findFreePort(wanted);
  const issuer = `http://127.0.0.1:${port}`;
  const clientSecret = randomBytes(32).toString('base64url');
  const provider = new Provider(issuer, await configuration({ clientSecret, redirectUri, findPerson }));

  const logIn = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    await provider.interactionDetails(request, response);
    const page = (status: number, unknown?: string): void => {
      response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(loginPage(suggestions, unknown));
    };
    if (request.method !== 'POST') return page(200);
    const email = new URLSearchParams(await formOf(request)).get('email')?.trim() ?? '';
    const person = await findPerson(email);
    if (!person) return page(404, email);
    await provider.interactionFinished(request, response, { login: { accountId: person.email, remember: false }, select_account: {} });
  };

  const oidc = provider.callback();
  const server = createServer((request, response) => {
    if (!LOGIN.test(request.url ?? '')) return void oidc(request, response);
    logIn(request, response).catch(() => {
      if (!response.headersSent) response.writeHead(400, { 'content-type': 'text/plain; charset=utf-8' });
      response.end('This sign-in is over. Please begin again.');
    });
  });
  await new Promise<void>((resolve, reject) => { server.once('error', reject).listen(port, '127.0.0.1', resolve); });
  return {
    issuer, clientId: CLIENT_ID, clientSecret,
    async stop() {
      const closed = new Promise((resolve) => { server.close(resolve); });
      server.closeAllConnections();
      await closed;
      releasePort(port);
    },
  };
}

async function configuration(
  { clientSecret, redirectUri, findPerson }: Pick<IdentityProviderOptions, 'redirectUri' | 'findPerson'> & { clientSecret: string },
): Promise<Configuration> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const policy = interactionPolicy.base();
  // Google asks which account is meant; so do we, each time.
  policy.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }), 0);
  return {
    adapter: identityStore(),
    clients: [{
      client_id: CLIENT_ID, client_secret: clientSecret, token_endpoint_auth_method: 'client_secret_post', redirect_uris: [redirectUri],
      response_types: ['code'], grant_types: ['authorization_code'],
    }],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: randomBytes(8).toString('hex') }] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
    interactions: { policy, url: (_ctx, interaction) => `/login/${interaction.uid}` },
    scopes: ['openid', 'email'],
    claims: { openid: ['sub', 'hd'], email: ['email', 'email_verified'], profile: ['name'] },
    // As Google does: the ID token says who it is, without another request.
    conformIdTokenClaims: false,
    ttl: { AccessToken: TEN_MINUTES_S, AuthorizationCode: 60, Grant: TEN_MINUTES_S, IdToken: TEN_MINUTES_S, Interaction: TEN_MINUTES_S, Session: TEN_MINUTES_S },
    async findAccount(_ctx, sub) {
      const person = await findPerson(sub);
      if (!person) return undefined;
      return {
        accountId: sub,
        claims: () => ({ sub, email: person.email, email_verified: true, name: person.name, hd: person.email.slice(person.email.lastIndexOf('@') + 1) }),
      };
    },
    // There is no session that a code could end with.
    expiresWithSession: () => false,
    // Nobody has to agree that Beadle learns the address.
    async loadExistingGrant(ctx) {
      const { client, session, provider } = ctx.oidc;
      if (!client || !session?.accountId) return undefined;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid email');
      await grant.save();
      return grant;
    },
  };
}

async function formOf(request: IncomingMessage): Promise<string> {
  if (Number(request.headers['content-length'] ?? Infinity) > MOST_FORM_BYTES) throw new Error('the form is too long');
  return text(request);
}
