// Taking attendance and marking oneself (A10 to A15).
import { z } from 'zod';
import { statuses } from '../domain/attendance/statuses.ts';
import { component } from './components.ts';
import { id, idInPath, instant } from './values.ts';

const status = z.enum(statuses);
const code = z.string().regex(/^\d{6}$/, 'must be the six digits that are shown');
/** Clients that know the first system send ids as text. */
const idOrText = z.union([id, z.string().regex(/^[1-9]\d{0,14}$/, 'must be a whole number from 1').transform(Number)], 'must be a whole number from 1')
  .meta({ type: 'integer', minimum: 1, maximum: 1e15 - 1, anyOf: undefined });
const text = (most: number) => z.string().trim().min(1, 'must not be empty').max(most, `must have ${most} characters at the most`);
const minutes = (most: number) => z.int(`must be whole minutes, 1 to ${most}`).min(1, `must be whole minutes, 1 to ${most}`).max(most, `must be whole minutes, 1 to ${most}`);
/** A session under either of its names. */
const sessionNamed = { session_id: idOrText.optional(), schedule_id: idOrText.optional().describe('Another name of session_id.') };
const isNamed = ({ session_id, schedule_id }: { session_id?: number | undefined; schedule_id?: number | undefined }) => session_id !== undefined || schedule_id !== undefined;
const unnamed = { path: ['session_id'], error: 'must be there: the number of the session' };

export const sessionParams = z.object({ session_id: idInPath });
export const flagParams = z.object({ id: idInPath });

export const markBody = z.strictObject({
  code,
  session_id: idOrText.optional().describe('Which session is meant; left out, the one whose code it is.'),
  device_id: z.string().min(8, 'must have 8 to 200 characters').max(200, 'must have 8 to 200 characters').optional()
    .describe('An opaque id that the app has made and keeps.'),
  device_proof: z.string().max(4_000, 'must have 4000 characters at the most').optional()
    .describe("Instead of device_id: a compact JWS by the device's own key, with the public key in its header (jwk) and {code, iat} as its payload."),
});

export const markAnswer = component('Receipt', 'The mark of the asking student.', z.object({
  success: z.literal(true),
  session_id: id,
  student_id: z.string(),
  status,
  timestamp: instant.describe('When the mark was received.'),
  message: z.string(),
}));

export const openBody = z.strictObject({
  ...sessionNamed,
  mode: z.enum(['rotating', 'single'], "must be 'rotating' or 'single'").optional().describe('rotating: a new code every few seconds; single: one code.'),
  minutes: minutes(240).optional().describe('How long codes count.'),
  late_after_minutes: minutes(240).optional().describe('From so many minutes on a mark is late; left out: never.'),
  step_seconds: z.int('must be whole seconds, 5 to 300').min(5, 'must be whole seconds, 5 to 300').max(300, 'must be whole seconds, 5 to 300').optional()
    .describe('How long each code is shown.'),
  topic_discussed: text(200).optional(),
}).refine(isNamed, unnamed);

export const extendBody = z.strictObject({ minutes: minutes(240) });

export const takingAnswer = component('Taking', 'The taking of attendance in a session, for who takes it.', z.object({
  success: z.literal(true),
  session_id: id,
  schedule_id: id.describe('The same.'),
  subject_code: z.string(),
  subject_name: z.string(),
  section: z.string(),
  room: z.string(),
  status: z.enum(['open', 'completed']),
  mode: z.enum(['rotating', 'single']),
  otp: z.string().nullable().describe('The code that is to be shown now; null when none counts.'),
  as_of: instant.describe("When this was so, by the server's clock."),
  next_code_at: instant.nullable().describe('When the next code replaces it.'),
  step_seconds: z.int(),
  opened_at: instant,
  late_from: instant.nullable(),
  closes_at: instant.describe('Until when codes count.'),
  completes_at: instant.describe('When it completes itself.'),
  total_students: z.int(),
  students_there: z.int(),
  check_in_url: z.string().nullable().describe('What the QR code says.'),
  qr_svg: z.string().nullable().describe('The code as a QR code (SVG).'),
}));

export const completeBody = z.strictObject({
  ...sessionNamed,
  topic_discussed: text(200).optional(),
}).refine(isNamed, unnamed);

export const completedAnswer = component('CompletedAttendance', 'How many students have which mark.', z.object({
  success: z.literal(true),
  session_id: id,
  status: z.literal('completed'),
  summary: z.object(Object.fromEntries(statuses.map((each) => [each, z.int()])) as Record<(typeof statuses)[number], z.ZodInt>),
}));

export const MOST_MARKS = 500;

export const markBulkBody = z.strictObject({
  session_id: idOrText,
  marks: z.array(z.strictObject({
    student_id: text(20).describe('The public id, such as S230001, or the roll number.'),
    status: z.enum(statuses, `must be one of ${statuses.join(', ')}`),
  })).min(1, 'must name a student').max(MOST_MARKS, `must be ${MOST_MARKS} marks at the most`),
  reason: text(500).optional().describe('Needed where a mark is changed that stands already.'),
  topic_discussed: text(200).optional(),
});

export const markBulkAnswer = component('MarkedByHand', 'How many marks were new, how many changed, and how many said that already.', z.object({
  success: z.literal(true), session_id: id, created: z.int(), changed: z.int(), unchanged: z.int(),
}));

const flagKind = z.enum(['shared-device', 'far-rooms', 'stale-code', 'off-campus', 'check-missed']);
const verdict = z.enum(['open', 'dismissed', 'upheld']);

export const rollAnswer = component('Roll', 'Who is expected in a session, with their marks, by roll number.', z.object({
  success: z.literal(true),
  session_id: id,
  subject_code: z.string(),
  subject_name: z.string(),
  section: z.string(),
  starts_at: instant,
  ends_at: instant,
  status: z.enum(['not_taken', 'open', 'completed']),
  students: z.array(z.object({
    student_id: z.string(),
    student_name: z.string(),
    roll_number: z.string(),
    status: z.enum([...statuses, 'not_taken']).describe('not_taken: there is no mark, which is no absence.'),
    method: z.enum(['code', 'manual', 'missing', 'interview', 'leave', 'appeal']).nullable(),
    received_at: instant.nullable(),
    away: z.boolean().describe('Attends another class instead.'),
    flags: z.array(z.object({
      id, kind: flagKind, evidence: z.record(z.string(), z.union([z.string(), z.number()])), verdict,
    })).describe('What looks odd about the mark; it changes nothing by itself.'),
  })),
}));

export const judgeBody = z.strictObject({ verdict: z.enum(['dismissed', 'upheld'], "must be 'dismissed' or 'upheld'") });
export const flagAnswer = component('Flag', 'What looked odd about a mark, and what it is worth.', z.object({ id, kind: flagKind, verdict }));

export const appealBody = z.strictObject({
  session_id: idOrText,
  wanted: z.enum(['present', 'late', 'excused', 'on_duty'], "must be 'present', 'late', 'excused' or 'on_duty'"),
  reason: text(500),
});

export const appealAnswer = component('Appeal', 'A student asks for another mark.', z.object({
  id,
  session_id: id,
  student_id: z.string(),
  roll_number: z.string(),
  wanted: z.enum(['present', 'late', 'excused', 'on_duty']),
  reason: z.string(),
  status: z.enum(['open', 'granted', 'rejected']),
  answer: z.string().nullable(),
  created_at: instant,
  decided_at: instant.nullable(),
}));

export const appealsAnswer = component('Appeals', "A student's own appeals, the newest first; for others those that wait for their word, the oldest first.", z.object({
  appeals: z.array(appealAnswer),
}));

export const decideAppealBody = z.strictObject({
  choice: z.enum(['grant', 'reject'], "must be 'grant' or 'reject'"),
  answer: text(500).optional().describe('What the student is told.'),
});
