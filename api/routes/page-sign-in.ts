// Signing in on our pages (A1): to the provider and back to the page. The page then gets its access tokens by a cookie.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { translator } from '../../locales/index.ts';
import { asRefusal, refusalText } from '../../locales/refusals.ts';
import { Refusal } from '../../schemas/errors.ts';
import { pageSignedInAnswer } from '../../schemas/sign-in.ts';
import type { ServiceContext } from '../../services/context.ts';
import { renewSignIn, signOut } from '../../services/sign-in.ts';
import { statusOf } from '../errors.ts';
import { done, errors, json } from '../open-api.ts';
import type { Pages } from '../pages.ts';
import type { RateLimits } from '../rate-limits.ts';
import type { AuthorizationCode } from '../sign-in/authorization-code.ts';
import { BROWSER_PATH, type BrowserCookies } from '../sign-in/browser-cookies.ts';
import { ownPath } from '../sign-in/own-path.ts';
import { snakeCased } from '../snake-case.ts';
import { accessFields, type TokenService } from '../tokens.ts';

/** Where who signs in for no page in particular ends up. */
const FIRST_PAGE = '/check-in';

const signInQuery = z.object({ next: z.string().max(2_000).default(FIRST_PAGE) });

interface PageSignIn {
  context: ServiceContext;
  tokens: TokenService;
  limits: RateLimits;
  cookies: BrowserCookies;
  pages: Pages;
  /** Without it nobody can sign in here. */
  browser: AuthorizationCode | undefined;
}

export function pageSignInRoutes({ context, tokens, limits, cookies, pages, browser }: PageSignIn): FastifyPluginAsyncZod {
  const config = { rateLimit: { max: limits.signIn } };

  return async (app) => {
    app.get('/sign-in', { config, schema: { hide: true, querystring: signInQuery } }, async (request, reply) => {
      const next = ownPath(request.query.next, context.publicUrl);
      try {
        if (next === null) throw new Refusal('bad-request');
        if (!browser) throw new Refusal('sign-in-not-set-up');
        const begun = await browser.begin(next);
        cookies.keepBegun(reply, begun.kept);
        return await reply.redirect(begun.url, 302);
      } catch (error) {
        return sendSignInError(error, reply, { pages, locale: context.campus.locale, next });
      }
    });

    app.post(BROWSER_PATH, {
      config,
      schema: {
        operationId: 'renewOnPage', summary: 'A new access token for one of our pages', tags: ['sign-in'],
        description: 'By the cookie of the sign-in, which is exchanged for the next; only for pages of our own.',
        response: { 200: json(pageSignedInAnswer), ...errors(400, 401, 403, 413, 415, 503) },
      },
    }, async (request, reply) => {
      requireOwnPage(request, context.publicUrl);
      const held = cookies.refreshToken(request);
      if (held === undefined) throw new Refusal('not-signed-in');
      const renewed = await renewSignIn(context, held).catch((error: unknown) => {
        if (asRefusal(error)) cookies.forgetSignedIn(reply);
        throw error;
      });
      cookies.keepSignedIn(reply, renewed.refreshToken);
      const { person } = renewed;
      return { ...await accessFields(tokens, person.userId), device_id: cookies.deviceId(request, reply), person: snakeCased(person) };
    });

    app.delete(BROWSER_PATH, {
      config,
      schema: {
        operationId: 'signOutOnPage', summary: 'End the sign-in of our pages in this browser', tags: ['sign-in'],
        response: { 204: done, ...errors(400, 403, 413, 415, 503) },
      },
    }, async (request, reply) => {
      requireOwnPage(request, context.publicUrl);
      const held = cookies.refreshToken(request);
      if (held !== undefined) await signOut(context, held);
      cookies.forgetSignedIn(reply);
      return reply.code(204).send();
    });
  };
}

/** Says on a page why a sign-in failed; what is our fault goes on as it is. */
export function sendSignInError(
  error: unknown, reply: FastifyReply, { pages, locale, next }: { pages: Pages; locale: string; next: string | null },
): FastifyReply {
  const refusal = asRefusal(error);
  if (!refusal) throw error;
  const again = `/sign-in?next=${encodeURIComponent(next ?? FIRST_PAGE)}`;
  const message = refusalText(translator(locale), refusal.code, refusal.details);
  return reply.code(statusOf[refusal.code]).type('text/html; charset=utf-8').send(pages.page('sign-in', { message, again }));
}

/** Browsers name the page that asks; another's may not use our cookies. @throws Refusal page-foreign */
function requireOwnPage({ headers }: FastifyRequest, publicUrl: string): void {
  if (headers.origin !== new URL(publicUrl).origin) throw new Refusal('page-foreign', { url: publicUrl });
}
