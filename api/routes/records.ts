// The office's records one by one: lists, removals, class representatives, terms and holidays (A5, A7).
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { translator } from '../../locales/index.ts';
import { idempotentHeaders } from '../../schemas/doors.ts';
import {
  codeParams, dateParams, holidayBody, holidaysAnswer, keyParams, recordAnswers, recordsQuery, removedAnswer, representativeAnswer, representativeBody, representativesAnswer,
  studentKeyParams, termBody, termsAnswer,
} from '../../schemas/records.ts';
import type { Person, ServiceContext } from '../../services/context.ts';
import {
  appointRepresentative, dismissRepresentative, holidaysFor, recordsOf, removeFaculty, removeHoliday, removeStudent, removeSubject, representativesFor, setHoliday, setTerm, termsFor,
} from '../../services/records.ts';
import { personOf } from '../authentication.ts';
import { idempotency } from '../idempotency.ts';
import { done, errors, json, readErrors, signedIn, writeErrors } from '../open-api.ts';
import { snakeCased } from '../snake-case.ts';

const tags = ['records'];
const lists = [
  ['students', 'listStudents', 'Students'], ['faculties', 'listFaculty', 'Faculty members'], ['subjects', 'listSubjects', 'Subjects'],
  ['faculty-assignments', 'listFacultyAssignments', 'Who teaches what to which section'], ['default-schedules', 'listDefaultSchedules', 'The weekly classes'],
] as const;

export function recordRoutes(context: ServiceContext): FastifyPluginAsyncZod {
  return async (app) => {
    for (const [kind, operationId, summary] of lists) {
      app.get(`/api/${kind}`, {
        config: { permission: 'records.see' },
        schema: { operationId, summary: `${summary}, a page at a time`, tags, ...signedIn, querystring: recordsQuery, response: { 200: json(recordAnswers[kind]), ...errors(400, 403, ...readErrors) } },
      }, async (request) => {
        const { after, limit, department, year, section, search } = request.query;
        const rows = await recordsOf(context, personOf(request), kind, { department, year, section, search }, { after, limit });
        const name = kind.replace('-', '_');
        return { success: true, count: rows.length, next_cursor: rows.length < limit ? null : rows.at(-1)!.cursor, [name]: snakeCased<readonly object[]>(rows) } as never;
      });
    }

    app.delete('/api/students/remove/:id', {
      config: { permission: 'records.remove' },
      schema: {
        operationId: 'removeStudent', summary: 'A student leaves', tags, ...signedIn, params: keyParams,
        description: 'As of today: no longer signed in, and on no roster. Attendance stays.', response: { 200: json(removedAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request) => {
      const person = personOf(request);
      await removeStudent(context, person, request.params.id);
      return removed(person);
    });

    app.delete('/api/faculties/remove/:id', {
      config: { permission: 'records.remove' },
      schema: {
        operationId: 'removeFaculty', summary: 'A faculty member leaves', tags, ...signedIn, params: keyParams,
        description: 'Refused while classes of a term that is not over are assigned to them.', response: { 200: json(removedAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request) => {
      const person = personOf(request);
      await removeFaculty(context, person, request.params.id);
      return removed(person);
    });

    app.delete('/api/subjects/remove/:code', {
      config: { permission: 'records.remove' },
      schema: {
        operationId: 'removeSubject', summary: 'A subject is no longer taught', tags, ...signedIn, params: codeParams,
        description: 'Refused while it is assigned in a term that is not over.', response: { 200: json(removedAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request) => {
      const person = personOf(request);
      await removeSubject(context, person, request.params.code);
      return removed(person);
    });

    app.get('/api/crs', {
      config: { permission: 'crs.manage' },
      schema: { operationId: 'listRepresentatives', summary: 'Class representatives', tags, ...signedIn, response: { 200: json(representativesAnswer), ...errors(403, ...readErrors) } },
    }, async (request) => {
      const crs = await representativesFor(context, personOf(request));
      return { success: true as const, crs, count: crs.length };
    });

    app.post('/api/crs', {
      ...idempotency(context),
      config: { permission: 'crs.manage' },
      schema: {
        operationId: 'addRepresentative', summary: 'Make a student class representative', tags, ...signedIn, headers: idempotentHeaders, body: representativeBody,
        response: { 201: json(representativeAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request, reply) => {
      const person = personOf(request);
      const newcr = await appointRepresentative(context, person, request.body.id, request.body.mobile);
      return reply.code(201).send({ success: true as const, message: translator(person.locale)('records.cr-added', { name: newcr.name }), newcr });
    });

    app.delete('/api/crs/:student_id', {
      config: { permission: 'crs.manage' },
      schema: {
        operationId: 'removeRepresentative', summary: 'A class representative is a student again', tags, ...signedIn, params: studentKeyParams,
        response: { 200: json(removedAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request) => {
      const person = personOf(request);
      await dismissRepresentative(context, person, request.params.student_id);
      return removed(person);
    });

    app.get('/api/terms', {
      config: { permission: 'records.see' },
      schema: { operationId: 'listTerms', summary: 'Terms', tags, ...signedIn, response: { 200: json(termsAnswer), ...errors(403, ...readErrors) } },
    }, async (request) => ({ terms: snakeCased(await termsFor(context, personOf(request))) }));

    app.put('/api/terms', {
      config: { permission: 'records.upload' },
      schema: {
        operationId: 'setTerm', summary: "Set a term's days", tags, ...signedIn, body: termBody, description: 'A term is named by its academic year and semester. Sessions to come follow.',
        response: { 200: json(termsAnswer), ...errors(403, ...writeErrors) },
      },
    }, async (request) => {
      const { academic_year: academicYear, semester, starts_on: startsOn, ends_on: endsOn } = request.body;
      return { terms: snakeCased(await setTerm(context, personOf(request), { academicYear, semester, startsOn, endsOn })) };
    });

    app.get('/api/holidays', {
      config: { permission: 'records.see' },
      schema: { operationId: 'listHolidays', summary: 'Holidays from today on', tags, ...signedIn, response: { 200: json(holidaysAnswer), ...errors(403, ...readErrors) } },
    }, async (request) => ({ holidays: await holidaysFor(context, personOf(request)) }));

    app.put('/api/holidays', {
      config: { permission: 'records.upload' },
      schema: {
        operationId: 'setHoliday', summary: 'A day has no classes', tags, ...signedIn, body: holidayBody,
        description: 'Classes of that day that were made from the weekly timetable, and that nobody has changed since, are called off.',
        response: { 200: json(holidaysAnswer), ...errors(403, ...writeErrors) },
      },
    }, async (request) => ({ holidays: await setHoliday(context, personOf(request), request.body) }));

    app.delete('/api/holidays/:date', {
      config: { permission: 'records.upload' },
      schema: { operationId: 'removeHoliday', summary: 'A day has classes after all', tags, ...signedIn, params: dateParams, response: { 204: done, ...errors(403, 404, ...writeErrors) } },
    }, async (request, reply) => {
      await removeHoliday(context, personOf(request), request.params.date);
      return reply.code(204).send();
    });
  };
}

const removed = ({ locale }: Person) => ({ success: true as const, message: translator(locale)('records.removed') });
