import type { ByteSink, Kind } from './kind.js';
import { foldDigits } from './normal/digits.js';
import { maskMiddle } from './normal/mask.js';
import { provinceOf } from './regions.js';

const DIGITS = 6;
const ZERO = 0x30;

/** Normal form: six digits of GB/T 2260; a province (`11`) or prefecture (`4403`) alone is filled up with zeros. */
function normalize(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  const digits = foldDigits(bytes, start, end, sink, DIGITS);
  if (digits < 2 || digits % 2 !== 0) return false;
  const at = sink.length;
  sink.bytes.fill(ZERO, at + digits, at + DIGITS);
  if (provinceOf(String.fromCharCode(...sink.bytes.subarray(at, at + DIGITS))) === undefined) return false;
  sink.length = at + DIGITS;
  return true;
}

/** The code of a province, prefecture or county. */
export const REGION_CODE: Kind = {
  name: 'region-code',
  title: 'Administrative division code',
  titleZh: '行政区划代码',
  classA: 'A01',
  classB: undefined,
  identifier: 'quasi',
  acceptsNumber: true,
  guessSpaceLog10: 3.5,
  normalize,
  mask: maskMiddle(normalize, 2, 0),
  maskReveals: 'the first two digits (province)',
  maskRevealsAtMost: 2,
  redacted: '[region-code]',
  fieldNames: [
    /(^|_)(ad_?code|area_?code|region_?code|district_?code|city_?code|province_?code|division_?code)$/,
    /quhua|xzqh/,
    /区划|地区代码|行政区/,
  ],
  examples: [
    { in: '440305', normal: '440305', masked: '44****' },
    { in: '4403', normal: '440300', masked: '44****' },
    { in: '１１', normal: '110000', masked: '11****' },
    { in: '990000' },
    { in: '44030' },
  ],
};
