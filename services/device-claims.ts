// By what a student's device is known (A3): an app's opaque id, a key pair made on it, or a linked chat.
import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, decodeProtectedHeader, errors, importJWK, type JWK, jwtVerify } from 'jose';
import type { Device } from '../db/repositories/devices.ts';
import { Refusal } from '../domain/refusal.ts';
import type { ServiceContext } from './context.ts';
import type { Chat } from './links.ts';

/** What a device is known by. */
export type DeviceClaim = Pick<Device, 'kind' | 'hash' | 'publicKey'>;

const PROOF_MINUTES = 5;
/** Kinds of keys that devices make and can't be made to give away. */
const ALGORITHMS = ['ES256', 'EdDSA'];

/** By what a device is compared: SHA-256 of its kind and its id, thumbprint or chat. */
function deviceHash(kind: Device['kind'], value: string): Buffer {
  return createHash('sha256').update(`${kind}:${value}`).digest();
}

/** A device known by an id that its app has made. */
export const appDevice = (id: string): DeviceClaim => ({ kind: 'app', hash: deviceHash('app', id), publicKey: null });

/** A linked chat counts as a device. */
export const chatDevice = ({ platform, chatId }: Chat): DeviceClaim => ({ kind: 'chat', hash: deviceHash('chat', `${platform}:${chatId}`), publicKey: null });

/**
 * A device known by its public key, once its holder has proven to have the private one.
 * @param proof a compact JWS, not older than five minutes, whose payload has `iat`, `aud` (where people reach the API) and `claims`
 * @param publicKey left out: the one in the proof's header (`jwk`)
 * @throws Refusal device-proof-wrong
 */
export async function keyDevice(
  { now, publicUrl }: ServiceContext, proof: string, claims: Record<string, string>, publicKey?: JWK,
): Promise<DeviceClaim> {
  try {
    const key = publicKey ?? decodeProtectedHeader(proof).jwk;
    if (!key) throw new Refusal('device-proof-wrong');
    const { payload } = await jwtVerify<Record<string, unknown>>(proof, await importJWK(key, key.kty === 'EC' ? 'ES256' : 'EdDSA'), {
      algorithms: ALGORITHMS, audience: publicUrl, maxTokenAge: `${PROOF_MINUTES} minutes`, currentDate: now().toJSDate(),
    });
    if (Object.entries(claims).some(([name, value]) => String(payload[name]).toUpperCase() !== value.toUpperCase())) throw new Refusal('device-proof-wrong');
    return { kind: 'key', hash: deviceHash('key', await calculateJwkThumbprint(key, 'sha256')), publicKey: JSON.stringify(key) };
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof DOMException || error instanceof TypeError) throw new Refusal('device-proof-wrong');
    throw error;
  }
}
