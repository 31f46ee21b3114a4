const SPACE = 0x20;
const HYPHEN = 0x2d;
/** A character that carries no meaning: zero-width and bidirectional marks that copy and paste leaves behind. */
const NOTHING = 0;
const NOT_ASCII = -1;

/**
 * Folds UTF-8 text to ASCII, byte by byte, into `into[at ..]`: full-width forms become ASCII, every kind of space becomes a space,
 * every kind of dash a hyphen, zero-width and direction marks vanish. Returns how many bytes were written, or -1 when a character
 * has no ASCII form, is a control character, or more than `max` bytes would be written. (Full-width forms: Unicode block FF00.)
 */
export function foldAscii(
  bytes: Uint8Array,
  start: number,
  end: number,
  into: Uint8Array,
  at: number,
  max: number,
): number {
  const limit = at + max;
  let to = at;
  let from = start;
  while (from < end) {
    const byte = bytes[from] ?? 0;
    let code = byte;
    if (byte >= 0x80) {
      code = foldWide(bytes, from, end);
      from += byte >= 0xe0 ? 3 : 2;
    } else {
      if (byte < SPACE) code = isBlankControl(byte) ? SPACE : NOT_ASCII;
      else if (byte === 0x7f) code = NOT_ASCII;
      from += 1;
    }
    if (code === NOT_ASCII) return -1;
    if (code === NOTHING) continue;
    if (to >= limit) return -1;
    into[to++] = code;
  }
  return to - at;
}

function isBlankControl(byte: number): boolean {
  return byte >= 0x09 && byte <= 0x0d;
}

/** ASCII code of the two- or three-byte character at `at`; NOTHING when it is to be dropped, NOT_ASCII when it has none. */
function foldWide(bytes: Uint8Array, at: number, end: number): number {
  const a = bytes[at] ?? 0;
  const b = at + 1 < end ? (bytes[at + 1] ?? 0) : 0;
  if (a === 0xc2) return b === 0xa0 ? SPACE : b === 0xad ? NOTHING : NOT_ASCII;
  if (a < 0xe0 || a > 0xef || at + 2 >= end) return NOT_ASCII;
  const c = bytes[at + 2] ?? 0;
  if ((b & 0xc0) !== 0x80 || (c & 0xc0) !== 0x80) return NOT_ASCII;
  const code = ((a & 0x0f) << 12) | ((b & 0x3f) << 6) | (c & 0x3f);
  if (code >= 0xff01 && code <= 0xff5e) return code - 0xfee0;
  if (code === 0x3000 || (code >= 0x2000 && code <= 0x200a) || code === 0x202f) return SPACE;
  if ((code >= 0x2010 && code <= 0x2015) || code === 0x2212) return HYPHEN;
  if ((code >= 0x200b && code <= 0x200f) || (code >= 0x202a && code <= 0x202e)) return NOTHING;
  return (code >= 0x2060 && code <= 0x2064) || code === 0xfeff ? NOTHING : NOT_ASCII;
}

/** A table of ASCII characters, for `isOneOf` and `strip`: `table[code]` is 1 for each character of `characters`. */
export function asciiSet(characters: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

/** Removes the characters of `set` from `into[at .. at + length)` in place and returns the new length. */
export function strip(into: Uint8Array, at: number, length: number, set: Uint8Array): number {
  let to = at;
  for (let from = at; from < at + length; from += 1) {
    const code = into[from] ?? 0;
    if (set[code] !== 1) into[to++] = code;
  }
  return to - at;
}

/** Removes leading and trailing spaces of `into[at .. at + length)` in place and returns the new length. */
export function trim(into: Uint8Array, at: number, length: number): number {
  let from = at;
  let end = at + length;
  while (from < end && into[from] === SPACE) from += 1;
  while (end > from && into[end - 1] === SPACE) end -= 1;
  if (from > at) into.copyWithin(at, from, end);
  return end - from;
}

/** True when the byte is an ASCII decimal digit. */
export function isDigit(code: number | undefined): boolean {
  return code !== undefined && code >= 0x30 && code <= 0x39;
}

/** True when all of `bytes[start .. end)` are ASCII decimal digits (and there is at least one). */
export function allDigits(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (!isDigit(bytes[at])) return false;
  return end > start;
}

/** Lowers ASCII letters of `into[at .. at + length)` in place. */
export function lower(into: Uint8Array, at: number, length: number): void {
  for (let i = at; i < at + length; i += 1) {
    const code = into[i] ?? 0;
    if (code >= 0x41 && code <= 0x5a) into[i] = code + 0x20;
  }
}

/** Raises ASCII letters of `into[at .. at + length)` in place. */
export function upper(into: Uint8Array, at: number, length: number): void {
  for (let i = at; i < at + length; i += 1) {
    const code = into[i] ?? 0;
    if (code >= 0x61 && code <= 0x7a) into[i] = code - 0x20;
  }
}

/** The number that ASCII digits `bytes[start .. end)` spell; the caller has checked that they are at most 15 digits. */
export function decimalAt(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) value = value * 10 + ((bytes[at] ?? 0x30) - 0x30);
  return value;
}
