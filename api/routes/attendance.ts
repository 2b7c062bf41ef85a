// Students and attendance: marking oneself with a code (A11, A12) and appeals.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { receiptText } from '../../locales/attendance.ts';
import { translator } from '../../locales/index.ts';
import { appealAnswer, appealBody, appealsAnswer, decideAppealBody, flagParams, markAnswer, markBody } from '../../schemas/attendance.ts';
import { idempotentHeaders } from '../../schemas/doors.ts';
import { addressBytes } from '../../services/addresses.ts';
import { type Appeal, appeal, appealsFor, decideAppeal } from '../../services/appeals.ts';
import type { ServiceContext } from '../../services/context.ts';
import { appDevice, keyDevice } from '../../services/device-claims.ts';
import { markWithCode } from '../../services/marking.ts';
import { personOf } from '../authentication.ts';
import { idempotency } from '../idempotency.ts';
import { errors, json, readErrors, signedIn, writeErrors } from '../open-api.ts';
import { snakeCased } from '../snake-case.ts';

export function attendanceRoutes(context: ServiceContext): FastifyPluginAsyncZod {
  return async (app) => {
    app.post('/api/student/mark-attendance', {
      config: { permission: 'attendance.mark' },
      schema: {
        operationId: 'markAttendance', summary: 'Mark oneself present with the code that is shown', tags: ['attendance'], ...signedIn, body: markBody,
        description: 'Asked again, the answer is 200 with the same mark. The first device that is used is the only one from then on.',
        response: { 200: json(markAnswer), 201: json(markAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request, reply) => {
      const person = personOf(request);
      const { code, session_id: sessionId, device_id: deviceId, device_proof: proof } = request.body;
      const device = proof === undefined ? deviceId === undefined ? undefined : appDevice(deviceId) : await keyDevice(context, proof, { code });
      const receipt = await markWithCode(context, person, { code, sessionId, device, door: 'rest', address: addressBytes(request.ip) ?? undefined });
      return reply.code(receipt.isNew ? 201 : 200).send({
        success: true, session_id: receipt.sessionId, student_id: person.studentNumber!, status: receipt.status, timestamp: receipt.receivedAt.toISOString(),
        message: receiptText(translator(person.locale), receipt),
      });
    });

    app.post('/api/attendance/appeals', {
      ...idempotency(context),
      config: { permission: 'attendance.appeal' },
      schema: {
        operationId: 'appeal', summary: 'Ask for another mark in a completed session', tags: ['attendance'], ...signedIn, headers: idempotentHeaders, body: appealBody,
        response: { 200: json(appealAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request) => {
      const { session_id: sessionId, wanted, reason } = request.body;
      return appealShown(await appeal(context, personOf(request), { sessionId, wanted, reason }));
    });

    app.get('/api/attendance/appeals', {
      schema: {
        operationId: 'appeals', summary: "A student's own appeals; for others those that wait for their word", tags: ['attendance'], ...signedIn,
        response: { 200: json(appealsAnswer), ...errors(403, ...readErrors) },
      },
    }, async (request) => ({ appeals: (await appealsFor(context, personOf(request))).map(appealShown) }));

    app.post('/api/attendance/appeals/:id/decision', {
      ...idempotency(context),
      config: { permission: 'attendance.take' },
      schema: {
        operationId: 'decideAppeal', summary: 'Grant an appeal, or reject it', tags: ['attendance'], ...signedIn, params: flagParams, headers: idempotentHeaders,
        body: decideAppealBody, response: { 200: json(appealAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request) => {
      const { choice, answer } = request.body;
      const decided = await decideAppeal(context, personOf(request), request.params.id, { choice: choice === 'grant' ? 'granted' : 'rejected', answer });
      return appealShown(decided);
    });
  };
}

function appealShown({ studentNumber, ...appeal }: Appeal) {
  return { ...snakeCased(appeal), student_id: studentNumber };
}
