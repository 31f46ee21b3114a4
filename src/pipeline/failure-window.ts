import { VeilError } from '../core/errors.js';

/** Watches the share of failed records among the last `size` records, so that a broken producer stops the job (exit 4). */
export class FailureWindow {
  readonly #failed: Uint8Array;
  readonly #most: number;
  #at = 0;
  #failures = 0;

  /** `size` records; stops when more than `rate * size` of them failed. */
  constructor(size: number, rate: number) {
    this.#failed = new Uint8Array(size);
    this.#most = Math.floor(rate * size);
  }

  /** Notes one record. */
  note(failed: boolean): void {
    const slot = this.#at;
    this.#failures += Number(failed) - (this.#failed[slot] ?? 0);
    this.#failed[slot] = Number(failed);
    this.#at = (slot + 1) % this.#failed.length;
  }

  /** Throws FAILURE_RATE when too many of the last records failed. */
  check(): void {
    if (this.#failures <= this.#most) return;
    throw new VeilError('FAILURE_RATE', {
      expected: `at most ${this.#most} failures in ${this.#failed.length} records`,
      got: `${this.#failures}`,
    });
  }

  /** The window as text, for `restore`: one bit for each record, oldest first, base64. */
  save(): string {
    const size = this.#failed.length;
    const bits = new Uint8Array(Math.ceil(size / 8));
    const unused = bits.length * 8 - size;
    for (let k = 0; k < size; k++) {
      const bit = k + unused;
      if (this.#failed[(this.#at + k) % size] === 1) bits[bit >> 3] = (bits[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
    }
    return Buffer.from(bits).toString('base64');
  }

  /** Notes the records of a saved window again: a job that goes on does not forget its failures. */
  restore(saved: string): void {
    for (const byte of Buffer.from(saved, 'base64'))
      for (let mask = 0x80; mask > 0; mask >>= 1) this.note((byte & mask) !== 0);
  }
}
