import type { ByteSink } from '../kind.js';
import { allDigits, asciiSet, foldAscii, strip } from './ascii.js';

const SEPARATORS = asciiSet(' -');
const HYPHEN = 0x2d;

/**
 * Writes the digits of a number that people group with spaces and hyphens at `sink.bytes[sink.length ..]` without advancing the
 * sink. Full-width digits count as digits; a leading hyphen is a minus sign and refused. Returns the count of digits, or -1
 * when any other character occurs or there are more than `max` digits.
 */
export function foldDigits(bytes: Uint8Array, start: number, end: number, sink: ByteSink, max: number): number {
  const at = sink.reserve(max * 2);
  if (end - start <= max && allDigits(bytes, start, end)) {
    for (let i = 0; i < end - start; i += 1) sink.bytes[at + i] = bytes[start + i] ?? 0;
    return end - start;
  }
  const folded = foldAscii(bytes, start, end, sink.bytes, at, max * 2);
  if (folded <= 0 || sink.bytes[at] === HYPHEN) return -1;
  const digits = strip(sink.bytes, at, folded, SEPARATORS);
  return digits <= max && allDigits(sink.bytes, at, at + digits) ? digits : -1;
}

/** Decimal numerals (0-9 each) of ASCII digits. */
export function numeralsOf(digits: string): Uint8Array {
  return Uint8Array.from(digits, digit => digit.charCodeAt(0) - 0x30);
}

/** ASCII digits of decimal numerals. */
export function digitsOf(numerals: Uint8Array): string {
  let digits = '';
  for (const numeral of numerals) digits += String(numeral);
  return digits;
}
