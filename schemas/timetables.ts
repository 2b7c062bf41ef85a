// Timetables: asking for one, how far it is, what came of it, and what is in force (T1, T4).
import { z } from 'zod';
import { qualityParts } from '../domain/timetabling/variants.ts';
import { component } from './components.ts';
import { id, idInPath, instant } from './values.ts';

/** Seconds that a variant may be searched for, and where its random numbers may begin. */
const MOST_SECONDS = 3_600;
const MOST_SEED = 2 ** 31 - 1;
const MOST_SEMESTER = 12;

const whole = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`;
  return z.int(error).min(least, error).max(most, error);
};

export const generateBody = z.strictObject({
  organization_id: z.string().regex(/^[\w.-]{1,40}$/, "must be the institution's code, such as DEMO").describe("The institution's code."),
  semester: whole(1, MOST_SEMESTER),
  academic_year: z.string().regex(/^\d{4}-\d{2}$/, 'must be an academic year such as 2026-27'),
  seconds: whole(1, MOST_SECONDS).optional().describe('How long each variant is searched for; 60 when left out.'),
  seed: whole(0, MOST_SEED).optional().describe('Where the random numbers begin; any when left out.'),
});

export const jobParams = z.object({ job_id: z.string().regex(/^tt_[0-9a-f]{12}$/, 'must be the id of a job such as tt_0123456789ab') });
export const timetableParams = z.object({ timetable_id: idInPath });
export const departmentParams = z.object({ dept_id: idInPath });

export const jobAnswer = component('GenerationJob', 'A job that makes a timetable.', z.object({ job_id: z.string(), status: z.enum(['queued', 'running']) }));

const progressShape = {
  job_id: z.string(),
  status: z.enum(['queued', 'running', 'completed', 'failed', 'cancelled']),
  stage: z.enum(['clustering', 'scheduling', 'resolving', 'saving']).nullable(),
  progress: z.int().min(0).max(100).describe('How much of the work is done.'),
  best: z.object({ hard: z.int(), soft: z.int() }).nullable().describe('What the best timetable so far breaks and costs.'),
  completed_at: instant.nullable(),
};
export const progressAnswer = component('GenerationProgress', 'How far a job is.', z.object(progressShape));

const draft = z.object({
  timetable_id: id,
  variant_name: z.string(),
  quality_score: z.number().min(0).max(100),
  status: z.enum(['draft', 'publishing', 'published']),
  created_at: instant,
  published_at: instant.nullable(),
  parts: z.array(z.object({
    part: z.enum(qualityParts), weight: z.number(), quality: z.number().min(0).max(1).describe('1: as good as can be.'), value: z.number(), most: z.number(),
  })).describe('The score is 100 times the sum of weight times quality.'),
  unplaced: z.int().min(0).describe('Meetings without a place.'),
  unplaced_because: z.array(z.array(z.string())).describe('Of the first of them: which it is, and what stands against it.'),
});

export const resultAnswer = component('GenerationResult', "A job's drafts, or why there can be no timetable.", z.object({
  ...progressShape,
  reasons: z.array(z.object({ code: z.string(), message: z.string() })),
  timetables: z.array(draft),
}));

export const timetableStatusAnswer = component('TimetableStatus', 'Where a timetable stands.', z.object({
  timetable_id: id, status: z.enum(['draft', 'publishing', 'published']), published_at: instant.nullable(),
}));

const entry = z.object({
  entry_id: id,
  assignment_id: id,
  part: z.int().min(0).describe('Which of what the class needs, from 0.'),
  occurrence: z.int().min(0).describe('Which of its meetings of that part, from 0.'),
  room_id: id,
  subject_code: z.string(),
  subject_name: z.string(),
  faculty_name: z.string(),
  section_name: z.string(),
  room_name: z.string(),
  building: z.string(),
  weekday: z.int().min(1).max(7).describe('1 is Monday.'),
  start: z.string().describe("On the campus's wall clock, HH:mm."),
  end: z.string(),
  week: z.enum(['every', 'odd', 'even']).describe("Weeks are counted from the term's first, which is odd."),
});

export const entriesAnswer = component('TimetableEntries', 'All entries of a timetable.', z.object({ entries: z.array(entry) }));
export const timetableAnswer = component('Timetable', "What is in force of this term's timetable.", z.object({
  timetable_id: id.nullable().describe('Null: none has been published.'),
  academic_year: z.string(),
  semester: z.int(),
  entries: z.array(entry),
}));

const place = {
  assignment_id: id,
  part: whole(0, 100),
  occurrence: whole(0, 100),
  weekday: whole(1, 7).describe('1 is Monday.'),
  start: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 09:00').describe("On the campus's wall clock: when a period begins."),
  room_id: id,
};
const MOST_MOVES = 20;

export const moveBody = z.strictObject(place);
export const movesBody = z.strictObject({
  moves: z.array(z.strictObject(place)).min(1, 'must have at least one move').max(MOST_MOVES, `must have ${MOST_MOVES} moves at the most`),
});

const effect = {
  possible: z.boolean().describe('Nothing would be broken that is not broken now.'),
  breaks: z.array(z.string()).describe('What would be broken, as codes.'),
  mends: z.array(z.string()).describe('What would be broken no longer.'),
  gain: z.number().describe('By how much the quality score would change.'),
};
export const moveSeenAnswer = component('MoveEffect', 'What a move in a draft would break and cost, and what would make it possible.', z.object({
  ...effect,
  suggestions: z.array(z.object({ moves: z.array(z.object(place)), ...effect })),
}));
