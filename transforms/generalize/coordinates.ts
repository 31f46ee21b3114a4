import { utf8 } from '../../src/core/bytes.js';
import type { Output } from '../../src/transform/output.js';
import type { Generalizer } from './generalizer.js';
import { Grid, readNumber } from './numbers.js';

const COMMA = 0x2c;
/** Base 32 of geohash (Niemeyer 2008): digits and lower-case letters without a, i, l, o. */
const GEOHASH_DIGITS = utf8('0123456789bcdefghjkmnpqrstuvwxyz');

/** Coordinates `latitude,longitude` in decimal degrees to a cell of a grid: `[39.9,40)x[116.3,116.4)`. */
export function generalizeToGrid(degrees: number): Generalizer {
  const grid = new Grid(degrees);
  const interval = (value: number): string => {
    const cell = grid.cellOf(value);
    return `[${grid.edge(cell)},${grid.edge(cell + 1)})`;
  };
  return coordinateGeneralizer((latitude, longitude, row, out) => {
    const text = utf8(`${interval(latitude)}x${interval(longitude)}`);
    out.copyText(row, text, 0, text.length);
  });
}

/** Coordinates `latitude,longitude` in decimal degrees to a geohash of `length` characters. */
export function generalizeToGeohash(length: number): Generalizer {
  return coordinateGeneralizer((latitude, longitude, row, out) => {
    const at = out.reserve(length);
    writeGeohash(latitude, longitude, out.bytes, at, length);
    out.plain(row, at, at + length);
  });
}

function coordinateGeneralizer(
  place: (latitude: number, longitude: number, row: number, out: Output) => void,
): Generalizer {
  return {
    write(bytes, start, end, row, out) {
      const comma = bytes.indexOf(COMMA, start);
      const latitude = comma < 0 || comma >= end ? Number.NaN : readNumber(bytes, start, comma);
      const longitude = Number.isNaN(latitude) ? Number.NaN : readNumber(bytes, comma + 1, end);
      // Written so that NaN is refused.
      if (Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) place(latitude, longitude, row, out);
      else out.invalid(row, 'VALUE_INVALID');
    },
  };
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
