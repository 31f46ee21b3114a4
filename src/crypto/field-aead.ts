import { viewOf } from '../core/bytes.js';
import type { RandomSource } from '../core/ports.js';
import type { FieldAead, SealRows } from '../transform/context.js';
import { copyBlock } from './blocks.js';
import { lengthPrefixed } from './length-prefix.js';
import { AesSiv, SIV_BYTES } from './siv.js';

/** Bytes of the random nonce of each value. */
export const NONCE_BYTES = 16;

/** Bytes before the ciphertext of a sealed field: nonce and synthetic IV. */
export const FIELD_OVERHEAD = NONCE_BYTES + SIV_BYTES;

/** Bytes of a field key: two AES-256 keys. */
export const FIELD_KEY_BYTES = 64;

/** Where an encrypted field belongs: part of what its ciphertext is bound to. */
export interface FieldPlace {
  /** Name of the policy (route). */
  readonly policy: string;
  /** Canonical text of the field path. */
  readonly path: string;
  readonly keyId: string;
  readonly epoch: number;
}

/** The associated data of a field: a ciphertext moved to another route, path, key or epoch does not open. */
export function fieldAssociatedData(place: FieldPlace): Uint8Array {
  return lengthPrefixed(['veil/v1/field', place.policy, place.path, place.keyId, String(place.epoch)]);
}

/**
 * Field encryption: AES-SIV (RFC 5297) with the components (associated data, random nonce, plaintext). Wire format of a value:
 *
 *     sealed    = nonce(16) ‖ V(16) ‖ C
 *     plaintext = token type(1, see core/token.ts) ‖ value bytes
 */
export class SivFieldAead implements FieldAead {
  readonly overhead = FIELD_OVERHEAD;
  readonly #siv: AesSiv;
  readonly #random: RandomSource;
  #ivStarts = new Uint32Array(0);
  #ends = new Uint32Array(0);

  /** `key` is 64 bytes; OpenSSL copies it. */
  constructor(key: Uint8Array, associatedData: Uint8Array, random: RandomSource) {
    this.#siv = new AesSiv(key, [associatedData]);
    this.#random = random;
  }

  /** See `FieldAead.seal`. */
  seal(rows: SealRows, sealed: Uint8Array, sealedStarts: Uint32Array): void {
    const { count } = rows;
    if (count > this.#ends.length) {
      this.#ivStarts = new Uint32Array(count);
      this.#ends = new Uint32Array(count);
    }
    const nonces = viewOf(this.#random.bytes(count * NONCE_BYTES));
    const target = viewOf(sealed);
    const ivStarts = this.#ivStarts;
    const ends = this.#ends;
    const { bytes } = rows;
    for (let row = 0; row < count; row++) {
      const at = sealedStarts[row] ?? 0;
      const start = rows.starts[row] ?? 0;
      const size = (rows.ends[row] ?? 0) - start;
      const text = at + FIELD_OVERHEAD + 1;
      copyBlock(nonces, row * NONCE_BYTES, target, at);
      sealed[text - 1] = rows.tokens[row] ?? 0;
      for (let k = 0; k < size; k++) sealed[text + k] = bytes[start + k] ?? 0;
      ivStarts[row] = at + NONCE_BYTES;
      ends[row] = text + size;
    }
    const nonceRows = { bytes: sealed, starts: sealedStarts, ends: ivStarts };
    this.#siv.seal({ bytes: sealed, starts: ivStarts, ends }, nonceRows, count);
  }

  /** Overwrites everything derived from the key. The object cannot be used again. */
  close(): void {
    this.#siv.close();
  }
}
