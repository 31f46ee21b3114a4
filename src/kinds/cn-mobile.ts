import type { ByteSink, Kind } from './kind.js';
import { allDigits, asciiSet, foldAscii, strip } from './normal/ascii.js';
import { digitsOf, numeralsOf } from './normal/digits.js';
import { maskMiddle } from './normal/mask.js';
import { appendBytes } from './normal/text.js';

const DIGITS = 11;
/** Room for `0086`, the number and generous grouping. */
const LONGEST = 40;
const PLUS = 0x2b;
const HYPHEN = 0x2d;
const SEPARATORS = asciiSet(' -()');

/**
 * Normal form: eleven digits. `+86`, `0086` and `86` before them are dropped; spaces, hyphens and brackets between them too.
 * The second digit is 3-9 (numbering plan of MIIT); which carrier holds a range changes too often to be validity.
 */
function normalize(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  if (isMobile(bytes, start, end)) {
    appendBytes(sink, bytes, start, end);
    return true;
  }
  const at = sink.reserve(LONGEST);
  const out = sink.bytes;
  const folded = foldAscii(bytes, start, end, out, at, LONGEST);
  if (folded < DIGITS || out[at] === HYPHEN) return false;
  const length = strip(out, at, folded, SEPARATORS);
  const prefix = length - DIGITS;
  if (prefix < 0 || !hasCountryPrefix(out, at, prefix) || !isMobile(out, at + prefix, at + length)) return false;
  out.copyWithin(at, at + prefix, at + length);
  sink.length = at + DIGITS;
  return true;
}

function isMobile(bytes: Uint8Array, start: number, end: number): boolean {
  const second = bytes[start + 1] ?? 0;
  return end - start === DIGITS && bytes[start] === 0x31 && second >= 0x33 && allDigits(bytes, start, end);
}

/** True when `bytes[at .. at + length)` is nothing, `86`, `+86` or `0086`. */
function hasCountryPrefix(bytes: Uint8Array, at: number, length: number): boolean {
  if (length === 0) return true;
  if (length < 2 || bytes[at + length - 2] !== 0x38 || bytes[at + length - 1] !== 0x36) return false;
  if (length === 2) return true;
  if (length === 3) return bytes[at] === PLUS;
  return length === 4 && bytes[at] === 0x30 && bytes[at + 1] === 0x30;
}

/** A mobile number of mainland China. */
export const CN_MOBILE: Kind = {
  name: 'cn-mobile',
  title: 'Mobile number (mainland China)',
  titleZh: '手机号码',
  classA: 'A01',
  classB: undefined,
  identifier: 'direct',
  acceptsNumber: true,
  guessSpaceLog10: 9.8,
  normalize,
  mask: maskMiddle(normalize, 3, 4),
  maskReveals: 'the first three digits (carrier) and the last four',
  maskRevealsAtMost: 7,
  redacted: '[cn-mobile]',
  fpe: {
    // The leading 1 stays; a second digit below 3 is no mobile number, so the caller walks on.
    encode: normal => (/^1[3-9]\d{9}$/.test(normal) ? numeralsOf(normal.slice(1)) : undefined),
    decode: numerals =>
      numerals.length === DIGITS - 1 && (numerals[0] ?? 0) >= 3 ? `1${digitsOf(numerals)}` : undefined,
  },
  fieldNames: [
    /(^|_)(mobile|cell|cellphone|mobilephone|msisdn)(_?(no|num|number|phone))?$/,
    /(^|_)(phone|tel)(_?(no|num|number))?$/,
    /shouji|(^|_)sjh(m)?$/,
    /手机(?!串号|型号)|移动电话|联系方式/,
    /(收|寄|发|联系)(件|货)?人?电话/,
  ],
  examples: [
    { in: '13800138000', normal: '13800138000', masked: '138****8000' },
    { in: '+86 138-0013-8000', normal: '13800138000', masked: '138****8000' },
    { in: '１３８００１３８０００', normal: '13800138000', masked: '138****8000' },
    { in: '(0086) 138 0013 8000', normal: '13800138000', masked: '138****8000' },
    { in: '12800138000' },
    { in: '1380013800' },
    { in: '010-12345678' },
  ],
};
