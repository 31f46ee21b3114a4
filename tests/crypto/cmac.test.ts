import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/core/bytes.js';
import { Cmac } from '../../src/crypto/cmac.js';
import { tagsOfColumn, tagsOneByOne } from './columns.js';
import { referenceCmac } from './reference.js';
import { hex, ran, wycheproof } from './wycheproof.js';

const RFC_4493_MESSAGE =
  '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710';

describe('AES-CMAC', () => {
  it('gives the examples of RFC 4493 section 4', () => {
    const cmac = new Cmac(hex('2b7e151628aed2a6abf7158809cf4f3c'));
    const expected: readonly (readonly [number, string])[] = [
      [0, 'bb1d6929e95937287fa37d129b756746'],
      [16, '070a16b46b4d4144f79bdd9dd04a287c'],
      [40, 'dfa66747de9ae63030ca32611497c827'],
      [64, '51f0bebf7e3b9d92fc49741779363cfe'],
    ];
    for (const [size, tag] of expected) {
      expect(toHex(cmac.tag(hex(RFC_4493_MESSAGE).subarray(0, size)))).toBe(tag);
    }
  });

  it('agrees with every Wycheproof case and refuses keys of other sizes', () => {
    const cases = wycheproof('aes_cmac_test');
    for (const [group, one] of cases) {
      if (![128, 192, 256].includes(group.keySize)) {
        expect(() => new Cmac(hex(one.key)), `case ${one.tcId}`).toThrow('INTERNAL');
        continue;
      }
      const tag = toHex(new Cmac(hex(one.key)).tag(hex(one.msg)).subarray(0, group.tagSize / 8));
      expect(tag === one.tag, `case ${one.tcId}`).toBe(one.result === 'valid');
    }
    ran('wycheproof aes_cmac', cases.length);
  });

  it('gives a column the tags of its values one by one, for any lengths and batch sizes', () => {
    const cmac = new Cmac(randomBytes(32));
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 40 }), values => {
        expect(tagsOneByOne(cmac, values)).toEqual(tagsOfColumn(cmac, values));
      }),
      { numRuns: 300 },
    );
  });

  it('handles more values than its arena and values of hundreds of blocks among short ones', () => {
    const cmac = new Cmac(randomBytes(32));
    const sizes = [0, 1, 15, 16, 17, 255, 256, 257, 1000, 16383, 16384, 16385, 16400, 100_000];
    const values = Array.from({ length: 5000 }, (_, i) => randomBytes(i % 500 === 0 ? (sizes[i / 500] ?? 5) : i % 40));
    values.push(...sizes.map(size => randomBytes(size)));
    expect(tagsOfColumn(cmac, values)).toEqual(tagsOneByOne(cmac, values));
  });

  it('chains long values as the layers would: tags of a reference built on one block at a time', () => {
    const key = randomBytes(32);
    const cmac = new Cmac(key);
    for (const size of [256, 257, 272, 4096, 16384, 16385, 50_000]) {
      const message = randomBytes(size);
      expect(toHex(cmac.tag(message)), `${size} bytes`).toBe(referenceCmac(key, message));
    }
  });
});
