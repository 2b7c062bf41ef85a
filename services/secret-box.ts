// Seals mailbox passwords and tokens at rest: AES-256-GCM under a key from the environment, its id beside the value, so
// that keys can be rotated.
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, randomBytes } from 'node:crypto';

const IV_BYTES = 12;
const TAG_BYTES = 16;

export interface Sealed {
  keyId: string;
  value: Buffer;
}

export interface SecretBox {
  /** Seals under the newest key. `value` is nonce, tag, ciphertext. */
  seal(plain: string): Sealed;
  /** @throws Error when the key is not known or the value was changed */
  open(sealed: Sealed): string;
  /** A keyed hash (HMAC-SHA-256), for tokens that are derived rather than kept. */
  derive(purpose: string, input: Buffer): Buffer;
}

/**
 * @param keys ID:BASE64 of 32 bytes, with commas between several; the first seals, all open
 * @param deriveSecret the secret behind `derive`
 */
export function createSecretBox(keys: string, deriveSecret: string): SecretBox {
  const byId = new Map(keys.split(',').map((entry) => {
    const [id, encoded] = entry.split(':') as [string, string];
    const bytes = Buffer.from(encoded, 'base64');
    if (bytes.length !== 32) throw new Error(`secret key ${id} has ${bytes.length} bytes; it must have 32`);
    return [id, createSecretKey(bytes)] as const;
  }));
  const [currentId] = byId.keys() as Iterator<string> & Iterable<string>;
  return {
    seal(plain) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', byId.get(currentId!)!, iv);
      const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return { keyId: currentId!, value: Buffer.concat([iv, cipher.getAuthTag(), text]) };
    },
    open({ keyId, value }) {
      const key = byId.get(keyId);
      if (!key) throw new Error(`the secret key ${keyId} is not in SECRET_KEYS`);
      const decipher = createDecipheriv('aes-256-gcm', key, value.subarray(0, IV_BYTES));
      decipher.setAuthTag(value.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      return Buffer.concat([decipher.update(value.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
    },
    derive: (purpose, input) => createHmac('sha256', deriveSecret).update(purpose).update('\0').update(input).digest(),
  };
}
