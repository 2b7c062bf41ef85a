// Who somebody is, by an OpenID provider's ID token that we verify ourselves (A1): Google, or any other that publishes its keys.
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey } from 'jose';
import type { DateTime } from 'luxon';
import { z } from 'zod';
import { Refusal } from '../../schemas/errors.ts';

export interface IdentitySettings {
  /** Where its discovery document is. */
  issuer: string;
  /** Of its keys; without it as the discovery document says. */
  jwksUrl?: string | undefined;
  /** Ours at the provider: the web's first. A token for any of them counts. */
  clientIds: readonly string[];
  clientSecret?: string | undefined;
  /** The institution's. */
  mailDomains: readonly string[];
}

/** What of a provider's discovery document is used (OpenID Connect Discovery 1.0). */
const discoveryDocument = z.object({
  issuer: z.string(), authorization_endpoint: z.url(), token_endpoint: z.url(), jwks_uri: z.url(),
});
type Discovered = z.output<typeof discoveryDocument>;

export interface IdentityVerifier {
  /**
   * @param nonce that the token has to carry, where the sign-in was begun by us
   * @returns the verified mail address
   * @throws Refusal identity-wrong, mail-not-verified, mail-domain-not-ours, identity-provider-unreachable
   */
  verify(idToken: string, nonce?: string): Promise<string>;
  /** Where the provider's endpoints are. @throws Refusal identity-provider-unreachable */
  discover(): Promise<Discovered>;
}

const GOOGLE = 'https://accounts.google.com';
/** Google writes its name both ways. */
const GOOGLE_SPELLINGS = [GOOGLE, 'accounts.google.com'];
/** No shared secrets: whoever can verify must not be able to sign. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const CLOCKS_DIFFER_SECONDS = 10;
const DISCOVERY_TIMEOUT_MS = 5_000;

interface IdClaims extends JWTPayload {
  email?: unknown;
  email_verified?: unknown;
  hd?: unknown;
  nonce?: unknown;
  azp?: unknown;
}

/**
 * Keys are fetched when they are first needed, kept, and fetched again when a token names one that isn't among them (at most twice a minute).
 * @param now the clock
 */
export function createIdentityVerifier(settings: IdentitySettings, now: () => DateTime): IdentityVerifier {
  const issuers = settings.issuer === GOOGLE ? GOOGLE_SPELLINGS : [settings.issuer];
  let discovered: Promise<Discovered> | undefined;
  let keys: Promise<JWTVerifyGetKey> | undefined;

  const discover = (): Promise<Discovered> => (discovered ??= fetchDiscovery(settings.issuer).catch((error: unknown) => {
    discovered = undefined;
    throw error;
  }));

  const signingKeys = (): Promise<JWTVerifyGetKey> => (keys ??= (async () =>
    createRemoteJWKSet(new URL(settings.jwksUrl ?? (await discover()).jwks_uri)))().catch((error: unknown) => {
    keys = undefined;
    throw error;
  }));

  return {
    discover,
    async verify(idToken, nonce) {
      const { payload } = await jwtVerify<IdClaims>(idToken, await signingKeys(), {
        algorithms: ALGORITHMS, issuer: issuers, audience: [...settings.clientIds], requiredClaims: ['sub', 'exp', 'iat'],
        currentDate: now().toJSDate(), clockTolerance: CLOCKS_DIFFER_SECONDS,
      }).catch((error: unknown) => { throw new Refusal(isTokensFault(error) ? 'identity-wrong' : 'identity-provider-unreachable'); });
      // With several audiences, the one it was issued to has to be ours too (OpenID Connect Core 3.1.3.7).
      const isForUs = !Array.isArray(payload.aud) || payload.aud.length === 1 || settings.clientIds.includes(String(payload.azp));
      if (!isForUs || (nonce !== undefined && payload.nonce !== nonce)) throw new Refusal('identity-wrong');
      return mailOf(payload, settings);
    },
  };
}

function mailOf({ email, email_verified: isVerified, hd }: IdClaims, { issuer, mailDomains }: IdentitySettings): string {
  if (typeof email !== 'string') throw new Refusal('identity-wrong');
  const isOurs = (domain: unknown) => mailDomains.some((ours) => ours.toLowerCase() === String(domain).toLowerCase());
  // Google names the institution of an account in `hd`; a private account can have an address of ours, but no `hd`.
  const isHosted = hd === undefined ? issuer !== GOOGLE : isOurs(hd);
  if (!isHosted || !isOurs(email.slice(email.lastIndexOf('@') + 1))) throw new Refusal('mail-domain-not-ours', { domains: mailDomains.join(', ') });
  if (isVerified !== true && isVerified !== 'true') throw new Refusal('mail-not-verified');
  return email;
}

/** Whether verifying failed by what the token says; otherwise its keys could not be had. */
function isTokensFault(error: unknown): boolean {
  return error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired || error instanceof errors.JWTInvalid
    || error instanceof errors.JWSInvalid || error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JOSEAlgNotAllowed
    || error instanceof errors.JOSENotSupported || error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys;
}

async function fetchDiscovery(issuer: string): Promise<Discovered> {
  try {
    const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, { signal: AbortSignal.timeout(DISCOVERY_TIMEOUT_MS) });
    const document = discoveryDocument.parse(await answer.json());
    if (document.issuer !== issuer) throw new Error('the discovery document is of another issuer');
    return document;
  } catch {
    throw new Refusal('identity-provider-unreachable');
  }
}
