import { concatBytes, textOf, utf8 } from '../core/bytes.js';
import { VeilError } from '../core/errors.js';
import type { Header, SourceRecord } from '../core/outcome.js';

/*
 * The original record inside a quarantine seal, version 1. All integers big-endian; a field of bytes is u32 length + bytes,
 * with length 0xffffffff for null:
 *   record  = %x01 timestamp(f64) key value headerCount(u32) *header
 *   header  = name(field, UTF-8) value(field)
 */
const VERSION = 1;
const NULL_LENGTH = 0xffffffff;

/** Bytes of a whole record as they are sealed for the desk. */
export function encodeRecord(record: SourceRecord): Uint8Array {
  const head = new Uint8Array(9);
  head[0] = VERSION;
  new DataView(head.buffer).setFloat64(1, record.timestamp);
  const parts = [head, ...field(record.key), ...field(record.value), u32(record.headers.length)];
  for (const { name, value } of record.headers) parts.push(...field(utf8(name)), ...field(value));
  return concatBytes(...parts);
}

/** Reads what `encodeRecord` wrote. Throws TOKEN_MALFORMED on anything else. */
export function decodeRecord(bytes: Uint8Array): SourceRecord {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 9;
  const length = (): number => {
    if (at + 4 > bytes.length) throw malformed(bytes.length);
    at += 4;
    return view.getUint32(at - 4);
  };
  const next = (): Uint8Array | null => {
    const size = length();
    if (size === NULL_LENGTH) return null;
    if (at + size > bytes.length) throw malformed(bytes.length);
    at += size;
    return bytes.slice(at - size, at);
  };
  if (bytes.length < 9 || bytes[0] !== VERSION) throw malformed(bytes.length);
  const timestamp = view.getFloat64(1);
  const key = next();
  const value = next();
  const headers: Header[] = [];
  for (let left = length(); left > 0; left--) headers.push({ name: textOf(next() ?? new Uint8Array()), value: next() });
  if (at !== bytes.length) throw malformed(bytes.length);
  return { key, value, headers, timestamp };
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function field(bytes: Uint8Array | null): [Uint8Array, Uint8Array] {
  return bytes === null ? [u32(NULL_LENGTH), new Uint8Array()] : [u32(bytes.length), bytes];
}

function malformed(size: number): VeilError {
  return new VeilError('TOKEN_MALFORMED', { where: 'sealed record', expected: 'version 1', got: `${size} bytes` });
}
