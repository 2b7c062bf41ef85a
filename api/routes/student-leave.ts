// Leave of students: asking for it, deciding, withdrawing (A20).
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { campusDay } from '../../locales/dates.ts';
import { idempotentHeaders } from '../../schemas/doors.ts';
import { leaveDecisionBody, studentLeaveAnswer, studentLeaveBody, studentLeaveParams, studentLeavesAnswer } from '../../schemas/student-leave.ts';
import type { ServiceContext } from '../../services/context.ts';
import { askForLeave, decideLeave, leavesFor, type StudentLeave, withdrawLeave } from '../../services/student-leave.ts';
import { personOf } from '../authentication.ts';
import { idempotency } from '../idempotency.ts';
import { done, errors, json, readErrors, signedIn, writeErrors } from '../open-api.ts';

export function studentLeaveRoutes(context: ServiceContext): FastifyPluginAsyncZod {
  const answer = (leave: StudentLeave) => leaveAnswer(leave, context.campus.timeZone);
  return async (app) => {
    app.post('/api/leave', {
      ...idempotency(context),
      config: { permission: 'leave.ask' },
      schema: {
        operationId: 'askForLeave', summary: 'Ask for leave, from today on', tags: ['leave'], ...signedIn, headers: idempotentHeaders, body: studentLeaveBody,
        description: 'For students. Asked for again while it is open or granted, it is the same leave.',
        response: { 200: json(studentLeaveAnswer), ...errors(403, ...writeErrors) },
      },
    }, async (request) => {
      const { kind, reason, from, to, starts_at: startsAt, ends_at: endsAt } = request.body;
      const time = from === undefined ? { startsAt: startsAt!, endsAt: endsAt! } : { from, to: to! };
      return answer(await askForLeave(context, personOf(request), { kind, reason, time }));
    });

    app.get('/api/leave', {
      schema: {
        operationId: 'leave', summary: "A student's own leave, or what waits for the asking person's decision", tags: ['leave'], ...signedIn,
        response: { 200: json(studentLeavesAnswer), ...errors(403, ...readErrors) },
      },
    }, async (request) => ({ leave: (await leavesFor(context, personOf(request))).map(answer) }));

    app.post('/api/leave/:id/decision', {
      ...idempotency(context),
      config: { permission: 'leave.decide' },
      schema: {
        operationId: 'decideLeave', summary: 'Grant or reject leave', tags: ['leave'], ...signedIn, headers: idempotentHeaders, params: studentLeaveParams,
        body: leaveDecisionBody,
        description: 'For the head of the department, admins, and who alone teaches all the classes that it covers. Classes that it covers are excused or on duty, '
          + 'where the student has no other mark.',
        response: { 200: json(studentLeaveAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request) => {
      const { choice, answer: said = null } = request.body;
      return answer(await decideLeave(context, personOf(request), request.params.id, { choice, answer: said }));
    });

    app.delete('/api/leave/:id', {
      config: { permission: 'leave.ask' },
      schema: {
        operationId: 'withdrawLeave', summary: 'Withdraw own leave', tags: ['leave'], ...signedIn, params: studentLeaveParams,
        description: 'While it is open; a granted one until it begins.', response: { 204: done, ...errors(403, 404, ...writeErrors) },
      },
    }, async (request, reply) => {
      await withdrawLeave(context, personOf(request), request.params.id);
      return reply.code(204).send();
    });
  };
}

function leaveAnswer(leave: StudentLeave, timeZone: string) {
  const { id, kind, reason, status, answer } = leave;
  return {
    id, student_id: leave.studentKey, student_name: leave.name, section: leave.section, kind, reason, status, answer,
    starts_at: leave.startsAt.toISOString(), ends_at: leave.endsAt.toISOString(),
    from: leave.wholeDays ? campusDay(leave.startsAt, timeZone) : null, to: leave.wholeDays ? campusDay(new Date(leave.endsAt.getTime() - 1), timeZone) : null,
    created_at: leave.createdAt.toISOString(), decided_at: leave.decidedAt?.toISOString() ?? null,
  };
}
