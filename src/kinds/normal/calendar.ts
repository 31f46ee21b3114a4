import { dayNumber as dayOf, isDate as exists, packedDate } from '../../core/calendar.js';

/** First and last year that dates of people and records may have. No clock is read, so a future date inside is accepted. */
export const FIRST_YEAR = 1900;
/** See FIRST_YEAR. */
export const LAST_YEAR = 2099;

const FIRST_DAY = dayOf(FIRST_YEAR, 1, 1);

/** True for a day of the Gregorian calendar between FIRST_YEAR and LAST_YEAR. */
export function isDate(year: number, month: number, day: number): boolean {
  return year >= FIRST_YEAR && year <= LAST_YEAR && exists(year, month, day);
}

/** Days since 1900-01-01 of a date for which `isDate` holds. */
export function dayNumber(year: number, month: number, day: number): number {
  return dayOf(year, month, day) - FIRST_DAY;
}

/** Days from 1900-01-01 to 2099-12-31: day numbers are below this. */
export const DAY_COUNT = dayNumber(LAST_YEAR, 12, 31) + 1;

/** The date of a day number (0 <= n < DAY_COUNT) as `YYYYMMDD`. */
export function compactDate(number: number): string {
  return String(packedDate(number + FIRST_DAY));
}
