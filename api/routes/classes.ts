// What faculty change about their classes: calling one off (I21), leave.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { cancelledAnswer, classParams, leaveAnswer, leaveBody } from '../../schemas/classes.ts';
import { archiveQuery } from '../../schemas/class-schedule.ts';
import { idempotentHeaders } from '../../schemas/doors.ts';
import { archiveClass, cancelClass } from '../../services/classes.ts';
import type { ServiceContext } from '../../services/context.ts';
import { takeLeave } from '../../services/faculty-leave.ts';
import { personOf } from '../authentication.ts';
import { idempotency } from '../idempotency.ts';
import { errors, json, signedIn, writeErrors } from '../open-api.ts';

export function classRoutes(context: ServiceContext): FastifyPluginAsyncZod {
  return async (app) => {
    app.delete('/api/faculty/schedule/delete/:id', {
      config: { permission: 'sessions.manage' },
      schema: {
        operationId: 'cancelClass', summary: 'Call a class off', tags: ['classes'], ...signedIn, params: classParams, querystring: archiveQuery,
        description: 'For who teaches it, the head of its department and admins. Everybody concerned is told. Asked again, nothing changes. One in which attendance '
          + 'was taken can only be archived: hidden from lists, its attendance stays.',
        response: { 200: json(cancelledAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request) => {
      const { id } = request.params;
      const isArchived = request.query.archive === 'true';
      await (isArchived ? archiveClass : cancelClass)(context, personOf(request), id);
      return { id, status: isArchived ? 'archived' as const : 'cancelled' as const };
    });

    app.post('/api/faculty/leave', {
      ...idempotency(context),
      config: { permission: 'classes.own' },
      schema: {
        operationId: 'takeLeave', summary: 'Say on which days a faculty member is away', tags: ['classes'], ...signedIn, headers: idempotentHeaders, body: leaveBody,
        description: 'No time on these days is offered for a class from then on, and what would wait for an answer is passed on to the head of department.',
        response: { 200: json(leaveAnswer), ...errors(403, ...writeErrors) },
      },
    }, async (request) => {
      await takeLeave(context, personOf(request), request.body);
      return request.body;
    });
  };
}
