import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, toHex } from '../../src/core/bytes.js';
import { AesSiv } from '../../src/crypto/siv.js';
import { layColumn } from './columns.js';
import { referenceSiv } from './reference.js';
import { hex, ran, wycheproof } from './wycheproof.js';

const ROOM = new Uint8Array(16);

/** Seals one plaintext: V ‖ C, hex. */
function sealOne(siv: AesSiv, plain: Uint8Array, nonce?: Uint8Array): string {
  const { bytes, starts, ends } = layColumn([concatBytes(ROOM, plain)]);
  siv.seal({ bytes, starts, ends }, nonce && layColumn([nonce]), 1);
  return toHex(bytes.subarray(starts[0], ends[0]));
}

/** Opens one V ‖ C: hex of the plaintext, or undefined. Fails when a refused row is not overwritten. */
function openOne(siv: AesSiv, sealed: Uint8Array, nonce?: Uint8Array): string | undefined {
  const bytes = new Uint8Array(sealed);
  const opened = new Uint8Array(1);
  const rows = { bytes, starts: Uint32Array.of(0), ends: Uint32Array.of(bytes.length) };
  siv.open(rows, nonce && layColumn([nonce]), 1, opened);
  if (opened[0] === 1) return toHex(bytes.subarray(16));
  expect(bytes.every(byte => byte === 0)).toBe(true);
  return undefined;
}

describe('AES-SIV', () => {
  it('gives both examples of RFC 5297 appendix A', () => {
    const deterministic = new AesSiv(hex('fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff'), [
      hex('101112131415161718191a1b1c1d1e1f2021222324252627'),
    ]);
    const sealed = sealOne(deterministic, hex('112233445566778899aabbccddee'));
    expect(sealed).toBe('85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c');

    const nonceBased = new AesSiv(hex('7f7e7d7c7b7a79787776757473727170404142434445464748494a4b4c4d4e4f'), [
      hex('00112233445566778899aabbccddeeffdeaddadadeaddadaffeeddccbbaa99887766554433221100'),
      hex('102030405060708090a0'),
    ]);
    const text = hex('7468697320697320736f6d6520706c61696e7465787420746f20656e6372797074207573696e67205349562d414553');
    expect(sealOne(nonceBased, text, hex('09f911029d74e35bd84156c5635688c0'))).toBe(
      '7bdb6e3b432667eb06f4d14bff2fbd0fcb900f2fddbe404326601965c889bf17dba77ceb094fa663b7a3f748ba8af829ea64ad544a272e9c485b62a3fd5c0d',
    );
  });

  it('agrees with every Wycheproof case of deterministic AES-SIV, and refuses the invalid ones', () => {
    const cases = wycheproof('aes_siv_cmac_test');
    for (const [, one] of cases) {
      const siv = new AesSiv(hex(one.key), [hex(one.aad)]);
      const valid = one.result === 'valid';
      expect(openOne(siv, hex(one.ct)), `case ${one.tcId}`).toBe(valid ? one.msg : undefined);
      expect(sealOne(siv, hex(one.msg)) === one.ct, `case ${one.tcId}`).toBe(valid);
    }
    ran('wycheproof aes_siv_cmac', cases.length);
  });

  it('agrees with every Wycheproof case of AES-SIV with nonces, and refuses the invalid ones', () => {
    const cases = wycheproof('aead_aes_siv_cmac_test');
    for (const [, one] of cases) {
      const siv = new AesSiv(hex(one.key), [hex(one.aad)]);
      const valid = one.result === 'valid';
      const opened = openOne(siv, hex(one.tag + one.ct), hex(one.iv));
      expect(opened, `case ${one.tcId}`).toBe(valid ? one.msg : undefined);
      if (valid) expect(sealOne(siv, hex(one.msg), hex(one.iv)), `case ${one.tcId}`).toBe(one.tag + one.ct);
    }
    ran('wycheproof aead_aes_siv_cmac', cases.length);
  });

  it('seals a column as a reference does one by one, and opens it, for any lengths and batch sizes', () => {
    const key = randomBytes(64);
    const data = [randomBytes(21), randomBytes(3)];
    const siv = new AesSiv(key, data);
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1, maxLength: 30 }), plains => {
        const nonces = plains.map(() => randomBytes(16));
        const rows = layColumn(plains.map(plain => concatBytes(ROOM, plain)));
        siv.seal(rows, layColumn(nonces), plains.length);
        plains.forEach((plain, i) => {
          const nonce = nonces[i] ?? ROOM;
          const sealed = toHex(rows.bytes.subarray(rows.starts[i], rows.ends[i]));
          expect(sealed).toBe(referenceSiv(key, [...data, nonce], plain));
        });
        const opened = new Uint8Array(plains.length);
        siv.open(rows, layColumn(nonces), plains.length, opened);
        plains.forEach((plain, i) => {
          expect(toHex(rows.bytes.subarray((rows.starts[i] ?? 0) + 16, rows.ends[i]))).toBe(toHex(plain));
        });
        expect(opened.every(one => one === 1)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('seals values longer than one call of key stream, alone and among others', () => {
    const key = randomBytes(64);
    const siv = new AesSiv(key, [ROOM]);
    const plains = [0, 65_535, 65_536, 65_537, 0, 3, 200_000, 17].map(size => randomBytes(size));
    const rows = layColumn(plains.map(plain => concatBytes(ROOM, plain)));
    siv.seal(rows, undefined, plains.length);
    plains.forEach((plain, i) => {
      const sealed = toHex(rows.bytes.subarray(rows.starts[i], rows.ends[i]));
      expect(sealed === referenceSiv(key, [ROOM], plain), `value ${i}`).toBe(true);
    });
  });

  it('opens nothing after any change of a byte, the nonce, the associated data or the key', () => {
    const [key, other] = [randomBytes(64), randomBytes(64)];
    const data = randomBytes(12);
    const siv = new AesSiv(key, [data]);
    const nonce = randomBytes(16);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(), fc.integer({ min: 1, max: 255 }), (plain, at, flip) => {
        const sealed = hex(sealOne(siv, plain, nonce));
        expect(openOne(siv, sealed, nonce)).toBe(toHex(plain));
        const altered = sealed.map((byte, k) => (k === at % sealed.length ? byte ^ flip : byte));
        expect(openOne(siv, altered, nonce)).toBeUndefined();
        const otherNonce = nonce.map((byte, k) => (k === at % 16 ? byte ^ flip : byte));
        expect(openOne(siv, sealed, otherNonce)).toBeUndefined();
      }),
      { numRuns: 3000 },
    );
    const sealed = hex(sealOne(siv, Uint8Array.of(1, 2, 3), nonce));
    expect(openOne(new AesSiv(key, [data.subarray(1)]), sealed, nonce)).toBeUndefined();
    expect(openOne(new AesSiv(key, [data, new Uint8Array(0)]), sealed, nonce)).toBeUndefined();
    expect(openOne(new AesSiv(key, []), sealed, nonce)).toBeUndefined();
    expect(openOne(siv, sealed)).toBeUndefined();
    expect(openOne(new AesSiv(other, [data]), sealed, nonce)).toBeUndefined();
    expect(() => openOne(siv, sealed.subarray(0, 15), nonce)).toThrow('INTERNAL');
  });
});
