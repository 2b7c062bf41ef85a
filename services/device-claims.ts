// By what a student's device is known (A3): an app's opaque id, a key pair made on it, or a linked chat.
import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, compactVerify, EmbeddedJWK, type JWK } from 'jose';
import type { Device } from '../db/repositories/devices.ts';
import { Refusal } from '../domain/refusal.ts';
import type { ServiceContext } from './context.ts';
import type { Chat } from './links.ts';

/** What a device is known by. */
export type DeviceClaim = Pick<Device, 'kind' | 'hash' | 'publicKey'>;

const ALGORITHMS = ['ES256', 'EdDSA', 'Ed25519', 'RS256', 'PS256'];
/** A proof may be so many seconds old, or ahead of our clock. */
const PROOF_SECONDS = 120;

const hashOf = (kind: Device['kind'], value: string): Buffer => createHash('sha256').update(`${kind}:${value}`).digest();

/** A device known by an id that its app has made. */
export const appDevice = (id: string): DeviceClaim => ({ kind: 'app', hash: hashOf('app', id), publicKey: null });

/** A linked chat counts as a device. */
export const chatDevice = ({ platform, chatId }: Chat): DeviceClaim => ({ kind: 'chat', hash: hashOf('chat', `${platform}:${chatId}`), publicKey: null });

/**
 * A device that proves a key of its own: a compact JWS, its header with the public key (`jwk`), its payload with `iat` (seconds) and
 * what is signed here.
 * @throws Refusal device-proof
 */
export async function keyDevice(context: ServiceContext, proof: string, expected: Record<string, string>): Promise<DeviceClaim> {
  try {
    const { payload, protectedHeader } = await compactVerify(proof, EmbeddedJWK, { algorithms: ALGORITHMS });
    const said = JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown>;
    const isRecent = typeof said['iat'] === 'number' && Math.abs(context.now().toSeconds() - said['iat']) <= PROOF_SECONDS;
    if (!isRecent || Object.entries(expected).some(([name, value]) => said[name] !== value)) throw new Error('it says something else');
    const jwk = protectedHeader.jwk as JWK;
    return { kind: 'key', hash: hashOf('key', await calculateJwkThumbprint(jwk)), publicKey: JSON.stringify(jwk) };
  } catch {
    throw new Refusal('device-proof');
  }
}
