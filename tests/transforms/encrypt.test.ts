import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textOf } from '../../src/core/bytes.js';
import { Secret } from '../../src/core/secret.js';
import { Token } from '../../src/core/token.js';
import { FieldOpener } from '../../src/crypto/dangerous-open-field.js';
import { encrypt } from '../../transforms/encrypt.js';
import { run, TEST_KEY } from '../testkit/apply-transform.js';

const SCOPE = {
  suite: 'intl-cmac',
  domain: 'test',
  epoch: 1,
  keyId: '0badc0de',
  transform: 'encrypt',
  kind: '-',
  path: 'user.field',
} as const;
const openerOf = (policy: string, path: string, scope: Partial<typeof SCOPE> = {}): FieldOpener =>
  new FieldOpener(new Secret(TEST_KEY.slice()), { ...SCOPE, ...scope }, policy, path);
const HERE = openerOf('test-route', 'user.field');

describe('encrypt', () => {
  it('opens to the same bytes and type', () => {
    const token = fc.constantFrom(Token.STRING, Token.NUMBER, Token.TRUE, Token.OBJECT, Token.ARRAY);
    const row = fc.record({ text: fc.string({ unit: 'grapheme', maxLength: 300 }), token });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), rows => {
        const results = run(encrypt, {}, rows);
        const opened = results.map(({ text }) => HERE.open(text ?? ''));
        expect(opened.map(({ token, value }) => ({ text: textOf(value), token }))).toEqual(rows);
      }),
      { numRuns: 100, seed: 5297 },
    );
  });

  it('does not open in another route, path, key or epoch, nor after a change', () => {
    const [result] = run(encrypt, {}, [{ text: '13800138000' }]);
    const token = result?.text ?? '';
    expect(textOf(HERE.open(token).value)).toBe('13800138000');
    expect(() => openerOf('other-route', 'user.field').open(token)).toThrow(/^TOKEN_REFUSED/);
    expect(() => openerOf('test-route', 'user.other').open(token)).toThrow(/^TOKEN_REFUSED/);
    const renamed = token.replace('0badc0de', '00000000');
    expect(() => HERE.open(renamed)).toThrow(/^TOKEN_REFUSED/);
    const otherEpoch = token.replace('-1-', '-2-');
    expect(() => HERE.open(otherEpoch)).toThrow(/^TOKEN_REFUSED/);
    const middle = token.length - 10;
    const altered = token.slice(0, middle) + (token[middle] === 'A' ? 'B' : 'A') + token.slice(middle + 1);
    expect(() => HERE.open(altered)).toThrow(/^TOKEN_REFUSED/);
  });

  it('never gives the same token twice in a batch', () => {
    const rows = Array.from({ length: 500 }, () => ({ text: '张三' }));
    expect(new Set(run(encrypt, {}, rows).map(({ text }) => text)).size).toBe(rows.length);
  });
});
