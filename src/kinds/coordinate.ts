import type { Kind } from './kind.js';
import { plainDecimal } from './normal/decimal.js';
import { maskFully } from './normal/mask.js';
import { compatible, normalizeText } from './normal/text.js';

const MAX_BYTES = 128;
const LATITUDE_MAX = 90;
const LONGITUDE_MAX = 180;
const PART = /^([+-]?[\d.e+-]+?)\s?°?\s?([NSEW]?)$/i;

/**
 * Normal form: one plain decimal of degrees, or two joined by a comma in the order they were written (latitude first and longitude
 * first are both common, and which is meant cannot be seen). Hemisphere letters become signs. Precision is kept. Degrees,
 * minutes and seconds are refused.
 */
const normalize = normalizeText(text => {
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
