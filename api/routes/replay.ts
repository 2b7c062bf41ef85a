// A session replayed: who was expected, and the receipt of each mark (A21).
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { replayAnswer, replayParams } from '../../schemas/replay.ts';
import type { ServiceContext } from '../../services/context.ts';
import { replayOf } from '../../services/replay.ts';
import { personOf } from '../authentication.ts';
import { errors, json, readErrors, signedIn } from '../open-api.ts';
import { snakeCased } from '../snake-case.ts';

export function replayRoutes(context: ServiceContext): FastifyPluginAsyncZod {
  return async (app) => {
    app.get('/api/attendance/session/:session_id/replay', {
      config: { permission: 'rosters.see' },
      schema: {
        operationId: 'sessionReplay', summary: 'Who was expected in a session, and how each mark came about', tags: ['attendance'], ...signedIn, params: replayParams,
        response: { 200: json(replayAnswer), ...errors(400, 403, 404, ...readErrors) },
      },
    }, async (request) => {
      const { students, ...replay } = await replayOf(context, personOf(request), request.params.session_id);
      return { ...snakeCased(replay), students: students.map(({ studentKey, ...student }) => ({ student_id: studentKey, ...snakeCased(student) })) };
    });
  };
}
