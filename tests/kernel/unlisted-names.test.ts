import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/core/bytes.js';
import { createJsonKernel } from '../../src/kernel/typescript/json-kernel.js';
import { looksLikeData } from '../../src/kernel/unlisted-names.js';
import { planOf, type RuleWords, run } from './scan-harness.js';

function unlisted(words: RuleWords, texts: readonly string[], maxUnlistedNames = 1000): Record<string, number> {
  const kernel = createJsonKernel(planOf(words, { maxUnlistedNames }));
  run(kernel, texts.map(utf8));
  return Object.fromEntries(kernel.unlisted);
}

describe('unlisted fields', () => {
  it('are counted by path where the listed part ends, over batches', () => {
    const texts = [
      '{"a":1,"b":{"c":1},"u":{"id":1,"x":{"y":2}},"l":[{"s":1,"q":2},{"q":3}]}',
      '{"\\u0062":0,"u":7,"l":[4]}',
    ];
    expect(unlisted({ a: 'copy', 'u.id': 'copy', 'l[].s': 'omit' }, texts)).toEqual({
      b: 2,
      'u.x': 1,
      'l[].q': 2,
      u: 1,
      'l[]': 1,
    });
  });

  it('inside kept or dropped values are not unlisted', () => {
    expect(
      unlisted({ a: 'copy', b: 'omit', c: 'capture', 'b.id': 'look' }, [
        '{"a":{"x":1},"b":{"x":1,"id":2},"c":[{"x":1}]}',
      ]),
    ).toEqual({});
  });

  it('with names that look like data are counted together', () => {
    expect(unlisted({ 'm.a': 'copy' }, ['{"m":{"13800138000":1,"a@b.cn":2,"note":3}}'])).toEqual({
      'm.*': 2,
      'm.note': 1,
    });
  });

  it('beyond the bound are counted together', () => {
    const names = Array.from(
      { length: 50 },
      (_, k) => `"${String.fromCharCode(97 + (k % 26))}${k < 26 ? 'x' : 'y'}":1`,
    );
    const counts = unlisted({}, [`{${names.join(',')}}`], 10);
    expect(Object.keys(counts).length).toBe(11);
    expect(counts['*']).toBe(40);
  });
});

describe('names that look like data', () => {
  it.each([
    '13800138000',
    'a@b.cn',
    '110101199003078515',
    'f47ac10b-58cc',
    '张三',
    '欧阳娜娜',
    '2024-01-02',
    '',
    'x'.repeat(49),
    'k1a2b3c4',
    '1a',
    'a\nb',
  ])('%j does', name => expect(looksLikeData(name)).toBe(true));

  it.each([
    'phone',
    'user_id',
    'createdAt',
    'addr1',
    'address2line3',
    '姓名',
    '手机号',
    '身份证号码',
    '订单编号',
    'First name',
    'x-trace-id',
  ])('%j does not', name => expect(looksLikeData(name)).toBe(false));
});
