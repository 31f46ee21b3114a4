import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex, utf8 } from '../../src/core/bytes.js';
import { derivationInfo, hkdfSha256 } from '../../src/crypto/hkdf.js';
import { hex, ran, wycheproof } from './wycheproof.js';

describe('HKDF-SHA-256', () => {
  it('agrees with every Wycheproof case and refuses too long outputs', () => {
    const cases = wycheproof('hkdf_sha256_test');
    for (const [, one] of cases) {
      const derive = () => hkdfSha256(hex(one.ikm), hex(one.salt), hex(one.info), one.size).use(toHex);
      if (one.result === 'valid') expect(derive(), `case ${one.tcId}`).toBe(one.okm);
      else expect(derive, `case ${one.tcId}`).toThrow('INTERNAL');
    }
    ran('wycheproof hkdf_sha256', cases.length);
  });

  it('never gives two lists of components one info string', () => {
    const lists = fc.array(fc.string({ maxLength: 4 }), { maxLength: 4 });
    fc.assert(
      fc.property(lists, lists, (a, b) => {
        const same = JSON.stringify(a.map(one => toHex(utf8(one)))) === JSON.stringify(b.map(one => toHex(utf8(one))));
        expect(toHex(derivationInfo('rule', a)) === toHex(derivationInfo('rule', b))).toBe(same);
      }),
      { numRuns: 2000 },
    );
    expect(toHex(derivationInfo('rule', ['ab', 'c']))).not.toBe(toHex(derivationInfo('rule', ['a', 'bc'])));
    expect(toHex(derivationInfo('rule', []))).not.toBe(toHex(derivationInfo('seal', [])));
  });
});
