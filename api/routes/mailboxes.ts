// For those who look after the mailboxes: which fail and why (I5), what reading them costs (I8), and a sweep at once (I6).
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { idempotentHeaders } from '../../schemas/doors.ts';
import { loggedCause, Refusal } from '../../schemas/errors.ts';
import { mailboxFailuresAnswer, mailCostsAnswer, mailCostsQuery, sweepAnswer } from '../../schemas/mailboxes.ts';
import type { ServiceContext } from '../../services/context.ts';
import { mailCosts } from '../../services/mail-costs.ts';
import { mailboxFailures, mayStartSweep } from '../../services/mailboxes.ts';
import { personOf } from '../authentication.ts';
import { idempotency } from '../idempotency.ts';
import { errors, json, readErrors, signedIn, writeErrors } from '../open-api.ts';
import type { RateLimits } from '../rate-limits.ts';
import { snakeCased } from '../snake-case.ts';

export interface Sweeping {
  /** Starts a sweep, or joins the one that runs. */
  sweep: () => Promise<void>;
  /** Where its process can be watched. */
  uiUrl?: string | undefined;
}

export function mailboxRoutes(context: ServiceContext, limits: RateLimits, { sweep, uiUrl }: Sweeping): FastifyPluginAsyncZod {
  return async (app) => {
    app.get('/api/mailboxes/failures', {
      config: { permission: 'mailboxes.see' },
      schema: {
        operationId: 'mailboxFailures', summary: 'Mailboxes that fail, and why', tags: ['mailboxes'], ...signedIn,
        response: { 200: json(mailboxFailuresAnswer), ...errors(403, ...readErrors) },
      },
    }, async (request) => ({ mailboxes: snakeCased(await mailboxFailures(context, personOf(request))) }));

    app.get('/api/mailboxes/costs', {
      config: { permission: 'mailboxes.see' },
      schema: {
        operationId: 'mailCosts', summary: 'What finding interviews took: mails, model questions, tokens', tags: ['mailboxes'], ...signedIn,
        querystring: mailCostsQuery,
        response: { 200: json(mailCostsAnswer), ...errors(400, 403, ...readErrors) },
      },
    }, async (request) => snakeCased(await mailCosts(context, personOf(request), request.query.days)));

    app.post('/api/sweeps', {
      ...idempotency(context),
      config: { permission: 'sweep.start', rateLimit: { max: limits.sweep } },
      schema: {
        operationId: 'startSweep', summary: 'Read the mailboxes now', tags: ['mailboxes'], ...signedIn, headers: idempotentHeaders,
        response: { 202: json(sweepAnswer), ...errors(403, ...writeErrors) },
      },
    }, async (request, reply) => {
      mayStartSweep(personOf(request));
      await sweep().catch((error: unknown) => {
        request.log.error({ cause: loggedCause(error) }, 'sweep not started');
        throw new Refusal('process-unreachable');
      });
      return reply.code(202).send({ status: 'started' as const, ui_url: uiUrl ?? null });
    });
  };
}
