/**
 * Days of the proleptic Gregorian calendar (ISO 8601) without Date, time zones or allocation. Two forms of a date, both numbers:
 * a *day number* (days since 1970-01-01; that was a Thursday) and a *packed date* (yyyymmdd as a decimal number).
 */

/** Days in 400 Gregorian years, after which the calendar repeats. */
const CYCLE_DAYS = 146_097;
/** Day number of 0000-03-01: years are counted from March, so that the leap day comes last. */
const EPOCH = -719_468;

/** True when year (1-9999), month and day name a day that exists. */
export function isDate(year: number, month: number, day: number): boolean {
  return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

/** Days of a month (1-12). */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** True for a year with a 29 February. */
export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Day number of a date that exists. */
export function dayNumber(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const marchMonth = (month + 9) % 12;
  const cycle = Math.floor(marchYear / 400);
  const yearOfCycle = marchYear - cycle * 400;
  // Months from March on have lengths 31 30 31 30 31 | 31 30 31 30 31 | 31 ..: 153 days in five.
  const dayOfYear = Math.floor((153 * marchMonth + 2) / 5) + day - 1;
  const dayOfCycle = yearOfCycle * 365 + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100) + dayOfYear;
  return EPOCH + cycle * CYCLE_DAYS + dayOfCycle;
}

/** Packed date (yyyymmdd) of a day number. Only years 1-9999 have one; for other days the result lies outside 101 .. 99991231. */
export function packedDate(days: number): number {
  const since = days - EPOCH;
  const cycle = Math.floor(since / CYCLE_DAYS);
  const dayOfCycle = since - cycle * CYCLE_DAYS;
  const leaps = Math.floor(dayOfCycle / 1460) - Math.floor(dayOfCycle / 36_524) + Math.floor(dayOfCycle / 146_096);
  const yearOfCycle = Math.floor((dayOfCycle - leaps) / 365);
  const dayOfYear = dayOfCycle - (365 * yearOfCycle + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = cycle * 400 + yearOfCycle + (month <= 2 ? 1 : 0);
  return year * 10_000 + month * 100 + day;
}

/** ISO 8601 weekday of a day number: 1 = Monday .. 7 = Sunday. */
export function isoWeekday(days: number): number {
  return ((((days + 3) % 7) + 7) % 7) + 1;
}

/** ISO 8601 week of a day number as yyyyww: week 1 holds the year's first Thursday, so the year may differ from the calendar's. */
export function isoWeek(days: number): number {
  const thursday = days - isoWeekday(days) + 4;
  const year = Math.floor(packedDate(thursday) / 10_000);
  return year * 100 + Math.floor((thursday - dayNumber(year, 1, 1)) / 7) + 1;
}
