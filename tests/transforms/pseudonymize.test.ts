import { describe, expect, it } from 'vitest';
import { Shape, Token } from '../../src/core/token.js';
import { KINDS } from '../../src/kinds/index.js';
import { transformNamed } from '../../transforms/index.js';
import { pseudonymize } from '../../transforms/pseudonymize.js';
import { inputOf, normalForm, run } from '../testkit/apply-transform.js';
import { valuesOf } from '../testkit/values.js';

const WITH_FORMAT = [...KINDS.values()].filter(kind => kind.fpe !== undefined);
const SAME = { form: 'same' };
const MOBILE = KINDS.get('cn-mobile');

describe('pseudonymize to tokens', () => {
  it('gives equal tokens for the spellings of one value and joins across paths and routes of a domain', () => {
    const spellings = ['13800138000', '+86 138-0013-8000', '１３８００１３８０００'];
    const tokens = spellings.flatMap((written, at) => {
      const rule = { kind: MOBILE, path: `field${at}`, policy: `route${at}` };
      const text = inputOf(pseudonymize, MOBILE, written) ?? '';
      return run(pseudonymize, rule, [{ text }]).map(result => result.text);
    });
    expect(new Set(tokens).size).toBe(1);
    expect(tokens[0]).toMatch(/^p1-1-[0-9a-f]{32}$/);
  });

  it('names the epoch', () => {
    expect(run(pseudonymize, { kind: MOBILE, scope: { epoch: 12 } }, [{ text: '13800138000' }])[0]?.text).toMatch(
      /^p1-12-/,
    );
  });

  it('has no collisions on many values', () => {
    const rows = Array.from({ length: 20_000 }, (_, at) => ({ text: `13${String(at).padStart(9, '0')}` }));
    expect(new Set(run(pseudonymize, { kind: MOBILE }, rows).map(({ text }) => text)).size).toBe(rows.length);
  });
});

describe('pseudonymize in the same form', () => {
  it.each(WITH_FORMAT)('is one to one onto valid values of $name', kind => {
    const normals = valuesOf(kind, 300, 11).map(value => normalForm(kind, value) ?? '');
    const inputs = new Set(normals.filter(normal => kind.fpe?.encode(normal) !== undefined));
    expect(inputs.size).toBeGreaterThan(0);
    const rows = [...inputs].map(text => ({ text }));
    const results = run(pseudonymize, { kind, params: SAME }, rows).map(({ text }) => text ?? '');
    expect(new Set(results).size).toBe(inputs.size);
    for (const result of results) expect(normalForm(kind, result), kind.name).toBe(result);
    expect(results.filter((result, at) => result === rows[at]?.text)).toEqual([]);
  });

  it('keeps numbers numbers', () => {
    const [number, text] = run(pseudonymize, { kind: MOBILE, params: SAME }, [
      { text: '13800138000', token: Token.NUMBER },
      { text: '13800138000' },
    ]);
    expect(number?.shape).toBe(Shape.NUMBER);
    expect(text?.shape).toBe(Shape.TEXT);
    expect(number?.text).toBe(text?.text);
  });

  it('is another permutation in another domain', () => {
    const rows = valuesOf(MOBILE, 200, 5).map(text => ({ text: normalForm(MOBILE, text) ?? '' }));
    const here = run(pseudonymize, { kind: MOBILE, params: SAME }, rows);
    const there = run(pseudonymize, { kind: MOBILE, params: SAME, scope: { domain: 'other' } }, rows);
    expect(here.filter((result, at) => result.text === there[at]?.text)).toEqual([]);
  });

  it('is refused for kinds without a format and for small domains', () => {
    const made = transformNamed('pseudonymize');
    const email = KINDS.get('email');
    expect(email?.fpe).toBeUndefined();
    expect(() => run(pseudonymize, { kind: email, params: SAME }, [])).toThrow(/^RULE_KIND/);
    expect(() => made && run(made, { kind: email, params: SAME }, [])).toThrow(/^POLICY_BOUNDS/);
    const small = MOBILE && { ...MOBILE, guessSpaceLog10: 5.9 };
    expect(pseudonymize.spec.lint?.(SAME, small)).toMatchObject([{ severity: 'wrong' }]);
    expect(pseudonymize.spec.lint?.({ form: 'token' }, KINDS.get('free-text'))).toMatchObject([{ severity: 'weak' }]);
  });

  it('refuses a value that only looks like one', () => {
    expect(run(pseudonymize, { kind: MOBILE, params: SAME }, [{ text: '12800138000' }])[0]?.code).toBe('VALUE_INVALID');
  });
});
