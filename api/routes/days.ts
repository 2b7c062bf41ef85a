// What people have: who they are, their days, a student's dashboard, interviews and mailbox (I5, I14, I23).
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { dashboardAnswer, dayAnswer, dayParams, interviewsAnswer, seedDashboardAnswer } from '../../schemas/days.ts';
import { mailboxAnswer } from '../../schemas/mailboxes.ts';
import { personAnswer } from '../../schemas/person.ts';
import type { ServiceContext } from '../../services/context.ts';
import { withdrawConsent } from '../../services/consent.ts';
import { dashboardOf, dayOf } from '../../services/days.ts';
import { myInterviews } from '../../services/interviews.ts';
import { myMailbox } from '../../services/mailboxes.ts';
import { personOf } from '../authentication.ts';
import { done, errors, json, readErrors, signedIn, writeErrors } from '../open-api.ts';
import { seedDashboard } from '../seed-dashboard.ts';
import { snakeCased } from '../snake-case.ts';

export function dayRoutes(context: ServiceContext): FastifyPluginAsyncZod {
  return async (app) => {
    app.get('/api/me', {
      schema: {
        operationId: 'me', summary: 'Who is signed in', tags: ['people'], ...signedIn,
        response: { 200: json(personAnswer), ...errors(...readErrors) },
      },
    }, async (request) => snakeCased(personOf(request)));

    app.get('/api/today', {
      schema: {
        operationId: 'today', summary: 'Classes and interviews of today', tags: ['days'], ...signedIn,
        response: { 200: json(dayAnswer), ...errors(...readErrors) },
      },
    }, async (request) => snakeCased(await dayOf(context, personOf(request))));

    app.get('/api/days/:date', {
      schema: {
        operationId: 'day', summary: 'Classes and interviews of a day', tags: ['days'], ...signedIn, params: dayParams,
        response: { 200: json(dayAnswer), ...errors(400, ...readErrors) },
      },
    }, async (request) => snakeCased(await dayOf(context, personOf(request), request.params.date)));

    app.get('/api/student/dashboard', {
      schema: {
        operationId: 'dashboard', summary: 'Upcoming interviews, rescheduled classes and attendance of a student', tags: ['students'], ...signedIn,
        response: { 200: json(dashboardAnswer), ...errors(403, ...readErrors) },
      },
    }, async (request) => snakeCased(await dashboardOf(context, personOf(request))));

    app.get('/dashboard', {
      schema: {
        operationId: 'seedDashboard', summary: 'The dashboard in the shape of the first class scheduler', tags: ['students'], ...signedIn,
        response: { 200: json(seedDashboardAnswer), ...errors(403, ...readErrors) },
      },
    }, async (request) => {
      const person = personOf(request);
      return seedDashboard(await dashboardOf(context, person), person, context);
    });

    app.get('/api/student/interviews', {
      schema: {
        operationId: 'interviews', summary: "A student's interviews from today on", tags: ['students'], ...signedIn,
        response: { 200: json(interviewsAnswer), ...errors(403, ...readErrors) },
      },
    }, async (request) => ({ interviews: snakeCased(await myInterviews(context, personOf(request))) }));

    app.get('/api/student/mailbox', {
      schema: {
        operationId: 'mailbox', summary: "Whether a student's mailbox is read, and if not, why", tags: ['students'], ...signedIn,
        response: { 200: json(mailboxAnswer), ...errors(403, ...readErrors) },
      },
    }, async (request) => {
      const mailbox = await myMailbox(context, personOf(request));
      return snakeCased(mailbox ?? { status: 'none' as const, failureCode: null, retryAt: null, lastReadAt: null });
    });

    app.delete('/api/mailbox', {
      schema: {
        operationId: 'withdrawConsent', summary: "Stop reading a student's mail, and erase what came from it", tags: ['students'], ...signedIn,
        description: 'Interviews that the student added stay. Excuses and rescheduling that followed from the others are undone shortly after.',
        response: { 204: done, ...errors(403, ...writeErrors) },
      },
    }, async (request, reply) => {
      await withdrawConsent(context, personOf(request));
      return reply.code(204).send();
    });
  };
}
