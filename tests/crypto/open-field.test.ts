import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textOf, toHex, utf8 } from '../../src/core/bytes.js';
import type { RandomSource } from '../../src/core/ports.js';
import { FieldOpener } from '../../src/crypto/dangerous-open-field.js';
import { type DerivationScope, deriveRuleKeys } from '../../src/crypto/derive.js';
import { fieldAssociatedData } from '../../src/crypto/field-aead.js';
import { encryptTokenPrefix, writeEncryptToken } from '../../src/crypto/token-grammar.js';
import { Output } from '../../src/transform/output.js';
import { layColumn } from './columns.js';
import { countingRandom, fixedDomainKey, fixedScope } from './fixed.js';

const SCOPE = fixedScope({ transform: 'encrypt', kind: 'cn-id-card', path: 'user.id_card' });
const POLICY = 'orders-analytics';
const osRandom: RandomSource = { bytes: size => randomBytes(size) };

/** Tokens of values as the product writes them. */
function tokensOf(values: readonly Uint8Array[], random: RandomSource, scope = SCOPE, policy = POLICY): string[] {
  const keys = deriveRuleKeys(fixedDomainKey(), scope, random);
  const { keyId, epoch, path } = scope;
  const cipher = keys.aead(fieldAssociatedData({ policy, path, keyId, epoch }));
  const starts = new Uint32Array(values.length);
  let size = 0;
  values.forEach((value, i) => {
    starts[i] = size;
    size += cipher.overhead + 1 + value.length;
  });
  const sealed = new Uint8Array(size);
  const tokens = Uint8Array.from(values, (_, i) => (i % 7) + 1);
  cipher.seal({ ...layColumn(values), tokens, count: values.length }, sealed, starts);
  const out = new Output();
  return values.map((_, i) => {
    const at = writeEncryptToken(encryptTokenPrefix(keyId, epoch), sealed, starts[i] ?? 0, starts[i + 1] ?? size, out);
    return textOf(out.bytes, at, out.length);
  });
}

function openerOf(scope: DerivationScope = SCOPE, policy = POLICY, path = SCOPE.path): FieldOpener {
  return new FieldOpener(fixedDomainKey(), scope, policy, path);
}

describe('encrypted fields', () => {
  it('have this wire format, for ever', () => {
    const [token] = tokensOf([utf8('11010519491231002X')], countingRandom());
    expect(token).toMatchInlineSnapshot(
      `"e1-0a1b2c3d-1-AAECAwQFBgcICQoLDA0ODwLR_7QYc5pVQV-3aNhZzYxSn3O0upbHUfhWq1iiPTcg79Gs"`,
    );
    expect(textOf(openerOf().open(token ?? '').value)).toBe('11010519491231002X');
  });

  it('open to the same bytes and token type, in batches of any size', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { minLength: 1, maxLength: 20 }), values => {
        const opener = openerOf();
        tokensOf(values, osRandom).forEach((token, i) => {
          const opened = opener.open(token);
          expect(toHex(opened.value)).toBe(toHex(values[i] ?? new Uint8Array(0)));
          expect(opened.token).toBe((i % 7) + 1);
        });
      }),
      { numRuns: 100 },
    );
  });

  it('never repeat a nonce or a token for equal values', () => {
    const tokens = tokensOf(
      Array.from({ length: 20_000 }, () => utf8('13800138000')),
      osRandom,
    );
    expect(new Set(tokens).size).toBe(tokens.length);
    expect(new Set(tokens.map(token => token.slice(0, 35))).size).toBe(tokens.length);
  });

  it('do not open under another route, path, key id, epoch, domain, transform, kind or suite', () => {
    const [token = ''] = tokensOf([utf8('secret')], osRandom);
    const refused = [
      openerOf(SCOPE, 'orders-analytic'),
      openerOf(SCOPE, POLICY, 'user.id'),
      openerOf({ ...SCOPE, keyId: '0a1b2c3e' }),
      openerOf({ ...SCOPE, epoch: 2 }),
      openerOf({ ...SCOPE, domain: 'customer' }),
      openerOf({ ...SCOPE, transform: 'hash' }),
      openerOf({ ...SCOPE, kind: '-' }),
      openerOf({ ...SCOPE, path: '' }),
      openerOf({ ...SCOPE, suite: 'intl-hmac' }),
    ];
    for (const opener of refused) expect(() => opener.open(token)).toThrow('TOKEN_REFUSED');
    // key id and epoch are bound, not only compared: a token that claims others is refused by its keys
    const claimed = token.replace('0a1b2c3d-1', '0a1b2c3d-2');
    expect(() => openerOf({ ...SCOPE, epoch: 2 }).open(claimed)).toThrow('TOKEN_REFUSED');
    const renamed = token.replace('0a1b2c3d', '0a1b2c3e');
    expect(() => openerOf({ ...SCOPE, keyId: '0a1b2c3e' }).open(renamed)).toThrow('TOKEN_REFUSED');
  });

  it('do not open after any change of a character', () => {
    const [token = ''] = tokensOf([utf8('13800138000')], osRandom);
    const opener = openerOf();
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (let at = 0; at < token.length; at++) {
      for (const other of alphabet) {
        if (other === token[at]) continue;
        const altered = token.slice(0, at) + other + token.slice(at + 1);
        expect(() => opener.open(altered)).toThrow(/^TOKEN_(REFUSED|MALFORMED)/);
      }
      expect(() => opener.open(token.slice(0, at))).toThrow(/^TOKEN_(REFUSED|MALFORMED)/);
    }
  });
});
