import type { ByteSink, Kind } from './kind.js';
import { decimalAt } from './normal/ascii.js';
import { foldDigits } from './normal/digits.js';
import { maskMiddle } from './normal/mask.js';

const DIGITS = 6;

/** First two digits of postal codes by province (GB/T 2260 code), as China Post assigns them. */
const PREFIXES: Readonly<Record<string, string>> = {
  '11': '10',
  '12': '30',
  '13': '05 06 07',
  '14': '03 04',
  '15': '01 02',
  '21': '11 12',
  '22': '13',
  '23': '15 16',
  '31': '20',
  '32': '21 22',
  '33': '31 32',
  '34': '23 24',
  '35': '35 36',
  '36': '33 34',
  '37': '25 26 27',
  '41': '45 46 47',
  '42': '43 44',
  '43': '41 42',
  '44': '51 52',
  '45': '53 54',
  '46': '57',
  '50': '40',
  '51': '61 62 63 64',
  '52': '55 56',
  '53': '65 66 67',
  '54': '85 86',
  '61': '71 72',
  '62': '73 74',
  '63': '81',
  '64': '75',
  '65': '83 84',
};

const provinces = new Map<string, string>(
  Object.entries(PREFIXES).flatMap(([province, prefixes]) =>
    prefixes.split(' ').map(prefix => [prefix, province] as const),
  ),
);
/** `999077` and `999078` stand for Hong Kong and Macao. */
const WHOLE_CODES = new Map([
  ['999077', '81'],
  ['999078', '82'],
]);

const IS_PREFIX = new Uint8Array(100);
for (const prefix of provinces.keys()) IS_PREFIX[Number(prefix)] = 1;
const IS_WHOLE_CODE: ReadonlySet<number> = new Set([...WHOLE_CODES.keys()].map(Number));

/** GB/T 2260 code (two digits) of the province of a postal code, or undefined when its prefix is not assigned. */
export function provinceCodeOfPostcode(postcode: string): string | undefined {
  return WHOLE_CODES.get(postcode) ?? provinces.get(postcode.slice(0, 2));
}

/** Normal form: six digits with an assigned prefix. */
function normalize(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  if (foldDigits(bytes, start, end, sink, DIGITS) !== DIGITS) return false;
  const at = sink.length;
  const isWhole = IS_WHOLE_CODE.has(decimalAt(sink.bytes, at, at + DIGITS));
  if (!isWhole && IS_PREFIX[decimalAt(sink.bytes, at, at + 2)] !== 1) return false;
  sink.length = at + DIGITS;
  return true;
}

/** A postal code of mainland China, Hong Kong or Macao. */
export const POSTCODE: Kind = {
  name: 'postcode',
  title: 'Postal code (China)',
  titleZh: '邮政编码',
  classA: 'A01',
  classB: undefined,
  identifier: 'quasi',
  acceptsNumber: true,
  guessSpaceLog10: 4.5,
  normalize,
  mask: maskMiddle(normalize, 2, 0),
  maskReveals: 'the first two digits (province)',
  maskRevealsAtMost: 2,
  redacted: '[postcode]',
  fieldNames: [/(^|_)(zip|zip_?code|post_?code|postal_?code|postal)$/, /youbian/, /邮编|邮政编码/],
  examples: [
    { in: '100000', normal: '100000', masked: '10****' },
    { in: '１５０ 237', normal: '150237', masked: '15****' },
    { in: '000000' },
    { in: '12345' },
  ],
};
