import type { ByteSink, Kind } from './kind.js';
import { allDigits, isDigit } from './normal/ascii.js';
import { HAN_BYTES, hanAt } from './normal/han.js';
import { maskText } from './normal/mask.js';
import { appendBytes, compatible, normalizeText } from './normal/text.js';

const MAX_BYTES = 64;
const PROVINCES = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼';
/** Letters of a serial: I and O are not used (GA 36-2018). */
const provinces: ReadonlySet<number> = new Set(Array.from(PROVINCES, province => province.charCodeAt(0)));
const LETTER_I = 0x49;
const LETTER_O = 0x4f;
const LETTER = '[A-HJ-NP-Z]';
const SERIAL = '[A-HJ-NP-Z0-9]';

/**
 * Plates of mainland China (GA 36-2018): ordinary (five characters), new energy small (letter D, A-C, E-H, J, K first) and large
 * (last), trailers, learners, police, emergency, Hong Kong and Macao (last character Han), consulates, embassies, and WJ.
 */
const PLATE = new RegExp(
  [
    `^[${PROVINCES}][A-Z]${SERIAL}{5}$`,
    `^[${PROVINCES}]${LETTER}[A-HJK]${SERIAL}\\d{4}$`,
    `^[${PROVINCES}]${LETTER}\\d{5}[A-HJK]$`,
    `^[${PROVINCES}]${LETTER}${SERIAL}{4}[挂学警港澳领急]$`,
    '^使\\d{6}$',
    '^\\d{6}使$',
    `^WJ[${PROVINCES}]?\\d{4,5}[A-Z0-9]?$`,
  ].join('|'),
  'u',
);

/** Normal form: NFKC, upper case, no spaces, dots or hyphens: `苏D·40000` is `苏D40000`. */
function normalize(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  if (!isOrdinary(bytes, start, end)) return normalizeUnicode(bytes, start, end, sink);
  appendBytes(sink, bytes, start, end);
  return true;
}

/** The first three kinds of plates, as they stand on the vehicle. */
function isOrdinary(bytes: Uint8Array, start: number, end: number): boolean {
  const city = start + HAN_BYTES;
  const serial = city + 1;
  const size = end - serial;
  if ((size !== 5 && size !== 6) || !provinces.has(hanAt(bytes, start, end))) return false;
  const letter = bytes[city] ?? 0;
  if (letter < 0x41 || letter > 0x5a || (size === 6 && !isLetter(letter))) return false;
  if (size === 5) return isSerial(bytes, serial, end);
  if (isEnergyLetter(bytes[serial])) return isSerial(bytes, serial, serial + 2) && allDigits(bytes, serial + 2, end);
  return allDigits(bytes, serial, end - 1) && isEnergyLetter(bytes[end - 1]);
}

/** LETTER or, with digits, SERIAL. */
function isSerial(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (!isDigit(bytes[at]) && !isLetter(bytes[at])) return false;
  return true;
}

function isLetter(code: number | undefined): boolean {
  return code !== undefined && code >= 0x41 && code <= 0x5a && code !== LETTER_I && code !== LETTER_O;
}

/** A-H, J and K. */
function isEnergyLetter(code: number | undefined): boolean {
  return isLetter(code) && code !== undefined && code <= 0x4b;
}

const normalizeUnicode = normalizeText(text => {
  const plate = compatible(text)
    .replace(/[\s·•.-]/gu, '')
    .toUpperCase();
  return PLATE.test(plate) ? plate : undefined;
}, MAX_BYTES);

/** The number plate of a vehicle. */
export const PLATE_NUMBER: Kind = {
  name: 'plate',
  title: 'Vehicle number plate',
  titleZh: '车牌号',
  classA: 'A13',
  classB: undefined,
  identifier: 'direct',
  acceptsNumber: false,
  guessSpaceLog10: 8.5,
  normalize,
  mask: maskText(normalize, plate => plate.slice(0, 2) + '*'.repeat(plate.length - 2)),
  maskReveals: 'the first two characters (issuing city) and the length',
  maskRevealsAtMost: 2,
  redacted: '[plate]',
  fieldNames: [
    /(^|_)(plate|license_?plate|car_?license|vehicle)(_?(no|num|number))?$/,
    /chepai|(^|_)(cph|hphm)$/,
    /车牌|号牌/,
  ],
  examples: [
    { in: '苏D40000', normal: '苏D40000', masked: '苏D*****' },
    { in: '陕a·12345d', normal: '陕A12345D', masked: '陕A******' },
    { in: '粤BD12345', normal: '粤BD12345', masked: '粤B******' },
    { in: '粤Z1234港', normal: '粤Z1234港', masked: '粤Z*****' },
    { in: '京A123' },
    { in: '京I12345D' },
  ],
};
