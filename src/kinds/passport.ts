import type { ByteSink, Kind } from './kind.js';
import { asciiSet, foldAscii, strip, upper } from './normal/ascii.js';
import { digitsOf, numeralsOf } from './normal/digits.js';
import { maskMiddle } from './normal/mask.js';
import { decodeText } from './normal/text.js';

const LONGEST = 16;
const HYPHEN = 0x2d;
const SPACE = asciiSet(' ');

/**
 * Document numbers of ICAO Doc 9303 part 4: six to nine letters and digits, at least five digits. Chinese passports (E and G with
 * eight digits, E and a letter with seven, D, S and P series) are among them; numbers of other countries are not told apart.
 */
const NUMBER = /^(?=(?:[A-Z]*\d){5})[A-Z0-9]{6,9}$/;
const SERIES = /^([A-Z]{0,2})(\d{6,9})$/;

/** Normal form: upper case, no spaces. */
function normalize(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  const at = sink.reserve(LONGEST);
  const out = sink.bytes;
  const folded = foldAscii(bytes, start, end, out, at, LONGEST);
  if (folded <= 0 || out[at] === HYPHEN) return false;
  const length = strip(out, at, folded, SPACE);
  upper(out, at, length);
  if (!NUMBER.test(decodeText(out, at, at + length) ?? '')) return false;
  sink.length = at + length;
  return true;
}

/** The number of a passport or travel document. */
export const PASSPORT: Kind = {
  name: 'passport',
  title: 'Passport number',
  titleZh: '护照号码',
  classA: 'A02',
  classB: 'B4',
  identifier: 'direct',
  acceptsNumber: true,
  guessSpaceLog10: 8,
  normalize,
  mask: maskMiddle(normalize, 1, 2),
  maskReveals: 'the first character (series) and the last two',
  maskRevealsAtMost: 3,
  redacted: '[passport]',
  fpe: {
    // The letters name the series and stay; the digits after them are encrypted.
    encode(normal) {
      const digits = SERIES.exec(normal)?.[2];
      return digits === undefined ? undefined : numeralsOf(digits);
    },
    decode(numerals, like) {
      const [, letters = '', digits = ''] = SERIES.exec(like) ?? [];
      return digits.length === numerals.length ? letters + digitsOf(numerals) : undefined;
    },
  },
  fieldNames: [/passport(_?(no|num|number|id))?$/, /huzhao|(^|_)hzhm?$/, /护照/],
  examples: [
    { in: 'E12345678', normal: 'E12345678', masked: 'E******78' },
    { in: 'ea1234567', normal: 'EA1234567', masked: 'E******67' },
    { in: 'G 2535 2389', normal: 'G25352389', masked: 'G******89' },
    { in: 'E-1234567' },
    { in: 'E1234' },
  ],
};
