import { writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { asVeilError } from '../core/errors.js';
import { PartialFile } from './partial-file.js';

/** Where a replay writes: a file that appears when it is complete, or standard output. */
export interface OutputFile {
  write(bytes: Uint8Array): void | Promise<void>;
  /** Makes everything written so far durable; returns the length in bytes. */
  flush(): number;
  publish(): void;
  abandon(): void;
}

/** Opens the output. `resumeAt`: go on at this byte of a partial file. `replace`: an existing file is replaced at the end. */
export function openOutput(path: string, resumeAt: number | undefined, replace: boolean): OutputFile {
  return path === '-' ? new StandardOutput() : new PartialFile(path, resumeAt, replace);
}

/** Standard output as an output file: nothing is atomic and nothing can be resumed. */
class StandardOutput implements OutputFile {
  #length = 0;

  async write(bytes: Uint8Array): Promise<void> {
    let done = 0;
    while (done < bytes.length) {
      try {
        done += writeSync(1, bytes, done);
      } catch (error) {
        // A pipe whose reader is slower than we are.
        if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN'))
          throw asVeilError(error, 'DISK_FULL', { where: 'standard output' });
        await wait(5);
      }
    }
    this.#length += bytes.length;
  }

  flush(): number {
    return this.#length;
  }

  publish(): void {}

  abandon(): void {}
}
