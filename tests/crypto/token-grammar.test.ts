import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textOf, toHex } from '../../src/core/bytes.js';
import { VeilError } from '../../src/core/errors.js';
import {
  encryptTokenLength,
  encryptTokenPrefix,
  parseEncryptToken,
  parseTagToken,
  tagTokenPrefix,
  writeEncryptToken,
  writeTagTokens,
} from '../../src/crypto/token-grammar.js';
import { Output } from '../../src/transform/output.js';

const HEX = '00112233445566778899aabbccddeeff';

describe('tag tokens', () => {
  it('are written for a whole column and read back', () => {
    const tags = randomBytes(16 * 100);
    const out = new Output(16, 1);
    out.length = out.reserve(3) + 3;
    const prefix = tagTokenPrefix('p1', 2_147_483_647);
    const first = writeTagTokens(prefix, tags, 100, out);
    const size = prefix.length + 32;
    expect(out.length).toBe(first + 100 * size);
    for (let row = 0; row < 100; row++) {
      const text = textOf(out.bytes, first + row * size, first + (row + 1) * size);
      const tag = toHex(tags.subarray(16 * row, 16 * row + 16));
      expect(text).toBe(`p1-2147483647-${tag}`);
      const parsed = parseTagToken(text);
      expect([parsed.form, parsed.epoch, toHex(parsed.tag)]).toEqual(['p1', 2_147_483_647, tag]);
    }
  });

  it.each([
    '',
    'p1',
    `p1-0-${HEX}`,
    `p1-01-${HEX}`,
    `p1--${HEX}`,
    `p1-2147483648-${HEX}`,
    `p1-99999999999-${HEX}`,
    `p2-1-${HEX}`,
    `P1-1-${HEX}`,
    `p1-1-${HEX.toUpperCase()}`,
    `p1-1-${HEX}0`,
    `p1-1-${HEX.slice(1)}`,
    `p1-1-${HEX}\n`,
    ` p1-1-${HEX}`,
    `p1-１-${HEX}`,
    `e1-0a1b2c3d-1-${HEX}`,
  ])('refuse %j', text => {
    expect(() => parseTagToken(text)).toThrow('TOKEN_MALFORMED');
  });
});

describe('encrypt tokens', () => {
  it('are written and read back for any sealed bytes', () => {
    const prefix = encryptTokenPrefix('0a1b2c3d', 7);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 33, maxLength: 120 }), sealed => {
        const out = new Output(1, 1);
        const at = writeEncryptToken(prefix, sealed, 0, sealed.length, out);
        const text = textOf(out.bytes, at, out.length);
        expect(text).toBe(`e1-0a1b2c3d-7-${Buffer.from(sealed).toString('base64url')}`);
        expect(out.length - at).toBe(encryptTokenLength(prefix, sealed.length));
        const parsed = parseEncryptToken(text);
        expect([parsed.keyId, parsed.epoch, toHex(parsed.sealed)]).toEqual(['0a1b2c3d', 7, toHex(sealed)]);
      }),
      { numRuns: 500 },
    );
  });

  it('refuse other spellings, padding, unused bits and short bodies', () => {
    const body = Buffer.alloc(34, 0xff).toString('base64url');
    expect(parseEncryptToken(`e1-0a1b2c3d-1-${body}`).sealed).toHaveLength(34);
    const wrong = [
      `e1-0A1B2C3D-1-${body}`,
      `e1-0a1b2c3d-0-${body}`,
      `e1-0a1b2c3d-2147483648-${body}`,
      `e1-0a1b2c3-1-${body}`,
      `e1-0a1b2c3d-1-${body}==`,
      `e1-0a1b2c3d-1-${body}\n`,
      `e1-0a1b2c3d-1-${body.slice(0, -1)}x`,
      `e1-0a1b2c3d-1-${body.replace('_', '/')}`,
      `e1-0a1b2c3d-1-${Buffer.alloc(32).toString('base64url')}`,
      `e1-0a1b2c3d-1-`,
      `p1-1-${HEX}`,
    ];
    for (const text of wrong) expect(() => parseEncryptToken(text), text).toThrow('TOKEN_MALFORMED');
  });
});

describe('parsers', () => {
  it('are total: any text is a token or TOKEN_MALFORMED, and the message holds none of it', () => {
    const near = fc.stringMatching(/^[peh][12]?-?[0-9a-f]{0,9}-[0-9]{0,11}-[0-9a-zA-Z_=-]{0,50}$/);
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), near), text => {
        for (const parse of [parseTagToken, parseEncryptToken]) {
          try {
            parse(text);
          } catch (error) {
            expect(error).toBeInstanceOf(VeilError);
            expect(error).toHaveProperty('message', expect.stringMatching(/^TOKEN_MALFORMED: token expected a token/));
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});
