// A token endpoint (RFC 6749, section 6) on the loopback address: strict about what it is asked; rotates refresh tokens.
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface OAuthServer {
  tokenUrl: string;
  /** Grants that were asked for, whatever the answer. */
  asked: number;
  /** The refresh token that is valid now; undefined refuses all (invalid_grant). */
  refreshToken: string | undefined;
  /** Answers this status instead, while set. */
  failWith: number | undefined;
  expiresInSeconds: number;
  /** Whether each grant brings a new refresh token and ends the old one. */
  rotates: boolean;
  /** What each grant gives. */
  accessToken: string;
  close(): Promise<void>;
}

export const OAUTH_CLIENT = { clientId: 'beadle-at-campus', clientSecret: 'the client’s secret' };

export async function startOAuthServer(): Promise<OAuthServer> {
  const server = createServer((request, response) => {
    void answer(request).then(([status, body]) => {
      response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
      response.end(JSON.stringify(body));
    });
  });

  async function answer(request: IncomingMessage): Promise<[number, object]> {
    oauth.asked += 1;
    const form = new URLSearchParams(await text(request));
    if (oauth.failWith !== undefined) return [oauth.failWith, { error: 'temporarily_unavailable' }];
    if (request.method !== 'POST' || !request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return [400, { error: 'invalid_request' }];
    if (form.get('grant_type') !== 'refresh_token') return [400, { error: 'unsupported_grant_type' }];
    if (form.get('client_id') !== OAUTH_CLIENT.clientId || form.get('client_secret') !== OAUTH_CLIENT.clientSecret) return [401, { error: 'invalid_client' }];
    if (oauth.refreshToken === undefined || form.get('refresh_token') !== oauth.refreshToken) return [400, { error: 'invalid_grant' }];
    if (oauth.rotates) oauth.refreshToken = `${oauth.refreshToken}+`;
    return [200, {
      access_token: oauth.accessToken, token_type: 'Bearer', expires_in: oauth.expiresInSeconds, ...(oauth.rotates && { refresh_token: oauth.refreshToken }),
    }];
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const oauth: OAuthServer = {
    tokenUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`, asked: 0, refreshToken: 'refresh', failWith: undefined, expiresInSeconds: 3600,
    rotates: false, accessToken: 'access',
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return oauth;
}
