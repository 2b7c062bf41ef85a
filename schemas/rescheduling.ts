// What a faculty member is offered for a class that interviews hit, and the decision (I19).
import { z } from 'zod';
import { component } from './components.ts';
import { sessionAnswer } from './days.ts';
import { id, idInPath, instant } from './values.ts';

export const roundParams = z.object({ roundId: idInPath });
export const decisionParams = z.object({ id: idInPath });

/** Accept one of the offered times, or decline them all. */
export const decisionBody = z.discriminatedUnion('choice', [
  z.strictObject({ choice: z.literal('accept'), option_id: id }),
  z.strictObject({ choice: z.literal('decline') }),
], { error: (issue) => (issue.code === 'invalid_union' ? "must be 'accept' (with option_id) or 'decline'" : undefined) });

const remedy = z.enum(['makeup', 'move']).describe('What was offered: a makeup class for those who are hit, or another time for the whole class.');

export const decisionAnswer = component('Decision', 'A decision and what became of it.', z.object({
  decision_id: id,
  round_id: id,
  remedy: remedy.nullable(),
  choice: z.enum(['accept', 'decline']),
  outcome: z.enum(['pending', 'applied', 'refused']).describe('pending: noted, being processed.'),
  refusal_code: z.string().nullable().describe('Why it could not be carried out.'),
  message: z.string().describe("The outcome as a sentence in the person's language."),
}));

export const offersAnswer = component('Offers', "The rounds that wait for the asking person's word: of own classes, and those passed on to a head of department or an admin.", z.object({
  offers: z.array(z.object({
    round_id: id,
    remedy,
    session: sessionAnswer,
    options: z.array(z.object({
      id,
      starts_at: instant,
      ends_at: instant,
      room_name: z.string(),
      reasons: z.array(z.record(z.string(), z.union([z.string(), z.number()]))).describe('Codes with values.'),
    })),
  })),
}));
