import {
  BACKSLASH,
  DIGIT_0,
  DOT,
  LETTER_B,
  LETTER_E,
  LETTER_F,
  LETTER_N,
  LETTER_R,
  LETTER_T,
  LETTER_U,
  MINUS,
  PLUS,
  QUOTE,
  SLASH,
  SPACE,
} from './ascii';
import { HASH_PRIME, HASH_SEED, mixHash } from './name-hash';
import { FAULT_SYNTAX, FAULT_UTF8 } from './span-rows';
import { utf8Next } from './utf8';

/** End of the record. */
export let limit: usize = 0;
/** Why the record is refused. */
export let fault: u32 = 0;
/** 1 when the last string holds backslash escapes. */
export let escaped: u32 = 0;
/** True when the last string holds half of a surrogate pair as an escape. */
export let lone: bool = false;
/** Hash of the last name when it is plain ASCII, else 0. */
export let plainHash: u32 = 0;

/** Starts a record that ends at `end`. */
export function beginTokens(end: usize): void {
  limit = end;
}

/** Refuses the record. Every function below returns the position after its token, or 0 after refusing. */
export function refuse(code: u32): usize {
  fault = code;
  return 0;
}

/** A string (RFC 8259 section 7) from after its opening quote; returns the position of its closing quote. */
export function stringEnd(from: usize): usize {
  escaped = 0;
  lone = false;
  let at = from;
  while (at < limit) {
    const chunk = v128.load(at);
    // As signed bytes, control characters and everything outside ASCII are less than a space.
    const found = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(chunk, i8x16.splat(0x22)), i8x16.eq(chunk, i8x16.splat(0x5c))),
        i8x16.lt_s(chunk, i8x16.splat(0x20)),
      ),
    );
    if (found === 0) {
      at += 16;
      continue;
    }
    at += ctz(found) as usize;
    if (at >= limit) break;
    const byte = load<u8>(at) as u32;
    if (byte === QUOTE) return at;
    at = byte === BACKSLASH ? escapeEnd(at) : wideEnd(at);
    if (at === 0) return 0;
  }
  return refuse(FAULT_SYNTAX);
}

/** A string that is a member name: as `stringEnd`, and hashes it on the way while it is plain ASCII. */
export function nameEnd(from: usize): usize {
  let hash = HASH_SEED;
  for (let at = from; at < limit; at++) {
    const byte = load<u8>(at) as u32;
    if (byte === QUOTE) {
      escaped = 0;
      lone = false;
      plainHash = mixHash(hash);
      return at;
    }
    if (byte < SPACE || byte >= 0x80 || byte === BACKSLASH) break;
    hash = (hash ^ byte) * HASH_PRIME;
  }
  plainHash = 0;
  return stringEnd(from);
}

/** A number (RFC 8259 section 6): `-? int frac? exp?`. */
export function numberEnd(from: usize): usize {
  let at = from;
  if ((load<u8>(at) as u32) === MINUS) at++;
  if (at < limit && (load<u8>(at) as u32) === DIGIT_0) at++;
  else at = digitsEnd(at);
  if (at !== 0 && at < limit && (load<u8>(at) as u32) === DOT) at = digitsEnd(at + 1);
  if (at !== 0 && at < limit && ((load<u8>(at) as u32) | 0x20) === LETTER_E) {
    const sign: u32 = at + 1 < limit ? (load<u8>(at, 1) as u32) : 0;
    at = digitsEnd(sign === PLUS || sign === MINUS ? at + 2 : at + 1);
  }
  return at;
}

/** `true`, `false` or `null`, told by its first letter. */
export function literalEnd(first: u32, from: usize): usize {
  const isFalse = first === LETTER_F;
  const end = from + (isFalse ? 5 : 4);
  if (end > limit) return refuse(FAULT_SYNTAX);
  // The four last letters in one word, little-endian.
  const word = load<u32>(isFalse ? from + 1 : from);
  const expected: u32 = isFalse ? 0x65736c61 : first === LETTER_T ? 0x65757274 : 0x6c6c756e;
  return word === expected ? end : refuse(FAULT_SYNTAX);
}

/** White space (RFC 8259 section 2). Never refuses. */
export function spaceEnd(from: usize): usize {
  let at = from;
  while (at < limit) {
    const byte = load<u8>(at) as u32;
    if (byte > SPACE || (byte !== SPACE && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) break;
    at++;
  }
  return at;
}

/** Value of four hexadecimal digits at `at`, or -1. */
export function hexQuad(at: usize, end: usize): i32 {
  if (at + 4 > end) return -1;
  let value: i32 = 0;
  for (let k: usize = 0; k < 4; k++) {
    const byte = load<u8>(at + k) as i32;
    let digit = byte - 0x30;
    if (digit < 0) return -1;
    if (digit > 9) {
      digit = (byte | 0x20) - 0x57;
      if (digit < 10 || digit > 15) return -1;
    }
    value = (value << 4) | digit;
  }
  return value;
}

function digitsEnd(from: usize): usize {
  let at = from;
  let found: i32 = 0;
  while (at < limit) {
    const chunk = v128.load(at);
    found = i8x16.bitmask(i8x16.gt_u(i8x16.sub(chunk, i8x16.splat(0x30)), i8x16.splat(9)));
    if (found !== 0) break;
    at += 16;
  }
  if (found !== 0) at += ctz(found) as usize;
  if (at > limit) at = limit;
  return at > from ? at : refuse(FAULT_SYNTAX);
}

/** All characters outside ASCII that follow one another; a control character is refused. */
function wideEnd(from: usize): usize {
  if (load<u8>(from) < 0x80) return refuse(FAULT_SYNTAX);
  let at = from;
  do {
    // Most of them (Han, kana, most of the alphabets of Asia) are three bytes whose first is neither of those with limits of their own.
    const word = load<u32>(at);
    const lead = word & 0xff;
    if ((word & 0xc0c0f0) === 0x8080e0 && lead !== 0xe0 && lead !== 0xed && at + 3 <= limit) at += 3;
    else at = utf8Next(at, limit);
    if (at === 0) return refuse(FAULT_UTF8);
  } while (at < limit && load<u8>(at) >= 0x80);
  return at;
}

function escapeEnd(at: usize): usize {
  escaped = 1;
  if (at + 1 >= limit) return refuse(FAULT_SYNTAX);
  const letter = load<u8>(at, 1) as u32;
  if (isShortEscape(letter)) return at + 2;
  const unit = letter === LETTER_U ? hexQuad(at + 2, limit) : -1;
  if (unit < 0) return refuse(FAULT_SYNTAX);
  if (unit < 0xd800 || unit > 0xdfff) return at + 6;
  if (unit < 0xdc00 && isLowSurrogate(at + 6)) return at + 12;
  lone = true;
  return at + 6;
}

function isShortEscape(letter: u32): bool {
  switch (letter) {
    case QUOTE:
    case BACKSLASH:
    case SLASH:
    case LETTER_B:
    case LETTER_F:
    case LETTER_N:
    case LETTER_R:
    case LETTER_T:
      return true;
    default:
      return false;
  }
}

function isLowSurrogate(at: usize): bool {
  if (at + 6 > limit || (load<u8>(at) as u32) !== BACKSLASH || (load<u8>(at, 1) as u32) !== LETTER_U) return false;
  const unit = hexQuad(at + 2, limit);
  return unit >= 0xdc00 && unit <= 0xdfff;
}
