import { HEX_DIGITS, utf8 } from '../../core/bytes.js';
import { hexQuad } from './json-tokens.js';
import { putUtf8 } from './utf8-sequence.js';

const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
const REPLACEMENT = 0xfffd;
const UNICODE_ESCAPE = utf8('\\u00');

/** Control character or itself that a short escape stands for. */
const MEANS = new Uint8Array(256);
/** Letter of the short escape of a byte; 1 = needs \u00XX; 0 = stands for itself. */
const ESCAPE = new Uint8Array(256).fill(1, 0, 0x20);
for (const [letter, means] of ['""', '\\\\', '//', 'b\b', 'f\f', 'n\n', 'r\r', 't\t']) {
  const code = (means ?? '').charCodeAt(0);
  MEANS[(letter ?? '').charCodeAt(0)] = code;
  if (letter !== '/') ESCAPE[code] = (letter ?? '').charCodeAt(0);
}

/**
 * Writes the text that the string content `source[start .. end)` (valid, without quotes) stands for at `target[at ..]` and
 * returns the position after it. Never longer than the source. A lone surrogate escape becomes U+FFFD.
 */
export function unescapeJson(source: Uint8Array, start: number, end: number, target: Uint8Array, at: number): number {
  let from = start;
  let to = at;
  while (from < end) {
    const byte = source[from] ?? 0;
    if (byte !== BACKSLASH) {
      target[to++] = byte;
      from++;
      continue;
    }
    const letter = source[from + 1] ?? 0;
    if (letter !== LETTER_U) {
      target[to++] = MEANS[letter] ?? 0;
      from += 2;
      continue;
    }
    const code = escapedCode(source, from, end);
    from += code > 0xffff ? 12 : 6;
    to = putUtf8(code, target, to);
  }
  return to;
}

/** Scalar value of the `\uXXXX` (or pair of them) at `at`. */
function escapedCode(source: Uint8Array, at: number, end: number): number {
  const unit = hexQuad(source, at + 2, end);
  if (unit < 0xd800 || unit > 0xdfff) return unit;
  if (unit > 0xdbff || source[at + 6] !== BACKSLASH || source[at + 7] !== LETTER_U) return REPLACEMENT;
  const low = hexQuad(source, at + 8, end);
  return low >= 0xdc00 && low <= 0xdfff ? 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00) : REPLACEMENT;
}

/**
 * Writes `source[start .. end)` (valid UTF-8) as string content with the shortest escapes (RFC 8785 section 3.2.2.2) at
 * `target[at ..]` and returns the position after it: at most six times as long.
 */
export function escapeJson(source: Uint8Array, start: number, end: number, target: Uint8Array, at: number): number {
  let to = at;
  for (let from = start; from < end; from++) {
    const byte = source[from] ?? 0;
    const letter = ESCAPE[byte] ?? 0;
    if (letter === 0) target[to++] = byte;
    else if (letter === 1) {
      target.set(UNICODE_ESCAPE, to);
      target[to + 4] = HEX_DIGITS[2 * byte] ?? 0;
      target[to + 5] = HEX_DIGITS[2 * byte + 1] ?? 0;
      to += 6;
    } else {
      target[to] = BACKSLASH;
      target[to + 1] = letter;
      to += 2;
    }
  }
  return to;
}
