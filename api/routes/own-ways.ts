// A person's other ways to Beadle: the own calendar's address (D6) and a code that links a chat (D3).
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { feedAddressAnswer, idempotentHeaders, linkCodeAnswer } from '../../schemas/doors.ts';
import { feedAddress } from '../../services/calendars.ts';
import type { ServiceContext } from '../../services/context.ts';
import { makeLinkCode } from '../../services/links.ts';
import { personOf } from '../authentication.ts';
import { idempotency } from '../idempotency.ts';
import { errors, json, signedIn, writeErrors } from '../open-api.ts';
import type { RateLimits } from '../rate-limits.ts';
import { snakeCased } from '../snake-case.ts';

export function ownWayRoutes(context: ServiceContext, limits: RateLimits): FastifyPluginAsyncZod {
  return async (app) => {
    app.post('/api/calendar-feed', {
      ...idempotency(context),
      config: { rateLimit: { max: limits.feedAddress } },
      schema: {
        operationId: 'feedAddress', summary: 'The address of a calendar feed, made when there is none', tags: ['calendar'], ...signedIn,
        headers: idempotentHeaders, response: { 200: json(feedAddressAnswer), ...errors(...writeErrors) },
      },
    }, async (request) => feedAddress(context, personOf(request)));

    app.post('/api/calendar-feed/renew', {
      ...idempotency(context),
      config: { rateLimit: { max: limits.feedAddress } },
      schema: {
        operationId: 'renewFeedAddress', summary: 'A new address of a calendar feed; the old one ends', tags: ['calendar'], ...signedIn,
        headers: idempotentHeaders, response: { 200: json(feedAddressAnswer), ...errors(...writeErrors) },
      },
    }, async (request) => feedAddress(context, personOf(request), { renew: true }));

    app.post('/api/chat-links/code', {
      ...idempotency(context),
      config: { rateLimit: { max: limits.linkCode } },
      schema: {
        operationId: 'linkCode', summary: 'A one-time code that links a chat', tags: ['chats'], ...signedIn,
        headers: idempotentHeaders, response: { 200: json(linkCodeAnswer), ...errors(...writeErrors) },
      },
    }, async (request) => snakeCased(await makeLinkCode(context, personOf(request))));
  };
}
