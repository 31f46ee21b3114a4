import { VeilError } from '../core/errors.js';
import type { Policy } from '../policy/policy.js';

/** Encodings of input files. */
export type Encoding = 'utf-8' | 'gb18030';

/** The encoding of the files that a policy reads; JSON is UTF-8 (RFC 8259 section 8.1). */
export function encodingOf({ format, csv }: Pick<Policy, 'format' | 'csv'>): Encoding {
  return format === 'csv' ? csv.encoding : 'utf-8';
}

/**
 * UTF-8 bytes of the stream, without the first `skip` bytes. Bytes that do not decode become U+FFFD, which the job refuses row by
 * row (CSV_ENCODING): one bad row must not stop a file. UTF-8 goes through untouched: the scanner checks it.
 */
export async function* decoded(
  stream: AsyncIterable<unknown>,
  encoding: Encoding,
  skip: number,
): AsyncGenerator<Uint8Array> {
  const decoder = encoding === 'utf-8' ? undefined : new TextDecoder(encoding);
  const encoder = new TextEncoder();
  let left = skip;
  const rest = (bytes: Uint8Array): Uint8Array => {
    const taken = Math.min(left, bytes.length);
    left -= taken;
    return bytes.subarray(taken);
  };
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) throw new VeilError('INTERNAL', { where: 'input', expected: 'bytes' });
    const bytes = rest(decoder === undefined ? chunk : encoder.encode(decoder.decode(chunk, { stream: true })));
    if (bytes.length > 0) yield bytes;
  }
  const tail = rest(encoder.encode(decoder?.decode() ?? ''));
  if (tail.length > 0) yield tail;
}
