// The device with which a student marks attendance: bound by the student, seen, reset by an admin (A3).
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { bindDeviceBody, deviceAnswer, deviceParams, deviceResetAnswer } from '../../schemas/devices.ts';
import { idempotentHeaders } from '../../schemas/doors.ts';
import type { ServiceContext } from '../../services/context.ts';
import { bindDevice, type Device, deviceOf, resetDevice } from '../../services/devices.ts';
import { personOf } from '../authentication.ts';
import { idempotency } from '../idempotency.ts';
import { errors, json, readErrors, signedIn, writeErrors } from '../open-api.ts';

const answerOf = (device: Device | null) => ({
  success: true as const, binding_id: device?.hash.toString('hex') ?? null, kind: device?.kind ?? null, bound_at: device?.boundAt.toISOString() ?? null,
});

export function deviceRoutes(context: ServiceContext): FastifyPluginAsyncZod {
  return async (app) => {
    app.get('/api/student/device-binding/:student_id', {
      config: { permission: 'devices.see' },
      schema: {
        operationId: 'device', summary: 'The device with which a student marks attendance', tags: ['students'], ...signedIn, params: deviceParams,
        response: { 200: json(deviceAnswer), ...errors(400, 403, 404, ...readErrors) },
      },
    }, async (request) => answerOf(await deviceOf(context, personOf(request), request.params.student_id)));

    app.post('/api/student/bind-device/:student_id', {
      ...idempotency(context),
      config: { permission: 'devices.bind' },
      schema: {
        operationId: 'bindDevice', summary: 'Bind the device with which a student marks attendance', tags: ['students'], ...signedIn, params: deviceParams,
        description: 'A student has one, and it is no other student’s. The same again changes nothing; another is refused until an admin has reset the binding.',
        headers: idempotentHeaders, body: bindDeviceBody,
        response: { 200: json(deviceAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request) => {
      const { body } = request;
      const given = 'binding_id' in body ? { bindingId: body.binding_id } : { publicKey: body.public_key, proof: body.proof };
      return answerOf(await bindDevice(context, personOf(request), request.params.student_id, given));
    });

    app.post('/api/admin/reset-device-binding/:student_id', {
      ...idempotency(context),
      config: { permission: 'devices.reset' },
      schema: {
        operationId: 'resetDevice', summary: 'Unbind a student’s device', tags: ['students'], ...signedIn, params: deviceParams, headers: idempotentHeaders,
        response: { 200: json(deviceResetAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request) => ({ success: true as const, was_bound: await resetDevice(context, personOf(request), request.params.student_id) }));
  };
}
