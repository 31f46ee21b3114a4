import type { ByteSink, Kind } from './kind.js';
import { asciiSet, foldAscii, strip, upper } from './normal/ascii.js';
import { maskMiddle } from './normal/mask.js';

const LENGTH = 18;
const LONGEST = 40;
const HYPHEN = 0x2d;
const SEPARATORS = asciiSet(' -');
/** Characters of the code and their values 0-30 (GB 32100-2015 table 2): no I, O, S, V, Z. */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const VALUES = new Int8Array(128).fill(-1);
for (let value = 0; value < ALPHABET.length; value += 1) VALUES[ALPHABET.charCodeAt(value)] = value;

/** Normal form: 18 upper-case characters whose last is the check character (GB 32100-2015: weights 3^i mod 31). */
function normalize(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  const at = sink.reserve(LONGEST);
  const out = sink.bytes;
  const folded = foldAscii(bytes, start, end, out, at, LONGEST);
  if (folded < LENGTH || out[at] === HYPHEN) return false;
  const length = strip(out, at, folded, SEPARATORS);
  upper(out, at, length);
  if (length !== LENGTH || !checks(out, at)) return false;
  sink.length = at + LENGTH;
  return true;
}

function checks(bytes: Uint8Array, at: number): boolean {
  let sum = 0;
  let weight = 1;
  for (let i = 0; i < LENGTH; i += 1) {
    const value = VALUES[bytes[at + i] ?? 0] ?? -1;
    // Positions 3 to 8 are a GB/T 2260 code.
    if (value < 0 || (i >= 2 && i < 8 && value > 9)) return false;
    if (i === LENGTH - 1) return value === (31 - (sum % 31)) % 31;
    sum += value * weight;
    weight = (weight * 3) % 31;
  }
  return false;
}

/** The unified social credit code of an organisation; that of a sole trader names a person. */
export const USCC: Kind = {
  name: 'uscc',
  title: 'Unified social credit code',
  titleZh: '统一社会信用代码',
  classA: 'A06',
  classB: undefined,
  identifier: 'direct',
  acceptsNumber: true,
  guessSpaceLog10: 8,
  normalize,
  mask: maskMiddle(normalize, 2, 0),
  maskReveals: 'the registration authority and the type of organisation (first two characters)',
  maskRevealsAtMost: 2,
  redacted: '[uscc]',
  fieldNames: [
    /(^|_)(uscc|uscid|credit_?code|social_?credit_?code|unified_?social_?credit_?code)$/,
    /tyshxydm|xinyongdaima/,
    /信用代码|税号|纳税人识别号/,
  ],
  examples: [
    { in: '91310110666007217T', normal: '91310110666007217T', masked: '91****************' },
    { in: '９１３１０１１０666007217t', normal: '91310110666007217T', masked: '91****************' },
    { in: '91350211M00013FA1N' },
    { in: '9131011066600721' },
  ],
};
