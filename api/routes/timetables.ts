// Timetables: making one, watching it, publishing it, and seeing what is in force (T1, T4, T5).
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import type { Effect } from '../../domain/timetabling/edit.ts';
import { translator, type Translate } from '../../locales/index.ts';
import { blockedTexts, reasonTexts } from '../../locales/timetable.ts';
import {
  departmentParams, entriesAnswer, generateBody, jobAnswer, jobParams, moveBody, moveSeenAnswer, movesBody, progressAnswer, resultAnswer, timetableAnswer, timetableParams, timetableStatusAnswer,
} from '../../schemas/timetables.ts';
import type { ServiceContext } from '../../services/context.ts';
import { cancelGeneration, generateTimetable, generationProgress, type GenerationProgress, generationResult, type GenerationResult } from '../../services/timetables/generating.ts';
import { lookAtNamedMove, moveNamedEntries, type NamedMove } from '../../services/timetables/named-moves.ts';
import { publishTimetable, unpublishTimetable } from '../../services/timetables/publishing.ts';
import { departmentTimetable, facultyTimetable, studentTimetable, timetableEntries } from '../../services/timetables/viewing.ts';
import { personOf } from '../authentication.ts';
import { errors, eventStream, json, readErrors, signedIn, writeErrors } from '../open-api.ts';
import { snakeCased } from '../snake-case.ts';
import { followed } from '../event-stream.ts';

const tags = ['timetable'];

export function timetableRoutes(context: ServiceContext): FastifyPluginAsyncZod {
  return async (app) => {
    app.post('/api/timetable/generate', {
      config: { permission: 'timetables.generate' },
      schema: {
        operationId: 'generateTimetable', summary: "Make a term's timetable, in five variants", tags, ...signedIn, body: generateBody,
        description: 'Answers at once; the drafts are there when the job is completed. While a job is under way for the term, the answer is 200 with that job.',
        response: { 200: json(jobAnswer), 202: json(jobAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request, reply) => {
      const { organization_id: organisation, academic_year: academicYear, semester, seconds, seed } = request.body;
      const { jobId, isNew } = await generateTimetable(context, personOf(request), { organisation, academicYear, semester, seconds, seed });
      return reply.code(isNew ? 202 : 200).send({ job_id: jobId, status: isNew ? 'queued' : 'running' });
    });

    app.get('/api/timetable/progress/:job_id', {
      config: { permission: 'timetables.generate' },
      schema: {
        operationId: 'generationProgress', summary: 'How far a job is', tags, ...signedIn, params: jobParams,
        description: 'With `Accept: text/event-stream` an event for each change until the job has ended.',
        response: { 200: eventStream(json(progressAnswer)), ...errors(400, 403, 404, ...readErrors) },
      },
    }, async (request, reply) => {
      const person = personOf(request);
      const read = () => generationProgress(context, person, request.params.job_id);
      const progress = await read();
      if (!request.headers.accept?.includes('text/event-stream')) return reply.send(snakeCased(progress));
      const events = followed(read, progress, { shown: (one: GenerationProgress) => snakeCased(one), isLast: ({ status }) => status !== 'queued' && status !== 'running' });
      return (reply as FastifyReply).type('text/event-stream').send(Readable.from(events));
    });

    app.get('/api/timetable/result/:job_id', {
      config: { permission: 'timetables.generate' },
      schema: {
        operationId: 'generationResult', summary: "A job's drafts, or why there can be no timetable", tags, ...signedIn, params: jobParams,
        response: { 200: json(resultAnswer), ...errors(400, 403, 404, ...readErrors) },
      },
    }, async (request) => {
      const person = personOf(request);
      return resultShown(await generationResult(context, person, request.params.job_id), translator(person.locale));
    });

    app.post('/api/timetable/cancel/:job_id', {
      config: { permission: 'timetables.generate' },
      schema: {
        operationId: 'cancelGeneration', summary: 'Call off the making of a timetable', tags, ...signedIn, params: jobParams,
        response: { 200: json(progressAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request) => snakeCased(await cancelGeneration(context, personOf(request), request.params.job_id)));

    app.get('/api/timetable/:timetable_id/entries', {
      config: { permission: 'timetables.generate' },
      schema: {
        operationId: 'timetableEntries', summary: 'All entries of a draft, or of what is published', tags, ...signedIn, params: timetableParams,
        response: { 200: json(entriesAnswer), ...errors(400, 403, 404, ...readErrors) },
      },
    }, async (request) => ({ entries: snakeCased(await timetableEntries(context, personOf(request), request.params.timetable_id)) }));

    app.post('/api/timetable/:timetable_id/move-effect', {
      config: { permission: 'timetables.generate' },
      schema: {
        operationId: 'moveEffect', summary: 'What a move in a draft would break and cost, and what would make it possible', tags, ...signedIn, params: timetableParams, body: moveBody,
        response: { 200: json(moveSeenAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request) => {
      const { effect, suggestions } = await lookAtNamedMove(context, personOf(request), request.params.timetable_id, moveNamed(request.body));
      return { ...effectShown(effect), suggestions: suggestions.map(({ moves, ...each }) => ({ ...effectShown(each), moves: snakeCased(moves) })) };
    });

    app.post('/api/timetable/:timetable_id/moves', {
      config: { permission: 'timetables.generate' },
      schema: {
        operationId: 'moveEntries', summary: 'Move entries of a draft, together', tags, ...signedIn, params: timetableParams, body: movesBody,
        description: 'Nothing may be broken that is not broken already; a draft that was in force stays as it was.',
        response: { 200: json(timetableStatusAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request) => snakeCased(await moveNamedEntries(context, personOf(request), request.params.timetable_id, request.body.moves.map(moveNamed))));

    app.post('/api/timetable/:timetable_id/publish', {
      config: { permission: 'timetables.publish' },
      schema: {
        operationId: 'publishTimetable', summary: "Make a draft the term's timetable", tags, ...signedIn, params: timetableParams,
        description: 'Its weekly classes are written first, then it is in force as a whole, the sessions to come follow, and everybody is told.',
        response: { 200: json(timetableStatusAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request) => snakeCased(await publishTimetable(context, personOf(request), request.params.timetable_id)));

    app.post('/api/timetable/:timetable_id/unpublish', {
      config: { permission: 'timetables.publish' },
      schema: {
        operationId: 'unpublishTimetable', summary: 'Take a publication back: what was in force before it is again', tags, ...signedIn, params: timetableParams,
        response: { 200: json(timetableStatusAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request) => snakeCased(await unpublishTimetable(context, personOf(request), request.params.timetable_id)));

    app.get('/api/timetable/department/:dept_id', {
      config: { permission: 'timetables.department' },
      schema: {
        operationId: 'departmentTimetable', summary: "A department's timetable of this term", tags, ...signedIn, params: departmentParams,
        description: 'A head of department sees the own department.',
        response: { 200: json(timetableAnswer), ...errors(400, 403, 404, 409, ...readErrors) },
      },
    }, async (request) => snakeCased(await departmentTimetable(context, personOf(request), request.params.dept_id)));

    app.get('/api/timetable/faculty/me', {
      config: { permission: 'classes.own' },
      schema: {
        operationId: 'facultyTimetable', summary: "The asking faculty member's timetable of this term", tags, ...signedIn,
        response: { 200: json(timetableAnswer), ...errors(403, 409, ...readErrors) },
      },
    }, async (request) => snakeCased(await facultyTimetable(context, personOf(request))));

    app.get('/api/timetable/student/me', {
      config: { permission: 'schedule.own' },
      schema: {
        operationId: 'studentTimetable', summary: "The asking student's timetable of this term", tags, ...signedIn,
        response: { 200: json(timetableAnswer), ...errors(403, 409, ...readErrors) },
      },
    }, async (request) => snakeCased(await studentTimetable(context, personOf(request))));
  };
}

const moveNamed = ({ assignment_id: assignmentId, room_id: roomId, ...move }: z.infer<typeof moveBody>): NamedMove => ({ ...move, assignmentId, roomId });

const effectShown = ({ broken, mended, gain }: Effect) =>
  ({ possible: broken.length === 0, breaks: broken.map(({ kind }) => kind), mends: mended.map(({ kind }) => kind), gain });

function resultShown({ reasons, timetables, university, ...progress }: GenerationResult, t: Translate) {
  const sentences = reasonTexts(t, university, reasons);
  return {
    ...snakeCased(progress),
    reasons: reasons.map((reason, index) => ({ code: reason.code === 'refused' ? reason.refusal : reason.code, message: sentences[index]! })),
    timetables: timetables.map(({ unplaced, parts, ...draft }) => ({
      ...snakeCased(draft), parts: [...parts], unplaced: unplaced.count, unplaced_because: university ? unplaced.meetings.map((meeting) => blockedTexts(t, university, meeting)) : [],
    })),
  };
}
