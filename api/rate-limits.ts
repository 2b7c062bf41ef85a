// How often whom: requests a minute by role, and less for routes that cost more (D13).
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Role } from '../services/context.ts';
import { DoorError } from './errors.ts';

/** Requests a minute: of a person by role, of an address where nobody is signed in, and of each on single routes. */
export interface RateLimits {
  roles: Record<Role, number>;
  anonymous: number;
  /** A calendar server fetches the feeds of many people from one address. */
  feed: number;
  decision: number;
  linkCode: number;
  feedAddress: number;
  sweep: number;
  whatIf: number;
  signIn: number;
}

export const defaultRateLimits: RateLimits = {
  roles: { student: 120, cr: 120, faculty: 240, hod: 240, registrar: 600, admin: 600, system: 600 },
  anonymous: 120, feed: 600, decision: 60, linkCode: 10, feedAddress: 20, sweep: 6, whatIf: 60, signIn: 6_000,
};

/** Most addresses and people that are counted at once; the ones not seen for longest are forgotten first. */
const COUNTED = 20_000;

/** Counts every route's requests; a route with `config.rateLimit` is counted by itself. Unknown routes are counted too. */
export async function limitRates(app: FastifyInstance, limits: RateLimits): Promise<void> {
  await app.register(rateLimit, {
    global: true,
    timeWindow: 60_000,
    cache: COUNTED,
    keyGenerator: (request) => (request.person ? `user ${request.person.userId}` : `address ${request.ip}`),
    max: (request: FastifyRequest) => (request.person ? limits.roles[request.person.role] : limits.anonymous),
    // The plugin sets Retry-After itself.
    errorResponseBuilder: () => new DoorError('too-many-requests'),
  });
}
