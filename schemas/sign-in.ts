// Signing in, staying signed in, signing out (A1).
import { z } from 'zod';
import { component } from './components.ts';
import { personAnswer } from './person.ts';

const token = (what: string) => z.string(`must be ${what}`).min(1, `must be ${what}`).max(8_000, 'must be at most 8000 characters');

export const signInBody = z.strictObject({ id_token: token('an ID token of the institution’s OpenID provider') });

export const refreshBody = z.strictObject({ refresh_token: token('the newest refresh token of a sign-in') });

/** What a provider sends a browser back with; it may add more. */
export const callbackQuery = z.object({
  state: z.string().max(500).optional(),
  code: z.string().max(4_000).optional().describe('Missing where the sign-in was broken off.'),
});

const signedInFields = {
  access_token: z.string().describe('Goes into the header Authorization, after `Bearer `.'),
  token_type: z.literal('Bearer'),
  expires_in: z.int().describe('Seconds for which the access token is in force.'),
};

export const signedInAnswer = component('SignedIn', 'Who is signed in, and the tokens that say so.', z.object({
  ...signedInFields,
  refresh_token: z.string().describe('To be exchanged for the next pair, once. One that comes twice ends the sign-in.'),
  person: personAnswer,
}));

export const pageSignedInAnswer = component('SignedInPage', 'Who is signed in on the asking page. Its cookies say so the next time.', z.object({
  ...signedInFields,
  device_id: z.string().describe('By what this browser is known as a device.'),
  person: personAnswer,
}));
