import { textOf } from '../../core/bytes.js';
import type { ByteSink, Kind } from '../kind.js';
import { ByteBuffer } from './byte-buffer.js';

const encoder = new TextEncoder();

/** Appends UTF-8 of text. */
export function append(sink: ByteSink, text: string): void {
  const at = sink.reserve(text.length * 3);
  sink.length = at + encoder.encodeInto(text, sink.bytes.subarray(at)).written;
}

/** Appends `bytes[start .. end)`. A loop: for the few bytes of a value it is faster than a view and a copy. */
export function appendBytes(sink: ByteSink, bytes: Uint8Array, start: number, end: number): void {
  const at = sink.reserve(end - start);
  const out = sink.bytes;
  for (let from = start, to = at; from < end; from += 1, to += 1) out[to] = bytes[from] ?? 0;
  sink.length = at + end - start;
}

/** Text of UTF-8 bytes, or undefined when they are not UTF-8: kinds are total on any bytes. */
export function decodeText(bytes: Uint8Array, start: number, end: number): string | undefined {
  try {
    return textOf(bytes, start, end);
  } catch {
    return undefined;
  }
}

const SETTLES_AFTER = 4;

/**
 * A `Kind.normalize` from a function on text. `fold` gives the normal form or undefined; it is applied until nothing changes, so
 * that a normal form of a normal form is itself even where Unicode case mapping and NFKC do not settle in one step.
 */
export function normalizeText(fold: (text: string) => string | undefined, maxBytes: number): Kind['normalize'] {
  return (bytes, start, end, sink) => {
    if (end - start > maxBytes) return false;
    let text = decodeText(bytes, start, end);
    for (let round = 0; round < SETTLES_AFTER && text !== undefined; round += 1) {
      const folded = fold(text);
      if (folded === text) {
        append(sink, folded);
        return true;
      }
      text = folded;
    }
    return false;
  };
}

/**
 * Unicode compatibility composition (NFKC) without characters that cannot be seen (Default_Ignorable_Code_Point) and with one kind
 * of dash. Text that `foldAscii` accepts becomes the same here, so a kind may choose between the two by what it meets.
 */
export function compatible(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/[\u2010-\u2015\u2212]/g, '-');
}

/** The normal form of text under a kind, or undefined when it is not a valid value. For cold paths. */
export function normalForm(kind: Kind, text: string): string | undefined {
  const buffer = new ByteBuffer();
  const bytes = encoder.encode(text);
  return bytes.length > 0 && kind.normalize(bytes, 0, bytes.length, buffer) ? buffer.text() : undefined;
}

/** The display mask of a normal form under a kind. For cold paths. */
export function maskedForm(kind: Kind, normal: string): string {
  const buffer = new ByteBuffer();
  const bytes = encoder.encode(normal);
  kind.mask(bytes, 0, bytes.length, buffer);
  return buffer.text();
}
