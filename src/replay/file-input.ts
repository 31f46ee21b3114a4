import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, read, readSync, type Stats } from 'node:fs';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { asVeilError, VeilError } from '../core/errors.js';
import { decoded, type Encoding } from './decoding.js';
import type { Input } from './input.js';
import { sealedErrors } from './reading.js';

/** Bytes read at once, and bytes that stand for the content of a file. */
const CHUNK_BYTES = 1 << 20;

/** A regular file as an input: opened once, so that header row and records come from one file. */
export class FileInput implements Input {
  readonly name: string;
  readonly size: number;
  readonly content: string;
  readonly fingerprint: string;
  readonly #path: string;
  readonly #encoding: Encoding;
  readonly #descriptor: number;

  /** Throws FILE_UNREADABLE when the file is missing or not a regular file. */
  constructor(path: string, encoding: Encoding) {
    this.name = basename(path);
    this.#path = path;
    this.#encoding = encoding;
    this.#descriptor = this.#call(() => openSync(path, 'r'));
    const stat = this.#regular();
    this.size = stat.size;
    this.content = `${stat.size}:${this.#headDigest()}`;
    this.fingerprint = `${stampOf(stat)}:${this.content}`;
  }

  head(): AsyncIterable<Uint8Array> {
    return this.read(0);
  }

  read(from: number): AsyncIterable<Uint8Array> {
    // Other encodings are decoded from the start, because only then is byte `from` of the decoded text known.
    const start = this.#encoding === 'utf-8' ? from : 0;
    return decoded(sealedErrors(chunksFrom(this.#descriptor, start), this.#path), this.#encoding, from - start);
  }

  demandUnchanged(): void {
    const stamp = stampOf(this.#call(() => fstatSync(this.#descriptor)));
    if (!this.fingerprint.startsWith(`${stamp}:`)) throw new VeilError('INPUT_CHANGED', { where: this.#path });
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #regular(): Stats {
    const stat = this.#call(() => fstatSync(this.#descriptor));
    if (stat.isFile()) return stat;
    closeSync(this.#descriptor);
    throw new VeilError('FILE_UNREADABLE', { where: this.#path, expected: 'a regular file' });
  }

  #headDigest(): string {
    const head = new Uint8Array(Math.min(this.size, CHUNK_BYTES));
    let length = 0;
    for (let read = -1; read !== 0 && length < head.length; length += read)
      read = this.#call(() => readSync(this.#descriptor, head, length, head.length - length, length));
    return createHash('sha256').update(head.subarray(0, length)).digest('hex');
  }

  #call<T>(call: () => T): T {
    try {
      return call();
    } catch (error) {
      throw asVeilError(error, 'FILE_UNREADABLE', { where: this.#path });
    }
  }
}

const readSome = promisify(read);

/** The file in chunks. A stream would close the descriptor at its end; others read from it too. */
async function* chunksFrom(descriptor: number, start: number): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(CHUNK_BYTES);
  for (let at = start; ; ) {
    const { bytesRead } = await readSome(descriptor, buffer, 0, buffer.length, at);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

function stampOf({ size, mtimeMs }: Stats): string {
  return `${size}:${mtimeMs}`;
}
