// A session replayed (A21).
import { z } from 'zod';
import { doors, methods, statuses } from '../domain/attendance/statuses.ts';
import { component } from './components.ts';
import { sessionAnswer } from './days.ts';
import { id, idInPath, instant } from './values.ts';

export const replayParams = z.object({ session_id: idInPath });

const mark = z.enum(statuses);
const method = z.enum(methods).describe('missing: the session was completed without a mark.');

export const replayAnswer = component('SessionReplay', 'Who was expected in a session, as was known then; how each mark came about, and what was changed.', z.object({
  session: sessionAnswer,
  taking: z.object({
    mode: z.enum(['rotating', 'single']),
    opened_at: instant,
    opened_by: z.string(),
    late_from: instant.nullable(),
    closes_at: instant,
    completed_at: instant.nullable(),
    completed_by: z.string().nullable().describe('Null: it completed itself.'),
  }).nullable(),
  students: z.array(z.object({
    student_id: z.string(),
    roll_number: z.string(),
    name: z.string(),
    because: z.enum(['enrolled', 'instead', 'marked']).describe('enrolled on the day; there instead of another class; known by the mark alone, the enrolment having been changed.'),
    instead_of_id: id.nullable().describe('The session that this one was attended instead of.'),
    away_at_id: id.nullable().describe('The session that was attended instead of this one.'),
    receipt: z.object({
      status: mark,
      provisional: z.boolean(),
      method,
      marked_by: z.string().nullable().describe('Null: a process.'),
      door: z.enum(doors).nullable(),
      code_age: z.int().min(0).nullable().describe('Seconds after the code was first shown.'),
      address: z.string().nullable().describe('Of the client; for heads of department and admins.'),
      received_at: instant,
    }).nullable(),
    changes: z.array(z.object({ from: mark.nullable(), to: mark.nullable(), method, by: z.string().nullable(), reason: z.string().nullable(), at: instant })),
  })),
}));
