import { decoded, type Encoding } from './decoding.js';
import type { Input } from './input.js';
import { sealedErrors } from './reading.js';

/** Standard input: it can be read once, so what `head` took is kept until `read` gives it again. */
export class StandardInput implements Input {
  readonly name = 'stdin';
  readonly size = undefined;
  readonly content = undefined;
  readonly fingerprint = '';
  readonly #chunks: AsyncGenerator<Uint8Array>;
  #head: Uint8Array[] = [];

  constructor(encoding: Encoding) {
    this.#chunks = decoded(sealedErrors(process.stdin, 'standard input'), encoding, 0);
  }

  async *head(): AsyncIterable<Uint8Array> {
    for (;;) {
      const next = await this.#chunks.next();
      if (next.done === true) return;
      this.#head.push(next.value);
      yield next.value;
    }
  }

  async *read(from: number): AsyncIterable<Uint8Array> {
    let skip = from;
    for (const chunk of this.#head.splice(0)) {
      if (chunk.length > skip) yield chunk.subarray(skip);
      skip = Math.max(0, skip - chunk.length);
    }
    // Not `yield*`: ending this reading must not wait for a pipe that stays silent.
    for (;;) {
      const next = await this.#chunks.next();
      if (next.done === true) return;
      yield next.value;
    }
  }

  demandUnchanged(): void {}

  /** Lets the process end although the other side keeps the pipe open. */
  close(): void {
    process.stdin.destroy();
  }
}
