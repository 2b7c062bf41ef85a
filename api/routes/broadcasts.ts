// Telling many the same, and how far it got (A23).
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { translator } from '../../locales/index.ts';
import { broadcastAnswer, broadcastBody, broadcastsAnswer, sectionNoticeBody } from '../../schemas/broadcasts.ts';
import { idempotentHeaders } from '../../schemas/doors.ts';
import { broadcast, broadcastHistory, type BroadcastStatus, notifySection } from '../../services/broadcasts.ts';
import type { Person, ServiceContext } from '../../services/context.ts';
import { personOf } from '../authentication.ts';
import { idempotency } from '../idempotency.ts';
import { errors, json, readErrors, signedIn, writeErrors } from '../open-api.ts';

const detailsOf = (sent: BroadcastStatus) => ({
  total_students: sent.recipients, registered_devices: sent.devices, successful: sent.reached, failed: sent.missed,
});
const answerOf = (person: Person, sent: BroadcastStatus) => ({
  success: true as const, id: sent.id, status: sent.status, details: detailsOf(sent),
  message: translator(person.locale)('broadcasts.noted', { count: sent.recipients }),
});
const historyOf = (all: BroadcastStatus[]) => ({
  success: true as const,
  notifications: all.map((sent) => ({
    id: sent.id, title: sent.title, message: sent.message, recipient_count: sent.recipients, sent_at: sent.sentAt.toISOString(), status: sent.status, details: detailsOf(sent),
  })),
});

export function broadcastRoutes(context: ServiceContext): FastifyPluginAsyncZod {
  return async (app) => {
    app.post('/api/cr/send-notification', {
      ...idempotency(context),
      config: { permission: 'section.notify' },
      schema: {
        operationId: 'notifySection', summary: 'Tell the own class something', tags: ['notices'], ...signedIn,
        description: 'For class representatives; a few times an hour.', headers: idempotentHeaders, body: sectionNoticeBody,
        response: { 202: json(broadcastAnswer), ...errors(403, ...writeErrors) },
      },
    }, async (request, reply) => {
      const person = personOf(request);
      return reply.code(202).send(answerOf(person, await notifySection(context, person, request.body)));
    });

    app.get('/api/cr/notification-history', {
      config: { permission: 'section.notify' },
      schema: {
        operationId: 'sectionNotices', summary: 'What a class representative told the class', tags: ['notices'], ...signedIn,
        response: { 200: json(broadcastsAnswer), ...errors(403, ...readErrors) },
      },
    }, async (request) => historyOf(await broadcastHistory(context, personOf(request), 'section.notify')));

    app.post('/api/broadcasts', {
      ...idempotency(context),
      config: { permission: 'broadcasts.send' },
      schema: {
        operationId: 'broadcast', summary: 'Tell the students of classes, departments or all', tags: ['notices'], ...signedIn,
        description: 'A class representative the own class, faculty the classes that they teach, a head the own department, the office everybody.',
        headers: idempotentHeaders, body: broadcastBody,
        response: { 202: json(broadcastAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request, reply) => {
      const person = personOf(request);
      const { title, message, to } = request.body;
      return reply.code(202).send(answerOf(person, await broadcast(context, person, { title, message, to: 'all' in to ? 'all' : to })));
    });

    app.get('/api/notifications/history', {
      config: { permission: 'broadcasts.send' },
      schema: {
        operationId: 'broadcasts', summary: 'What the asking person broadcast, and how far it got', tags: ['notices'], ...signedIn,
        response: { 200: json(broadcastsAnswer), ...errors(403, ...readErrors) },
      },
    }, async (request) => historyOf(await broadcastHistory(context, personOf(request), 'broadcasts.send')));
  };
}
