import { createCipheriv, createDecipheriv } from 'node:crypto';
import { concatBytes } from '../core/bytes.js';

/** Bytes of a GCM nonce (NIST SP 800-38D 8.2: 96 bits). */
export const GCM_NONCE = 12;

/** Bytes of an authentication tag. */
export const GCM_TAG = 16;

const ALGORITHM = 'aes-256-gcm';

/**
 * AES-256-GCM (NIST SP 800-38D) of one message: ciphertext ‖ tag. The caller makes sure that a key never meets a nonce twice.
 */
export function gcmSeal(key: Uint8Array, nonce: Uint8Array, associatedData: Uint8Array, plain: Uint8Array): Uint8Array {
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: GCM_TAG }).setAAD(associatedData);
  return concatBytes(cipher.update(plain), cipher.final(), cipher.getAuthTag());
}

/** Opens what `gcmSeal` made, or returns undefined when anything was altered. OpenSSL compares tags in constant time. */
export function gcmOpen(
  key: Uint8Array,
  nonce: Uint8Array,
  associatedData: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | undefined {
  if (sealed.length < GCM_TAG) return undefined;
  const cut = sealed.length - GCM_TAG;
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: GCM_TAG });
  decipher.setAAD(associatedData).setAuthTag(sealed.subarray(cut));
  const plain = decipher.update(sealed.subarray(0, cut));
  try {
    return concatBytes(plain, decipher.final());
  } catch {
    // final() throws for a wrong tag and for nothing else; what was decrypted is not authentic
    return undefined;
  } finally {
    plain.fill(0);
  }
}
