// The browser's way to an ID token: OpenID's authorization-code flow with PKCE, state and nonce (A1).
import { createHash, randomBytes } from 'node:crypto';
import { CodeChallengeMethod, OAuth2Client } from 'google-auth-library';
import { z } from 'zod';
import { Refusal } from '../../schemas/errors.ts';
import type { ServiceContext } from '../../services/context.ts';
import type { IdentitySettings, IdentityVerifier } from './identity.ts';

/** As long as somebody may take to sign in at the provider. */
export const BEGUN_SECONDS = 600;

const begun = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), next: z.string().nullable(), until: z.number() });

export interface AuthorizationCode {
  /**
   * Begins a sign-in.
   * @param next the path of the page that wants it; null where a program does
   * @returns where the browser goes, and what it keeps meanwhile (sealed; for nobody's eyes)
   */
  begin(next: string | null): Promise<{ url: string; kept: string }>;
  /**
   * Ends it with what the provider sent the browser back with.
   * @returns the verified mail address
   * @throws Refusal sign-in-begun-elsewhere, sign-in-declined, and those of verifying
   */
  finish(answer: { state?: string | undefined; code?: string | undefined }, kept: string | undefined): Promise<string>;
  /** The page that a sign-in was begun for, as the browser kept it; null where there is none. */
  nextOf(kept: string | undefined): string | null;
}

/** @param redirectUri that is registered at the provider */
export function createAuthorizationCode(
  context: ServiceContext, identity: IdentityVerifier, { clientIds, clientSecret }: IdentitySettings, redirectUri: string,
): AuthorizationCode {
  const [clientId] = clientIds;
  const client = async () => {
    const { authorization_endpoint: oauth2AuthBaseUrl, token_endpoint: oauth2TokenUrl } = await identity.discover();
    return new OAuth2Client({
      ...(clientId !== undefined && { clientId }), ...(clientSecret !== undefined && { clientSecret }), redirectUri, endpoints: { oauth2AuthBaseUrl, oauth2TokenUrl },
    });
  };

  return {
    async begin(next) {
      const [state, nonce, verifier] = [secret(), secret(), secret()];
      const url = (await client()).generateAuthUrl({
        scope: ['openid', 'email'], state, prompt: 'select_account',
        nonce, code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: CodeChallengeMethod.S256,
      });
      const until = context.now().plus({ seconds: BEGUN_SECONDS }).toMillis();
      const { keyId, value } = context.secrets.seal(JSON.stringify({ state, nonce, verifier, next, until } satisfies z.input<typeof begun>));
      return { url, kept: `${keyId}.${value.toString('base64url')}` };
    },

    async finish({ state, code }, kept) {
      const held = opened(context, kept);
      if (held === null || held.until <= context.now().toMillis() || state !== held.state) throw new Refusal('sign-in-begun-elsewhere');
      if (code === undefined) throw new Refusal('sign-in-declined');
      const oauth = await client();
      const { tokens } = await oauth.getToken({ code, codeVerifier: held.verifier }).catch((error: unknown) => {
        throw new Refusal(wasRefused(error) ? 'sign-in-declined' : 'identity-provider-unreachable');
      });
      if (!tokens.id_token) throw new Refusal('identity-wrong');
      return identity.verify(tokens.id_token, held.nonce);
    },

    nextOf: (kept) => opened(context, kept)?.next ?? null,
  };
}

/** 256 bits, in characters that a URL and PKCE take. */
const secret = () => randomBytes(32).toString('base64url');

function opened({ secrets }: ServiceContext, kept = ''): z.output<typeof begun> | null {
  const [keyId = '', value = ''] = kept.split('.');
  try {
    return begun.parse(JSON.parse(secrets.open({ keyId, value: Buffer.from(value, 'base64url') })));
  } catch {
    return null;
  }
}

/** Whether the provider's token endpoint said no (RFC 6749, 5.2). */
function wasRefused(error: unknown): boolean {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 0;
  return status >= 400 && status < 500;
}
