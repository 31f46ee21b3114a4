import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ff1 } from '../../src/crypto/ff1.js';
import { vectorPath } from '../testkit/vectors.js';
import { hex, ran, wycheproof } from './wycheproof.js';

interface NistSample {
  readonly sample: number;
  readonly keyHex: string;
  readonly radix: number;
  readonly tweakHex: string;
  readonly pt: string;
  readonly ct: string;
  readonly alphabet: string;
}

interface AcvpFile {
  readonly testGroups: readonly {
    readonly direction: 'encrypt' | 'decrypt';
    readonly alphabet: string;
    readonly radix: number;
    readonly tests: readonly { tcId: number; tweak: string; pt: string; ct: string; key: string }[];
  }[];
}

/** Numerals of text in an alphabet; a character outside it becomes 255. */
function numeralsOf(text: string, alphabet: string): Uint8Array {
  return Uint8Array.from(text, character => alphabet.indexOf(character) & 0xff);
}

function textOf(numerals: Uint8Array, alphabet: string): string {
  return Array.from(numerals, numeral => alphabet.charAt(numeral)).join('');
}

/** Both directions of one published case. */
function check(what: string, ff1: Ff1, alphabet: string, plain: string, cipher: string): void {
  const numerals = numeralsOf(plain, alphabet);
  ff1.encrypt(numerals, numerals.length, 1);
  expect(textOf(numerals, alphabet), what).toBe(cipher);
  ff1.decrypt(numerals, numerals.length, 1);
  expect(textOf(numerals, alphabet), what).toBe(plain);
}

describe('FF1', () => {
  it('gives the nine samples of SP 800-38G', () => {
    const samples: readonly NistSample[] = JSON.parse(readFileSync(vectorPath('nist-ff1', 'samples.json'), 'utf8'));
    expect(samples).toHaveLength(9);
    for (const s of samples) {
      check(`sample ${s.sample}`, new Ff1(hex(s.keyHex), s.radix, hex(s.tweakHex)), s.alphabet, s.pt, s.ct);
    }
    ran('nist-ff1', samples.length);
  });

  it('agrees with every ACVP case of radix 2 to 64', () => {
    const path = vectorPath('acvp', 'acvp', 'ACVP-AES-FF1-1.0', 'internalProjection.json.gz');
    const file: AcvpFile = JSON.parse(gunzipSync(readFileSync(path)).toString('utf8'));
    let count = 0;
    for (const group of file.testGroups) {
      for (const one of group.tests) {
        const ff1 = new Ff1(hex(one.key), group.radix, hex(one.tweak));
        check(`case ${one.tcId}`, ff1, group.alphabet, one.pt, one.ct);
        ff1.close();
        count++;
      }
    }
    expect(count).toBe(750);
    ran('acvp ff1', count);
  });

  it.each(['aes_ff1_base10_test', 'aes_ff1_base36_test'])('agrees with %s and refuses its invalid cases', name => {
    const cases = wycheproof(name);
    for (const [group, one] of cases) {
      const run = () => {
        const ff1 = new Ff1(hex(one.key), group.radix, hex(one.tweak));
        check(`case ${one.tcId}`, ff1, group.alphabet, one.msg, one.ct);
        ff1.close();
      };
      // SmallMessageSize: fewer than 10^6 values, which Rev. 1 of the standard forbids
      if (one.result === 'valid' && !one.flags?.includes('SmallMessageSize')) run();
      else expect(run, `case ${one.tcId}`).toThrow('INTERNAL');
    }
    ran(`wycheproof ${name}`, cases.length);
  });

  it('gives a column the results of its values one by one, for 6 to 40 digits, and decrypts them', () => {
    const ff1 = new Ff1(randomBytes(32));
    const columns = fc.integer({ min: 6, max: 40 }).chain(digits => {
      const numerals = fc.uint8Array({
        min: 0,
        max: 9,
        minLength: digits,
        maxLength: digits,
      } as fc.IntArrayConstraints);
      return fc.array(numerals, { minLength: 1, maxLength: 20 });
    });
    fc.assert(
      fc.property(columns, values => {
        const digits = values[0]?.length ?? 0;
        const column = Uint8Array.from(values.flatMap(value => [...value]));
        const before = column.slice();
        ff1.encrypt(column, digits, values.length);
        const alone = values.flatMap(value => {
          const one = value.slice();
          ff1.encrypt(one, digits, 1);
          return [...one];
        });
        expect([...column]).toEqual(alone);
        ff1.decrypt(column, digits, values.length);
        expect(column).toEqual(before);
      }),
      { numRuns: 300 },
    );
  });

  it('never gives two values of one length the same result, over more values than its arena', () => {
    const ff1 = new Ff1(randomBytes(32));
    const count = 20_000;
    const column = Uint8Array.from(
      Array.from({ length: count }, (_, i) => String(i * 50).padStart(6, '0')).join(''),
      digit => Number(digit),
    );
    ff1.encrypt(column, 6, count);
    const results = new Set(Array.from({ length: count }, (_, i) => column.subarray(6 * i, 6 * i + 6).join('')));
    expect(results.size).toBe(count);
  });

  it('refuses domains below a million, numerals outside the radix and other radices', () => {
    const ff1 = new Ff1(randomBytes(32));
    expect(() => ff1.encrypt(new Uint8Array(5), 5, 1)).toThrow('INTERNAL');
    expect(() => ff1.encrypt(new Uint8Array(0), 0, 1)).toThrow('INTERNAL');
    expect(() => ff1.encrypt(new Uint8Array(2000), 2000, 1)).toThrow('INTERNAL');
    expect(() => ff1.encrypt(Uint8Array.of(1, 2, 3, 4, 5, 10), 6, 1)).toThrow('INTERNAL');
    expect(() => ff1.encrypt(new Uint8Array(6), 6, 2), 'fewer numerals than stated').toThrow('INTERNAL');
    expect(() => new Ff1(randomBytes(32), 65)).toThrow('INTERNAL');
    expect(() => new Ff1(randomBytes(33))).toThrow('INTERNAL');
  });
});
