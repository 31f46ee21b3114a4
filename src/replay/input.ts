import { createReadStream, statSync } from 'node:fs';
import { asVeilError, VeilError } from '../core/errors.js';

/** Bytes read at once. */
const CHUNK_BYTES = 1 << 20;

/** Where a replay reads: a regular file, or standard input for `-`. */
export interface Input {
  /** Name for coordinates and messages: the file's base name, or `stdin`. */
  readonly name: string;
  /** Size in bytes; undefined for standard input. */
  readonly size: number | undefined;
  /** Changes when the file is replaced or written to; part of the checkpoint's job id. */
  readonly fingerprint: string;
  /** UTF-8 bytes from byte `from` of the decoded text on. Throws FILE_UNREADABLE. */
  read(from: number): AsyncIterable<Uint8Array>;
}

/** Opens the input. Throws FILE_UNREADABLE when it is missing or not a regular file. */
export function openInput(path: string, encoding: 'utf-8' | 'gb18030'): Input {
  if (path === '-')
    return { name: 'stdin', size: undefined, fingerprint: 'stdin', read: () => decoded(process.stdin, encoding, 0) };
  const { size, mtimeMs, ino } = statOf(path);
  return {
    name: path.split('/').at(-1) ?? path,
    size,
    fingerprint: `${size}:${mtimeMs}:${ino}`,
    read: from => {
      // Other encodings are decoded from the start, because only then is byte `from` of the decoded text known.
      const start = encoding === 'utf-8' ? from : 0;
      const stream = createReadStream(path, { start, highWaterMark: CHUNK_BYTES });
      return decoded(sealedErrors(stream, path), encoding, from - start);
    },
  };
}

function statOf(path: string): { size: number; mtimeMs: number; ino: number } {
  try {
    const stat = statSync(path);
    if (stat.isFile()) return stat;
  } catch (error) {
    throw asVeilError(error, 'FILE_UNREADABLE', { where: path });
  }
  throw new VeilError('FILE_UNREADABLE', { where: path, expected: 'a regular file' });
}

async function* sealedErrors(stream: AsyncIterable<unknown>, where: string): AsyncIterable<unknown> {
  try {
    yield* stream;
  } catch (error) {
    throw asVeilError(error, 'FILE_UNREADABLE', { where });
  }
}

/**
 * UTF-8 bytes of the stream, without the first `skip` bytes. Bytes that do not decode become U+FFFD, which the job refuses row by
 * row (CSV_ENCODING): one bad row must not stop a file.
 */
async function* decoded(stream: AsyncIterable<unknown>, encoding: string, skip: number): AsyncIterable<Uint8Array> {
  const decoder = encoding === 'utf-8' ? undefined : new TextDecoder(encoding);
  const encoder = new TextEncoder();
  let left = skip;
  const rest = (bytes: Uint8Array): Uint8Array => {
    const taken = Math.min(left, bytes.length);
    left -= taken;
    return bytes.subarray(taken);
  };
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) continue;
    const bytes = rest(decoder === undefined ? chunk : encoder.encode(decoder.decode(chunk, { stream: true })));
    if (bytes.length > 0) yield bytes;
  }
  const tail = rest(encoder.encode(decoder?.decode() ?? ''));
  if (tail.length > 0) yield tail;
}
