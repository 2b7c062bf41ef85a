// What a browser keeps for us: a sign-in that is under way, who is signed in on our pages, and by what it is known as a device. No
// script can read any of it, and each goes only to the paths that need it.
import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { REFRESH_DAYS } from '../../services/sign-in.ts';
import { BEGUN_SECONDS } from './authorization-code.ts';

/** Where our pages renew and end their sign-in. */
export const BROWSER_PATH = '/api/auth/browser';

const DAY_S = 24 * 3600;
/** The longest that browsers keep a cookie; each visit begins it anew. */
const DEVICE_DAYS = 400;
const DEVICE_ID = /^[\w-]{22,64}$/;
const DEVICE_ID_BYTES = 24;

export interface BrowserCookies {
  /** What was kept when a sign-in began. */
  begun(request: FastifyRequest): string | undefined;
  keepBegun(reply: FastifyReply, kept: string): void;
  forgetBegun(reply: FastifyReply): void;
  refreshToken(request: FastifyRequest): string | undefined;
  keepSignedIn(reply: FastifyReply, refreshToken: string): void;
  forgetSignedIn(reply: FastifyReply): void;
  /** By what the browser is known as a device: what it has kept, else a new id, which it then keeps. */
  deviceId(request: FastifyRequest, reply: FastifyReply): string;
}

/** @param publicUrl where people reach Beadle: with https, cookies never go out without it */
export function browserCookies(publicUrl: string): BrowserCookies {
  const attributes = { httpOnly: true, sameSite: 'lax', secure: publicUrl.startsWith('https:') } as const;
  const begun = ['beadle_sign_in', { ...attributes, path: '/auth' }] as const;
  const signedIn = ['beadle_signed_in', { ...attributes, path: BROWSER_PATH }] as const;
  const device = ['beadle_device', { ...attributes, path: BROWSER_PATH }] as const;
  const keep = (reply: FastifyReply, [name, options]: typeof begun | typeof signedIn | typeof device, value: string, maxAge: number) => {
    void reply.setCookie(name, value, { ...options, maxAge });
  };
  return {
    begun: ({ cookies }) => cookies[begun[0]],
    keepBegun: (reply, kept) => keep(reply, begun, kept, BEGUN_SECONDS),
    forgetBegun: (reply) => void reply.clearCookie(...begun),
    refreshToken: ({ cookies }) => cookies[signedIn[0]],
    keepSignedIn: (reply, token) => keep(reply, signedIn, token, REFRESH_DAYS * DAY_S),
    forgetSignedIn: (reply) => void reply.clearCookie(...signedIn),
    deviceId({ cookies }, reply) {
      const kept = cookies[device[0]];
      const id = kept !== undefined && DEVICE_ID.test(kept) ? kept : randomBytes(DEVICE_ID_BYTES).toString('base64url');
      keep(reply, device, id, DEVICE_DAYS * DAY_S);
      return id;
    },
  };
}
