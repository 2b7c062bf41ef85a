// How mailboxes fare (I5), and starting a sweep (I6).
import { z } from 'zod';
import { component } from './components.ts';
import { id, instant } from './values.ts';

export const mailboxAnswer = component('Mailbox', "How the asking student's mailbox fares.", z.object({
  status: z.enum(['none', 'active', 'backing_off', 'withdrawn']),
  failure_code: z.string().nullable(),
  retry_at: instant.nullable(),
  last_read_at: instant.nullable(),
}));

export const mailboxFailuresAnswer = component('MailboxFailures', 'The mailboxes that fail, the first to be tried again first.', z.object({
  mailboxes: z.array(z.object({ id, student_id: id, failure_code: z.string(), failures: z.int(), retry_at: instant })),
}));

export const mailCostsQuery = z.object({
  days: z.coerce.number().int().min(1).max(365).default(30).describe('How many days back.'),
});

export const mailCostsAnswer = component('MailCosts', 'What finding interviews in mails took.', z.object({
  days: z.int(),
  mails: z.int(),
  extractions: z.int().describe('Distinct mails: the same one in 300 inboxes counts once.'),
  asked_model: z.int(),
  prompt_tokens: z.int(),
  completion_tokens: z.int(),
  tokens_per_thousand_mails: z.int().nullable(),
}));

export const sweepAnswer = component('Sweep', 'The sweep was started, or one is running already.', z.object({
  status: z.literal('started'),
  ui_url: z.string().nullable().describe('Where its progress can be watched.'),
}));
