// The sender list, for admins and placement staff (I10).
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { senderAnswer, senderBody, senderParams, sendersAnswer } from '../../schemas/senders.ts';
import type { ServiceContext } from '../../services/context.ts';
import { listSenders, removeSender, setSender } from '../../services/senders.ts';
import { personOf } from '../authentication.ts';
import { done, errors, json, readErrors, signedIn, writeErrors } from '../open-api.ts';
import { snakeCased } from '../snake-case.ts';

export function senderRoutes(context: ServiceContext): FastifyPluginAsyncZod {
  return async (app) => {
    app.get('/api/mail-senders', {
      config: { permission: 'senders.manage' },
      schema: {
        operationId: 'senders', summary: 'Whose mails are trusted, and whose are not read', tags: ['mailboxes'], ...signedIn,
        response: { 200: json(sendersAnswer), ...errors(403, ...readErrors) },
      },
    }, async (request) => ({ senders: snakeCased(await listSenders(context, personOf(request))) }));

    app.put('/api/mail-senders', {
      config: { permission: 'senders.manage' },
      schema: {
        operationId: 'setSender', summary: 'Trust a sender, or have none of its mails read', tags: ['mailboxes'], ...signedIn, body: senderBody,
        response: { 200: json(senderAnswer), ...errors(403, ...writeErrors) },
      },
    }, async (request) => {
      const { pattern, verdict } = request.body;
      return snakeCased(await setSender(context, personOf(request), pattern, verdict));
    });

    app.delete('/api/mail-senders/:id', {
      config: { permission: 'senders.manage' },
      schema: {
        operationId: 'removeSender', summary: 'Take a sender off the list', tags: ['mailboxes'], ...signedIn, params: senderParams,
        response: { 204: done, ...errors(403, ...writeErrors) },
      },
    }, async (request, reply) => {
      await removeSender(context, personOf(request), request.params);
      return reply.code(204).send();
    });
  };
}
