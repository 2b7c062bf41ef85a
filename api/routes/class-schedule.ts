// Classes by hand, and who takes one instead (A8, A9).
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { DateTime } from 'luxon';
import {
  addedAnswer, changedAnswer, classBody, classChangeBody, listAnswer, listQuery, sessionParams, substituteBody, substitutionAnswer, substitutionParams, substitutionReply,
  substitutionsAnswer,
} from '../../schemas/class-schedule.ts';
import { classParams } from '../../schemas/classes.ts';
import { idempotentHeaders } from '../../schemas/doors.ts';
import { translator } from '../../locales/index.ts';
import { addClass, changeClass, classesOf } from '../../services/class-schedule.ts';
import type { ServiceContext } from '../../services/context.ts';
import { answerSubstitution, substitute, substitutionsFor } from '../../services/substitutions.ts';
import { personOf } from '../authentication.ts';
import { idempotency } from '../idempotency.ts';
import { errors, json, readErrors, signedIn, writeErrors } from '../open-api.ts';
import { snakeCased } from '../snake-case.ts';

const permission = 'sessions.manage' as const;

export function classScheduleRoutes(context: ServiceContext): FastifyPluginAsyncZod {
  const clock = (time: Date) => DateTime.fromJSDate(time, { zone: context.campus.timeZone }).toFormat('HH:mm');
  const detailsOf = (session: { date: string; startsAt: Date; endsAt: Date; roomName: string }) =>
    ({ date: session.date, time: `${clock(session.startsAt)} - ${clock(session.endsAt)}`, venue: session.roomName });
  return async (app) => {
    app.post('/api/faculty/schedule/create', {
      ...idempotency(context),
      config: { permission },
      schema: {
        operationId: 'addClass', summary: 'Add a class', tags: ['classes'], ...signedIn, headers: idempotentHeaders, body: classBody,
        description: 'For who teaches it, the head of its department and admins. Refused where its faculty member, room or section has something else then. Everybody on its roster is told.',
        response: { 201: json(addedAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request, reply) => {
      const person = personOf(request);
      const { body } = request;
      const session = await addClass(context, person, {
        assignmentId: body.assignment_id, subjectCode: body.subject_code, year: body.year === undefined ? undefined : Number(String(body.year).replace('E', '')),
        department: body.department, section: body.section, date: body.date, startTime: body.start_time, endTime: body.end_time, venue: body.venue, topic: body.topic_discussed,
      });
      return reply.code(201).send({ success: true as const, message: translator(person.locale)('classes.added'), schedule_id: session.id, schedule_details: detailsOf(session) });
    });

    app.put('/api/faculty/schedule/update/:id', {
      config: { permission },
      schema: {
        operationId: 'changeClass', summary: "Change a class's time, room or topic", tags: ['classes'], ...signedIn, params: classParams, body: classChangeBody,
        description: 'Its topic at any time; its time and room until it begins or its attendance is opened. Everybody on its roster is told of a new time or room.',
        response: { 200: json(changedAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request) => {
      const person = personOf(request);
      const { body } = request;
      const session = await changeClass(context, person, request.params.id, {
        date: body.date, startTime: body.start_time, endTime: body.end_time, venue: body.venue, topic: body.topic_discussed,
      });
      return {
        success: true as const, message: translator(person.locale)('classes.changed'),
        updated_schedule: { id: session.id, ...detailsOf(session), topic_discussed: session.topic },
      };
    });

    app.get('/api/faculty/schedules', {
      config: { permission },
      schema: {
        operationId: 'facultyClasses', summary: "The asking faculty member's classes", tags: ['classes'], ...signedIn, querystring: listQuery,
        response: { 200: json(listAnswer), ...errors(400, 403, ...readErrors) },
      },
    }, async (request) => {
      const person = personOf(request);
      const { query } = request;
      const today = context.now().setZone(context.campus.timeZone);
      const from = query.date ?? query.from ?? today.toISODate()!;
      const to = query.date ?? query.to ?? DateTime.fromISO(from).plus({ days: 6 }).toISODate()!;
      const classes = await classesOf(context, person, { from, to });
      return {
        success: true as const, faculty_name: person.name, today_date: today.toISODate()!, total_classes: classes.length,
        schedules: classes.map(({ status, isOpen, startsAt, endsAt, ...one }) => ({
          ...snakeCased({ ...one, startsAt, endsAt }), start_time: clock(startsAt), end_time: clock(endsAt), state: status, status: isOpen || status === 'completed',
        })),
      };
    });

    app.post('/api/sessions/:sessionId/substitute', {
      ...idempotency(context),
      config: { permission },
      schema: {
        operationId: 'substitute', summary: 'Let another faculty member take a class', tags: ['classes'], ...signedIn, headers: idempotentHeaders, params: sessionParams, body: substituteBody,
        description: 'A head of department or an admin decides; the one who takes it asks, and the other answers. Naming whom the class is assigned to gives it back.',
        response: { 200: json(substitutionAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request) => snakeCased(await substitute(context, personOf(request), request.params.sessionId, request.body.faculty_id)));

    app.get('/api/substitutions', {
      config: { permission },
      schema: {
        operationId: 'substitutions', summary: 'Classes that the asking faculty member is asked to take', tags: ['classes'], ...signedIn,
        response: { 200: json(substitutionsAnswer), ...errors(403, ...readErrors) },
      },
    }, async (request) => ({ substitutions: snakeCased(await substitutionsFor(context, personOf(request))) }));

    app.post('/api/substitutions/:id/answer', {
      ...idempotency(context),
      config: { permission },
      schema: {
        operationId: 'answerSubstitution', summary: 'Take a class, or not', tags: ['classes'], ...signedIn, headers: idempotentHeaders, params: substitutionParams, body: substitutionReply,
        response: { 200: json(substitutionAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request) => snakeCased(await answerSubstitution(context, personOf(request), request.params.id, request.body.answer)));
  };
}
