import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Shape, Token } from '../../src/core/token.js';
import { BIRTH_DATE } from '../../src/kinds/birth-date.js';
import { transformNamed } from '../../transforms/index.js';
import { shiftDate } from '../../transforms/shift-date.js';
import { type Row, run } from '../testkit/apply-transform.js';

const RULE = { params: { maxDays: 400 } };
const day = (text: string | undefined): number => Date.parse((text ?? '').slice(0, 10)) / 86_400_000;
const shift = (row: Row) => run(shiftDate, RULE, [row])[0];

describe('shift-date', () => {
  it('keeps the intervals between the dates of a subject and the order of days', () => {
    const ordinary = fc.date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(ordinary, ordinary, fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }), (a, b, subject) => {
        const texts = [a, b].map(date => date.toISOString().slice(0, 10));
        const [first, second] = run(
          shiftDate,
          RULE,
          texts.map(text => ({ text, subject })),
        );
        expect(day(second?.text) - day(first?.text)).toBe(day(texts[1]) - day(texts[0]));
        const moved = day(first?.text) - day(texts[0]);
        expect(Math.abs(moved)).toBeGreaterThanOrEqual(1);
        expect(Math.abs(moved)).toBeLessThanOrEqual(400);
      }),
      { numRuns: 300, seed: 29 },
    );
  });

  it('moves different subjects by different shifts over the whole range', () => {
    const rows = Array.from({ length: 2000 }, (_, at) => ({ text: '2000-01-01', subject: `subject-${at}` }));
    const shifts = run(shiftDate, RULE, rows).map(({ text }) => day(text) - day('2000-01-01'));
    expect(new Set(shifts).size).toBeGreaterThan(600);
    expect(Math.min(...shifts)).toBeLessThan(-380);
    expect(Math.max(...shifts)).toBeGreaterThan(380);
    expect(shifts).not.toContain(0);
    expect(Math.abs(shifts.reduce((sum, one) => sum + one, 0) / shifts.length)).toBeLessThan(20);
  });

  it('moves all spellings of a day alike and keeps each spelling', () => {
    const spellings = [
      '2024-02-29',
      '2024/02/29',
      '2024.02.29',
      '20240229',
      '2024-02-29T23:59:60Z',
      '2024-02-29 08:30',
      '2024-02-29t08:30:00.123+05:30',
      '2024-02-29T08:30:00-0800',
      '20240229083000',
      '20240229083000123',
    ];
    const results = run(
      shiftDate,
      RULE,
      spellings.map(text => ({ text, subject: 's' })),
    ).map(({ text }) => text ?? '');
    const moved = (results[0] ?? '').replaceAll('-', '');
    results.forEach((result, at) => {
      const spelling = spellings[at] ?? '';
      expect(result.replace(/^(\d{4})\D?(\d\d)\D?(\d\d)/, '$1$2$3').slice(0, 8)).toBe(moved);
      const form = (text: string): string =>
        text.slice(0, 10).replaceAll(/\d/g, '0') + (text.length === 8 ? '' : text.slice(10));
      expect(form(result)).toBe(form(spelling));
    });
  });

  it('moves counts since 1970 by whole days and keeps numbers numbers', () => {
    const rows = [
      { text: '1704164645', token: Token.NUMBER, subject: 's' },
      { text: '1704164645123', token: Token.NUMBER, subject: 's' },
      { text: '1704164645', token: Token.STRING, subject: 's' },
      { text: '2024-01-02', subject: 's' },
    ];
    const [seconds, millis, text, date] = run(shiftDate, RULE, rows);
    const days = day(date?.text) - day('2024-01-02');
    expect(seconds).toMatchObject({ shape: Shape.NUMBER, text: String(1704164645 + days * 86_400) });
    expect(millis).toMatchObject({ shape: Shape.NUMBER, text: String(1704164645123 + days * 86_400_000) });
    expect(text?.shape).toBe(Shape.PLAIN);
  });

  it('refuses a record without subject', () => {
    expect(shift({ text: '2024-01-02' })?.code).toBe('SUBJECT_MISSING');
  });

  it.each([
    '2023-02-29',
    '1900-02-29',
    '2024-13-01',
    '2024-1-2',
    '2024-01-02T24:00',
    '2024-01/02',
    '2024-01-02T10',
    '02.01.2024',
    '2024-01-02 10:00 PM',
    '2024-01-02T10:00+9',
    '２０２４-01-02',
    '',
  ])('refuses %j', text => {
    expect(shift({ text, subject: 's' })?.code).toBe('VALUE_INVALID');
  });

  it('refuses to leave the years 1 to 9999', () => {
    const subjects = Array.from({ length: 20 }, (_, at) => `s${at}`);
    const codes = (text: string): Set<string | undefined> =>
      new Set(
        run(
          shiftDate,
          RULE,
          subjects.map(subject => ({ text, subject })),
        ).map(({ code }) => code),
      );
    expect(codes('9999-12-31')).toEqual(new Set(['VALUE_RANGE', undefined]));
    expect(codes('0001-01-01')).toEqual(new Set(['VALUE_RANGE', undefined]));
  });

  it('uses one shift for fields of different kinds', () => {
    const row = { text: '1990-05-17', subject: 's' };
    const [plain] = run(shiftDate, RULE, [row]);
    const [born] = run(shiftDate, { ...RULE, kind: BIRTH_DATE }, [row]);
    expect(born?.text).toBe(plain?.text);
  });

  it('warns of small shifts and refuses to run without maxDays', () => {
    expect(shiftDate.spec.lint?.({ maxDays: 29 }, undefined)).toMatchObject([{ severity: 'weak' }]);
    expect(shiftDate.spec.lint?.({ maxDays: 30 }, undefined)).toEqual([]);
    expect(transformNamed('shift-date')).toBeDefined();
    expect(run(shiftDate, { params: {} }, [{ text: '2024-01-02', subject: 's' }])[0]?.text).toBeUndefined();
  });
});
