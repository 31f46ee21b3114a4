import { isDigit } from './ascii.js';

const DECIMAL = /^([+-]?)(\d{1,40})(?:\.(\d{1,40}))?(?:e([+-]?\d{1,2}))?$/i;
const MOST_DIGITS = 40;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;

/**
 * The one plain spelling of a decimal number: no plus sign, exponent, leading zeros or trailing fraction zeros; `-0` is `0`. Undefined
 * for anything else, for more than 40 digits on a side and for exponents of more than two digits.
 */
export function plainDecimal(text: string): string | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const shift = Number(exponent);
  const digits = '0'.repeat(Math.max(0, -shift)) + whole + fraction + '0'.repeat(Math.max(0, shift));
  const point = Math.max(0, -shift) + whole.length + shift;
  const integer = digits.slice(0, point).replace(/^0+(?=\d)/, '');
  const decimals = digits.slice(point).replace(/0+$/, '');
  const plain = (integer === '' ? '0' : integer) + (decimals === '' ? '' : `.${decimals}`);
  return sign === '-' && plain !== '0' ? `-${plain}` : plain;
}

/**
 * Writes `plainDecimal` of `bytes[start .. end)` at `out[to ..]` and returns the position after it; -1 when the number has a plus sign
 * or an exponent or is none. Writes at most as many bytes as it reads.
 */
export function putPlainDecimal(bytes: Uint8Array, start: number, end: number, out: Uint8Array, to: number): number {
  const first = bytes[start] === MINUS ? start + 1 : start;
  const point = digitsEnd(bytes, first, end);
  const hasFraction = point < end && bytes[point] === POINT;
  const last = hasFraction ? digitsEnd(bytes, point + 1, end) : point;
  if (last !== end || point === first || point - first > MOST_DIGITS) return -1;
  if (hasFraction && (last === point + 1 || last - point - 1 > MOST_DIGITS)) return -1;
  let from = first;
  while (from < point - 1 && bytes[from] === ZERO) from += 1;
  let until = last;
  if (hasFraction) while (bytes[until - 1] === ZERO) until -= 1;
  if (until === point + 1) until = point;
  const isZero = until === point && from === point - 1 && bytes[from] === ZERO;
  let at = to;
  if (first > start && !isZero) out[at++] = MINUS;
  while (from < until) out[at++] = bytes[from++] ?? 0;
  return at;
}

function digitsEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isDigit(bytes[at])) at += 1;
  return at;
}
