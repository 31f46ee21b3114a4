import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { textOf, toHex, utf8 } from '../../src/core/bytes.js';
import { parseFieldPath } from '../../src/core/field-path.js';
import type { RandomSource } from '../../src/core/ports.js';
import { Secret } from '../../src/core/secret.js';
import { FieldOpener } from '../../src/crypto/dangerous-open-field.js';
import { openSealed } from '../../src/crypto/dangerous-open-sealed.js';
import { type DerivationScope, deriveRuleKeys } from '../../src/crypto/derive.js';
import { generateDeskKeyPair } from '../../src/crypto/desk-key.js';
import { DeskSealer } from '../../src/crypto/sealing.js';
import { kindNamed } from '../../src/kinds/index.js';
import { Output } from '../../src/transform/output.js';
import { transformNamed } from '../../transforms/index.js';
import { layColumn } from './columns.js';

const SCRIPT = join(import.meta.dirname, '../python/tokens.py');
const RAW_KEY = randomBytes(32);
const POLICY = 'orders-analytics';
const osRandom: RandomSource = { bytes: size => randomBytes(size) };

/** Results of the Python re-implementation. Fails when it cannot run: then nothing is proven. */
function python(operations: readonly object[]): readonly unknown[] {
  const input = JSON.stringify({ key: RAW_KEY.toString('hex'), operations });
  const run = spawnSync('python3', [SCRIPT], { input, encoding: 'utf8', timeout: 60_000, maxBuffer: 1 << 26 });
  if (run.error !== undefined) throw new Error('NOT PROVEN: python3 is missing');
  if (run.stderr.includes('ModuleNotFoundError')) throw new Error('NOT PROVEN: pip install cryptography');
  expect(run.stderr).toBe('');
  const results: unknown = JSON.parse(run.stdout);
  return Array.isArray(results) ? results : [];
}

function scopeOf(changes: Partial<DerivationScope>): DerivationScope {
  const base = { suite: 'intl-cmac', domain: '客户', epoch: 3, keyId: '0a1b2c3d', kind: '-', path: '' } as const;
  return { ...base, transform: 'hash', ...changes };
}

/** What the product's transform writes for values in normal form. */
function product(
  scope: DerivationScope,
  values: readonly string[],
  path: string,
  params: object,
  tokens?: Uint8Array,
): string[] {
  const keys = deriveRuleKeys(new Secret(new Uint8Array(RAW_KEY)), scope, osRandom);
  const context = { policy: POLICY, path: parseFieldPath(path), kind: kindNamed(scope.kind), keys, random: osRandom };
  const transform = transformNamed(scope.transform)?.create({ ...params }, context);
  const out = new Output();
  out.begin(values.length);
  const count = values.length;
  const records = Uint32Array.from(values, (_, i) => i);
  const column = layColumn(values.map(utf8));
  const types = tokens ?? new Uint8Array(count).fill(1);
  transform?.apply({ ...column, tokens: types, records, count, subjects: column }, out);
  keys.close();
  return values.map((_, i) => textOf(out.bytes, out.starts[i], out.ends[i]));
}

const hexOf = (values: readonly string[]): string[] => values.map(value => toHex(utf8(value)));

const TEXTS = ['13800138000', '', 'a', '张三', 'x'.repeat(15), 'y'.repeat(16), 'z'.repeat(17), '长'.repeat(500)];

describe('the formats of docs/formats.md, written again in Python', () => {
  it.each(['intl-cmac', 'intl-hmac'] as const)('give the same pseudonyms and hashes under %s', suite => {
    const scopes = [
      scopeOf({ suite, transform: 'pseudonymize', kind: 'cn-mobile' }),
      scopeOf({ suite, transform: 'hash', kind: 'email', path: 'items[].邮箱' }),
      scopeOf({ suite, transform: 'hash', epoch: 2_147_483_647, domain: 'a/b' }),
    ];
    const theirs = python(scopes.map(scope => ({ do: 'tag', scope, values: hexOf(TEXTS) })));
    expect(theirs).toEqual(scopes.map(scope => product(scope, TEXTS, 'a', { form: 'token' })));
  });

  it('give the same values for "form: same"', () => {
    const values = {
      'cn-mobile': Array.from({ length: 50 }, (_, i) => `1${3 + (i % 7)}${String(i * 7919).padStart(9, '0')}`),
      'bank-card': ['6222021234567890128', '4716221051885662', '4929722653797141'],
      imei: ['490154203237518'],
      'account-id': ['123456', '0000000', '98765432109876543210', '12345678901234567890123456789012'],
      passport: ['E12345678', 'EA1234567'],
    };
    const scopes = Object.keys(values).map(kind => scopeOf({ transform: 'pseudonymize', kind, suite: 'intl-hmac' }));
    const lists = Object.values(values);
    const theirs = python(scopes.map((scope, i) => ({ do: 'same', scope, values: hexOf(lists[i] ?? []) })));
    const ours = scopes.map((scope, i) => hexOf(product(scope, lists[i] ?? [], 'a', { form: 'same' })));
    expect(theirs).toEqual(ours);
  });

  it('open what the product encrypted, and make what the product opens', () => {
    const path = 'user."身份 证"';
    const scope = scopeOf({ transform: 'encrypt', kind: 'cn-id-card', path });
    const types = Uint8Array.of(1, 1, 1, 1, 2, 3, 6, 7);
    const place = { scope, policy: POLICY, path: parseFieldPath(path).text };
    const values = TEXTS.map((text, i) => ({ type: types[i] ?? 1, value: toHex(utf8(text)) }));
    const tokens = product(scope, TEXTS, path, {}, types);
    const [opened, made] = python([
      { do: 'open', ...place, tokens },
      { do: 'encrypt', ...place, values },
    ]);
    expect(opened).toEqual(values);
    const opener = new FieldOpener(new Secret(new Uint8Array(RAW_KEY)), scope, POLICY, place.path);
    const back = (Array.isArray(made) ? made : []).map(token => opener.open(String(token)));
    expect(back.map(({ token, value }) => ({ type: token, value: toHex(value) }))).toEqual(values);
  });

  it('open what the product sealed to the desk, and make what the desk opens', () => {
    const { publicKey, privateKey } = generateDeskKeyPair(osRandom);
    const sealer = new DeskSealer(publicKey.bytes, osRandom);
    const facts = utf8('any facts');
    const associatedData = toHex(facts);
    const seals = TEXTS.map(text => toHex(sealer.seal(utf8(text), facts)));
    const [opened, made] = python([
      { do: 'open-seal', keyId: publicKey.keyId, privateKey: privateKey.use(toHex), seals, associatedData },
      { do: 'seal', publicKey: toHex(publicKey.bytes), values: hexOf(TEXTS), associatedData },
    ]);
    expect(opened).toEqual(hexOf(TEXTS));
    const back = (Array.isArray(made) ? made : []).map(sealed => {
      return toHex(openSealed(privateKey, new Uint8Array(Buffer.from(String(sealed), 'hex')), facts));
    });
    expect(back).toEqual(hexOf(TEXTS));
  });
});
