import { packedDate } from '../../core/calendar.js';
import type { ByteSink } from '../kind.js';
import { allDigits, decimalAt, isDigit } from './ascii.js';
import { isDate } from './calendar.js';

/*
 * The spellings that machines write, read without a string: `1990-01-02` (or with `/` or `.`), `19900102`, and as a timestamp
 * `2024-01-02T03:04:05[.fraction][Z|+08:00]` (or with a space). The functions return false for everything else, also for what
 * is no date at all: `parseDate` and `parseDateTime` decide about that.
 */

const HYPHEN = 0x2d;
const COLON = 0x3a;
const POINT = 0x2e;
const COMMA = 0x2c;
const SPACE = 0x20;
const PLUS = 0x2b;
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;
const ZERO = 0x30;

const COMPACT = 8;
const SEPARATED = 10;
const EPOCH_SECONDS = 10;
const EPOCH_MILLISECONDS = 13;
const DAY_MILLISECONDS = 86_400_000;
/** Where the seconds of a separated timestamp end. */
const CLOCK_END = 19;
const MOST_FRACTION_DIGITS = 9;
/** Longest normal form: `YYYY-MM-DDTHH:MM:SS.fffffffff+HH:MM`. */
const LONGEST = 35;

/** Appends a date as `YYYY-MM-DD`. */
export function appendDate(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  const at = sink.reserve(SEPARATED);
  const size = end - start;
  if (size === COMPACT ? !allDigits(bytes, start, end) : size !== SEPARATED || !isSeparated(bytes, start)) return false;
  const gap = size === COMPACT ? 0 : 1;
  const year = decimalAt(bytes, start, start + 4);
  const month = decimalAt(bytes, start + 4 + gap, start + 6 + gap);
  const day = decimalAt(bytes, start + 6 + 2 * gap, start + 8 + 2 * gap);
  if (!isDate(year, month, day)) return false;
  putDate(sink.bytes, at, year, month, day);
  sink.length = at + SEPARATED;
  return true;
}

/** Appends a date or timestamp in the normal form of `parseDateTime`. */
export function appendDateTime(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  const size = end - start;
  if (size === EPOCH_MILLISECONDS || (size === EPOCH_SECONDS && isDigit(bytes[start + 4])))
    return allDigits(bytes, start, end) && appendEpoch(decimalAt(bytes, start, end), size, sink);
  if (size < CLOCK_END) return appendDate(bytes, start, end, sink);
  const at = sink.reserve(LONGEST);
  const to = putClock(bytes, start + SEPARATED, end, sink.bytes, at + SEPARATED);
  if (to < 0 || !appendDate(bytes, start, start + SEPARATED, sink)) return false;
  sink.length = to;
  return true;
}

function isSeparated(bytes: Uint8Array, at: number): boolean {
  const separator = bytes[at + 4];
  if (separator !== HYPHEN && separator !== 0x2f && separator !== POINT) return false;
  if (bytes[at + 7] !== separator || !allDigits(bytes, at, at + 4)) return false;
  return allDigits(bytes, at + 5, at + 7) && allDigits(bytes, at + 8, at + 10);
}

function appendEpoch(count: number, size: number, sink: ByteSink): boolean {
  const milliseconds = size === EPOCH_SECONDS ? count * 1000 : count;
  const days = Math.floor(milliseconds / DAY_MILLISECONDS);
  const date = packedDate(days);
  const year = Math.floor(date / 10_000);
  const month = Math.floor(date / 100) % 100;
  if (!isDate(year, month, date % 100)) return false;
  const rest = milliseconds - days * DAY_MILLISECONDS;
  const at = sink.reserve(LONGEST);
  const out = sink.bytes;
  putDate(out, at, year, month, date % 100);
  out[at + 10] = LETTER_T;
  putDigits(out, at + 11, 2, Math.floor(rest / 3_600_000));
  out[at + 13] = COLON;
  putDigits(out, at + 14, 2, Math.floor(rest / 60_000) % 60);
  out[at + 16] = COLON;
  putDigits(out, at + 17, 2, Math.floor(rest / 1000) % 60);
  out[at + CLOCK_END] = POINT;
  putDigits(out, at + CLOCK_END + 1, 3, rest % 1000);
  const to = withoutZeros(out, at + CLOCK_END, at + CLOCK_END + 4);
  out[to] = LETTER_Z;
  sink.length = to + 1;
  return true;
}

/** Writes `THH:MM:SS[.fraction][offset]` for what follows a date; returns the position after it, or -1. */
function putClock(bytes: Uint8Array, start: number, end: number, out: Uint8Array, to: number): number {
  const letter = bytes[start];
  if (letter !== LETTER_T && letter !== SPACE) return -1;
  if (!isPart(bytes, start + 1, 23) || bytes[start + 3] !== COLON) return -1;
  if (!isPart(bytes, start + 4, 59) || bytes[start + 6] !== COLON || !isPart(bytes, start + 7, 59)) return -1;
  out[to] = LETTER_T;
  for (let k = 1; k < 9; k += 1) out[to + k] = bytes[start + k] ?? 0;
  let from = start + 9;
  let at = to + 9;
  if (from < end && (bytes[from] === POINT || bytes[from] === COMMA)) {
    const point = from++;
    out[at++] = POINT;
    while (from < end && isDigit(bytes[from])) {
      if (from - point > MOST_FRACTION_DIGITS) return -1;
      out[at++] = bytes[from++] ?? 0;
    }
    if (from === point + 1) return -1;
    at = withoutZeros(out, to + 9, at);
  }
  return putOffset(bytes, from, end, out, at);
}

/** Writes nothing, `Z` or `+HH:MM`; a zero offset is `Z`. Returns the position after it, or -1. */
function putOffset(bytes: Uint8Array, start: number, end: number, out: Uint8Array, to: number): number {
  if (start === end) return to;
  const isSigned = bytes[start] === PLUS || bytes[start] === HYPHEN;
  if (isSigned ? end - start !== 6 : end - start !== 1 || bytes[start] !== LETTER_Z) return -1;
  out[to] = LETTER_Z;
  if (!isSigned) return to + 1;
  if (!isPart(bytes, start + 1, 14) || bytes[start + 3] !== COLON || !isPart(bytes, start + 4, 59)) return -1;
  if (decimalAt(bytes, start + 1, start + 3) === 0 && decimalAt(bytes, start + 4, start + 6) === 0) return to + 1;
  for (let k = 0; k < 6; k += 1) out[to + k] = bytes[start + k] ?? 0;
  return to + 6;
}

function isPart(bytes: Uint8Array, at: number, most: number): boolean {
  return isDigit(bytes[at]) && isDigit(bytes[at + 1]) && decimalAt(bytes, at, at + 2) <= most;
}

/** Where a fraction that begins with its point ends without trailing zeros, and without the point when nothing is left. */
function withoutZeros(out: Uint8Array, point: number, end: number): number {
  let at = end;
  while (out[at - 1] === ZERO) at -= 1;
  return at === point + 1 ? point : at;
}

function putDate(out: Uint8Array, at: number, year: number, month: number, day: number): void {
  putDigits(out, at, 4, year);
  out[at + 4] = HYPHEN;
  putDigits(out, at + 5, 2, month);
  out[at + 7] = HYPHEN;
  putDigits(out, at + 8, 2, day);
}

function putDigits(out: Uint8Array, at: number, count: number, value: number): void {
  let rest = value;
  for (let k = at + count - 1; k >= at; k -= 1) {
    out[k] = ZERO + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}
