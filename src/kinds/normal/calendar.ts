const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/** First and last year that dates of people and records may have. No clock is read, so a future date inside is accepted. */
export const FIRST_YEAR = 1900;
/** See FIRST_YEAR. */
export const LAST_YEAR = 2099;

/** True in leap years of the Gregorian calendar. */
export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Days of a month (1-12). */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** True for a day of the Gregorian calendar between FIRST_YEAR and LAST_YEAR. */
export function isDate(year: number, month: number, day: number): boolean {
  if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12) return false;
  return day >= 1 && day <= daysInMonth(year, month);
}

/** Days since 1900-01-01 of a date for which `isDate` holds. */
export function dayNumber(year: number, month: number, day: number): number {
  const past = year - 1;
  const leapDays = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400) - 460;
  const inYear = (DAYS_BEFORE_MONTH[month - 1] ?? 0) + (month > 2 && isLeapYear(year) ? 1 : 0);
  return (year - FIRST_YEAR) * 365 + leapDays + inYear + day - 1;
}

/** Days from 1900-01-01 to 2099-12-31: day numbers are below this. */
export const DAY_COUNT = dayNumber(LAST_YEAR, 12, 31) + 1;

/** The date of a day number (0 <= n < DAY_COUNT) as `YYYYMMDD`. */
export function compactDate(number: number): string {
  let year = FIRST_YEAR + Math.floor(number / 366);
  while (dayNumber(year, 12, 31) < number) year += 1;
  let month = 1;
  while (month < 12 && dayNumber(year, month + 1, 1) <= number) month += 1;
  const day = number - dayNumber(year, month, 1) + 1;
  return `${year}${String(month).padStart(2, '0')}${String(day).padStart(2, '0')}`;
}
