import { concatBytes } from '../core/bytes.js';
import { VeilError } from '../core/errors.js';
import type { RandomSource } from '../core/ports.js';
import { Secret } from '../core/secret.js';
import { GCM_NONCE, gcmOpen, gcmSeal } from './gcm.js';

/*
 * A key under a key-encryption key: AES-256-GCM (NIST SP 800-38D) with associated data, because RFC 5649 has none and a wrapped
 * key must not be movable to another domain or epoch.
 *
 *     wrapped = %x01 nonce(12) ciphertext tag(16)
 *
 * The nonce is random: one key-encryption key wraps far fewer than 2^32 keys (SP 800-38D 8.3).
 */
const VERSION = 1;
const HEAD = 1 + GCM_NONCE;

/** Wraps `plain` under `kek` (32 bytes); `associatedData` must be given again, byte for byte, to unwrap. */
export function wrapKey(kek: Secret, plain: Secret, associatedData: Uint8Array, random: RandomSource): Uint8Array {
  const nonce = random.bytes(GCM_NONCE);
  const sealed = kek.use(key => plain.use(bytes => gcmSeal(key, nonce, associatedData, bytes)));
  return concatBytes(Uint8Array.of(VERSION), nonce, sealed);
}

/** Unwraps what `wrapKey` made. Throws KEY_UNWRAP when the key, the associated data or any byte is another one. */
export function unwrapKey(kek: Secret, wrapped: Uint8Array, associatedData: Uint8Array): Secret {
  if (wrapped[0] !== VERSION || wrapped.length < HEAD) {
    throw new VeilError('KEY_UNWRAP', { expected: 'a wrapped key of version 1', got: `${wrapped.length} bytes` });
  }
  const plain = kek.use(key => gcmOpen(key, wrapped.subarray(1, HEAD), associatedData, wrapped.subarray(HEAD)));
  if (plain === undefined) throw new VeilError('KEY_UNWRAP');
  return new Secret(plain);
}
