// Idempotency-Key on POST (rule 3): the same request again gets the first answer again, marked as such.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServiceContext } from '../services/context.ts';
import { settleKey, takeKey } from '../services/idempotency.ts';
import { personOf } from './authentication.ts';
import { loggedCause } from '../schemas/errors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The key under which this request's answer is to be kept. */
    idempotencyKey: string | null;
  }
}

/** The hooks of routes that take an Idempotency-Key. The body has been validated, so its fields have one order. */
export function idempotency(context: ServiceContext) {
  return {
    preHandler: async (request: FastifyRequest, reply: FastifyReply) => {
      const key = request.headers['idempotency-key'];
      if (typeof key !== 'string') return undefined;
      const kept = await takeKey(context, personOf(request), key, JSON.stringify([request.method, request.url, request.body ?? null]));
      if (!kept) {
        request.idempotencyKey = key;
        return undefined;
      }
      return reply
        .code(kept.status)
        .header('idempotency-replayed', 'true')
        .type('application/json; charset=utf-8')
        .send(kept.body);
    },
    onSend: async (request: FastifyRequest, reply: FastifyReply, body: unknown) => {
      if (request.idempotencyKey === null) return body;
      const answer = { status: reply.statusCode, body: typeof body === 'string' ? body : '' };
      // The deed is done; without its answer kept, asking again says "running" for a while, and then does it again.
      await settleKey(context, personOf(request), request.idempotencyKey, answer)
        .catch((error: unknown) => request.log.error({ cause: loggedCause(error) }, 'answer not kept'));
      return body;
    },
  };
}
