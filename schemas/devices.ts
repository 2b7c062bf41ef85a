// The device with which a student marks attendance (A3).
import { z } from 'zod';
import { component } from './components.ts';
import { instant, studentKey } from './values.ts';

export const deviceParams = z.object({ student_id: studentKey });

const base64url = z.string().regex(/^[\w-]{20,200}$/, 'must be base64url');

/** An app's opaque id, or a key pair of the device: its public half, and a word of the private one. */
export const bindDeviceBody = z.union([
  z.strictObject({
    binding_id: z.string().regex(/^[\x21-\x7e]{8,200}$/, 'must be 8 to 200 printable ASCII characters without spaces').describe('Made by the app once, and kept.'),
  }),
  z.strictObject({
    public_key: z.discriminatedUnion('crv', [
      z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: base64url, y: base64url }),
      z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: base64url }),
    ]).describe('A public JWK.'),
    proof: z.string().min(1).max(4_000).describe('A compact JWS by that key over {student_id, iat, aud}: at most five minutes old, aud being the address of this server.'),
  }),
], { error: "must be {binding_id}, or {public_key, proof}" });

export const deviceAnswer = component('Device', 'The device that is bound to a student.', z.object({
  success: z.literal(true),
  binding_id: z.string().nullable().describe('SHA-256 in hex of `app:` and the id, or of `key:` and the key’s thumbprint (RFC 7638): what a client compares its own with. Null: none is bound.'),
  kind: z.enum(['app', 'key', 'chat']).nullable(),
  bound_at: instant.nullable(),
}));

export const deviceResetAnswer = component('DeviceReset', 'The next device with which the student marks is bound.', z.object({
  success: z.literal(true),
  was_bound: z.boolean(),
}));
