// The faculty member's word on a class that interviews hit (I19).
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { decisionLines } from '../../locales/decisions.ts';
import { translator } from '../../locales/index.ts';
import { idempotentHeaders } from '../../schemas/doors.ts';
import { decisionAnswer, decisionBody, decisionParams, offersAnswer, roundParams } from '../../schemas/rescheduling.ts';
import type { Person, ServiceContext } from '../../services/context.ts';
import { decideAndWait, type DecisionState, decisionState, offersFor } from '../../services/deciding.ts';
import { personOf } from '../authentication.ts';
import { idempotency } from '../idempotency.ts';
import { errors, json, readErrors, signedIn, writeErrors } from '../open-api.ts';
import type { RateLimits } from '../rate-limits.ts';
import { snakeCased } from '../snake-case.ts';

export function rescheduleRoutes(context: ServiceContext, limits: RateLimits): FastifyPluginAsyncZod {
  return async (app) => {
    app.get('/api/reschedules/offers', {
      config: { permission: 'sessions.manage' },
      schema: {
        operationId: 'offers', summary: 'Classes that wait for a decision, with the times offered', tags: ['rescheduling'], ...signedIn,
        response: { 200: json(offersAnswer), ...errors(403, ...readErrors) },
      },
    }, async (request) => ({
      offers: (await offersFor(context, personOf(request))).map(({ round, session, options }) =>
        snakeCased({ roundId: round.id, remedy: round.remedy!, session, options })),
    }));

    app.post('/api/reschedules/:roundId/decision', {
      ...idempotency(context),
      config: { permission: 'sessions.manage', rateLimit: { max: limits.decision } },
      schema: {
        operationId: 'decide', summary: 'Accept an offered time, or decline', tags: ['rescheduling'], ...signedIn,
        description: 'Waits two seconds for the outcome, then says that the decision is noted and being processed.',
        params: roundParams, headers: idempotentHeaders, body: decisionBody,
        response: { 200: json(decisionAnswer), 202: json(decisionAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request, reply) => {
      const person = personOf(request);
      const { body } = request;
      const choice = body.choice === 'accept' ? { choice: body.choice, optionId: body.option_id } : body;
      const state = await decideAndWait(context, person, request.params.roundId, choice);
      return reply.code(state.outcome === 'pending' ? 202 : 200).send(inWords(state, person));
    });

    app.get('/api/decisions/:id', {
      config: { permission: 'sessions.manage' },
      schema: {
        operationId: 'decision', summary: 'What became of a decision', tags: ['rescheduling'], ...signedIn, params: decisionParams,
        response: { 200: json(decisionAnswer), ...errors(400, 403, 404, ...readErrors) },
      },
    }, async (request) => {
      const person = personOf(request);
      return inWords(await decisionState(context, person, request.params.id), person);
    });
  };
}

function inWords(state: DecisionState, person: Person) {
  return { ...snakeCased(state), message: decisionLines(translator(person.locale), state).join(' ') };
}
