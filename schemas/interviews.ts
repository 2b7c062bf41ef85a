// What a student says of their own interviews: adds, corrects, deletes, answers (I11).
import { z } from 'zod';
import { component } from './components.ts';
import { interviewAnswer } from './days.ts';
import { id, idInPath } from './values.ts';

export const interviewParams = z.object({ id: idInPath });

/** A company's name: something to say, and no line breaks. */
const company = z.string('must be the company’s name').trim().min(1, 'must be the company’s name').max(200, 'must be at most 200 characters')
  .regex(/^[^\p{Cc}]*[\p{L}\p{N}][^\p{Cc}]*$/u, 'must be a name on one line');
const at = z.iso.datetime({ offset: true, error: 'must be an instant such as 2027-01-31T10:00:00+05:30' });
const start = at.describe('In the future, within a year.');
const end = at.describe('After the start, at most four hours. Without it, as long as the round usually takes.');
const text = (most: number) => z.string().trim().min(1, 'must not be empty').max(most, `must be at most ${most} characters`).regex(/^[^\p{Cc}]*$/u, 'must be on one line');

export const newInterviewBody = z.strictObject({
  company, starts_at: start, ends_at: end.nullish(),
  role: text(200).nullish(),
  round: z.enum(['assessment', 'technical', 'hr', 'managerial', 'group-discussion', 'case']).nullish(),
  mode: z.enum(['online', 'on-campus', 'elsewhere', 'phone']).nullish(),
  location: text(300).nullish(),
  link: z.url({ protocol: /^https?$/, error: 'must be a web address' }).max(500, 'must be at most 500 characters').nullish(),
});

export const correctionBody = z.strictObject({ company: company.optional(), starts_at: start.optional(), ends_at: end.optional() })
  .refine((body) => Object.keys(body).length > 0, 'must say what is to be corrected');

export const reviewBody = z.strictObject({ answer: z.enum(['yes', 'no'], "must be 'yes' or 'no'") });

export const reviewAnswer = component('Review', "What became of a student's answer, and the interview as it stands.", z.object({
  outcome: z.enum(['done', 'settled']).describe('settled: it was answered before; nothing was changed.'),
  interview: interviewAnswer,
}));

export const questionsAnswer = component('InterviewQuestions', 'Mails that call off or move one of several own interviews, of which the student has to say which.', z.object({
  questions: z.array(z.object({
    doubt_id: id,
    doing: z.enum(['cancel', 'reschedule']),
    company: z.string(),
    start: z.string().nullable().describe('Where a move leads: ISO 8601, or a bare date.'),
    end: z.string().nullable(),
    options: z.array(z.object({
      interview_id: id, company: z.string(), start: z.string().describe('ISO 8601, or a bare date.'), end: z.string().nullable(),
    })),
  })),
}));

export const questionBody = z.strictObject({ interview_id: id.nullable().describe('Null: none of them.') });

export const settledAnswer = component('SettledQuestion', 'What became of the answer.', z.object({
  outcome: z.enum(['cancelled', 'moved', 'none', 'over', 'gone'])
    .describe('over: it was answered before; gone: the interview was called off or deleted meanwhile. Neither changes anything.'),
  interview: interviewAnswer.nullable(),
}));
