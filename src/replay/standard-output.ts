import { writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { asVeilError } from '../core/errors.js';
import type { OutputFile } from './output.js';

const BUFFER_BYTES = 1 << 16;

/** Standard output as an output file: nothing is atomic and nothing can be resumed. */
export class StandardOutput implements OutputFile {
  #waiting: Uint8Array[] = [];
  #buffered = 0;
  #length = 0;

  async write(bytes: Uint8Array): Promise<void> {
    this.#waiting.push(bytes);
    this.#buffered += bytes.length;
    if (this.#buffered >= BUFFER_BYTES) await this.flush();
  }

  async flush(): Promise<number> {
    const bytes = Buffer.concat(this.#waiting.splice(0));
    this.#buffered = 0;
    await writeWhole(bytes);
    this.#length += bytes.length;
    return this.#length;
  }

  async publish(): Promise<void> {
    await this.flush();
  }

  abandon(): void {
    this.#waiting = [];
  }
}

async function writeWhole(bytes: Uint8Array): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    try {
      done += writeSync(1, bytes, done);
    } catch (error) {
      // A pipe whose reader is slower than we are.
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN'))
        throw asVeilError(error, 'DISK_FULL', { where: 'standard output', next: 'keep its reader open' });
      await wait(5);
    }
  }
}
