import { utf8 } from '../../core/bytes.js';
import type { ByteSink, Kind } from '../kind.js';
import { ByteBuffer } from './byte-buffer.js';
import { append, appendBytes, decodeText } from './text.js';

const STAR = 0x2a;

/** What stands for a value of which nothing is shown, not even its length. */
export const FULL_MASK = '******';

const FULL_MASK_BYTES = utf8(FULL_MASK);

/** Appends `FULL_MASK`. */
export function appendFullMask(sink: ByteSink): void {
  appendBytes(sink, FULL_MASK_BYTES, 0, FULL_MASK_BYTES.length);
}

/** A `Kind.mask` that shows nothing. */
export function maskFully(_bytes: Uint8Array, _start: number, _end: number, sink: ByteSink): void {
  appendFullMask(sink);
}

const check = new ByteBuffer();

/**
 * A `Kind.mask` that calls `show` for normal forms only and masks everything else fully: whatever is short, odd or invalid shows
 * nothing, by one rule for all kinds.
 */
export function maskNormal(normalize: Kind['normalize'], show: Kind['mask']): Kind['mask'] {
  return (bytes, start, end, sink) => {
    check.length = 0;
    if (normalize(bytes, start, end, check) && same(bytes, start, end)) show(bytes, start, end, sink);
    else appendFullMask(sink);
  };
}

function same(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== check.length) return false;
  for (let i = 0; i < check.length; i += 1) if (bytes[start + i] !== check.bytes[i]) return false;
  return true;
}

/**
 * A `Kind.mask` of ASCII values: the first `head` and last `tail` characters stay, one star for each of the others.
 * Values of which less than a third would be hidden are masked fully.
 */
export function maskMiddle(normalize: Kind['normalize'], head: number, tail: number): Kind['mask'] {
  return maskNormal(normalize, (bytes, start, end, sink) => {
    const hidden = end - start - head - tail;
    if (hidden * 3 < end - start) return appendFullMask(sink);
    const at = sink.length;
    appendBytes(sink, bytes, start, end);
    sink.bytes.fill(STAR, at + head, at + head + hidden);
  });
}

/** A `Kind.mask` from a function on the text of a normal form. */
export function maskText(normalize: Kind['normalize'], show: (text: string) => string): Kind['mask'] {
  return maskNormal(normalize, (bytes, start, end, sink) => {
    append(sink, show(decodeText(bytes, start, end) ?? ''));
  });
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** The first user-perceived character of text (UAX 29) when it is one code point, else undefined: odd ones are not shown. */
export function firstCharacter(text: string): string | undefined {
  for (const { segment } of graphemes.segment(text)) {
    return [...segment].length === 1 ? segment : undefined;
  }
  return undefined;
}
