// The office's records one by one: lists, removals, class representatives, terms and holidays (A5, A7).
import { z } from 'zod';
import { component } from './components.ts';
import { cursorInQuery, day, dayInPath, id } from './values.ts';

const keyInPath = z.string().regex(/^[\x20-\x7e]{1,20}$/, 'must be an id: 1 to 20 letters, digits and signs');
export const keyParams = z.object({ id: keyInPath });
export const codeParams = z.object({ code: keyInPath });
export const studentKeyParams = z.object({ student_id: keyInPath });
export const dateParams = z.object({ date: dayInPath });

export const recordsQuery = z.strictObject({
  after: cursorInQuery.describe('next_cursor of the page before.'),
  limit: z.string().regex(/^(?:[1-9]\d?|[1-4]\d\d|500)$/, 'must be a whole number from 1 to 500').optional().transform((text) => Number(text ?? 100))
    .meta({ type: 'integer', minimum: 1, maximum: 500, pattern: undefined }),
  department: z.string().max(20, 'must be 20 characters at the most').optional(),
  year: z.string().regex(/^E?[1-9]$/, 'must be a year from 1 to 9, or E1 and so on').optional().transform((text) => (text === undefined ? undefined : Number(text.replace('E', ''))))
    .meta({ type: 'string', pattern: '^E?[1-9]$' }),
  section: z.string().max(10, 'must be 10 characters at the most').optional(),
  search: z.string().min(1).max(60, 'must be 60 characters at the most').optional().describe('A part of a name, id or address.'),
});

const page = { success: z.literal(true), count: z.int().min(0), next_cursor: z.int().nullable().describe('Null on the last page.') };
const place = { year: z.int(), department: z.string(), section: z.string() };
const active = z.boolean().describe('False: has left, or has ended.');

export const recordAnswers = {
  students: component('Students', 'Students, by their row.', z.object({
    ...page, students: z.array(z.object({ id: z.string(), name: z.string(), email: z.string(), roll_number: z.string(), role: z.enum(['student', 'cr']), ...place, active })),
  })),
  faculties: component('FacultyMembers', 'Faculty members, by their row.', z.object({
    ...page, faculties: z.array(z.object({ id: z.string(), name: z.string(), email: z.string(), department: z.string().nullable(), role: z.string(), active })),
  })),
  subjects: component('Subjects', 'Subjects, by their row.', z.object({
    ...page, subjects: z.array(z.object({ code: z.string(), mnemonic: z.string(), name: z.string(), type: z.enum(['theory', 'lab']), active })),
  })),
  'faculty-assignments': component('FacultyAssignments', 'Who teaches what to which section, by row.', z.object({
    ...page, faculty_assignments: z.array(z.object({
      assignment_id: id, id: z.string(), name: z.string(), email: z.string(), subject_code: z.string(), academic_year: z.string(), semester: z.int(), ...place, active,
    })),
  })),
  'default-schedules': component('DefaultSchedules', 'Weekly classes, by row.', z.object({
    ...page, default_schedules: z.array(z.object({
      id, weekday: z.int().min(1).max(7).describe('1 is Monday.'), start_time: z.string(), end_time: z.string(),
      week: z.enum(['every', 'odd', 'even']).describe('Counted from the first of the term.'), venue: z.string(), faculty_id: z.string(), subject_code: z.string(), ...place, active,
    })),
  })),
} as const;

export const removedAnswer = component('Removed', 'It is ended as of today; nothing that has happened is deleted.', z.object({ success: z.literal(true), message: z.string() }));

const representative = z.object({ id: z.string(), name: z.string(), email: z.string(), year: z.int(), branch: z.string(), section: z.string(), phone: z.string().nullable() });
export const representativeBody = z.strictObject({
  id: z.string().regex(/^[\x20-\x7e]{1,20}$/, "must be a student's id"), mobile: z.string().regex(/^\+?[\d -]{6,19}$/, 'must be a telephone number'),
});
export const representativesAnswer = component('Representatives', 'Class representatives, by class.', z.object({ success: z.literal(true), crs: z.array(representative), count: z.int().min(0) }));
export const representativeAnswer = component('Representative', 'The new class representative.', z.object({ success: z.literal(true), message: z.string(), newcr: representative }));

const oneToNine = 'must be a whole number from 1 to 9';
const semester = z.int(oneToNine).min(1, oneToNine).max(9, oneToNine);

export const termBody = z.strictObject({
  academic_year: z.string().regex(/^\d{4}(?:-\d{2,4})?$/, 'must be a year such as 2026-27'), semester,
  starts_on: dayInPath, ends_on: dayInPath.describe('Its last day.'),
});
export const termsAnswer = component('Terms', 'The terms, by their first day.', z.object({
  terms: z.array(z.object({ id, academic_year: z.string(), semester: z.int(), starts_on: day, ends_on: day })),
}));
export const holidayBody = z.strictObject({ date: dayInPath, name: z.string().min(1, 'must not be empty').max(100, 'must be 100 characters at the most') });
export const holidaysAnswer = component('Holidays', 'Holidays from today on.', z.object({ holidays: z.array(z.object({ date: day, name: z.string() })) }));
