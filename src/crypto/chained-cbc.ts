import { type Cipher, createCipheriv } from 'node:crypto';
import { aesName, BLOCK } from './bulk-ecb.js';

/**
 * CBC chaining from a zero state (NIST SP 800-38A 6.2) for one long message at a time, with one cipher object for all of them.
 * The object cannot be reset, so its chaining value is cancelled: the first block of a message is combined with the last
 * ciphertext block of the message before.
 */
export class ChainedCbc {
  readonly #cipher: Cipher;
  #chain: Uint8Array = new Uint8Array(BLOCK);

  constructor(key: Uint8Array) {
    this.#cipher = createCipheriv(aesName(key.length, 'cbc'), key, this.#chain).setAutoPadding(false);
  }

  /** Changes the first block of a new message in place, so that the chain starts from zero. */
  restart(blocks: Uint8Array): void {
    for (let k = 0; k < BLOCK; k++) blocks[k] = (blocks[k] ?? 0) ^ (this.#chain[k] ?? 0);
  }

  /** Chains a whole number of blocks and returns the last ciphertext block. */
  advance(blocks: Uint8Array): Uint8Array {
    const out = this.#cipher.update(blocks);
    this.#chain = out.subarray(out.length - BLOCK);
    return this.#chain;
  }

  /** Frees the key schedule. The object cannot be used again. */
  close(): void {
    this.#cipher.final();
  }
}
