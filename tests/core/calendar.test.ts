import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dayNumber,
  daysInMonth,
  isDate,
  isLeapYear,
  isoWeek,
  isoWeekday,
  packedDate,
} from '../../src/core/calendar.js';

const FIRST = dayNumber(1, 1, 1);
const LAST = dayNumber(9999, 12, 31);

describe('the calendar', () => {
  it('counts days from 1970-01-01', () => {
    expect(dayNumber(1970, 1, 1)).toBe(0);
    expect(dayNumber(2000, 3, 1)).toBe(11_017);
    expect(FIRST).toBe(-719_162);
    expect(packedDate(FIRST)).toBe(1_01_01);
    expect(packedDate(LAST)).toBe(9999_12_31);
  });

  it('agrees with Date on every day it is asked about', () => {
    fc.assert(
      fc.property(fc.integer({ min: FIRST, max: LAST }), days => {
        const date = new Date(days * 86_400_000);
        const packed = date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
        expect(packedDate(days)).toBe(packed);
        expect(dayNumber(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate())).toBe(days);
        expect(isoWeekday(days) % 7).toBe(date.getUTCDay());
      }),
      { numRuns: 2000, seed: 8601 },
    );
  });

  it('knows leap years and the days that do not exist', () => {
    expect([2000, 2024, 1900, 2023].map(isLeapYear)).toEqual([true, true, false, false]);
    expect(daysInMonth(2023, 2)).toBe(28);
    expect(isDate(2024, 2, 29)).toBe(true);
    expect(isDate(2023, 2, 29)).toBe(false);
    expect(isDate(0, 1, 1)).toBe(false);
    expect(isDate(2024, 13, 1)).toBe(false);
    expect(isDate(2024, 4, 31)).toBe(false);
  });

  // The corner cases of ISO 8601 weeks: years of 53 weeks, and days that belong to a week of another year.
  it.each([
    [2005, 1, 1, 200453],
    [2005, 1, 2, 200453],
    [2005, 12, 31, 200552],
    [2007, 1, 1, 200701],
    [2008, 12, 29, 200901],
    [2008, 12, 31, 200901],
    [2009, 12, 31, 200953],
    [2010, 1, 3, 200953],
    [2010, 1, 4, 201001],
    [2021, 1, 3, 202053],
  ])('puts %i-%i-%i into week %i', (year, month, day, week) => {
    expect(isoWeek(dayNumber(year, month, day))).toBe(week);
  });
});
