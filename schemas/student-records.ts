// A student's attendance, schedule and history (A16), in the fields of the attendance system that came before, and ours.
import { z } from 'zod';
import { component } from './components.ts';
import { day, dayInPath, instant } from './values.ts';

export const studentParams = z.object({ student_id: z.string().describe('The public id of a student, such as S230001, in any case.') });

const WEEK = 'must be a week such as 2027-W05';
const days = {
  from: dayInPath.describe('The first day; together with `to`.').optional(),
  to: dayInPath.describe('The last day; together with `from`.').optional(),
};

export const scheduleQuery = z.strictObject({
  date: dayInPath.describe('Gives this day as today_schedule and the next as tomorrow_schedule; left out: today.').optional(),
  week: z.string(WEEK).regex(/^20\d\d-W(?:0[1-9]|[1-4]\d|5[0-3])$/, WEEK).describe('An ISO week, such as 2027-W05.').optional(),
  ...days,
}).refine(({ from, to }) => (from === undefined) === (to === undefined), { error: 'must come with the other of from and to', path: ['from'] })
  .refine(({ date, week, from }) => [date, week, from].filter((given) => given !== undefined).length <= 1, 'must be one of date, week, and from with to');

export const historyQuery = z.strictObject({ date: dayInPath.describe('One day; left out: today.').optional(), ...days })
  .refine(({ from, to }) => (from === undefined) === (to === undefined), { error: 'must come with the other of from and to', path: ['from'] })
  .refine(({ date, from }) => date === undefined || from === undefined, 'must be a date, or from with to');

const count = z.int().min(0);
export const percentage = z.number().min(0).max(100).nullable().describe('100 × (present + late) / (present + late + absent), in full precision; null where that is nothing.');

/** How many sessions have which mark. */
export const countsShape = {
  present: count, late: count, absent: count,
  excused: count.describe('Counts neither way.'), on_duty: count.describe('Counts neither way.'),
};

export const standingAnswer = component('StudentAttendance', "A student's attendance over the completed sessions of this term.", z.object({
  success: z.literal(true),
  student_id: z.string(),
  name: z.string(),
  subjects: z.array(z.object({
    subject: z.string(),
    subject_code: z.string(),
    total: count.describe('present + late + absent'),
    attended: count.describe('present + late'),
    ...countsShape,
    percentage,
  })),
  overall: percentage,
  ...countsShape,
}));

const attendanceStatus = z.enum(['present', 'late', 'absent', 'excused', 'on_duty', 'not_taken']);

const scheduled = z.object({
  id: z.string().describe("The session's id."),
  subject: z.string(),
  subject_code: z.string(),
  subject_mnemonic: z.string(),
  subject_type: z.enum(['theory', 'lab']),
  time: z.string().describe('Such as 08:30 AM - 09:30 AM.'),
  location: z.string(),
  date: day,
  faculty_name: z.string(),
  status: z.boolean().describe('Whether attendance is or was taken.'),
  session_status: z.enum(['scheduled', 'open', 'completed', 'cancelled']),
  otp: z.string().nullable().describe('Never the code: a mask while one counts, else null.'),
  otp_created_at: instant.nullable(),
  attendance_marked: z.boolean(),
  attendance_status: attendanceStatus.nullable().describe('not_taken: the class has begun, and there is no mark, which is no absence. Null before.'),
  start_time: z.string().describe('HH:MM of the campus.'),
  end_time: z.string(),
  starts_at: instant,
  ends_at: instant,
  attended_instead: z.string().nullable().describe('The session attended instead of this one.'),
});

export const scheduleAnswer = component('StudentSchedule', "The asking student's classes: of a day and the next, or of the days asked for.", z.object({
  today_schedule: z.array(scheduled).optional(),
  tomorrow_schedule: z.array(scheduled).optional(),
  from: day.optional(),
  to: day.optional(),
  schedule: z.array(scheduled).optional().describe('Where a week, or from and to, were asked for.'),
  student_info: z.object({ name: z.string(), year: z.int(), department: z.string(), section: z.string() }),
}));

export const forecastQuery = z.strictObject({
  threshold: z.string().regex(/^(?:100|[1-9]\d?)$/, 'must be a whole number from 1 to 100').transform(Number).optional()
    .meta({ type: 'integer', minimum: 1, maximum: 100, pattern: undefined }).describe("Per cent; left out: the department's."),
});

export const forecastAnswer = component('AttendanceForecast', 'What is needed in each subject until the end of the term.', z.object({
  success: z.literal(true),
  student_id: z.string(),
  threshold: z.int(),
  term_ends_on: day.nullable(),
  subjects: z.array(z.object({
    subject: z.string(),
    subject_code: z.string(),
    percentage,
    remaining: count.describe('Classes to come that will count: none on holidays, or when an interview or leave is known.'),
    needed: count.nullable().describe('How many of them have to be attended; null: the threshold can’t be reached any more.'),
    may_miss: count.nullable(),
    best: percentage,
    worst: percentage,
    message: z.string(),
  })),
}));

export const historyAnswer = component('StudentHistory', "A student's sessions that have begun, with the mark of each.", z.object({
  success: z.literal(true),
  history: z.array(z.object({
    session_id: z.string(),
    date: day,
    subjectCode: z.string(),
    subject: z.string(),
    time: z.string(),
    venue: z.string(),
    topicDiscussed: z.string().nullable(),
    status: attendanceStatus,
    facultyName: z.string(),
  })),
}));
