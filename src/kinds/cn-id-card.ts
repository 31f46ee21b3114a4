import { utf8 } from '../core/bytes.js';
import type { ByteSink, FormatPreserving, Kind } from './kind.js';
import { allDigits, asciiSet, decimalAt, foldAscii, strip, upper } from './normal/ascii.js';
import { compactDate, DAY_COUNT, dayNumber, isDate } from './normal/calendar.js';
import { mod11Check } from './normal/check-digits.js';
import { digitsOf, numeralsOf } from './normal/digits.js';
import { maskMiddle } from './normal/mask.js';
import { appendBytes } from './normal/text.js';
import { PROVINCE_CODES, provinceOf } from './regions.js';

const LENGTH = 18;
const OLD_LENGTH = 15;
const LONGEST = 40;
const HYPHEN = 0x2d;
const NINE = 0x39;
const SEPARATORS = asciiSet(' -');
const CENTURY = new Uint8Array([0x31, 0x39]);

const isProvince = new Uint8Array(100);
for (const code of PROVINCE_CODES) isProvince[Number(code)] = 1;

/**
 * Normal form: 18 characters, upper-case X. A 15-digit card (issued until 1999, births of 19YY) becomes its 18-digit form.
 * Valid: a province of GB/T 2260 (after a leading 9 for foreigners' permanent residence cards), a date, the check character of
 * GB 11643-1999. County codes are not checked: they were revoked and renamed for decades and cards keep them.
 */
function normalize(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  if (end - start === LENGTH && isCard(bytes, start)) {
    appendBytes(sink, bytes, start, end);
    return true;
  }
  const at = sink.reserve(LONGEST);
  const out = sink.bytes;
  const folded = foldAscii(bytes, start, end, out, at, LONGEST);
  if (folded < OLD_LENGTH || out[at] === HYPHEN) return false;
  const length = strip(out, at, folded, SEPARATORS);
  if (length === OLD_LENGTH) {
    if (!allDigits(out, at, at + OLD_LENGTH)) return false;
    out.copyWithin(at + 8, at + 6, at + OLD_LENGTH);
    out.set(CENTURY, at + 6);
    out[at + 17] = mod11Check(out, at);
  } else if (length !== LENGTH) return false;
  upper(out, at + 17, 1);
  if (!isCard(out, at)) return false;
  sink.length = at + LENGTH;
  return true;
}

function isCard(bytes: Uint8Array, at: number): boolean {
  if (!allDigits(bytes, at, at + 17) || bytes[at + 17] !== mod11Check(bytes, at)) return false;
  const province = bytes[at] === NINE ? at + 1 : at;
  if (isProvince[decimalAt(bytes, province, province + 2)] !== 1) return false;
  const year = decimalAt(bytes, at + 6, at + 10);
  return isDate(year, decimalAt(bytes, at + 10, at + 12), decimalAt(bytes, at + 12, at + 14));
}

/** What a valid card says about its holder. */
export interface CardParts {
  /** GB/T 2260 code, six digits; for a foreigner's card the province followed by `0000`. */
  readonly region: string;
  /** `YYYY-MM-DD`. */
  readonly birthDate: string;
  readonly sex: 'male' | 'female';
}

/** The parts of a normal form (18 characters). */
export function cardParts(normal: string): CardParts {
  const region = normal.startsWith('9') ? `${normal.slice(1, 3)}0000` : normal.slice(0, 6);
  const birthDate = `${normal.slice(6, 10)}-${normal.slice(10, 12)}-${normal.slice(12, 14)}`;
  return { region, birthDate, sex: Number(normal.charAt(16)) % 2 === 1 ? 'male' : 'female' };
}

// Format-preserving form: a card is one number in a mixed radix of area, day and sequence, written as 14 decimal numerals.
const RESIDENT_AREAS = PROVINCE_CODES.length * 10_000;
const AREAS = RESIDENT_AREAS + PROVINCE_CODES.length * 1_000;
const CARDS = AREAS * DAY_COUNT * 1_000;
const NUMERALS = 14;

function areaRank(area: string): number {
  if (!area.startsWith('9')) return PROVINCE_CODES.indexOf(area.slice(0, 2)) * 10_000 + Number(area.slice(2));
  return RESIDENT_AREAS + PROVINCE_CODES.indexOf(area.slice(1, 3)) * 1_000 + Number(area.slice(3));
}

function areaAt(rank: number): string {
  const foreign = rank >= RESIDENT_AREAS;
  const within = foreign ? rank - RESIDENT_AREAS : rank;
  const size = foreign ? 1_000 : 10_000;
  const rest = String(within % size).padStart(foreign ? 3 : 4, '0');
  return (foreign ? '9' : '') + (PROVINCE_CODES[Math.floor(within / size)] ?? '') + rest;
}

const fpe: FormatPreserving = {
  encode(normal) {
    const { birthDate, region } = cardParts(normal);
    const [year = 0, month = 0, day = 0] = birthDate.split('-').map(Number);
    if (!/^\d{17}[\dX]$/.test(normal) || provinceOf(region) === undefined || !isDate(year, month, day))
      return undefined;
    const days = areaRank(normal.slice(0, 6)) * DAY_COUNT + dayNumber(year, month, day);
    return numeralsOf(String(days * 1_000 + Number(normal.slice(14, 17))).padStart(NUMERALS, '0'));
  },
  decode(numerals) {
    const rank = Number(digitsOf(numerals));
    if (numerals.length !== NUMERALS || rank >= CARDS) return undefined;
    const days = Math.floor(rank / 1_000);
    const area = areaAt(Math.floor(days / DAY_COUNT));
    const body = area + compactDate(days % DAY_COUNT) + String(rank % 1_000).padStart(3, '0');
    return body + String.fromCharCode(mod11Check(utf8(body), 0));
  },
};

/** A citizen identity number (GB 11643-1999), including residence permits and foreigners' permanent residence cards. */
export const CN_ID_CARD: Kind = {
  name: 'cn-id-card',
  title: 'Citizen identity number',
  titleZh: '公民身份号码',
  classA: 'A02',
  classB: 'B4',
  identifier: 'direct',
  acceptsNumber: true,
  guessSpaceLog10: 11.5,
  normalize,
  mask: maskMiddle(normalize, 1, 1),
  maskReveals: 'the first digit and the check character',
  maskRevealsAtMost: 2,
  redacted: '[cn-id-card]',
  fpe,
  fieldNames: [
    /(^|_)(id|identity|idcard|citizen)_?(card|num|number|no)(_?(no|num|number))?$/,
    /(^|_)id_?card$|national_?id|(^|_)(sfz|sfzh|sfzhm)$|shenfenzheng/,
    /身份证|公民身份号码|证件号/,
  ],
  examples: [
    { in: '11010519491231002X', normal: '11010519491231002X', masked: '1****************X' },
    { in: '11010519491231002x', normal: '11010519491231002X', masked: '1****************X' },
    { in: '110105 19491231 002X', normal: '11010519491231002X', masked: '1****************X' },
    { in: '110105491231002', normal: '11010519491231002X', masked: '1****************X' },
    { in: '110105194912310021' },
    { in: '990105194912310021' },
    { in: '11010519490231002X' },
  ],
};
