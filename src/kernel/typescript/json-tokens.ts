import { HASH_PRIME, HASH_SEED, mixHash } from '../name-hash.js';
import { Fault } from '../span-table.js';
import { utf8Next } from './utf8-sequence.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LETTER_U = 0x75;

/** 1 for bytes that stand for themselves inside a string: ASCII from space on, without quote and backslash. */
const PLAIN = new Uint8Array(256).fill(1, 0x20, 0x80);
PLAIN[QUOTE] = 0;
PLAIN[BACKSLASH] = 0;

/** 1 for the characters that may follow a backslash, except `u` (RFC 8259 section 7). */
const SHORT_ESCAPE = new Uint8Array(256);
for (const letter of '"\\/bfnrt') SHORT_ESCAPE[letter.charCodeAt(0)] = 1;

const LITERALS = { true: [0x72, 0x75, 0x65], false: [0x61, 0x6c, 0x73, 0x65], null: [0x75, 0x6c, 0x6c] } as const;

/** True for a continuation byte of UTF-8. */
function isTail(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** Value of a hexadecimal digit, or -1. */
function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** Value of four hexadecimal digits at `at`, or -1. */
export function hexQuad(bytes: Uint8Array, at: number, end: number): number {
  if (at + 4 > end) return -1;
  let value = 0;
  for (let k = at; k < at + 4; k++) {
    const digit = hexDigit(bytes[k] ?? 0);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

/**
 * The tokens of RFC 8259 sections 3, 6 and 7, one method each. Every method takes a position and returns the one after the
 * token (a string: that of its closing quote), or -1 and sets `fault`. Reads `slab` up to `end` only.
 */
export class JsonTokens {
  slab: Uint8Array = new Uint8Array(0);
  end = 0;
  fault: number = Fault.NONE;
  /** 1 when the last string holds backslash escapes. */
  escaped = 0;
  /** True when the last string holds half of a surrogate pair as `\ud800`: text that Unicode cannot express. */
  lone = false;
  /** Hash of the last name when it holds no escapes. */
  hash = 0;

  /** Refuses the record. */
  refuse(fault: number): number {
    this.fault = fault;
    return -1;
  }

  /** A string from after its opening quote. */
  string(from: number): number {
    const slab = this.slab;
    const end = this.end;
    this.escaped = 0;
    this.lone = false;
    let at = from;
    while (at < end) {
      const byte = slab[at] ?? 0;
      if (PLAIN[byte] === 1) at++;
      else if (byte === QUOTE) return at;
      else if (byte >= 0xe1 && byte <= 0xec && at + 2 < end && isTail(slab[at + 1]) && isTail(slab[at + 2])) {
        // U+1000-U+CFFF, so all Han in use: any two continuation bytes may follow, and a call would cost more than the check.
        at += 3;
      } else {
        at = byte === BACKSLASH ? this.#escape(at) : this.#character(byte, at);
        if (at < 0) return -1;
      }
    }
    return this.refuse(Fault.SYNTAX);
  }

  /** A string that is a name: sets `hash` when it is plain ASCII; otherwise `escaped` or `hash = 0` tell the caller to hash it. */
  name(from: number): number {
    const slab = this.slab;
    const end = this.end;
    let hash = HASH_SEED;
    for (let at = from; at < end; at++) {
      const byte = slab[at] ?? 0;
      if (PLAIN[byte] === 1) hash = Math.imul(hash ^ byte, HASH_PRIME);
      else if (byte === QUOTE) {
        this.escaped = 0;
        this.lone = false;
        this.hash = mixHash(hash);
        return at;
      } else break;
    }
    this.hash = 0;
    return this.string(from);
  }

  /** A number: `-? int frac? exp?`. */
  number(from: number): number {
    const slab = this.slab;
    let at = from;
    if (slab[at] === 0x2d) at++;
    if (at < this.end && slab[at] === 0x30) at++;
    else at = this.#digits(at);
    if (at >= 0 && at < this.end && slab[at] === 0x2e) at = this.#digits(at + 1);
    if (at >= 0 && at < this.end && ((slab[at] ?? 0) | 0x20) === 0x65) {
      const sign = at + 1 < this.end ? slab[at + 1] : 0;
      at = this.#digits(sign === 0x2b || sign === 0x2d ? at + 2 : at + 1);
    }
    return at;
  }

  /** `true`, `false` or `null`, told by its first letter. */
  literal(first: number, from: number): number {
    const rest =
      first === 0x74 ? LITERALS.true : first === 0x66 ? LITERALS.false : first === 0x6e ? LITERALS.null : undefined;
    if (rest === undefined || from + 1 + rest.length > this.end) return this.refuse(Fault.SYNTAX);
    for (let k = 0; k < rest.length; k++) if (this.slab[from + 1 + k] !== rest[k]) return this.refuse(Fault.SYNTAX);
    return from + 1 + rest.length;
  }

  /** White space (RFC 8259 section 2): space, tab, line feed, carriage return. */
  space(from: number): number {
    const slab = this.slab;
    const end = this.end;
    let at = from;
    while (at < end) {
      const byte = slab[at] ?? 0;
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
      at++;
    }
    return at;
  }

  #digits(from: number): number {
    const slab = this.slab;
    const end = this.end;
    let at = from;
    while (at < end) {
      const byte = slab[at] ?? 0;
      if (byte < 0x30 || byte > 0x39) break;
      at++;
    }
    return at > from ? at : this.refuse(Fault.SYNTAX);
  }

  #character(byte: number, at: number): number {
    if (byte < 0x80) return this.refuse(Fault.SYNTAX);
    const next = utf8Next(this.slab, at, this.end);
    return next < 0 ? this.refuse(Fault.UTF8) : next;
  }

  #escape(at: number): number {
    this.escaped = 1;
    if (at + 1 >= this.end) return this.refuse(Fault.SYNTAX);
    const letter = this.slab[at + 1] ?? 0;
    if (SHORT_ESCAPE[letter] === 1) return at + 2;
    const unit = letter === LETTER_U ? hexQuad(this.slab, at + 2, this.end) : -1;
    if (unit < 0) return this.refuse(Fault.SYNTAX);
    if (unit < 0xd800 || unit > 0xdfff) return at + 6;
    if (unit < 0xdc00 && this.#isLowSurrogate(at + 6)) return at + 12;
    this.lone = true;
    return at + 6;
  }

  #isLowSurrogate(at: number): boolean {
    if (at + 6 > this.end || this.slab[at] !== BACKSLASH || this.slab[at + 1] !== LETTER_U) return false;
    const unit = hexQuad(this.slab, at + 2, this.end);
    return unit >= 0xdc00 && unit <= 0xdfff;
  }
}
