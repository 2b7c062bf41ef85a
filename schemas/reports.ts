// Reports, defaulters, and what classes come to (A17, A18).
import { z } from 'zod';
import { component } from './components.ts';
import { sessionAnswer } from './days.ts';
import { countsShape, percentage } from './student-records.ts';
import { day, dayInPath, id, idInPath } from './values.ts';

const whole = (least: number, most: number, otherwise: number) => {
  const right = `must be a whole number from ${least} to ${most}`;
  return z.string(right).regex(/^\d{1,6}$/, right).optional().transform((text) => Number(text ?? otherwise))
    .refine((value) => value >= least && value <= most, right)
    .meta({ type: 'integer', minimum: least, maximum: most, default: otherwise, pattern: undefined });
};

export const reportFormats = ['json', 'csv', 'xlsx', 'html'] as const;

const reportFields = {
  class: idInPath.describe('One class: a subject as one faculty member teaches it to one section.').optional(),
  section: idInPath.describe('The classes of a section.').optional(),
  department: idInPath.describe('The classes of a department.').optional(),
  subject: z.string().max(20, 'must be a subject code').describe('The classes of a subject, by its code.').optional(),
  from: dayInPath.describe('The first day that counts; left out: all before `to`.').optional(),
  to: dayInPath.describe('The last day that counts; left out: today. Without both, the whole term.').optional(),
  format: z.enum(reportFormats, "must be 'json', 'csv', 'xlsx' or 'html'").describe('json: a page of it; the others: all of it. html is made for printing.').optional(),
  after: idInPath.describe('Of json: goes on after this class (next_after of the page before).').optional(),
  limit: whole(1, 5000, 500).describe('Of json: a page has so many students or more, its last class being whole.'),
};

export const reportQuery = z.strictObject(reportFields);
export const defaultersQuery = z.strictObject({ threshold: whole(0, 100, 75).describe('Per cent; who is below is listed.'), ...reportFields });

const count = z.int().min(0);

const classFields = {
  class_id: id,
  subject_code: z.string(),
  subject_name: z.string(),
  section_id: id,
  section_name: z.string(),
  department_id: id,
  faculty_name: z.string(),
};

const studentFields = {
  student_id: z.string(),
  student_name: z.string(),
  roll_number: z.string(),
  present_count: count,
  late_count: count,
  absent_count: count,
  excused_count: count,
  on_duty_count: count,
  total_sessions: count.describe('present + late + absent'),
  attended_sessions: count.describe('present + late'),
  attendance_percentage: percentage,
};

const nextAfter = id.nullable().describe('Goes into the next request as `after`; null at the end.');

export const reportAnswer = component('AttendanceReport', 'Attendance by class and student, over completed sessions.', z.object({
  success: z.literal(true),
  reportData: z.array(z.object({
    ...classFields,
    class_summary: z.object({
      total_sessions: count.describe('Completed sessions.'),
      total_present: count, total_late: count, total_absent: count, total_excused: count, total_on_duty: count,
      overall_percentage: percentage,
    }),
    students: z.array(z.object(studentFields)).describe('By roll number.'),
  })),
  next_after: nextAfter,
}));

export const defaultersAnswer = component('Defaulters', 'Students whose attendance in a subject is below the threshold, by class.', z.object({
  success: z.literal(true),
  threshold: z.int(),
  defaulters: z.array(z.object({ ...classFields, ...studentFields })),
  next_after: nextAfter,
}));

/** A table as a file. */
export const fileAnswer = z.custom<unknown>(() => true).meta({ type: 'string' });

export const facultyDashboardAnswer = component('FacultyDashboard', "The asking faculty member's classes of this term, and today's sessions.", z.object({
  success: z.literal(true),
  faculty: z.object({ id: z.string(), name: z.string(), email: z.string() }),
  classes: z.array(z.object({
    assignmentId: id, subjectCode: z.string(), subjectName: z.string(), subjectMnemonic: z.string(), section: z.string(), department: z.string(),
    year: z.int(), yearBatch: z.string().describe('Such as E3.'),
    completedSessions: count, classAttendanceAvg: percentage, lastClassDate: day.nullable(), lastClassTopic: z.string().nullable(),
  })),
  stats: z.object({
    totalAssignments: count, totalCompletedSessions: count,
    overallAttendanceAvg: percentage.describe('The unweighted mean of the classes’ averages, of those that have one; full precision.'),
  }),
  today: z.array(sessionAnswer),
}));

export const overviewQuery = z.strictObject({ department: idInPath.describe('Left out: the own one, or all.').optional() });

const sums = { sessions: count.describe('Completed sessions.'), ...countsShape, percentage };
const group = z.object({ name: z.string(), classes: count, ...sums });

export const overviewAnswer = component('DepartmentOverview', 'This term by class, by section and by subject.', z.object({
  classes: z.array(z.object({ ...classFields, ...sums })),
  sections: z.array(group),
  subjects: z.array(group),
  ...countsShape,
  percentage,
}));

export const classAttendanceParams = z.object({ assignment_id: idInPath });

export const classAttendanceQuery = z.strictObject({
  page: whole(1, 100_000, 1), limit: whole(1, 100, 10),
  include_students: z.enum(['true', 'false'], "must be 'true' or 'false'").optional(),
});

export const classAttendanceAnswer = component('ClassAttendance', "A class's completed sessions by day (DD/MM/YYYY), the newest first.", z.object({
  success: z.literal(true),
  attendanceData: z.record(z.string(), z.array(z.object({
    session_id: id, date: day, start_time: z.string(), end_time: z.string(), topic: z.string().nullable(), venue: z.string(), status: z.literal('completed'),
    present_count: count.describe('Present and late.'), absent_count: count, ...countsShape, total_students: count, percentage,
    students: z.array(z.object({ student_id: z.string(), student_name: z.string(), status: z.string() })).describe('Empty without include_students=true.'),
  }))),
  pagination: z.object({ page: z.int(), limit: z.int(), total_sessions: count, has_more: z.boolean() }),
}));
