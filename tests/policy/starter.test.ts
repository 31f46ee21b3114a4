import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/core/bytes.js';
import { KINDS } from '../../src/kinds/index.js';
import { loadPolicy } from '../../src/policy/load.js';
import { starterPolicy, suggestedRule } from '../../src/policy/starter.js';
import { policyOf, policyText } from './policy-text.js';

const CSV = `﻿user id;手机号;email;生日;note;a.b;"x;y"
u-1;13800138000;zhang.san@example.com;1990-05-17;"likes; tea";1;p
u-2;13900139000;li.si@example.com;1985-01-02;;2;q
`;
const JSONL = `{"id":"u-1","user":{"name":"张三丰","mobile":"13800138000"},"items":[{"sku":"s-1"},{"sku":"s-2"}],"by_phone":{"13800138000":1}}
{"id":"u-2","user":{"name":"李雷","email":"li.lei@example.com"},"ok":true}
`;

describe('a starter policy', () => {
  it.each([
    ['customers.csv', CSV, ['"user id"', '手机号', 'email', '生日', 'note', 'a.b', '"x;y"']],
    ['events.jsonl', JSONL, ['id', 'user.name', 'user.mobile', 'items[].sku', 'by_phone.*', 'user.email', 'ok']],
  ])('of %s lists every field, drops all of them, and lints clean', (name, sample, paths) => {
    const { text, fields } = starterPolicy(`/data/${name}`, utf8(sample));
    const { policy, diagnostics } = loadPolicy('p.yaml', utf8(text), {});
    expect(diagnostics).toEqual([]);
    expect(policy?.rules.map(rule => rule.path.text)).toEqual(paths);
    expect(policy?.rules.every(rule => rule.do === 'drop')).toBe(true);
    expect(fields).toBe(paths.length);
    expect(policy?.unlisted).toBe('drop');
  });

  it('guesses kinds and says what it rests on, in a comment', () => {
    const { text } = starterPolicy('customers.csv', utf8(CSV));
    expect(text).toContain('delimiter: ";"');
    expect(text).toMatch(
      /by its name and values; consider \{ is: cn-mobile, do: pseudonymize.*\n {2}手机号: \{ is: cn-mobile, do: drop \}/,
    );
    expect(text).toContain('email: { is: email, do: drop }');
  });

  it('holds no value of the sample', () => {
    for (const [name, sample] of [
      ['customers.csv', CSV],
      ['events.jsonl', JSONL],
    ] as const) {
      const { text } = starterPolicy(name, utf8(sample));
      for (const value of ['u-1', '13800138000', '13900139000', 'zhang.san', '1990-05-17', '张三丰', '李雷', 'tea'])
        expect(text).not.toContain(value);
    }
  });

  it.each([...KINDS.keys()])('suggests a rule for %s that lints without errors', kind => {
    const policy = policyOf(policyText(`  f: { ${suggestedRule(kind)} }`));
    expect(policy.rules[0]?.is).toBe(kind);
  });

  it('never suggests pseudonyms for quantities: they would link people by what they pay or weigh', () => {
    expect(suggestedRule('number')).not.toContain('pseudonymize');
  });

  it.each([
    ['an empty file', 'a.csv', ''],
    ['text that is not JSON', 'a.jsonl', 'hello\n'],
  ])('refuses %s', (_what, name, sample) => {
    expect(() => starterPolicy(name, utf8(sample))).toThrow('SCHEMA_MISMATCH');
  });
});
