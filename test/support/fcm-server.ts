// Google on the loopback address, as far as push messages need it: the token endpoint of a service account and FCM's HTTP v1, strict about
// what they are sent. Whatever host is asked for, the agent leads here.
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { exportPKCS8, generateKeyPair, jwtVerify } from 'jose';
import { z } from 'zod';
import { selfSignedCertificate } from '../../bin/embedded/self-signed.ts';

const PROJECT = 'campus-example';
const MOST_BYTES = 4096;
const HOSTS = { token: /^(?:oauth2|www)\.googleapis\.com$/, messages: 'fcm.googleapis.com' };

/** https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages, as far as we use it; nothing else is known. */
const sendBody = z.strictObject({
  message: z.strictObject({
    token: z.string().min(1),
    notification: z.strictObject({ title: z.string().min(1), body: z.string() }),
    data: z.record(z.string().regex(/^(?!from$|google|gcm)/), z.string()),
    android: z.strictObject({ priority: z.enum(['high', 'normal']), notification: z.strictObject({ channel_id: z.string() }) }),
  }),
});
export type SentMessage = z.output<typeof sendBody>['message'];

type Failure = { status: number; error: string; text?: string; retryAfter?: string };

export class FcmServer {
  readonly sent: SentMessage[] = [];
  /** Every request to send, also those that were refused. */
  asked = 0;
  tokensGiven = 0;
  /** What was wrong with requests, in words: nothing should be. */
  readonly faults: string[] = [];
  serviceAccount = '';
  agent!: Agent;
  readonly #failures = new Map<string, Failure[]>();
  #server!: Server;
  #accessToken = '';
  #publicKey!: Awaited<ReturnType<typeof generateKeyPair>>['publicKey'];

  async start(): Promise<this> {
    const folder = mkdtempSync(join(tmpdir(), 'beadle-fcm-'));
    const { certificateFile, keyFile, pem } = await selfSignedCertificate(folder);
    this.#server = createServer({ cert: readFileSync(certificateFile), key: readFileSync(keyFile) }, (request, response) => {
      void this.#answer(request).then(({ status, body, headers }) => {
        response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8', ...headers }).end(JSON.stringify(body));
      });
    });
    rmSync(folder, { recursive: true });
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const { port } = this.#server.address() as AddressInfo;
    this.agent = new Agent({ keepAlive: true, maxSockets: 20 });
    this.agent.createConnection = () => connect({ host: '127.0.0.1', port, servername: 'localhost', ca: pem });
    const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
    this.#publicKey = publicKey;
    this.serviceAccount = JSON.stringify({
      type: 'service_account', project_id: PROJECT, private_key_id: 'k1', private_key: await exportPKCS8(privateKey),
      client_email: `beadle@${PROJECT}.iam.gserviceaccount.com`, client_id: '1', token_uri: 'https://oauth2.googleapis.com/token',
    });
    return this;
  }

  /** The next sends to a token (or to any, '*') fail so. */
  fail(token: string, ...failures: Failure[]): void {
    this.#failures.set(token, [...(this.#failures.get(token) ?? []), ...failures]);
  }

  async stop(): Promise<void> {
    this.agent.destroy();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: object; headers?: Record<string, string> }> {
    const { host = '' } = request.headers;
    const body = await text(request);
    if (request.method === 'POST' && HOSTS.token.test(host)) return this.#grant(body);
    if (request.method !== 'POST' || host !== HOSTS.messages || request.url !== `/v1/projects/${PROJECT}/messages:send`) {
      return this.#refuse(404, 'NOT_FOUND', `nothing is at ${request.method} ${host}${request.url}`);
    }
    this.asked += 1;
    if (request.headers.authorization !== `Bearer ${this.#accessToken}`) return this.#refuse(401, 'UNAUTHENTICATED', 'the access token is none of ours');
    const read = sendBody.safeParse(JSON.parse(body));
    if (!read.success) return this.#refuse(400, 'INVALID_ARGUMENT', z.prettifyError(read.error));
    const { message } = read.data;
    if (Buffer.byteLength(JSON.stringify([message.notification, message.data])) > MOST_BYTES) return this.#refuse(400, 'INVALID_ARGUMENT', 'the message is too big');
    const failure = this.#failures.get(message.token)?.shift() ?? this.#failures.get('*')?.shift();
    if (failure) return answerOf(failure);
    this.sent.push(message);
    return { status: 200, body: { name: `projects/${PROJECT}/messages/${this.sent.length}` } };
  }

  /** RFC 7523: a JWT signed with the account's key is exchanged for an access token. */
  async #grant(body: string): Promise<{ status: number; body: object }> {
    const form = new URLSearchParams(body);
    if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') return this.#refuse(400, 'unsupported_grant_type', 'another grant was asked for');
    try {
      const { payload } = await jwtVerify<{ scope: string }>(form.get('assertion') ?? '', this.#publicKey, { algorithms: ['RS256'], issuer: `beadle@${PROJECT}.iam.gserviceaccount.com` });
      if (!/firebase\.messaging|cloud-platform/.test(payload.scope)) return this.#refuse(400, 'invalid_scope', 'the scope is too small');
    } catch {
      return this.#refuse(400, 'invalid_grant', 'the assertion is not the account’s');
    }
    this.tokensGiven += 1;
    this.#accessToken = `ya29.${this.tokensGiven}`;
    return { status: 200, body: { access_token: this.#accessToken, token_type: 'Bearer', expires_in: 3599 } };
  }

  #refuse(status: number, error: string, fault: string): { status: number; body: object } {
    this.faults.push(fault);
    return answerOf({ status, error, text: fault });
  }
}

/** As FCM puts it: a status of google.rpc, and FCM's own code in the details. */
function answerOf({ status, error, text: message = error, retryAfter }: Failure): { status: number; body: object; headers?: Record<string, string> } {
  return {
    status,
    body: { error: { code: status, message, status: error, details: [{ '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode: error }] } },
    ...(retryAfter !== undefined && { headers: { 'retry-after': retryAfter } }),
  };
}
