import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex, utf8 } from '../../src/core/bytes.js';
import type { RandomSource } from '../../src/core/ports.js';
import { Secret } from '../../src/core/secret.js';
import { openSealed } from '../../src/crypto/dangerous-open-sealed.js';
import { generateDeskKeyPair } from '../../src/crypto/desk-key.js';
import { DeskSealer } from '../../src/crypto/sealing.js';
import { x25519Public, x25519Shared } from '../../src/crypto/x25519.js';
import { countingRandom } from './fixed.js';
import { hex } from './wycheproof.js';

const osRandom: RandomSource = { bytes: size => randomBytes(size) };
const SESSION = [1, 33] as const;

describe('X25519', () => {
  it('gives the shared secret of RFC 7748 section 6.1', () => {
    const alice = new Secret(hex('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a'));
    const bob = new Secret(hex('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb'));
    expect(toHex(x25519Public(alice))).toBe('8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a');
    expect(toHex(x25519Public(bob))).toBe('de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f');
    const shared = '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742';
    expect(x25519Shared(alice, x25519Public(bob))?.use(toHex)).toBe(shared);
    expect(x25519Shared(bob, x25519Public(alice))?.use(toHex)).toBe(shared);
  });

  it('refuses public keys of low order and of other lengths', () => {
    const key = new Secret(randomBytes(32));
    expect(x25519Shared(key, new Uint8Array(32))).toBeUndefined();
    expect(x25519Shared(key, Uint8Array.of(1, ...new Uint8Array(31)))).toBeUndefined();
    expect(x25519Shared(key, new Uint8Array(31))).toBeUndefined();
    const sealer = new DeskSealer(new Uint8Array(32), osRandom);
    expect(() => sealer.seal(utf8('x'), utf8('y'))).toThrow('DESK_KEY_INVALID');
  });
});

describe('seals', () => {
  const { publicKey, privateKey } = generateDeskKeyPair(osRandom);

  it('have this wire format, for ever', () => {
    const random = countingRandom();
    const desk = generateDeskKeyPair(random);
    const sealer = new DeskSealer(desk.publicKey.bytes, random);
    const seals = [sealer.seal(utf8('first'), utf8('facts')), sealer.seal(utf8('second'), utf8('facts'))];
    expect(seals.map(toHex)).toMatchInlineSnapshot(`
      [
        "01358072d6365880d1aeea329adf9121383851ed21a28e3b75e965d0d2cd166254000000002d2c163be91588a92c3f492ad2b5061fb3569fe550",
        "01358072d6365880d1aeea329adf9121383851ed21a28e3b75e965d0d2cd16625400000001dc246b8c26c26a985ee1b6714dfb5f14012aeac300f6",
      ]
    `);
    expect(toHex(openSealed(desk.privateKey, seals[1] ?? new Uint8Array(0), utf8('facts')))).toBe(
      toHex(utf8('second')),
    );
  });

  it('open one by one, in any order, to the same bytes', () => {
    const sealer = new DeskSealer(publicKey.bytes, osRandom);
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 5 }),
        fc.uint8Array(),
        (plains, facts) => {
          const seals = plains.map(plain => sealer.seal(plain, facts));
          for (const [i, sealed] of [...seals.entries()].reverse()) {
            expect(sealed).toHaveLength(37 + (plains[i]?.length ?? 0) + 16);
            expect(toHex(openSealed(privateKey, sealed, facts))).toBe(toHex(plains[i] ?? new Uint8Array(0)));
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('begin a new session after the stated number, and after close', () => {
    const sealer = new DeskSealer(publicKey.bytes, osRandom, 3);
    const sessions = Array.from({ length: 7 }, () => toHex(sealer.seal(utf8('a'), utf8('b')).subarray(...SESSION)));
    expect(sessions.map(session => sessions.indexOf(session))).toEqual([0, 0, 0, 3, 3, 3, 6]);
    sealer.close();
    expect(sessions).not.toContain(toHex(sealer.seal(utf8('a'), utf8('b')).subarray(...SESSION)));
  });

  it('never repeat a nonce in a session', () => {
    const sealer = new DeskSealer(publicKey.bytes, osRandom);
    const heads = Array.from({ length: 3000 }, () => toHex(sealer.seal(utf8('a'), utf8('b')).subarray(0, 37)));
    expect(new Set(heads).size).toBe(heads.length);
  });

  it('are refused after any change of a byte, when moved to other facts, cut, or sealed to another desk', () => {
    const sealer = new DeskSealer(publicKey.bytes, osRandom);
    const facts = utf8('VALUE_INVALID user.mobile orders.raw 0 42');
    const sealed = sealer.seal(utf8('{"mobile":"13800138000"}'), facts);
    for (let at = 0; at < sealed.length; at++) {
      for (const flip of [1, 0x80, 0xff]) {
        // X25519 ignores the top bit of a public key (RFC 7748 section 5); the session key does not
        const altered = sealed.map((byte, k) => (k === at ? byte ^ flip : byte));
        expect(() => openSealed(privateKey, altered, facts), `byte ${at}`).toThrow(/^(SEAL_REFUSED|TOKEN_MALFORMED)/);
      }
      expect(() => openSealed(privateKey, sealed.subarray(0, at), facts)).toThrow(/^(SEAL_REFUSED|TOKEN_MALFORMED)/);
    }
    expect(() => openSealed(privateKey, sealed, utf8('VALUE_INVALID user.mobile orders.raw 0 43'))).toThrow(
      'SEAL_REFUSED',
    );
    expect(() => openSealed(privateKey, sealed, new Uint8Array(0))).toThrow('SEAL_REFUSED');
    expect(() => openSealed(generateDeskKeyPair(osRandom).privateKey, sealed, facts)).toThrow('SEAL_REFUSED');
    expect(() => openSealed(privateKey, Uint8Array.of(...sealed, 0), facts)).toThrow('SEAL_REFUSED');
  });

  it('hold nothing of the record in clear', () => {
    const sealer = new DeskSealer(publicKey.bytes, osRandom);
    const record = utf8('13800138000');
    expect(toHex(sealer.seal(record, record))).not.toContain(toHex(record));
  });
});
