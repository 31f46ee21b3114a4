import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { asVeilError, VeilError } from '../core/errors.js';

/**
 * A file that is written beside its final name (`NAME.veil-partial`, mode 0600) and renamed when it is complete, so that nobody
 * ever reads half of it. Writes are buffered; `flush` makes what was written durable and returns its length.
 */
export class PartialFile {
  readonly #target: string;
  readonly #partial: string;
  readonly #descriptor: number;
  readonly #buffer = Buffer.allocUnsafe(1 << 20);
  #buffered = 0;
  #length: number;

  /**
   * Opens a new partial file, or goes on at byte `resumeAt` of an old one. An existing target is kept unless `replace`. Throws
   * FILE_EXISTS, CHECKPOINT_INVALID, DISK_FULL.
   */
  constructor(target: string, resumeAt: number | undefined, replace = false) {
    this.#target = target;
    this.#partial = `${target}.veil-partial`;
    if (!replace && existsSync(target)) throw new VeilError('FILE_EXISTS', { where: target });
    if (resumeAt !== undefined) demandLength(this.#partial, resumeAt);
    this.#descriptor = diskCall(target, () => openSync(this.#partial, resumeAt === undefined ? 'w' : 'r+', 0o600));
    this.#length = resumeAt ?? 0;
    // What an interrupted run wrote after its last checkpoint is written again.
    diskCall(target, () => ftruncateSync(this.#descriptor, this.#length));
  }

  /** Appends bytes. */
  write(bytes: Uint8Array): void {
    if (this.#buffered + bytes.length > this.#buffer.length) this.#drain();
    if (bytes.length > this.#buffer.length) this.#put(bytes);
    else {
      this.#buffer.set(bytes, this.#buffered);
      this.#buffered += bytes.length;
    }
  }

  /** Makes everything written so far durable; returns the length in bytes. */
  flush(): number {
    this.#drain();
    diskCall(this.#target, () => fsyncSync(this.#descriptor));
    return this.#length;
  }

  /** Publishes the file under its final name. */
  publish(): void {
    this.flush();
    closeSync(this.#descriptor);
    diskCall(this.#target, () => renameSync(this.#partial, this.#target));
    const folder = openSync(dirname(this.#target), 'r');
    fsyncSync(folder);
    closeSync(folder);
  }

  /** Stops without publishing: the partial file stays for `--resume`. */
  abandon(): void {
    closeSync(this.#descriptor);
  }

  #drain(): void {
    if (this.#buffered > 0) this.#put(this.#buffer.subarray(0, this.#buffered));
    this.#buffered = 0;
  }

  #put(bytes: Uint8Array): void {
    let done = 0;
    while (done < bytes.length) {
      const position = this.#length + done;
      done += diskCall(this.#target, () => writeSync(this.#descriptor, bytes, done, bytes.length - done, position));
    }
    this.#length += bytes.length;
  }
}

function demandLength(path: string, length: number): void {
  if (existsSync(path) && statSync(path).size >= length) return;
  throw new VeilError('CHECKPOINT_INVALID', { where: path, expected: `a partial file of at least ${length} bytes` });
}

function diskCall<T>(where: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw asVeilError(error, 'DISK_FULL', { where });
  }
}
