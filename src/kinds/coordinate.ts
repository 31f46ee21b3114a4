import type { ByteSink, Kind } from './kind.js';
import { decimalAt, isDigit } from './normal/ascii.js';
import { plainDecimal, putPlainDecimal } from './normal/decimal.js';
import { maskFully } from './normal/mask.js';
import { compatible, normalizeText } from './normal/text.js';

const MAX_BYTES = 128;
const LATITUDE_MAX = 90;
const LONGITUDE_MAX = 180;
const COMMA = 0x2c;
const SPACE = 0x20;
const PART = /^([+-]?[\d.e+-]+?)\s?°?\s?([NSEW]?)$/i;

/**
 * Normal form: one plain decimal of degrees, or two joined by a comma in the order they were written (latitude first and longitude
 * first are both common, and which is meant cannot be seen). Hemisphere letters become signs. Precision is kept. Degrees,
 * minutes and seconds are refused.
 */
function normalize(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  return normalizePlain(bytes, start, end, sink) || normalizeUnicode(bytes, start, end, sink);
}

const normalizeUnicode = normalizeText(text => {
  const parts = compatible(text)
    .trim()
    .replace(/^\((.*)\)$/u, '$1')
    .split(/\s*[,;]\s*/u);
  const degrees = parts.map(part => signed(part));
  if (degrees.length > 2 || degrees.includes(undefined)) return undefined;
  const sizes = degrees.map(part => Math.abs(Number(part)));
  const bounded = Math.max(...sizes) <= LONGITUDE_MAX && (sizes.length < 2 || Math.min(...sizes) <= LATITUDE_MAX);
  return bounded ? degrees.join(',') : undefined;
}, MAX_BYTES);

/** The same for decimals within bounds, one or two with a comma between them; false for everything else, also beyond bounds. */
function normalizePlain(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  if (end - start > MAX_BYTES) return false;
  const at = sink.reserve(end - start);
  const out = sink.bytes;
  let comma = start;
  while (comma < end && bytes[comma] !== COMMA) comma += 1;
  let to = putPlainDecimal(bytes, start, comma, out, at);
  if (to < 0 || !isWithin(out, at, to, LONGITUDE_MAX)) return false;
  if (comma < end) {
    const second = to + 1;
    let from = comma + 1;
    while (from < end && bytes[from] === SPACE) from += 1;
    const isLatitude = isWithin(out, at, to, LATITUDE_MAX);
    out[to] = COMMA;
    to = putPlainDecimal(bytes, from, end, out, second);
    if (to < 0 || !isWithin(out, second, to, isLatitude ? LONGITUDE_MAX : LATITUDE_MAX)) return false;
  }
  sink.length = to;
  return true;
}

/** True when a plain decimal is surely at most `most` in size: whole degrees decide, without rounding. */
function isWithin(bytes: Uint8Array, start: number, end: number, most: number): boolean {
  const first = isDigit(bytes[start]) ? start : start + 1;
  let point = first;
  while (point < end && isDigit(bytes[point])) point += 1;
  const whole = decimalAt(bytes, first, point);
  return whole < most || (whole === most && point === end);
}

function signed(part: string): string | undefined {
  const [, number = '', hemisphere = ''] = PART.exec(part) ?? [];
  if (hemisphere !== '' && /^[+-]/.test(number)) return undefined;
  return plainDecimal(/[SW]/i.test(hemisphere) ? `-${number}` : number);
}

/** A geographic position, or one of its two numbers. */
export const COORDINATE: Kind = {
  name: 'coordinate',
  title: 'Coordinate',
  titleZh: '经纬度',
  classA: 'A12',
  classB: 'B5',
  identifier: 'quasi',
  acceptsNumber: true,
  guessSpaceLog10: 10,
  normalize,
  mask: maskFully,
  maskReveals: 'nothing',
  maskRevealsAtMost: 0,
  redacted: '[coordinate]',
  fieldNames: [
    /(^|_)(lat|lng|lon|long|latitude|longitude|gps|geo|coordinate|coordinates|coord|location|lat_?lng|lat_?lon|lng_?lat)$/,
    /jingdu|weidu|jingwei/,
    /经度|纬度|经纬|坐标|定位/,
  ],
  examples: [
    { in: '39.9042, 116.4074', normal: '39.9042,116.4074', masked: '******' },
    { in: '39.90420°N，116.4074°E', normal: '39.9042,116.4074', masked: '******' },
    { in: '(116.4074,39.9042)', normal: '116.4074,39.9042', masked: '******' },
    { in: '120.882222', normal: '120.882222', masked: '******' },
    { in: '33.8688S', normal: '-33.8688', masked: '******' },
    { in: '181' },
    { in: '116.4,117.2' },
  ],
};
