// Signing in by the institution's OpenID provider, in a browser or with an app's ID token; exchanging refresh tokens; signing out (A1).
import cookie from '@fastify/cookie';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Refusal } from '../../schemas/errors.ts';
import { callbackQuery, refreshBody, signedInAnswer, signInBody } from '../../schemas/sign-in.ts';
import type { ServiceContext } from '../../services/context.ts';
import { renewSignIn, type SignedIn, signIn, signOut } from '../../services/sign-in.ts';
import { done, errors, json } from '../open-api.ts';
import { type Pages, wantsPage } from '../pages.ts';
import type { RateLimits } from '../rate-limits.ts';
import { createAuthorizationCode } from '../sign-in/authorization-code.ts';
import { browserCookies } from '../sign-in/browser-cookies.ts';
import { createIdentityVerifier, type IdentitySettings } from '../sign-in/identity.ts';
import { snakeCased } from '../snake-case.ts';
import { accessFields, type TokenService } from '../tokens.ts';
import { pageSignInRoutes, sendSignInError } from './page-sign-in.ts';

const CALLBACK = '/auth/callback';
const bodyErrors = [400, 401, 403, 413, 415, 503] as const;
const redirected = z.undefined().describe('To the provider; the cookie that comes along is wanted back.');
const backOnPage = z.undefined().describe('Back to the page that the sign-in was begun on.');

/** @param settings the provider; without one nobody can sign in here */
export function signInRoutes(
  context: ServiceContext, tokens: TokenService, limits: RateLimits, settings: IdentitySettings | undefined, pages: Pages,
): FastifyPluginAsyncZod {
  const identity = settings && createIdentityVerifier(settings, context.now);
  const browser = identity && createAuthorizationCode(context, identity, settings, new URL(CALLBACK, context.publicUrl).href);
  const cookies = browserCookies(context.publicUrl);
  // A campus comes from one address, and each of these carries a secret that nobody guesses.
  const config = { rateLimit: { max: limits.signIn } };

  const answerOf = async ({ person, refreshToken }: SignedIn) => ({
    ...await accessFields(tokens, person.userId), refresh_token: refreshToken, person: snakeCased(person),
  });

  return async (app) => {
    await app.register(cookie);
    await app.register(pageSignInRoutes({ context, tokens, limits, cookies, pages, browser }));

    app.get('/auth/sign-in', {
      config,
      schema: {
        operationId: 'beginSignIn', summary: 'Sign in with a browser', tags: ['sign-in'],
        response: { 302: redirected, ...errors(503) },
      },
    }, async (_request, reply) => {
      if (!browser) throw new Refusal('sign-in-not-set-up');
      const begun = await browser.begin(null);
      cookies.keepBegun(reply, begun.kept);
      return reply.redirect(begun.url, 302);
    });

    app.get(CALLBACK, {
      config,
      schema: {
        operationId: 'finishSignIn', summary: 'Where the provider sends a browser back to', tags: ['sign-in'], querystring: callbackQuery,
        description: 'A sign-in that a page of ours has begun leads back to it; to a browser, what goes wrong is said on a page.',
        response: { 200: json(signedInAnswer), 302: backOnPage, ...errors(400, 401, 403, 503) },
      },
    }, async (request, reply) => {
      const kept = cookies.begun(request);
      const next = browser?.nextOf(kept) ?? null;
      try {
        if (!browser) throw new Refusal('sign-in-not-set-up');
        cookies.forgetBegun(reply);
        const signedIn = await signIn(context, await browser.finish(request.query, kept));
        if (next === null) return await answerOf(signedIn);
        cookies.keepSignedIn(reply, signedIn.refreshToken);
        return await reply.redirect(next, 302);
      } catch (error) {
        if (!wantsPage(request)) throw error;
        return sendSignInError(error, reply, { pages, locale: context.campus.locale, next });
      }
    });

    app.post('/api/auth/sign-in', {
      config,
      schema: {
        operationId: 'signIn', summary: 'Sign in with an ID token', tags: ['sign-in'], body: signInBody,
        description: 'For apps that have one from the institution’s OpenID provider. It is verified here: signature, audience, issuer, expiry, verified address, domain.',
        response: { 200: json(signedInAnswer), ...errors(...bodyErrors) },
      },
    }, async (request) => {
      if (!identity) throw new Refusal('sign-in-not-set-up');
      return answerOf(await signIn(context, await identity.verify(request.body.id_token)));
    });

    app.post('/api/auth/refresh', {
      config,
      schema: {
        operationId: 'refresh', summary: 'Exchange a refresh token for new tokens', tags: ['sign-in'], body: refreshBody,
        description: 'Each is exchanged once. When one comes a second time, the sign-in ends, with all that followed from it: one of the two had a copy.',
        response: { 200: json(signedInAnswer), ...errors(...bodyErrors) },
      },
    }, async (request) => answerOf(await renewSignIn(context, request.body.refresh_token)));

    app.post('/api/auth/sign-out', {
      config,
      schema: {
        operationId: 'signOut', summary: 'End a sign-in', tags: ['sign-in'], body: refreshBody,
        description: 'Any refresh token of it will do. An access token stays in force until it expires, a quarter of an hour at the most.',
        response: { 204: done, ...errors(400, 413, 415, 503) },
      },
    }, async (request, reply) => {
      await signOut(context, request.body.refresh_token);
      return reply.code(204).send();
    });
  };
}
