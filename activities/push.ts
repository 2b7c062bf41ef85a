// Sends notices as push messages, by Firebase Cloud Messaging (A22): one multicast for all who are told the same in the same words.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Agent } from 'node:https';
import { type Credential, deleteApp, initializeApp } from 'firebase-admin/app';
import { getMessaging, type BatchResponse, type MulticastMessage } from 'firebase-admin/messaging';
import { JWT } from 'google-auth-library';
import { z } from 'zod';
import { pushPart } from '../locales/push.ts';
import { DEAD_DEVICE, type LeasedDelivery, type SendResult } from '../services/deliveries.ts';
import type { BatchSender } from './delivering.ts';

/** What one multicast takes. */
const BATCH_SIZE = 500;
/** The library itself tries a 503 again for a while; the batch's lease must not end meanwhile. */
const MOST_MS = 90_000;
const LONGEST_PAUSE_MS = 3_600_000;
const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';
/** As the first app named it: its settings on people's phones stay. */
const ANDROID_CHANNEL = 'class_updates';

export interface PushSenderOptions {
  /** A service account's key: the path of its file, or its JSON. */
  serviceAccount: string;
  /** IANA; readers elsewhere are told the zone of each time. */
  campusTimeZone: string;
  /** How Google is reached; over HTTP/1.1 then. */
  httpAgent?: Agent;
}

/**
 * A sender for the channel `push`; addresses are registration tokens. When Google says to slow down, nothing is sent until then.
 * @throws Error when the service account can't be read
 */
export function createPushSender({ serviceAccount, campusTimeZone, httpAgent }: PushSenderOptions): BatchSender & { close(): Promise<void> } {
  const account = accountOf(serviceAccount);
  const app = initializeApp({
    projectId: account.project_id, credential: credentialOf(account, httpAgent), ...(httpAgent && { httpAgent }),
  }, `beadle-${randomUUID()}`);
  const messaging = getMessaging(app);
  if (httpAgent) messaging.enableLegacyHttpTransport();
  let pausedUntil = 0;

  const multicast = async (message: MulticastMessage): Promise<SendResult[]> => {
    const pause = pausedUntil - performance.now();
    if (pause > 0) return message.tokens.map(() => ({ kind: 'later', errorCode: 'push-throttled', afterMs: Math.ceil(pause) }));
    const results = (await within(MOST_MS, messaging.sendEachForMulticast(message))).responses.map(resultOf);
    for (const result of results) {
      if (result.kind === 'later' && result.afterMs !== undefined) pausedUntil = Math.max(pausedUntil, performance.now() + result.afterMs);
    }
    return results;
  };

  return {
    batchSize: BATCH_SIZE,
    async send(deliveries) {
      const parts = deliveries.map((delivery) => {
        const { title, body } = pushPart(delivery.kind, delivery.params, { ...delivery, campusTimeZone });
        return { delivery, content: JSON.stringify([title, body, delivery.kind]), title, body };
      });
      const results = new Map<LeasedDelivery, SendResult>();
      for (const same of Map.groupBy(parts, ({ content }) => content).values()) {
        const { title, body, delivery: { kind } } = same[0]!;
        const sent = await multicast({
          tokens: same.map(({ delivery }) => delivery.address),
          notification: { title, body },
          data: { kind },
          android: { priority: 'high', notification: { channelId: ANDROID_CHANNEL } },
        });
        same.forEach(({ delivery }, index) => results.set(delivery, sent[index]!));
      }
      return deliveries.map((delivery) => results.get(delivery)!);
    },
    close: () => deleteApp(app),
  };
}

const accountKey = z.object({ project_id: z.string().min(1), client_email: z.string().min(1), private_key: z.string().min(1) });
type AccountKey = z.output<typeof accountKey>;

/** @throws Error that says what of the key is missing */
function accountOf(given: string): AccountKey {
  const text = given.trimStart().startsWith('{') ? given : readFileSync(given, 'utf8');
  const read = accountKey.safeParse(jsonOf(text));
  if (!read.success) throw new Error(`FIREBASE_SERVICE_ACCOUNT is no service account's key: ${read.error.issues.map(({ path }) => path.join('.')).join(', ') || 'it'} is wrong`);
  return read.data;
}

/** Null for what is no JSON: the parser's own words would quote the key. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** firebase-admin's own for a key in memory goes past the agent. */
function credentialOf({ client_email: email, private_key: key }: AccountKey, agent: Agent | undefined): Credential {
  const client = new JWT({ email, key, scopes: [SCOPE], ...(agent && { transporterOptions: { agent } }) });
  return {
    async getAccessToken() {
      const { access_token: accessToken, expiry_date: expiry } = await client.authorize();
      return { access_token: accessToken ?? '', expires_in: Math.floor(((expiry ?? 0) - Date.now()) / 1000) };
    },
  };
}

/** @throws Error when the work takes longer: its deliveries are then of unknown fate */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('Google did not answer in time')), milliseconds);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

const DEAD = new Set(['messaging/registration-token-not-registered', 'messaging/invalid-registration-token', 'messaging/mismatched-credential']);
/** The message is at fault, the same for every token. */
const REFUSED = new Set(['messaging/invalid-payload', 'messaging/payload-size-limit-exceeded']);

function resultOf({ success, error }: BatchResponse['responses'][number]): SendResult {
  if (success || !error) return { kind: 'sent' };
  const { code, message, httpResponse } = error;
  // FCM calls an unusable token an invalid argument, and says so only in words.
  if (DEAD.has(code) || (code === 'messaging/invalid-argument' && /registration token/i.test(message))) return { kind: 'never', errorCode: DEAD_DEVICE };
  if (code === 'messaging/invalid-argument' || REFUSED.has(code)) return { kind: 'never', errorCode: 'push-refused' };
  const afterMs = retryAfter(httpResponse?.headers?.['retry-after']);
  if (httpResponse?.status === 429 || afterMs !== undefined) return { kind: 'later', errorCode: 'push-throttled', ...(afterMs !== undefined && { afterMs }) };
  if (/auth|credential/.test(code)) return { kind: 'later', errorCode: 'push-account-refused' };
  return { kind: 'later', errorCode: 'push-unavailable' };
}

/** Seconds or a date (RFC 9110, 10.2.3), in milliseconds. */
function retryAfter(header: unknown): number | undefined {
  if (typeof header !== 'string') return undefined;
  const milliseconds = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(milliseconds) ? Math.min(Math.max(milliseconds, 0), LONGEST_PAUSE_MS) : undefined;
}
