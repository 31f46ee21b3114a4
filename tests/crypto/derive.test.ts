import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { toHex, utf8 } from '../../src/core/bytes.js';
import { Secret } from '../../src/core/secret.js';
import { type DerivationScope, deriveRuleKeys } from '../../src/crypto/derive.js';
import { tagsOfColumn } from './columns.js';
import { countingRandom, fixedDomainKey, fixedScope } from './fixed.js';

const VALUE = utf8('13800138000');
const DIGITS = Uint8Array.from('13800138000', Number);

function prints(
  domainKey: Secret,
  scope: DerivationScope,
  label = 'token',
): { prf: string; fpe: string; aead: string } {
  const keys = deriveRuleKeys(domainKey, scope, countingRandom());
  const fpe = DIGITS.slice();
  keys.fpe(label).encrypt(fpe, fpe.length, 1);
  const sealed = new Uint8Array(32 + 1 + VALUE.length);
  const rows = {
    bytes: VALUE,
    starts: Uint32Array.of(0),
    ends: Uint32Array.of(VALUE.length),
    tokens: Uint8Array.of(1),
    count: 1,
  };
  keys.aead(new Uint8Array(0)).seal(rows, sealed, Uint32Array.of(0));
  const made = { prf: tagsOfColumn(keys.prf(label), [VALUE])[0] ?? '', fpe: fpe.join(''), aead: toHex(sealed) };
  keys.close();
  return made;
}

describe('rule keys', () => {
  it('are separated by every part of the scope, by label and by domain key', () => {
    const changes: readonly Partial<DerivationScope>[] = [
      {},
      { suite: 'intl-hmac' },
      { domain: 'customer' },
      { epoch: 2 },
      { transform: 'hash' },
      { kind: 'phone' },
      { path: 'user.mobile' },
      { domain: 'customers1', epoch: 1 },
      { domain: 'custom', transform: 'erspseudonymize' },
    ];
    const made = changes.map(change => prints(fixedDomainKey(), fixedScope(change)));
    made.push(prints(new Secret(randomBytes(32)), fixedScope()));
    for (const what of ['prf', 'fpe', 'aead'] as const) {
      expect(new Set(made.map(one => one[what])).size, what).toBe(made.length);
    }
    const labelled = prints(fixedDomainKey(), fixedScope(), 'other');
    expect(labelled.prf).not.toBe(made[0]?.prf);
    expect(labelled.fpe).not.toBe(made[0]?.fpe);
  });

  it('do not depend on the key id, which only names the key', () => {
    expect(prints(fixedDomainKey(), fixedScope({ keyId: 'ffffffff' }))).toEqual(prints(fixedDomainKey(), fixedScope()));
  });

  it('give these known answers, for ever', () => {
    expect(prints(fixedDomainKey(), fixedScope())).toMatchInlineSnapshot(`
      {
        "aead": "000102030405060708090a0b0c0d0e0ffb304fdf1955a8e611f52be4a8a55c91ab47f455dcf1b1d16a1f2afb",
        "fpe": "28095489689",
        "prf": "bf7427516289288131f70e52831d6fec",
      }
    `);
    expect(prints(fixedDomainKey(), fixedScope({ suite: 'intl-hmac' }))).toMatchInlineSnapshot(`
      {
        "aead": "000102030405060708090a0b0c0d0e0f19ba3249639a5e2c7de9b449c7988b303502fa8a0db3e0f7a3e8c3fe",
        "fpe": "22119895946",
        "prf": "159c871da634c4e2999f5a876e0a6e92",
      }
    `);
  });

  it('outlive their domain key and are useless once closed', () => {
    const domainKey = fixedDomainKey();
    const keys = deriveRuleKeys(domainKey, fixedScope(), countingRandom());
    const prf = keys.prf('token');
    const before = tagsOfColumn(prf, [VALUE]);
    domainKey.wipe();
    expect(tagsOfColumn(prf, [VALUE])).toEqual(before);
    keys.close();
    expect(() => tagsOfColumn(prf, [VALUE])).toThrow();
    expect(() => keys.prf('token')).toThrow('wiped');
  });
});
