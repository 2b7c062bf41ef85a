// A person's day: classes and interviews; and the student's dashboard (I23), in Beadle's shape and in the seed's.
import { z } from 'zod';
import { component } from './components.ts';
import { day, dayInPath, id, instant } from './values.ts';

export const dayParams = z.object({ date: dayInPath.describe("A day of the campus's calendar.") });

const session = component('Session', 'A dated class.', z.object({
  id,
  subject_code: z.string(),
  subject_name: z.string(),
  subject_type: z.enum(['theory', 'lab']),
  section_name: z.string(),
  room_name: z.string(),
  faculty_name: z.string(),
  date: day,
  starts_at: instant,
  ends_at: instant,
  time_zone: z.string(),
  status: z.enum(['scheduled', 'completed', 'cancelled']),
}));

export const sessionAnswer = session;

export const interviewAnswer = component('Interview', "A student's interview.", z.object({
  id,
  company_name: z.string(),
  role: z.string().nullable(),
  round: z.string().nullable(),
  mode: z.enum(['online', 'on-campus', 'elsewhere', 'phone']).nullable(),
  date: day,
  starts_at: instant.nullable().describe('Null where the mail names no time.'),
  ends_at: instant.nullable(),
  time_zone: z.string(),
  location: z.string().nullable(),
  link: z.string().nullable(),
  status: z.enum(['asked', 'confirmed', 'cancelled', 'rejected']).describe('asked: the student has still to say whether it is one.'),
}));

export const interviewsAnswer = component('Interviews', "The asking student's interviews from today on.", z.object({
  interviews: z.array(interviewAnswer),
}));

export const dayAnswer = component('Day', "A day of the asking person's.", z.object({
  date: day,
  sessions: z.array(z.object({ ...session.shape, excused: z.boolean() })),
  interviews: z.array(interviewAnswer),
}));

export const dashboardAnswer = component('Dashboard', 'Upcoming interviews, rescheduled classes, attendance.', z.object({
  name: z.string(),
  interviews: z.array(interviewAnswer),
  rescheduled_classes: z.array(z.object({
    session_id: id,
    subject_code: z.string(),
    room_name: z.string(),
    status: z.string().describe('gathering or offered while it is being decided; moved; made_up or seated: session_id is the makeup, or the class of another section, that is attended instead.'),
    original_starts_at: instant,
    starts_at: instant,
    ends_at: instant,
  })),
  attendance: z.array(z.object({
    session_id: id,
    subject_code: z.string(),
    starts_at: instant,
    status: z.string(),
    provisional: z.boolean().describe('An excuse for an interview whose class is still being decided.'),
  })),
}));

export const seedDashboardAnswer = component('SeedDashboard', 'The dashboard in the shape of the first class scheduler.', z.object({
  student_id: id,
  name: z.string(),
  drives: z.array(z.object({
    company_name: z.string(),
    drive_stage: z.enum(['OA', 'Interview']),
    drive_datetime: z.string().describe('ISO 8601; a bare date where the mail names no time.'),
    status: z.enum(['pending', 'done']),
  })),
  rescheduled_classes: z.array(z.object({
    subject_id: z.string().describe("The subject's code."),
    day: z.string().describe('The weekday in English.'),
    time: z.string().describe("HH:MM in the campus's zone."),
    status: z.enum(['pending', 'done']),
  })),
  attendance: z.array(z.object({ student_id: id, schedule_id: id, status: z.string() })),
}));
export type SeedDashboard = z.output<typeof seedDashboardAnswer>;
