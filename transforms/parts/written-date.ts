import { dayNumber, isDate } from '../../src/core/calendar.js';

/**
 * A date or date-time as people write it, read from bytes without strings:
 * `2024-05-17`, `2024/05/17`, `2024.05.17`, `20240517`; the first three may be followed by `T`, `t` or a space and a time
 * `hh:mm[:ss[.fraction]]` with an optional zone `Z`, `±hh:mm`, `±hhmm` or `±hh` (ISO 8601, RFC 3339); digits only:
 * `yyyymmddhhmmss` and `yyyymmddhhmmssfff`; a count of seconds (10 digits) or milliseconds (13 digits) since 1970-01-01T00:00Z.
 * One object is reused for many values.
 */
export class WrittenDate {
  /** Calendar day as written, as a day number; for counts and times in `Z` the day at `offsetMinutes`. */
  day = 0;
  /** Separator byte of the date, 0 for digits only. */
  separator = 0;
  /** Where the time begins; equal to the end of the value when there is only a date. Meaningless for counts. */
  timeAt = 0;
  /** 0 = a calendar date; otherwise the units in a day of a count since 1970 (86,400 or 86,400,000). */
  unitsPerDay = 0;
  /** The count. */
  units = 0;
  readonly #offsetMinutes: number;

  /** `offsetMinutes` east of UTC decides to which day a time that is written in UTC belongs. */
  constructor(offsetMinutes = 0) {
    this.#offsetMinutes = offsetMinutes;
  }

  /** Reads `bytes[start .. end)`; false when it is not a date in one of these forms. Total. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    const size = end - start;
    this.unitsPerDay = 0;
    if (size >= 10 && !isDigit(bytes[start + 4] ?? 0)) return this.#readSeparated(bytes, start, end);
    if (!allDigits(bytes, start, end)) return false;
    if (size === 10) return this.#readCount(bytes, start, end, 86_400);
    if (size === 13) return this.#readCount(bytes, start, end, 86_400_000);
    if (size !== 8 && size !== 14 && size !== 17) return false;
    this.separator = 0;
    this.timeAt = start + 8;
    const timeIsGood =
      size === 8 || isTime(number(bytes, start + 8, 2), number(bytes, start + 10, 2), number(bytes, start + 12, 2));
    return (
      timeIsGood && this.#setDay(number(bytes, start, 4), number(bytes, start + 4, 2), number(bytes, start + 6, 2))
    );
  }

  /** True when nothing but a date was written. */
  isDateOnly(end: number): boolean {
    return this.unitsPerDay === 0 && this.timeAt === end;
  }

  #readSeparated(bytes: Uint8Array, start: number, end: number): boolean {
    const separator = bytes[start + 4] ?? 0;
    if (separator !== 0x2d && separator !== 0x2f && separator !== 0x2e) return false;
    if (bytes[start + 7] !== separator) return false;
    if (!allDigits(bytes, start, start + 4) || !allDigits(bytes, start + 5, start + 7)) return false;
    if (!allDigits(bytes, start + 8, start + 10)) return false;
    this.separator = separator;
    this.timeAt = start + 10;
    if (this.timeAt < end && !isTimeText(bytes, this.timeAt, end)) return false;
    if (!this.#setDay(number(bytes, start, 4), number(bytes, start + 5, 2), number(bytes, start + 8, 2))) return false;
    const last = bytes[end - 1];
    if (last === 0x5a || last === 0x7a) {
      const minute = number(bytes, start + 11, 2) * 60 + number(bytes, start + 14, 2);
      this.day += Math.floor((minute + this.#offsetMinutes) / 1440);
    }
    return true;
  }

  #readCount(bytes: Uint8Array, start: number, end: number, unitsPerDay: number): boolean {
    this.unitsPerDay = unitsPerDay;
    this.units = number(bytes, start, end - start);
    this.day = Math.floor(this.units / unitsPerDay + this.#offsetMinutes / 1440);
    return true;
  }

  #setDay(year: number, month: number, day: number): boolean {
    if (!isDate(year, month, day)) return false;
    this.day = dayNumber(year, month, day);
    return true;
  }
}

/** `T` or a space, hh:mm, optional seconds and fraction, optional zone; nothing after it. */
function isTimeText(bytes: Uint8Array, start: number, end: number): boolean {
  const mark = bytes[start] ?? 0;
  if (mark !== 0x54 && mark !== 0x74 && mark !== 0x20) return false;
  let at = start + 6;
  if (at > end || bytes[start + 3] !== 0x3a || !allDigits(bytes, start + 1, start + 3)) return false;
  if (!allDigits(bytes, start + 4, start + 6)) return false;
  let second = 0;
  if (at < end && bytes[at] === 0x3a) {
    if (at + 3 > end || !allDigits(bytes, at + 1, at + 3)) return false;
    second = number(bytes, at + 1, 2);
    at += 3;
    if (at < end && bytes[at] === 0x2e) {
      const first = at + 1;
      at = first;
      while (at < end && isDigit(bytes[at] ?? 0)) at += 1;
      if (at === first) return false;
    }
  }
  return isTime(number(bytes, start + 1, 2), number(bytes, start + 4, 2), second) && isZone(bytes, at, end);
}

/** Nothing, `Z`, `±hh`, `±hhmm` or `±hh:mm`. */
function isZone(bytes: Uint8Array, start: number, end: number): boolean {
  if (start === end) return true;
  const mark = bytes[start] ?? 0;
  if (mark === 0x5a || mark === 0x7a) return start + 1 === end;
  if ((mark !== 0x2b && mark !== 0x2d) || start + 3 > end || !allDigits(bytes, start + 1, start + 3)) return false;
  if (number(bytes, start + 1, 2) > 23) return false;
  if (start + 3 === end) return true;
  const minutes = bytes[start + 3] === 0x3a ? start + 4 : start + 3;
  return minutes + 2 === end && allDigits(bytes, minutes, end) && number(bytes, minutes, 2) < 60;
}

/** Second 60 is a leap second (RFC 3339 5.6). */
function isTime(hour: number, minute: number, second: number): boolean {
  return hour < 24 && minute < 60 && second <= 60;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function allDigits(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!isDigit(bytes[at] ?? 0)) return false;
  return true;
}

function number(bytes: Uint8Array, start: number, digits: number): number {
  let value = 0;
  for (let at = start; at < start + digits; at++) value = value * 10 + (bytes[at] ?? 0) - 0x30;
  return value;
}

/** Writes `value` as `digits` decimal digits, with leading zeros, at `bytes[at ..]`; returns where it ended. */
export function writeDigits(bytes: Uint8Array, at: number, value: number, digits: number): number {
  let rest = value;
  for (let place = at + digits - 1; place >= at; place--) {
    const next = Math.floor(rest / 10);
    bytes[place] = 0x30 + rest - next * 10;
    rest = next;
  }
  return at + digits;
}
