import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { toHex, utf8 } from '../../src/core/bytes.js';
import type { RandomSource } from '../../src/core/ports.js';
import { Secret } from '../../src/core/secret.js';
import { gcmOpen, gcmSeal } from '../../src/crypto/gcm.js';
import { unwrapKey, wrapKey } from '../../src/crypto/key-wrap.js';
import { countingRandom, fixedDomainKey } from './fixed.js';
import { hex, ran, wycheproof } from './wycheproof.js';

const osRandom: RandomSource = { bytes: size => randomBytes(size) };

describe('AES-256-GCM', () => {
  it('agrees with the Wycheproof cases of our sizes and refuses the invalid ones', () => {
    const cases = wycheproof('aes_gcm_test').filter(([, one]) => one.key.length === 64 && one.iv.length === 24);
    for (const [, one] of cases) {
      const [key, nonce, aad, sealed] = [hex(one.key), hex(one.iv), hex(one.aad), hex(one.ct + one.tag)];
      const opened = gcmOpen(key, nonce, aad, sealed);
      const valid = one.result === 'valid';
      expect(opened && toHex(opened), `case ${one.tcId}`).toBe(valid ? one.msg : undefined);
      if (valid) expect(toHex(gcmSeal(key, nonce, aad, hex(one.msg)))).toBe(one.ct + one.tag);
    }
    expect(cases.length).toBeGreaterThan(50);
    ran('wycheproof aes_gcm (256, 96)', cases.length);
  });
});

describe('wrapped keys', () => {
  const context = utf8('customers 1 0a1b2c3d');

  it('have this format, for ever', () => {
    const kek = new Secret(new Uint8Array(32).fill(7));
    expect(toHex(wrapKey(kek, fixedDomainKey(), context, countingRandom()))).toMatchInlineSnapshot(
      `"01000102030405060708090a0b58c0ab33594c9f0e3ffbafd7ae1522b5b16de4dd4c3721664e9739e1d28a335ab314092d339506b8ecd68fbd118f527a"`,
    );
  });

  it('unwrap to the same key, and never look alike', () => {
    const kek = new Secret(randomBytes(32));
    const [one, two] = [0, 1].map(() => wrapKey(kek, fixedDomainKey(), context, osRandom));
    expect(toHex(one ?? context)).not.toBe(toHex(two ?? context));
    expect(unwrapKey(kek, one ?? context, context).use(toHex)).toBe(fixedDomainKey().use(toHex));
  });

  it('are refused after any change, in another context, and under another key', () => {
    const kek = new Secret(randomBytes(32));
    const wrapped = wrapKey(kek, fixedDomainKey(), context, osRandom);
    for (let at = 0; at < wrapped.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const altered = wrapped.map((byte, k) => (k === at ? byte ^ (1 << bit) : byte));
        expect(() => unwrapKey(kek, altered, context)).toThrow('KEY_UNWRAP');
      }
      expect(() => unwrapKey(kek, wrapped.subarray(0, at), context)).toThrow('KEY_UNWRAP');
    }
    expect(() => unwrapKey(kek, wrapped, utf8('customers 2 0a1b2c3d'))).toThrow('KEY_UNWRAP');
    expect(() => unwrapKey(new Secret(randomBytes(32)), wrapped, context)).toThrow('KEY_UNWRAP');
  });
});
