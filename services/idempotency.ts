// A request that is asked twice under one key is done once (rule 3). Answers are kept sealed: some hold a code or an address.
import { createHash } from 'node:crypto';
import { freeAbandonedKey, freeIdempotencyKey, keepAnswer, takeIdempotencyKey } from '../db/repositories/doors.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Person, ServiceContext } from './context.ts';

/** Longer than any request takes: after that, whoever ran it is gone. */
const ABANDONED_AFTER_MS = 120_000;

export interface Answer {
  status: number;
  body: string;
}

/**
 * Takes a person's key for a request, or gives the answer that is kept under it.
 * @param request what the request asks for, as text: the same text is the same request
 * @throws Refusal idempotency-key-reused for another request, request-running while the first has no answer yet
 */
export async function takeKey(context: ServiceContext, actor: Person, key: string, request: string): Promise<Answer | null> {
  const { knex } = context.db;
  const now = context.now();
  const requestHash = createHash('sha256').update(request).digest();
  await freeAbandonedKey(knex, actor.userId, key, now.minus(ABANDONED_AFTER_MS).toJSDate());
  const kept = await takeIdempotencyKey(knex, { userId: actor.userId, key, requestHash }, now.toJSDate());
  if (!kept) return null;
  if (!kept.requestHash.equals(requestHash)) throw new Refusal('idempotency-key-reused');
  if (kept.status === null) throw new Refusal('request-running');
  const { keyId, value } = JSON.parse(kept.response!) as { keyId: string; value: string };
  return { status: kept.status, body: context.secrets.open({ keyId, value: Buffer.from(value, 'base64') }) };
}

/** Keeps the answer to a request whose key was taken; one that failed on our side frees the key, to be tried again. */
export async function settleKey(context: ServiceContext, actor: Person, key: string, answer: Answer): Promise<void> {
  if (answer.status >= 500) return freeIdempotencyKey(context.db.knex, actor.userId, key);
  const { keyId, value } = context.secrets.seal(answer.body);
  const response = JSON.stringify({ keyId, value: value.toString('base64') });
  await keepAnswer(context.db.knex, actor.userId, key, answer.status, response);
}
