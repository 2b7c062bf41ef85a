// The one shape in which every door says no, and its codes (rule 12).
import { z } from 'zod';
import { component } from './components.ts';

export { loggedCause } from '../domain/logged-cause.ts';
export { Refusal, type RefusalCode } from '../domain/refusal.ts';

/** What goes wrong before a service is asked. */
export const doorErrorCodes = ['internal', 'too-many-requests', 'body-too-large', 'unsupported-media-type', 'database-unreachable'] as const;
export type DoorErrorCode = (typeof doorErrorCodes)[number];

export const errorAnswer = component('Error', 'Why the request was refused.', z.object({
  error: z.object({
    code: z.string().describe('Stays the same from release to release.'),
    message: z.string().describe("A sentence for people, in the asking person's language."),
    field: z.string().optional().describe('The field or parameter that is wrong.'),
    requestId: z.string().describe('Names the request in the log; it is also in the header X-Request-Id.'),
  }),
}));
export type ErrorAnswer = z.output<typeof errorAnswer>;
