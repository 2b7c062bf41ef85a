// Leave of students: asking, deciding (A20).
import { z } from 'zod';
import { component } from './components.ts';
import { day, dayInPath, id, idInPath, instant, instantInQuery } from './values.ts';

export const studentLeaveParams = z.object({ id: idInPath });

const text = (what: string) => z.string(what).trim().min(1, what).max(500, 'must be at most 500 characters');

export const studentLeaveBody = z.strictObject({
  kind: z.enum(['medical', 'on_duty', 'other'], "must be 'medical', 'on_duty' or 'other'"),
  reason: text('must say why'),
  from: dayInPath.describe('The first day; together with `to`.').optional(),
  to: dayInPath.describe('The last day.').optional(),
  starts_at: instantInQuery.describe('Instead of days: from this moment on; together with `ends_at`.').optional(),
  ends_at: instantInQuery.optional(),
}).refine((body) => (body.from !== undefined && body.to !== undefined && body.starts_at === undefined && body.ends_at === undefined)
  || (body.from === undefined && body.to === undefined && body.starts_at !== undefined && body.ends_at !== undefined), 'must have from and to, or starts_at and ends_at');

export const leaveDecisionBody = z.strictObject({
  choice: z.enum(['grant', 'reject'], "must be 'grant' or 'reject'"),
  answer: text('must not be empty').describe('A word to the student.').optional(),
});

export const studentLeaveAnswer = component('StudentLeave', "A student's leave.", z.object({
  id,
  student_id: z.string(),
  student_name: z.string(),
  section: z.string(),
  kind: z.enum(['medical', 'on_duty', 'other']).describe('on_duty leaves the mark on_duty, the others excused.'),
  starts_at: instant,
  ends_at: instant.describe('Not included.'),
  from: day.nullable().describe('Of a leave of whole days: the first and the last.'),
  to: day.nullable(),
  reason: z.string(),
  status: z.enum(['open', 'granted', 'rejected', 'withdrawn']),
  answer: z.string().nullable(),
  created_at: instant,
  decided_at: instant.nullable(),
}));

export const studentLeavesAnswer = component('StudentLeaves', 'Leave, the newest first.', z.object({ leave: z.array(studentLeaveAnswer) }));
