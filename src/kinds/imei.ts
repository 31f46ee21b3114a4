import { utf8 } from '../core/bytes.js';
import type { ByteSink, Kind } from './kind.js';
import { allDigits, asciiSet, foldAscii, strip } from './normal/ascii.js';
import { luhnDigit, luhnHolds } from './normal/check-digits.js';
import { digitsOf, numeralsOf } from './normal/digits.js';
import { maskMiddle } from './normal/mask.js';

/** Type allocation code and serial number: what names the device (3GPP TS 23.003 6.2). */
const BODY = 14;
const LONGEST = 24;
const ZERO = 0x30;
const HYPHEN = 0x2d;
const SEPARATORS = asciiSet(' -/');

/**
 * Normal form: 15 digits, the last one Luhn. Without its check digit (14 digits) and as IMEISV (16 digits: the last two are the
 * software version) the same device is written too, so both become the 15-digit form.
 */
function normalize(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  const at = sink.reserve(LONGEST);
  const out = sink.bytes;
  const folded = foldAscii(bytes, start, end, out, at, LONGEST);
  if (folded < BODY || out[at] === HYPHEN) return false;
  const length = strip(out, at, folded, SEPARATORS);
  if (length < BODY || length > BODY + 2 || !allDigits(out, at, at + length)) return false;
  if (length === BODY + 1 && !luhnHolds(out, at, at + length)) return false;
  out[at + BODY] = ZERO + luhnDigit(out, at, at + BODY);
  sink.length = at + BODY + 1;
  return true;
}

/** The identity of a mobile device. */
export const IMEI: Kind = {
  name: 'imei',
  title: 'Mobile device identity (IMEI)',
  titleZh: '移动设备识别码',
  classA: 'A11',
  classB: undefined,
  identifier: 'direct',
  acceptsNumber: true,
  guessSpaceLog10: 11,
  normalize,
  mask: maskMiddle(normalize, 0, 4),
  maskReveals: 'the last four digits',
  maskRevealsAtMost: 4,
  redacted: '[imei]',
  fpe: {
    encode: normal => (/^\d{15}$/.test(normal) ? numeralsOf(normal.slice(0, BODY)) : undefined),
    decode(numerals) {
      if (numerals.length !== BODY) return undefined;
      const body = digitsOf(numerals);
      return body + String(luhnDigit(utf8(body), 0, BODY));
    },
  },
  fieldNames: [/(^|_)(imei|imeisv|meid)(_?[12])?(_?(no|num|number))?$/, /设备识别码|手机串号/],
  examples: [
    { in: '490154203237518', normal: '490154203237518', masked: '***********7518' },
    { in: '49-015420-323751-8', normal: '490154203237518', masked: '***********7518' },
    { in: '49015420323751', normal: '490154203237518', masked: '***********7518' },
    { in: '4901542032375101', normal: '490154203237518', masked: '***********7518' },
    { in: '490154203237517' },
  ],
};
