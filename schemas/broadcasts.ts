// Telling many the same (A23).
import { z } from 'zod';
import { component } from './components.ts';
import { id, instant } from './values.ts';

const title = z.string().trim().min(1, 'must not be empty').max(150, 'must be at most 150 characters').regex(/^[^\p{Cc}]*$/u, 'must be on one line');
const message = z.string('must be what is to be told').trim().min(1, 'must not be empty').max(1_000, 'must be at most 1000 characters')
  .regex(/^[^\0]*$/, 'must be text');
const ids = z.array(id).min(1, 'must name at least one').max(200, 'must name at most 200');

/** A class representative to the own class. */
export const sectionNoticeBody = z.strictObject({ title: title.default('Class Update'), message });

export const broadcastBody = z.strictObject({
  title, message,
  to: z.union([z.strictObject({ sections: ids }), z.strictObject({ departments: ids }), z.strictObject({ all: z.literal(true) })], "must be {sections}, {departments} or {all: true}")
    .describe('Whose students are told: ids of sections or departments, or all.'),
});

const details = z.object({
  total_students: z.int(),
  registered_devices: z.int().describe('Of theirs, that get push messages. Who has none is told by the chats they use, else by e-mail.'),
  successful: z.int().describe('Students whom a message has reached.'),
  failed: z.int().describe('Students whom none could reach.'),
});
const status = z.enum(['sending', 'success', 'partial', 'failed']);

export const broadcastAnswer = component('Broadcast', 'Noted; it is being sent.', z.object({
  success: z.literal(true),
  id,
  status,
  message: z.string(),
  details,
}));

export const broadcastsAnswer = component('Broadcasts', 'The asking person’s last fifty broadcasts, the newest first.', z.object({
  success: z.literal(true),
  notifications: z.array(z.object({ id, title: z.string(), message: z.string(), recipient_count: z.int(), sent_at: instant, status, details })),
}));
