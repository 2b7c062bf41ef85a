// Reports and defaulters (A18): as JSON page by page, or whole as CSV, Excel or a page for printing.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { translator } from '../../locales/index.ts';
import { attendanceTable, type TableLine } from '../../locales/reports.ts';
import { defaultersAnswer, defaultersQuery, fileAnswer, reportAnswer, reportQuery } from '../../schemas/reports.ts';
import type { ServiceContext } from '../../services/context.ts';
import { type Defaulters, defaultersOf, reportOf, type ReportQuery } from '../../services/reports.ts';
import { personOf } from '../authentication.ts';
import { errors, readErrors, signedIn } from '../open-api.ts';
import { csvOf, htmlOf, TABLE_POLICY, xlsxOf } from '../tables.ts';

const TYPES = {
  csv: 'text/csv', html: 'text/html', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

/** An answer as JSON, or as one of the files. */
const inFormats = <Shape extends z.ZodType>(shape: Shape) => ({
  description: shape.description ?? '',
  content: {
    'application/json': { schema: shape }, [TYPES.csv]: { schema: fileAnswer }, [TYPES.html]: { schema: fileAnswer }, [TYPES.xlsx]: { schema: fileAnswer },
  },
});

export function reportRoutes(context: ServiceContext): FastifyPluginAsyncZod {
  return async (app) => {
    app.get('/api/attendance/report', {
      config: { permission: 'reports.see' },
      schema: {
        operationId: 'attendanceReport', summary: 'Attendance by class and student', tags: ['attendance'], ...signedIn, querystring: reportQuery,
        description: 'Of own classes; of the department; of all. Without `from` and `to` of this term, else of the sessions of those days.',
        response: { 200: inFormats(reportAnswer), ...errors(400, 403, 404, ...readErrors) },
      },
    }, async (request, reply) => {
      const { query } = request;
      const report = await reportOf(context, personOf(request), toReport(query));
      if (query.format !== undefined && query.format !== 'json') return sendFile(request, reply, query.format, query, 'attendance', linesOf(report));
      const { page, nextAfter } = await pageOf(report, query.limit);
      return {
        success: true as const, next_after: nextAfter,
        reportData: page.map(({ class: taught, sessions, counts, percentage, students }) => ({
          ...classFields(taught),
          class_summary: {
            total_sessions: sessions, total_present: counts.present, total_late: counts.late, total_absent: counts.absent, total_excused: counts.excused,
            total_on_duty: counts.on_duty, overall_percentage: percentage,
          },
          students: students.map(studentFields),
        })),
      };
    });

    app.get('/api/attendance/defaulters', {
      config: { permission: 'reports.see' },
      schema: {
        operationId: 'defaulters', summary: 'Students whose attendance in a subject is below a threshold', tags: ['attendance'], ...signedIn, querystring: defaultersQuery,
        description: 'Of own classes; of the department; of all. A subject counts wherever the student attended it: as a guest of another section, or in one left since.',
        response: { 200: inFormats(defaultersAnswer), ...errors(400, 403, 404, ...readErrors) },
      },
    }, async (request, reply) => {
      const { query } = request;
      const { threshold } = query;
      const found = await defaultersOf(context, personOf(request), { ...toReport(query), thresholdPercent: threshold });
      if (query.format !== undefined && query.format !== 'json') {
        return sendFile(request, reply, query.format, { ...query, thresholdPercent: threshold }, 'defaulters', linesOf(found));
      }
      const { page, nextAfter } = await pageOf(found, query.limit);
      return {
        success: true as const, threshold, next_after: nextAfter,
        defaulters: page.flatMap(({ class: taught, students }) => students.map((student) => ({ ...classFields(taught), ...studentFields(student) }))),
      };
    });
  };
}

const toReport = (query: z.output<typeof reportQuery>): ReportQuery =>
  ({ classId: query.class, sectionId: query.section, departmentId: query.department, subjectCode: query.subject, from: query.from, to: query.to, after: query.after });

const classFields = ({ classId, subjectCode, subjectName, sectionId, sectionName, departmentId, facultyName }: Defaulters['class']) => ({
  class_id: classId, subject_code: subjectCode, subject_name: subjectName, section_id: sectionId, section_name: sectionName, department_id: departmentId,
  faculty_name: facultyName,
});

const studentFields = ({ studentKey, name, rollNumber, counts, total, attended, percentage }: Defaulters['students'][number]) => ({
  student_id: studentKey, student_name: name, roll_number: rollNumber, present_count: counts.present, late_count: counts.late, absent_count: counts.absent,
  excused_count: counts.excused, on_duty_count: counts.on_duty, total_sessions: total, attended_sessions: attended, attendance_percentage: percentage,
});

/** Whole classes until there are so many students, and after which class it goes on. */
async function pageOf<Part extends Defaulters>(parts: AsyncGenerator<Part>, limit: number): Promise<{ page: Part[]; nextAfter: number | null }> {
  const page: Part[] = [];
  let students = 0;
  for await (const part of parts) {
    if (students >= limit) return { page, nextAfter: page.at(-1)!.class.classId };
    page.push(part);
    students += part.students.length;
  }
  return { page, nextAfter: null };
}

async function* linesOf(parts: AsyncIterable<Defaulters>): AsyncGenerator<TableLine> {
  for await (const { class: taught, students } of parts) for (const student of students) yield { class: taught, student };
}

async function sendFile(
  request: FastifyRequest, reply: FastifyReply, format: keyof typeof TYPES, about: Parameters<typeof attendanceTable>[1], name: string, lines: AsyncIterable<TableLine>,
): Promise<FastifyReply> {
  const { locale } = personOf(request);
  const table = attendanceTable(translator(locale), about, lines);
  const body = format === 'csv' ? csvOf(table) : format === 'html' ? htmlOf(table, locale) : await xlsxOf(table);
  void reply.type(format === 'xlsx' ? TYPES.xlsx : `${TYPES[format]}; charset=utf-8`);
  if (format === 'html') void reply.header('content-security-policy', TABLE_POLICY);
  else void reply.header('content-disposition', `attachment; filename="${name}.${format}"`);
  return reply.send(body);
}
