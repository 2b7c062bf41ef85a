// Uploads of sheets and their templates (A6).
import multipart from '@fastify/multipart';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { refusalText } from '../../locales/refusals.ts';
import { translator, type Translate } from '../../locales/index.ts';
import { Refusal } from '../../schemas/errors.ts';
import { templateAnswer, uploadAnswer, uploadBody, wrongRowsAnswer, XLSX } from '../../schemas/uploads.ts';
import type { ServiceContext } from '../../services/context.ts';
import { MOST_FILE_BYTES } from '../../services/uploads/file-limits.ts';
import { type Outcome, templateOf, uploadKinds, uploadSheet } from '../../services/uploads/index.ts';
import { personOf } from '../authentication.ts';
import { errorAnswer, statusOf } from '../errors.ts';
import { errors, json, readErrors, signedIn, writeErrors } from '../open-api.ts';

const MOST_ISSUES = 1000;

const kinds = {
  students: {
    operation: 'Students', what: 'students',
    how: 'Columns: id, name, roll_number, section; email (else made of the id), year and department unless the form says them. Students are enrolled in what is '
      + 'taught to their section; one who comes from another section, from today on.',
  },
  faculties: {
    operation: 'Faculty', what: 'faculty members',
    how: "Columns: faculty_id, faculty_name, department; email. With subject_code, year and section a row also says what is taught to whom; the department is then the class's.",
  },
  subjects: { operation: 'Subjects', what: 'subjects', how: 'Columns: code, mnemonic, name, type (theory or lab).' },
  'faculty-assignments': {
    operation: 'FacultyAssignments', what: 'who teaches what to which section',
    how: "Columns: faculty_id, subject_code, section; year and department unless the form says them. For the term of today, else the next. The section's students are enrolled.",
  },
  'default-schedules': {
    operation: 'DefaultSchedules', what: 'the weekly classes',
    how: 'Columns: day, period (1 to 7; a laboratory takes three) or start_time and end_time, subject_code, faculty_id, venue, section; year and department unless the '
      + 'form says them; week (every, odd or even, counted from the first of the term). Sessions of the coming weeks follow.',
  },
  periods: { operation: 'Periods', what: 'the periods of which timetables are made', how: 'Columns: day, start_time, end_time. All days are cut the same way; one may have fewer periods.' },
  'subject-parts': {
    operation: 'SubjectParts', what: 'what subjects need each week',
    how: 'Columns: subject_code, kind (lecture, tutorial or lab), meetings, periods (of one meeting); room_kind (theory or lab), equipment (words with commas between), week. '
      + 'What a sheet says of a subject is all that it needs.',
  },
  'faculty-times': {
    operation: 'FacultyTimes', what: "when faculty members can't teach, or would rather not",
    how: "Columns: faculty_id, day, start_time, end_time; cost (1 to 9, the worst; empty: can't). What a sheet says of a faculty member is all that there is.",
  },
} as const;

export function uploadRoutes(context: ServiceContext): FastifyPluginAsyncZod {
  return async (app) => {
    await app.register(multipart, { limits: { fileSize: MOST_FILE_BYTES, files: 1, fields: 10, fieldSize: 200, fieldNameSize: 100 } });
    for (const kind of uploadKinds) {
      const { operation, what, how } = kinds[kind];
      app.post(`/api/${kind}/upload`, {
        config: { permission: 'records.upload' },
        schema: {
          operationId: `upload${operation}`, summary: `Upload a sheet of ${what}`, tags: ['records'], ...signedIn, consumes: ['multipart/form-data'], body: uploadBody,
          description: `${how} Headings in any order and case, with the usual synonyms. Nothing is written unless all rows are good, or \`partial\` asks otherwise. The same file again changes nothing.`,
          response: { 200: json(uploadAnswer), ...errors(403, ...writeErrors), 422: json(wrongRowsAnswer) },
        },
      }, async (request, reply) => {
        const person = personOf(request);
        const outcome = await uploadSheet(context, person, kind, () => formOf(request));
        const t = translator(person.locale);
        const wrong = {
          rows_wrong: outcome.issues.length,
          rows: outcome.issues.toSorted((a, b) => a.row - b.row).slice(0, MOST_ISSUES)
            .map(({ row, column, code, value, details }) => ({ row, column, code, message: t(`uploads.rows.${code}`, details), ...(value !== undefined && { value }) })),
        };
        return outcome.written ? { ...answerOf(outcome, t), ...wrong } : refuse(reply, request, t, wrong);
      });

      app.get(`/api/${kind}/template`, {
        config: { permission: 'records.upload' },
        schema: {
          operationId: `template${operation}`, summary: `An empty sheet for uploading ${what}`, tags: ['records'], ...signedIn,
          response: { 200: { description: 'The headings and an example row.', content: { [XLSX]: { schema: templateAnswer } } }, ...errors(403, ...readErrors) },
        },
      }, async (request, reply) => {
        const template = await templateOf(personOf(request), kind);
        return reply.type(XLSX).header('content-disposition', `attachment; filename="${kind}.xlsx"`).send(template);
      });
    }
  };
}

function answerOf(outcome: Outcome, t: Translate) {
  const { created, updated, unchanged, ended, kept } = outcome;
  return {
    success: true as const, message: t('uploads.done', { created, updated, unchanged, ended }), created, updated, unchanged, ended, kept,
    sections_created: outcome.sectionsCreated, rooms_created: outcome.roomsCreated, ignored_columns: outcome.ignored,
  };
}

function refuse(reply: FastifyReply, request: FastifyRequest, t: Translate, wrong: { rows_wrong: number; rows: object[] }) {
  const message = refusalText(t, 'rows-wrong', { count: wrong.rows_wrong });
  return reply.code(statusOf['rows-wrong']).send({ ...errorAnswer({ code: 'rows-wrong', message }, request.id), ...wrong });
}

/** The form's file and fields. @throws Refusal file-missing, file-too-large, bad-request when it can't be read */
async function formOf(request: FastifyRequest): Promise<{ bytes: Buffer; fields: Map<string, string> }> {
  if (!request.isMultipart()) throw new Refusal('file-missing');
  const fields = new Map<string, string>();
  let bytes: Buffer | null = null;
  try {
    for await (const part of request.parts()) {
      if (part.type === 'file') {
        const content = await part.toBuffer();
        if (part.fieldname === 'file') bytes = content;
      } else if (typeof part.value === 'string') fields.set(part.fieldname, part.value);
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    throw code === 'FST_REQ_FILE_TOO_LARGE' ? new Refusal('file-too-large', { megabytes: MOST_FILE_BYTES / 1_000_000 }) : new Refusal('bad-request', { field: 'body' });
  }
  if (bytes === null) throw new Refusal('file-missing');
  return { bytes, fields };
}
