// What moving a class would do, before anybody decides (I22).
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { DateTime } from 'luxon';
import { whatIfAnswer, whatIfParams, whatIfQuery } from '../../schemas/what-if.ts';
import type { ServiceContext } from '../../services/context.ts';
import { whatIf } from '../../services/what-if.ts';
import { personOf } from '../authentication.ts';
import { errors, json, readErrors, signedIn } from '../open-api.ts';
import type { RateLimits } from '../rate-limits.ts';
import { snakeCased } from '../snake-case.ts';

export function whatIfRoutes(context: ServiceContext, limits: RateLimits): FastifyPluginAsyncZod {
  return async (app) => {
    app.get('/api/sessions/:sessionId/what-if', {
      config: { permission: 'sessions.manage', rateLimit: { max: limits.whatIf } },
      schema: {
        operationId: 'whatIf', summary: 'What moving a class would do: who is hit, rooms, loads, calendars', tags: ['rescheduling'], ...signedIn,
        description: 'For who teaches the class, the head of its department and admins. It changes nothing.',
        params: whatIfParams, querystring: whatIfQuery,
        response: { 200: json(whatIfAnswer), ...errors(400, 403, 404, 409, ...readErrors) },
      },
    }, async (request) => {
      const { start, room } = request.query;
      return snakeCased(await whatIf(context, personOf(request), request.params.sessionId, { startsAt: DateTime.fromISO(start, { zone: 'utc' }), room }));
    });
  };
}
