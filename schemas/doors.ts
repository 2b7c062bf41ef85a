// Ways in besides the API: the own calendar feed (D6), linking a chat (D3), and whether Beadle is up.
import { z } from 'zod';
import { component } from './components.ts';
import { instant } from './values.ts';

export const feedParams = z.object({ token: z.string().describe('The secret part of the address.') });

/** Text; bytes once it is zipped. */
export const feedAnswer = z.union([z.string(), z.custom<Buffer>(Buffer.isBuffer)]).describe('iCalendar (RFC 5545).');

export const feedAddressAnswer = component('CalendarFeed', 'The address of the own calendar. Whoever has it can read the calendar.', z.object({
  url: z.string(),
  webcal: z.string(),
}));

export const linkCodeAnswer = component('LinkCode', 'A one-time code, to be sent to the bot from the chat that is to be linked.', z.object({
  code: z.string(),
  expires_at: instant,
}));

export const healthAnswer = component('Health', 'Beadle and its database answer.', z.object({
  status: z.literal('ok'),
  uptime_seconds: z.int().min(0),
}));

/** Any POST: the same key again gives the first answer again. Other headers stay as they are. */
export const idempotentHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,100}$/, 'must be 1 to 100 printable ASCII characters without spaces')
    .optional()
    .describe('Chosen by the client: the same request with the same key is done once and answered alike.'),
});
