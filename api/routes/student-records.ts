// A student's attendance, schedule and history (A16): paths and fields of the attendance system that came before, who asks from the token.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { clockSpan } from '../../locales/clock.ts';
import { forecastText } from '../../locales/forecast.ts';
import { translator } from '../../locales/index.ts';
import { forecastAnswer, forecastQuery, historyAnswer, historyQuery, scheduleAnswer, scheduleQuery, standingAnswer, studentParams } from '../../schemas/student-records.ts';
import type { ServiceContext } from '../../services/context.ts';
import { forecastFor } from '../../services/forecasts.ts';
import { type ClassRecord, createScheduleReader, dayAndNext, daysOfWeek, historyOf, standingOf } from '../../services/student-records.ts';
import { personOf } from '../authentication.ts';
import { errors, json, readErrors, signedIn } from '../open-api.ts';

/** Clients of old only look whether there is one. */
const MASK = '******';

export function studentRecordRoutes(context: ServiceContext): FastifyPluginAsyncZod {
  const scheduleOf = createScheduleReader(context);
  return async (app) => {
    app.get('/api/student/attendance/:student_id', {
      config: { permission: 'attendance.see' },
      schema: {
        operationId: 'studentAttendance', summary: "A student's attendance by subject, and overall", tags: ['attendance'], ...signedIn, params: studentParams,
        description: 'The own one; of students of own classes, by those classes; of the department; of all.',
        response: { 200: json(standingAnswer), ...errors(403, 404, ...readErrors) },
      },
    }, async (request) => {
      const { student, subjects, counts, percentage } = await standingOf(context, personOf(request), request.params.student_id);
      return {
        success: true as const, student_id: student.studentKey, name: student.name, overall: percentage, ...counts,
        subjects: subjects.map((subject) => ({
          subject: subject.subjectName, subject_code: subject.subjectCode, total: subject.total, attended: subject.attended,
          ...subject.counts, percentage: subject.percentage,
        })),
      };
    });

    app.get('/api/student/forecast/:student_id', {
      config: { permission: 'attendance.see' },
      schema: {
        operationId: 'studentForecast', summary: 'How many of the classes to come a student needs', tags: ['attendance'], ...signedIn, params: studentParams,
        querystring: forecastQuery, response: { 200: json(forecastAnswer), ...errors(400, 403, 404, ...readErrors) },
      },
    }, async (request) => {
      const person = personOf(request);
      const { student, thresholdPercent, termEndsOn, subjects } = await forecastFor(context, person, request.params.student_id, request.query.threshold);
      const t = translator(person.locale);
      return {
        success: true as const, student_id: student.studentKey, threshold: thresholdPercent, term_ends_on: termEndsOn,
        subjects: subjects.map(({ subjectName, subjectCode, percentage, remaining, needed, best, worst }) => ({
          subject: subjectName, subject_code: subjectCode, percentage, remaining, needed, may_miss: needed === null ? null : remaining - needed, best, worst,
          message: forecastText(t, { needed, remaining, best, threshold: thresholdPercent }),
        })),
      };
    });

    app.get('/api/student/schedule', {
      config: { permission: 'schedule.own' },
      schema: {
        operationId: 'studentSchedule', summary: "A student's classes of a day and the next, or of a week", tags: ['attendance'], ...signedIn,
        querystring: scheduleQuery, response: { 200: json(scheduleAnswer), ...errors(400, 403, ...readErrors) },
      },
    }, async (request) => {
      const { date, week, from, to } = request.query;
      const isRange = week !== undefined || from !== undefined;
      const days = week !== undefined ? daysOfWeek(week) : from !== undefined ? { from, to: to! } : dayAndNext(context, date);
      const { student, classes } = await scheduleOf(personOf(request), days);
      const { name, year, department, section } = student;
      const on = (day: string) => classes.filter((one) => one.date === day).map(scheduled);
      return {
        ...(isRange ? { ...days, schedule: classes.map(scheduled) } : { today_schedule: on(days.from), tomorrow_schedule: on(days.to) }),
        student_info: { name, year, department, section },
      };
    });

    app.get('/api/student/history/:student_id', {
      config: { permission: 'attendance.see' },
      schema: {
        operationId: 'studentHistory', summary: "A student's sessions of a day (default today), or of up to 31 days, with their marks", tags: ['attendance'], ...signedIn,
        params: studentParams, querystring: historyQuery, response: { 200: json(historyAnswer), ...errors(400, 403, 404, ...readErrors) },
      },
    }, async (request) => {
      const { date, from = date, to = date } = request.query;
      const days = from === undefined ? undefined : { from, to: to! };
      const history = await historyOf(context, personOf(request), request.params.student_id, days);
      return { success: true as const, history: history.map(past) };
    });
  };
}

function scheduled(session: ClassRecord) {
  const { startsAt, endsAt } = session;
  const { start, end, span } = clockSpan(startsAt, endsAt, session.timeZone);
  return {
    id: String(session.sessionId), subject: session.subjectName, subject_code: session.subjectCode, subject_mnemonic: session.subjectMnemonic,
    subject_type: session.subjectType, time: span, location: session.roomName, date: session.date,
    faculty_name: session.facultyName, status: session.taking !== null,
    session_status: session.status === 'scheduled' && session.taking === 'open' ? 'open' as const : session.status,
    otp: session.taking === 'open' ? MASK : null, otp_created_at: session.codeSince?.toISOString() ?? null,
    attendance_marked: session.mark !== null && !session.provisional, attendance_status: session.attendance,
    start_time: start, end_time: end, starts_at: startsAt.toISOString(), ends_at: endsAt.toISOString(),
    attended_instead: session.replacedById === null ? null : String(session.replacedById),
  };
}

function past(session: ClassRecord) {
  return {
    session_id: String(session.sessionId), date: session.date, subjectCode: session.subjectCode, subject: session.subjectName,
    time: clockSpan(session.startsAt, session.endsAt, session.timeZone).span, venue: session.roomName, topicDiscussed: session.topicDiscussed,
    status: session.attendance!, facultyName: session.facultyName,
  };
}
