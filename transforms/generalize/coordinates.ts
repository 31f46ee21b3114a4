import { utf8 } from '../../src/core/bytes.js';
import type { Generalizer } from './generalizer.js';
import { Grid, readNumber } from './numbers.js';

const COMMA = 0x2c;
const MOST_DEGREES = 180;
/** Base 32 of geohash (Niemeyer 2008): digits and lower-case letters without a, i, l, o. */
const GEOHASH_DIGITS = utf8('0123456789bcdefghjkmnpqrstuvwxyz');

/**
 * Coordinates in decimal degrees, one or two joined by a comma in any order, to the cell of a grid in the same order:
 * `[39.9,40)x[116.3,116.4)`.
 */
export function generalizeToGrid(degrees: number): Generalizer {
  const grid = new Grid(degrees);
  const interval = (value: number): string => {
    const cell = grid.cellOf(value);
    return `[${grid.edge(cell)},${grid.edge(cell + 1)})`;
  };
  return {
    write(bytes, start, end, row, out) {
      const [first, second] = readDegrees(bytes, start, end);
      if (Number.isNaN(first)) {
        out.invalid(row, 'VALUE_INVALID');
      } else {
        const text = utf8(second === undefined ? interval(first) : `${interval(first)}x${interval(second)}`);
        out.copyText(row, text, 0, text.length);
      }
    },
  };
}

/** Pairs of coordinates in decimal degrees to a geohash of `length` characters. Pairs in the other order are refused where it shows. */
export function generalizeToGeohash(length: number, longitudeFirst: boolean): Generalizer {
  return {
    write(bytes, start, end, row, out) {
      const [first, second = Number.NaN] = readDegrees(bytes, start, end);
      const [latitude, longitude] = longitudeFirst ? [second, first] : [first, second];
      // Written so that NaN is refused.
      if (Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) {
        const at = out.reserve(length);
        writeGeohash(latitude, longitude, out.bytes, at, length);
        out.plain(row, at, at + length);
      } else {
        out.invalid(row, 'VALUE_INVALID');
      }
    },
  };
}

/** One or two numbers of -180 to 180; NaN first when they are something else. */
function readDegrees(bytes: Uint8Array, start: number, end: number): readonly [number, number?] {
  const found = bytes.subarray(start, end).indexOf(COMMA);
  const first = readNumber(bytes, start, found < 0 ? end : start + found);
  const second = found < 0 ? undefined : readNumber(bytes, start + found + 1, end);
  if (!(Math.abs(first) <= MOST_DEGREES)) return [Number.NaN];
  if (second === undefined) return [first];
  return Math.abs(second) <= MOST_DEGREES ? [first, second] : [Number.NaN];
}

/** Halves the longitude and latitude intervals in turn, longitude first; five bits make a character. */
function writeGeohash(latitude: number, longitude: number, bytes: Uint8Array, at: number, length: number): void {
  const [low, high, value] = [
    [-180, -90],
    [180, 90],
    [longitude, latitude],
  ];
  for (let digit = 0; digit < length; digit++) {
    let bits = 0;
    for (let bit = 0; bit < 5; bit++) {
      const axis = (digit * 5 + bit) % 2;
      const middle = ((low?.[axis] ?? 0) + (high?.[axis] ?? 0)) / 2;
      const isUpper = (value?.[axis] ?? 0) >= middle;
      if (isUpper && low !== undefined) low[axis] = middle;
      else if (high !== undefined) high[axis] = middle;
      bits = bits * 2 + (isUpper ? 1 : 0);
    }
    bytes[at + digit] = GEOHASH_DIGITS[bits] ?? 0;
  }
}
