// Classes by hand: adding, changing, listing, and who takes one instead (A8, A9).
import { z } from 'zod';
import { component } from './components.ts';
import { day, dayInPath, id, idInPath, instant } from './values.ts';

const clock = z.string('must be a time such as 09:30').regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 09:30');
const venue = z.string().min(1, 'must name a room').max(50, 'must be 50 characters at the most').describe("A room's name.");
const topic = z.string().min(1, 'must not be empty').max(200, 'must be 200 characters at the most');
const yearOfStudy = z.union([
  z.int('must be a year from 1 to 9, or E1 and so on').min(1, 'must be a year from 1 to 9, or E1 and so on').max(9, 'must be a year from 1 to 9, or E1 and so on'),
  z.string().regex(/^E[1-9]$/, 'must be a year from 1 to 9, or E1 and so on'),
]);

export const classBody = z.strictObject({
  assignment_id: id.optional().describe('Which class; else subject_code, year, department and section, as far as they are needed to tell.'),
  subject_code: z.string().regex(/^[\x20-\x7e]{1,20}$/, 'must be a subject code').optional(),
  year: yearOfStudy.optional(),
  department: z.string().max(20, 'must be 20 characters at the most').optional(),
  section: z.string().max(10, 'must be 10 characters at the most').optional(),
  date: dayInPath, start_time: clock, end_time: clock, venue,
  topic_discussed: topic.optional(),
});

export const classChangeBody = z.strictObject({
  date: dayInPath, start_time: clock.describe('Alone, the class keeps its length.'), end_time: clock, venue, topic_discussed: topic.nullable(),
}).partial().refine((body) => Object.keys(body).length > 0, 'must change something');

const details = z.object({ date: day, time: z.string(), venue: z.string() });

export const addedAnswer = component('AddedClass', 'The class is added, and everybody on its roster is told.', z.object({
  success: z.literal(true), message: z.string(), schedule_id: id, schedule_details: details,
}));

export const changedAnswer = component('ChangedClass', 'The class as it is now.', z.object({
  success: z.literal(true), message: z.string(), updated_schedule: z.object({ id, ...details.shape, topic_discussed: z.string().nullable() }),
}));

export const archiveQuery = z.strictObject({
  archive: z.enum(['true', 'false'], "must be 'true' or 'false'").optional().describe('Hide a class in which attendance was taken from lists; its attendance stays.'),
});

export const listQuery = z.strictObject({
  from: dayInPath.optional().describe('Today where it is left out.'),
  to: dayInPath.optional().describe('Six days later where it is left out.'),
  date: dayInPath.optional().describe('A single day, instead of from and to.'),
});

export const listAnswer = component('FacultyClasses', "The asking faculty member's classes.", z.object({
  success: z.literal(true), faculty_name: z.string(), today_date: day, total_classes: z.int().min(0),
  schedules: z.array(z.object({
    id, assignment_id: id, subject_code: z.string(), subject_name: z.string(), subject_mnemonic: z.string(), subject_type: z.enum(['theory', 'lab']),
    year: z.int(), department: z.string(), section: z.string(), date: day, start_time: z.string(), end_time: z.string(), starts_at: instant, ends_at: instant, venue: z.string(),
    status: z.boolean().describe('Attendance is being taken, or was.'), state: z.enum(['scheduled', 'completed', 'cancelled']), topic_discussed: z.string().nullable(),
  })),
}));

export const sessionParams = z.object({ sessionId: idInPath });
export const substituteBody = z.strictObject({ faculty_id: z.string().regex(/^[\x20-\x7e]{1,20}$/, "must be a faculty member's id").describe("The substitute's id, such as CSF01.") });
export const substitutionAnswer = component('Substitution', 'Who takes a class instead: set, or asked for.', z.object({
  id: id.nullable().describe('Of the question; null where nobody had to be asked.'), session_id: id, faculty_id: z.string(), status: z.enum(['open', 'accepted', 'declined', 'withdrawn']),
}));
export const substitutionParams = z.object({ id: idInPath });
export const substitutionReply = z.strictObject({ answer: z.enum(['yes', 'no'], "must be 'yes' or 'no'") });
export const substitutionsAnswer = component('Substitutions', 'Classes that the asking faculty member is asked to take.', z.object({
  substitutions: z.array(z.object({ id, session_id: id, asked_by: z.string(), subject_code: z.string(), section_name: z.string(), room_name: z.string(), starts_at: instant, ends_at: instant })),
}));
