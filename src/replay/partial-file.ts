import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { asVeilError, VeilError } from '../core/errors.js';

/** How a file is opened. */
export interface PartialFileOptions {
  /** Replace an existing target at the end. */
  readonly replace: boolean;
  /** Go on at this byte of an old partial file. */
  readonly resumeAt?: number;
  /** The old run had written everything: the file may have its final name already. */
  readonly isComplete?: boolean;
}

/** Name of the partial file of a target. */
export function partialName(target: string): string {
  return `${target}.veil-partial`;
}

/** Throws FILE_EXISTS when a target is there and not to be replaced. */
export function refuseExisting(target: string, replace: boolean): void {
  if (!replace && existsSync(target)) throw new VeilError('FILE_EXISTS', { where: target });
}

/**
 * A file that is written beside its final name (`NAME.veil-partial`, mode 0600) and renamed when it is complete, so that nobody
 * ever reads half of it. Writes are buffered; `flush` makes what was written durable and returns its length.
 */
export class PartialFile {
  readonly #target: string;
  readonly #options: PartialFileOptions;
  /** Undefined when the file was published before the interruption. */
  readonly #descriptor: number | undefined;
  readonly #buffer = Buffer.allocUnsafe(1 << 20);
  #buffered = 0;
  #length: number;

  /** Opens a new partial file or an old one. Throws FILE_EXISTS, CHECKPOINT_INVALID, FILE_UNWRITABLE, DISK_FULL. */
  constructor(target: string, options: PartialFileOptions) {
    this.#target = target;
    this.#options = options;
    this.#length = options.resumeAt ?? 0;
    this.#descriptor = isPublished(target, options) ? undefined : openPartial(target, options);
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
    const descriptor = this.#descriptor;
    this.#drain();
    if (descriptor !== undefined) diskCall(this.#target, () => fsyncSync(descriptor));
    return this.#length;
  }

  /** Publishes the file under its final name. Throws FILE_EXISTS when somebody else has made one of that name meanwhile. */
  publish(): void {
    if (this.#descriptor === undefined) return;
    this.flush();
    closeSync(this.#descriptor);
    refuseExisting(this.#target, this.#options.replace);
    diskCall(this.#target, () => {
      renameSync(partialName(this.#target), this.#target);
      const folder = openSync(dirname(this.#target), 'r');
      fsyncSync(folder);
      closeSync(folder);
    });
  }

  /** Stops without publishing: the partial file stays, for `--resume` and for a look at what was refused. */
  abandon(): void {
    if (this.#descriptor === undefined) return;
    try {
      this.#drain();
    } catch {
      // The disk is full; the run that goes on begins at the checkpoint.
    }
    closeSync(this.#descriptor);
  }

  #drain(): void {
    const bytes = this.#buffer.subarray(0, this.#buffered);
    this.#buffered = 0;
    if (bytes.length > 0) this.#put(bytes);
  }

  #put(bytes: Uint8Array): void {
    const descriptor = this.#descriptor;
    if (descriptor === undefined) throw new VeilError('INTERNAL', { expected: 'no writes to a published file' });
    let done = 0;
    while (done < bytes.length) {
      const position = this.#length + done;
      done += diskCall(this.#target, () => writeSync(descriptor, bytes, done, bytes.length - done, position));
    }
    this.#length += bytes.length;
  }
}

function isPublished(target: string, { isComplete, resumeAt }: PartialFileOptions): boolean {
  if (isComplete !== true || existsSync(partialName(target)) || !existsSync(target)) return false;
  return statSync(target).size === resumeAt;
}

function openPartial(target: string, { replace, resumeAt }: PartialFileOptions): number {
  refuseExisting(target, replace);
  const path = partialName(target);
  if (resumeAt !== undefined) demandLength(path, resumeAt);
  const { O_WRONLY, O_CREAT, O_NOFOLLOW } = constants;
  const descriptor = diskCall(target, () => openSync(path, O_WRONLY | O_CREAT | O_NOFOLLOW, 0o600));
  diskCall(target, () => {
    fchmodSync(descriptor, 0o600);
    // What an interrupted run wrote after its last checkpoint is written again.
    ftruncateSync(descriptor, resumeAt ?? 0);
  });
  return descriptor;
}

function demandLength(path: string, length: number): void {
  if (existsSync(path) && statSync(path).size >= length) return;
  throw new VeilError('CHECKPOINT_INVALID', { where: path, expected: `a partial file of at least ${length} bytes` });
}

/** Errors that say where a file may not be written, rather than that there is no room for it. */
const MISPLACED = ['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'EPERM', 'EROFS', 'ELOOP', 'ENAMETOOLONG'];

/** Runs a call of the file system. Throws FILE_UNWRITABLE, DISK_FULL. */
export function diskCall<T>(where: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
    const isMisplaced = typeof code === 'string' && MISPLACED.includes(code);
    throw asVeilError(error, isMisplaced ? 'FILE_UNWRITABLE' : 'DISK_FULL', { where });
  }
}
