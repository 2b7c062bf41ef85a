// A student's own interviews: added by hand, corrected, deleted, answered for (I11).
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { interviewAnswer } from '../../schemas/days.ts';
import { idempotentHeaders } from '../../schemas/doors.ts';
import {
  correctionBody, interviewParams, newInterviewBody, questionBody, questionsAnswer, reviewAnswer, reviewBody, settledAnswer,
} from '../../schemas/interviews.ts';
import type { ServiceContext } from '../../services/context.ts';
import { openQuestions, settleDoubt } from '../../services/doubts.ts';
import { addInterview, answerInterview, correctInterview, deleteInterview } from '../../services/reviewing.ts';
import { personOf } from '../authentication.ts';
import { idempotency } from '../idempotency.ts';
import { done, errors, json, readErrors, signedIn, writeErrors } from '../open-api.ts';
import { snakeCased } from '../snake-case.ts';

const dateOf = (text: string | null | undefined) => (text == null ? undefined : new Date(text));

export function interviewRoutes(context: ServiceContext): FastifyPluginAsyncZod {
  return async (app) => {
    app.post('/api/interviews', {
      ...idempotency(context),
      schema: {
        operationId: 'addInterview', summary: 'Add an interview that no mail told of', tags: ['students'], ...signedIn,
        description: 'Where the student has one of this company at this very time, that one is confirmed and given back.',
        headers: idempotentHeaders, body: newInterviewBody,
        response: { 201: json(interviewAnswer), ...errors(403, ...writeErrors) },
      },
    }, async (request, reply) => {
      const { company, starts_at: startsAt, ends_at: endsAt, role = null, round = null, mode = null, location = null, link = null } = request.body;
      const interview = await addInterview(context, personOf(request), {
        company, start: new Date(startsAt), end: dateOf(endsAt), role, round, mode, location, link,
      });
      return reply.code(201).send(snakeCased(interview));
    });

    app.patch('/api/interviews/:id', {
      schema: {
        operationId: 'correctInterview', summary: 'Correct an interview, and thereby confirm it', tags: ['students'], ...signedIn,
        params: interviewParams, body: correctionBody,
        response: { 200: json(interviewAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request) => {
      const { company, starts_at: startsAt, ends_at: endsAt } = request.body;
      return snakeCased(await correctInterview(context, personOf(request), request.params.id, {
        company, start: dateOf(startsAt), end: dateOf(endsAt),
      }));
    });

    app.delete('/api/interviews/:id', {
      schema: {
        operationId: 'deleteInterview', summary: 'Delete an interview; what followed from it is undone', tags: ['students'], ...signedIn,
        params: interviewParams,
        response: { 204: done, ...errors(403, 404, ...writeErrors) },
      },
    }, async (request, reply) => {
      await deleteInterview(context, personOf(request), request.params.id);
      return reply.code(204).send();
    });

    app.post('/api/interviews/:id/answer', {
      ...idempotency(context),
      schema: {
        operationId: 'answerInterview', summary: 'Say yes or no to what may be an interview', tags: ['students'], ...signedIn,
        params: interviewParams, headers: idempotentHeaders, body: reviewBody,
        response: { 200: json(reviewAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request) => {
      const { outcome, interview } = await answerInterview(context, personOf(request), request.params.id, request.body.answer);
      return { outcome: outcome === 'done' ? 'done' as const : 'settled' as const, interview: snakeCased(interview) };
    });

    app.get('/api/student/interview-questions', {
      schema: {
        operationId: 'interviewQuestions', summary: 'Mails of which the student has to say which interview they call off or move', tags: ['students'], ...signedIn,
        response: { 200: json(questionsAnswer), ...errors(403, ...readErrors) },
      },
    }, async (request) => ({ questions: snakeCased(await openQuestions(context, personOf(request))) }));

    app.post('/api/interview-questions/:id/answer', {
      ...idempotency(context),
      schema: {
        operationId: 'answerInterviewQuestion', summary: 'Say which interview a mail means, or none', tags: ['students'], ...signedIn,
        params: interviewParams, headers: idempotentHeaders, body: questionBody,
        response: { 200: json(settledAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request) => snakeCased(await settleDoubt(context, personOf(request), request.params.id, request.body.interview_id)));
  };
}
