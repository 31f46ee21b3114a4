import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KINDS } from '../../src/kinds/index.js';
import type { Kind } from '../../src/kinds/kind.js';
import { normalForm } from '../../src/kinds/normal/text.js';

/** Kinds with a format-preserving form, the numerals of a value, and how many random numerals decode to a value (share). */
const FORMS: Readonly<Record<string, { readonly digits: readonly number[]; readonly share: number }>> = {
  'cn-mobile': { digits: [10], share: 0.7 },
  'cn-id-card': { digits: [14], share: 0.25 },
  'bank-card': { digits: [12, 13, 14, 15, 16, 17, 18], share: 1 },
  imei: { digits: [14], share: 1 },
  'account-id': { digits: [6, 10, 18, 32], share: 1 },
  passport: { digits: [7], share: 1 },
};
const LIKE: Readonly<Record<string, string>> = { passport: 'EA1234567' };

function numerals(size: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ min: 0, max: 9, minLength: size, maxLength: size });
}

describe('format-preserving forms', () => {
  it('belong to the listed kinds', () => {
    const named = [...KINDS.values()].filter(kind => kind.fpe !== undefined).map(kind => kind.name);
    expect(named.sort()).toEqual(Object.keys(FORMS).sort());
  });

  const kinds = [...KINDS.values()].filter(kind => kind.fpe !== undefined);
  describe.each(kinds)('$name', kind => {
    const { digits, share } = FORMS[kind.name] ?? { digits: [], share: 0 };

    it('decode(encode(x)) is x for every example, on at least 10^6 values', () => {
      for (const { normal } of kind.examples) {
        const encoded = normal === undefined ? undefined : kind.fpe?.encode(normal);
        if (normal === undefined || encoded === undefined) continue;
        expect(encoded.length).toBeGreaterThanOrEqual(6);
        expect(encoded.every(numeral => numeral <= 9)).toBe(true);
        expect(kind.fpe?.decode(encoded, normal)).toBe(normal);
      }
    });

    it('numerals decode to a valid normal form that encodes to them, or to nothing', () => {
      let decoded = 0;
      let runs = 0;
      fc.assert(
        fc.property(fc.constantFrom(...digits).chain(numerals), value => {
          runs += 1;
          decoded += holds(kind, value) ? 1 : 0;
        }),
        { numRuns: 2000 },
      );
      expect(decoded / runs).toBeGreaterThan(share - 0.15);
    });
  });

  it('leaves short accounts, mixed accounts and odd passports without one', () => {
    expect(KINDS.get('account-id')?.fpe?.encode('12345')).toBeUndefined();
    expect(KINDS.get('account-id')?.fpe?.encode('u123456')).toBeUndefined();
    expect(KINDS.get('passport')?.fpe?.encode('C01X00T47')).toBeUndefined();
    expect(KINDS.get('cn-mobile')?.fpe?.encode('12800138000')).toBeUndefined();
    expect(KINDS.get('cn-id-card')?.fpe?.encode('11010519490231002X')).toBeUndefined();
  });
});

function holds(kind: Kind, value: Uint8Array): boolean {
  const normal = kind.fpe?.decode(value, LIKE[kind.name] ?? '');
  if (normal === undefined) return false;
  expect(normalForm(kind, normal)).toBe(normal);
  expect(kind.fpe?.encode(normal)).toEqual(value);
  return true;
}
