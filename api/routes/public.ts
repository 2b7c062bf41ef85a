// What needs no token: whether Beadle is up, its description, and calendar feeds, whose address is the secret (D6, D8).
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { feedAnswer, feedParams, healthAnswer } from '../../schemas/doors.ts';
import { feedByToken } from '../../services/calendars.ts';
import type { ServiceContext } from '../../services/context.ts';
import { databaseAnswers } from '../../services/health.ts';
import { isUnchanged, takesGzip } from '../conditional.ts';
import { DoorError } from '../errors.ts';
import { errors, json, unchanged } from '../open-api.ts';
import type { RateLimits } from '../rate-limits.ts';

const zipped = promisify(gzip);

export function publicRoutes(context: ServiceContext, limits: RateLimits): FastifyPluginAsyncZod {
  return async (app) => {
    app.get('/health', {
      config: { rateLimit: { max: limits.anonymous } },
      schema: { operationId: 'health', summary: 'Whether Beadle is up', tags: ['operation'], response: { 200: json(healthAnswer), ...errors(503) } },
    }, async () => {
      if (!(await databaseAnswers(context))) throw new DoorError('database-unreachable');
      return { status: 'ok' as const, uptime_seconds: Math.floor(process.uptime()) };
    });

    app.get('/openapi.json', {
      schema: {
        operationId: 'openApi', summary: 'This description', tags: ['operation'],
        response: { 200: json(z.record(z.string(), z.unknown()).describe('OpenAPI 3.1')), ...errors() },
      },
    }, async () => ({ ...app.swagger() }));

    app.get('/feeds/:token.ics', {
      config: { rateLimit: { max: limits.feed, keyGenerator: (request) => `address ${request.ip}` } },
      schema: {
        operationId: 'feed', summary: "A person's calendar, to be subscribed to", tags: ['calendar'], params: feedParams,
        response: {
          200: { description: 'The calendar.', content: { 'text/calendar': { schema: feedAnswer } } }, 304: unchanged, ...errors(400, 404, 503),
        },
      },
    }, async (request, reply) => {
      const feed = await feedByToken(context, request.params.token);
      void reply.header('cache-control', 'private, no-cache').header('vary', 'accept-encoding');
      if (isUnchanged(request, reply, feed)) return reply.code(304).send();
      void reply.type('text/calendar; charset=utf-8');
      if (!takesGzip(request)) return reply.send(feed);
      return reply.header('content-encoding', 'gzip').send(await zipped(feed));
    });
  };
}
