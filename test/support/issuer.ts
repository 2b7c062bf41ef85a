// An OpenID issuer on the loopback address that signs whatever ID token a test asks for: discovery, keys that change, and outages.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import type { DateTime } from 'luxon';

interface Key {
  kid: string;
  privateKey: CryptoKey;
  jwk: JWK;
}

export class Issuer {
  readonly clientId = 'web.campus.example';
  /** How often the keys were asked for. */
  keysAsked = 0;
  /** While false, it answers 503. */
  isUp = true;
  issuer = '';
  #keys: Key[] = [];
  readonly #now: () => DateTime;
  readonly #server = createServer((request, response) => {
    const answer = (status: number, body: object): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (!this.isUp) return answer(503, {});
    if (request.url === '/keys') {
      this.keysAsked += 1;
      return answer(200, { keys: this.#keys.map(({ jwk }) => jwk) });
    }
    if (request.url === '/.well-known/openid-configuration') {
      const { issuer } = this;
      return answer(200, { issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/keys` });
    }
    answer(404, {});
  });

  constructor(now: () => DateTime) {
    this.#now = now;
  }

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.issuer = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    await this.rotate();
    return this;
  }

  get jwksUrl(): string {
    return `${this.issuer}/keys`;
  }

  /** Signs with a new key from now on; the old ones are gone. */
  async rotate(): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const kid = `key-${crypto.randomUUID()}`;
    this.#keys = [{ kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' } }];
  }

  /** An ID token that all is right with, but for these claims (undefined leaves one out). */
  async idToken(email: string, claims: JWTPayload = {}, key: Pick<Key, 'kid' | 'privateKey'> = this.#keys[0]!): Promise<string> {
    const at = this.#now().toUnixInteger();
    const all = {
      iss: this.issuer, aud: this.clientId, sub: `sub-${email}`, iat: at, exp: at + 3600, email, email_verified: true, hd: email.slice(email.lastIndexOf('@') + 1),
      ...claims,
    };
    return new SignJWT(Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)))
      .setProtectedHeader({ alg: 'ES256', kid: key.kid }).sign(key.privateKey);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
