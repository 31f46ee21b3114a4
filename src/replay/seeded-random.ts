import { createCipheriv, createHash } from 'node:crypto';
import type { RandomSource } from '../core/ports.js';

const ZERO_IV = new Uint8Array(16);

/**
 * Nonces for a replay: a function of the job and the batch number, so that a resumed run writes the same bytes as an
 * uninterrupted one. Only AES-SIV takes nonces from here, where a nonce needs to differ between records but need not be secret
 * or unpredictable (RFC 5297 section 3). Keys never come from this source.
 */
export class SeededRandom implements RandomSource {
  readonly #job: Uint8Array;
  #stream = createCipheriv('aes-256-ctr', new Uint8Array(32), ZERO_IV);

  /** `job` identifies policy and input (`replaySeed`), or is random. */
  constructor(job: Uint8Array) {
    this.#job = job;
    this.startBatch(0);
  }

  /** From here on the bytes belong to batch `number`. */
  startBatch(number: number): void {
    const key = createHash('sha256').update('veil/v1/replay-nonces').update(this.#job).update(String(number)).digest();
    this.#stream = createCipheriv('aes-256-ctr', key, ZERO_IV);
  }

  bytes(size: number): Uint8Array {
    return new Uint8Array(this.#stream.update(new Uint8Array(size)));
  }
}

/**
 * What the nonces of a replay hang on: policy and content, so that equal copies of a file give equal outputs whatever their names and
 * places, and different exports practically never share nonces. Undefined for an input that can be read only once.
 */
export function replaySeed(policyHash: string, content: string | undefined): Uint8Array | undefined {
  return content === undefined ? undefined : createHash('sha256').update(`${policyHash}:${content}`).digest();
}
