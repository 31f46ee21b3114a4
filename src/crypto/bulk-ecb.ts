import { type Cipher, createCipheriv } from 'node:crypto';
import { VeilError } from '../core/errors.js';

/** Bytes of one AES block (FIPS 197). */
export const BLOCK = 16;

const ALGORITHMS: ReadonlyMap<number, string> = new Map([
  [16, 'aes-128'],
  [24, 'aes-192'],
  [32, 'aes-256'],
]);

/** OpenSSL's name of AES in a mode for a key of this size. Throws INTERNAL for a size that AES does not have. */
export function aesName(keyBytes: number, mode: 'ecb' | 'cbc'): string {
  const name = ALGORITHMS.get(keyBytes);
  if (name === undefined) {
    throw new VeilError('INTERNAL', {
      where: 'AES',
      expected: 'a key of 16, 24 or 32 bytes',
      got: `${keyBytes} bytes`,
    });
  }
  return `${name}-${mode}`;
}

/**
 * The AES block function over many independent blocks in one call. One cipher object is made and never finalised, because making
 * one costs a hundred times what a block costs. This is not "ECB encryption of data": CMAC, SIV and FF1 call it as the block cipher
 * CIPH_K of their standards. The product uses 32-byte keys; 16 and 24 exist for published test vectors.
 */
export class BulkEcb {
  readonly #cipher: Cipher;

  /** OpenSSL copies `key`; the caller may overwrite it afterwards. */
  constructor(key: Uint8Array) {
    this.#cipher = createCipheriv(aesName(key.length, 'ecb'), key, null).setAutoPadding(false);
  }

  /** Encrypts each 16-byte block of `blocks` (a whole number of them) into fresh memory. */
  encrypt(blocks: Uint8Array): Uint8Array {
    const out = this.#cipher.update(blocks);
    return new Uint8Array(out.buffer, out.byteOffset, out.length);
  }

  /** Frees the key schedule, which OpenSSL overwrites (EVP_CIPHER_CTX_free). The object cannot be used again. */
  close(): void {
    this.#cipher.final();
  }
}
