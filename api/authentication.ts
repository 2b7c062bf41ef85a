// Who asks: the person behind the bearer token. What they may do is the services' business.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from '../schemas/errors.ts';
import type { Person, ServiceContext } from '../services/context.ts';
import { createPersonFinder } from '../services/links.ts';
import type { Permission } from '../services/permissions.ts';
import type { TokenService } from './tokens.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; null for nobody we know. Routes use `personOf`. */
    person: Person | null;
  }
  interface FastifyContextConfig {
    /** What the route's service asks of the role; tests hold every such route against the table. */
    permission?: Permission;
  }
}

/** Finds out who asks, before anything is counted or read; who is nobody is counted by address, and then sent away. */
export function identifyPeople(app: FastifyInstance, context: ServiceContext, tokens: TokenService): void {
  const find = createPersonFinder(context);
  app.decorateRequest('person', null);
  app.addHook('onRequest', async (request) => {
    const token = bearerToken(request);
    if (token === undefined) return;
    const userId = await tokens.verify(token).catch(() => null);
    request.person = userId === null ? null : await find(userId);
  });
}

/** Turns those away who are not signed in, before the body is read. */
export async function requirePerson(request: FastifyRequest): Promise<void> {
  personOf(request);
}

/** @throws Refusal not-signed-in */
export function personOf(request: FastifyRequest): Person {
  if (!request.person) throw new Refusal('not-signed-in');
  return request.person;
}

/** The challenge of a 401 (RFC 6750): says whether a token was there. */
export function challengeFor(request: FastifyRequest): string {
  return bearerToken(request) === undefined ? 'Bearer realm="beadle"' : 'Bearer realm="beadle", error="invalid_token"';
}

function bearerToken(request: FastifyRequest): string | undefined {
  return /^Bearer +([\w.~+/-]+=*) *$/i.exec(request.headers.authorization ?? '')?.[1];
}
