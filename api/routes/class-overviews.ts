// What classes come to: the faculty dashboard, a class's sessions, and a department's overview (A17).
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { clockSpan } from '../../locales/clock.ts';
import {
  classAttendanceAnswer, classAttendanceParams, classAttendanceQuery, facultyDashboardAnswer, overviewAnswer, overviewQuery,
} from '../../schemas/reports.ts';
import { type ClassOverview, classSessions, facultyDashboard, type OverviewGroup, overviewOf, type SessionWithMarks } from '../../services/class-overviews.ts';
import type { ServiceContext } from '../../services/context.ts';
import { personOf } from '../authentication.ts';
import { errors, json, readErrors, signedIn } from '../open-api.ts';
import { snakeCased } from '../snake-case.ts';

export function classOverviewRoutes(context: ServiceContext): FastifyPluginAsyncZod {
  return async (app) => {
    app.get('/api/faculty/dashboard', {
      config: { permission: 'classes.own' },
      schema: {
        operationId: 'facultyDashboard', summary: "A faculty member's classes with their averages, and today's sessions", tags: ['attendance'], ...signedIn,
        response: { 200: json(facultyDashboardAnswer), ...errors(403, ...readErrors) },
      },
    }, async (request) => {
      const person = personOf(request);
      const { facultyKey, classes, sessions, meanPercentage, today } = await facultyDashboard(context, person);
      return {
        success: true as const, faculty: { id: facultyKey, name: person.name, email: person.email },
        classes: classes.map((one) => ({
          assignmentId: one.classId, subjectCode: one.subjectCode, subjectName: one.subjectName, subjectMnemonic: one.subjectMnemonic, section: one.section,
          department: one.department, year: one.year, yearBatch: `E${one.year}`, completedSessions: one.sessions, classAttendanceAvg: one.percentage,
          lastClassDate: one.last?.date ?? null, lastClassTopic: one.last?.topicDiscussed ?? null,
        })),
        stats: { totalAssignments: classes.length, totalCompletedSessions: sessions, overallAttendanceAvg: meanPercentage },
        today: snakeCased(today),
      };
    });

    app.get('/api/department/overview', {
      config: { permission: 'overviews.see' },
      schema: {
        operationId: 'departmentOverview', summary: 'Attendance by class, section and subject', tags: ['attendance'], ...signedIn, querystring: overviewQuery,
        description: 'A head of department sees the own department, the office one or all.',
        response: { 200: json(overviewAnswer), ...errors(400, 403, 404, ...readErrors) },
      },
    }, async (request) => {
      const { classes, sections, subjects, all } = await overviewOf(context, personOf(request), request.query.department);
      return {
        classes: classes.map(overviewFields), sections: sections.map(groupFields), subjects: subjects.map(groupFields), ...all.counts, percentage: all.percentage,
      };
    });

    app.get('/api/faculty/class-attendance/:assignment_id', {
      config: { permission: 'reports.see' },
      schema: {
        operationId: 'classAttendance', summary: "A class's completed sessions, the newest first", tags: ['attendance'], ...signedIn,
        params: classAttendanceParams, querystring: classAttendanceQuery, response: { 200: json(classAttendanceAnswer), ...errors(400, 403, 404, ...readErrors) },
      },
    }, async (request) => {
      const { page, limit, include_students: include } = request.query;
      const { sessions, total } = await classSessions(context, personOf(request), request.params.assignment_id, { page, limit, withStudents: include === 'true' });
      const byDay = Map.groupBy(sessions, ({ date }) => date.split('-').toReversed().join('/'));
      return {
        success: true as const, attendanceData: Object.fromEntries([...byDay].map(([day, ofDay]) => [day, ofDay.map(sessionFields)])),
        pagination: { page, limit, total_sessions: total, has_more: page * limit < total },
      };
    });
  };
}

const overviewFields = (one: ClassOverview) => ({
  class_id: one.classId, subject_code: one.subjectCode, subject_name: one.subjectName, section_id: one.sectionId, section_name: one.sectionName,
  department_id: one.departmentId, faculty_name: one.facultyName, sessions: one.sessions, ...one.counts, percentage: one.percentage,
});

const groupFields = ({ name, classes, sessions, counts, percentage }: OverviewGroup) => ({ name, classes, sessions, ...counts, percentage });

function sessionFields(session: SessionWithMarks) {
  const { start, end } = clockSpan(session.startsAt, session.endsAt, session.timeZone);
  const { counts, attended, percentage } = session;
  return {
    session_id: session.sessionId, date: session.date, start_time: start, end_time: end, topic: session.topicDiscussed, venue: session.roomName,
    status: 'completed' as const, present_count: attended, absent_count: counts.absent, ...counts, percentage, total_students: session.expected,
    students: session.students.map(({ studentKey, name, status }) => ({ student_id: studentKey, student_name: name, status })),
  };
}
