import { isoWeek, packedDate } from '../../src/core/calendar.js';
import type { Output } from '../../src/transform/output.js';
import { WrittenDate, writeDigits } from '../parts/written-date.js';
import type { Generalizer } from './generalizer.js';

/** What a date can be reduced to. */
export const DATE_LEVELS = ['year', 'quarter', 'month', 'week', 'day'] as const;
/** One of these levels. */
export type DateLevel = (typeof DATE_LEVELS)[number];

const LONGEST = 10;
const DASH = 0x2d;

/** Where a date stands inside a value: `from` and `size` bytes; the whole value when `size` is 0. */
export interface DatePlace {
  readonly from: number;
  readonly size: number;
}

/** The whole value is a date. */
export const WHOLE_VALUE: DatePlace = { from: 0, size: 0 };

/** The birth date inside the normal form of a resident identity card number (GB 11643: digits 7 to 14). */
export const ID_CARD_BIRTH: DatePlace = { from: 6, size: 8 };

/**
 * Dates to `1990`, `1990-Q2`, `1990-05`, `1990-W20` (ISO 8601 week date) or `1990-05-17`. The calendar day is the one that is
 * written; only times in UTC are moved by `offsetMinutes`. A value that is no finer than a day is refused for `day` (VALUE_RANGE): it would leave as it is.
 */
export function generalizeDates(level: DateLevel, place: DatePlace, offsetMinutes: number): Generalizer {
  const date = new WrittenDate(offsetMinutes);
  return {
    write(bytes, start, end, row, out) {
      if (!readDateAt(date, place, bytes, start, end)) out.invalid(row, 'VALUE_INVALID');
      else if (level === 'day' && date.isDateOnly(end)) out.invalid(row, 'VALUE_RANGE');
      else writeLevel(level, date.day, row, out);
    },
  };
}

/** Reads the date at `place` of the value; false when there is none. */
export function readDateAt(
  date: WrittenDate,
  place: DatePlace,
  bytes: Uint8Array,
  start: number,
  end: number,
): boolean {
  if (place.size === 0) return date.read(bytes, start, end);
  const from = start + place.from;
  return from + place.size <= end && date.read(bytes, from, from + place.size);
}

function writeLevel(level: DateLevel, day: number, row: number, out: Output): void {
  const packed = packedDate(day);
  const at = out.reserve(LONGEST);
  const { bytes } = out;
  const month = Math.floor(packed / 100) % 100;
  let end: number;
  if (level === 'week') {
    const week = isoWeek(day);
    end = writeDigits(bytes, at, Math.floor(week / 100), 4);
    bytes[end++] = DASH;
    bytes[end++] = 0x57;
    end = writeDigits(bytes, end, week % 100, 2);
  } else {
    end = writeDigits(bytes, at, Math.floor(packed / 10_000), 4);
    if (level !== 'year') bytes[end++] = DASH;
    if (level === 'quarter') {
      bytes[end++] = 0x51;
      end = writeDigits(bytes, end, Math.ceil(month / 3), 1);
    } else if (level !== 'year') {
      end = writeDigits(bytes, end, month, 2);
    }
    if (level === 'day') {
      bytes[end++] = DASH;
      end = writeDigits(bytes, end, packed % 100, 2);
    }
  }
  out.plain(row, at, end);
}
