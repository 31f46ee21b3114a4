import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/core/bytes.js';
import { IPV4 } from '../../src/kinds/ipv4.js';
import { IPV6 } from '../../src/kinds/ipv6.js';
import { foldAscii } from '../../src/kinds/normal/ascii.js';
import { compactDate, DAY_COUNT, dayNumber, isDate } from '../../src/kinds/normal/calendar.js';
import { luhnHolds, mod11Check } from '../../src/kinds/normal/check-digits.js';
import { parseDateTime } from '../../src/kinds/normal/date-time.js';
import { plainDecimal } from '../../src/kinds/normal/decimal.js';
import { compatible, normalForm } from '../../src/kinds/normal/text.js';

const DAY_MS = 86_400_000;
const EPOCH_1900 = Date.UTC(1900, 0, 1);

describe('calendar', () => {
  it(`numbers all ${DAY_COUNT} days as Date does`, () => {
    expect(DAY_COUNT).toBe(73_049);
    for (let number = 0; number < DAY_COUNT; number += 1) {
      const iso = new Date(EPOCH_1900 + number * DAY_MS).toISOString().slice(0, 10);
      const [year = 0, month = 0, day = 0] = iso.split('-').map(Number);
      if (compactDate(number) !== iso.replaceAll('-', '') || dayNumber(year, month, day) !== number) expect.fail(iso);
    }
  });

  it('knows which dates exist', () => {
    expect([isDate(2000, 2, 29), isDate(1900, 2, 28), isDate(2099, 12, 31)]).toEqual([true, true, true]);
    expect([
      isDate(1900, 2, 29),
      isDate(1899, 1, 1),
      isDate(2100, 1, 1),
      isDate(2001, 4, 31),
      isDate(2001, 0, 1),
    ]).toEqual(Array(5).fill(false));
  });
});

describe('folding to ASCII', () => {
  it('does what NFKC without invisible characters does, wherever it folds', () => {
    const units = fc.constantFrom(...'0１aＡ -－\u3000\u00a0\u200b\u202a\ufeff‑—−．（'.split(''), 'é', '手', '\u0301');
    fc.assert(
      fc.property(fc.array(units, { minLength: 1, maxLength: 12 }), parts => {
        const text = parts.join('');
        const bytes = utf8(text);
        const into = new Uint8Array(64);
        const length = foldAscii(bytes, 0, bytes.length, into, 0, 64);
        const folded = compatible(text);
        if (length >= 0) expect(Buffer.from(into.subarray(0, length)).toString()).toBe(folded);
        else expect(/[^\0-\x7f]/.test(folded)).toBe(true);
      }),
    );
  });

  it('never writes more than it may', () => {
    const into = new Uint8Array(8);
    expect(foldAscii(utf8('12345'), 0, 5, into, 2, 4)).toBe(-1);
    expect(into[6]).toBe(0);
  });
});

describe('check digits', () => {
  it('detect every wrong digit and every swap of neighbours (but 09 and 90, as Luhn)', () => {
    const card = '4716221051885662';
    expect(luhnHolds(utf8(card), 0, card.length)).toBe(true);
    for (let at = 0; at < card.length; at += 1) {
      for (const digit of '0123456789'.replace(card.charAt(at), '')) {
        const wrong = utf8(card.slice(0, at) + digit + card.slice(at + 1));
        expect(luhnHolds(wrong, 0, wrong.length)).toBe(false);
      }
    }
    // Worked example of GB 11643-1999 annex A.
    expect(mod11Check(utf8('11010519491231002'), 0)).toBe('X'.charCodeAt(0));
    expect(mod11Check(utf8('44052418800101001'), 0)).toBe('4'.charCodeAt(0));
  });
});

describe('plain decimals', () => {
  it('keep the value and have one spelling', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e30, max: 1e30 }), number => {
        const plain = plainDecimal(String(number));
        if (Math.abs(number) < 1e-38 && number !== 0) return;
        expect(Number(plain)).toBe(number === 0 ? 0 : number);
        expect(plain).not.toMatch(/e|^-?0\d|\.\d*0$|^-0$/);
      }),
    );
    expect(plainDecimal('123456789012345678.10')).toBe('123456789012345678.1');
    expect([plainDecimal('1e999'), plainDecimal('.5'), plainDecimal('5.'), plainDecimal('0x1')]).toEqual(
      Array(4).fill(undefined),
    );
  });
});

describe('date-times', () => {
  it('keep every ISO instant', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(EPOCH_1900), max: new Date('2099-12-31T23:59:59Z'), noInvalidDate: true }),
        date => {
          const normal = parseDateTime(date.toISOString());
          expect(new Date(normal ?? '').getTime()).toBe(date.getTime());
        },
      ),
    );
  });

  it('refuse clocks and zones that do not exist', () => {
    for (const text of [
      '2024-01-01T24:00:00',
      '2024-01-01T00:60',
      '2024-01-01T00:00:00+15:00',
      '2024-01-01 x',
      '20240101T9',
    ]) {
      expect(parseDateTime(text), text).toBeUndefined();
    }
  });
});

describe('IP addresses', () => {
  it('agree with node:net and with the URL standard', () => {
    fc.assert(
      fc.property(fc.ipV6(), text => {
        expect(`[${normalForm(IPV6, text)}]`).toBe(new URL(`http://[${text}]`).hostname);
      }),
    );
    const near = fc.oneof(fc.stringMatching(/^[0-9a-f:.]{1,24}$/), fc.ipV4(), fc.ipV6());
    fc.assert(
      fc.property(near, text => {
        expect(normalForm(IPV6, text) !== undefined).toBe(isIPv6(text));
        expect(normalForm(IPV4, text) !== undefined).toBe(
          isIPv4(text) || (/^::ffff:/.test(text) && isIPv4(text.slice(7))),
        );
      }),
      { numRuns: 2000 },
    );
  });
});
