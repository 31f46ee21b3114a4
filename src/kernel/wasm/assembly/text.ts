import { BACKSLASH, LETTER_B, LETTER_F, LETTER_N, LETTER_R, LETTER_T, LETTER_U, QUOTE } from './ascii';
import { copyBytes, quoteOrBackslash } from './bytes';
import { hexQuad } from './tokens';
import { putUtf8 } from './utf8';

const REPLACEMENT: u32 = 0xfffd;

/**
 * Writes the text that the string content from `start` to `end` (valid, without quotes) stands for at `target`; returns the
 * position after it. Never longer than the source. Half a surrogate pair becomes U+FFFD.
 */
export function unescapeText(start: usize, end: usize, target: usize): usize {
  let from = start;
  let to = target;
  while (from < end) {
    if ((load<u8>(from) as u32) !== BACKSLASH) {
      // A quote cannot stand here, so this finds backslashes.
      const next = min<usize>(quoteOrBackslash(from, end), end);
      copyBytes(to, from, next - from);
      to += next - from;
      from = next;
      continue;
    }
    const letter = load<u8>(from, 1) as u32;
    if (letter !== LETTER_U) {
      store<u8>(to++, meaning(letter) as u8);
      from += 2;
      continue;
    }
    const code = escapedCode(from, end);
    from += code > 0xffff ? 12 : 6;
    to = putUtf8(code, to);
  }
  return to;
}

/** What a short escape stands for. */
function meaning(letter: u32): u32 {
  switch (letter) {
    case LETTER_B:
      return 0x08;
    case LETTER_F:
      return 0x0c;
    case LETTER_N:
      return 0x0a;
    case LETTER_R:
      return 0x0d;
    case LETTER_T:
      return 0x09;
    default:
      return letter;
  }
}

/** Scalar value of the `\uXXXX` (or pair of them) at `at`. */
function escapedCode(at: usize, end: usize): u32 {
  const unit = hexQuad(at + 2, end) as u32;
  if (unit < 0xd800 || unit > 0xdfff) return unit;
  if (unit > 0xdbff || at + 12 > end) return REPLACEMENT;
  if ((load<u8>(at, 6) as u32) !== BACKSLASH || (load<u8>(at, 7) as u32) !== LETTER_U) return REPLACEMENT;
  const low = hexQuad(at + 8, end) as u32;
  return low >= 0xdc00 && low <= 0xdfff ? 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00) : REPLACEMENT;
}

/**
 * Writes the text from `start` to `end` (valid UTF-8) as string content with the shortest escapes (RFC 8785 section 3.2.2.2) at
 * `target`; returns the position after it: at most six times as long.
 */
export function escapeText(start: usize, end: usize, target: usize): usize {
  let from = start;
  let to = target;
  while (from < end) {
    const chunk = v128.load(from);
    const found = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(chunk, i8x16.splat(0x22)), i8x16.eq(chunk, i8x16.splat(0x5c))),
        i8x16.lt_u(chunk, i8x16.splat(0x20)),
      ),
    );
    const plain = min<usize>(found === 0 ? 16 : (ctz(found) as usize), end - from);
    v128.store(to, chunk);
    to += plain;
    from += plain;
    if (from < end && plain < 16) to = putEscape(load<u8>(from++) as u32, to);
  }
  return to;
}

function putEscape(byte: u32, at: usize): usize {
  const letter = escapeLetter(byte);
  store<u8>(at, BACKSLASH as u8);
  if (letter !== 0) {
    store<u8>(at + 1, letter as u8);
    return at + 2;
  }
  // "u00" and two hexadecimal digits; the byte is below 0x20.
  store<u8>(at + 1, LETTER_U as u8);
  store<u16>(at + 2, 0x3030);
  store<u8>(at + 4, (0x30 + (byte >> 4)) as u8);
  const low = byte & 15;
  store<u8>(at + 5, (low < 10 ? 0x30 + low : 0x57 + low) as u8);
  return at + 6;
}

/** Letter of the short escape of a byte, or 0. */
function escapeLetter(byte: u32): u32 {
  switch (byte) {
    case QUOTE:
    case BACKSLASH:
      return byte;
    case 0x08:
      return LETTER_B;
    case 0x0c:
      return LETTER_F;
    case 0x0a:
      return LETTER_N;
    case 0x0d:
      return LETTER_R;
    case 0x09:
      return LETTER_T;
    default:
      return 0;
  }
}
