import { describe, expect, it } from 'vitest';
import { testWithPipeline } from '../../src/cli/test.js';
import { textOf, utf8 } from '../../src/core/bytes.js';
import type { Outcome, SourceRecord } from '../../src/core/outcome.js';
import { loadTests, type PolicyTest } from '../../src/policy/test-file.js';
import { runTests } from '../../src/policy/test-runner.js';
import { policyOf, policyText } from './policy-text.js';

const POLICY = policyOf(
  policyText(
    '  id: { is: account-id, do: pseudonymize, domain: d }\n  name: { is: person-name, do: mask }\n  n: { do: keep, because: x }',
  ),
);

const testsOf = (yaml: string): readonly PolicyTest[] => {
  const { tests, diagnostics } = loadTests('t.yaml', utf8(yaml));
  if (tests === undefined)
    throw new Error(diagnostics.map(d => `${d.line}:${d.col} ${d.code} ${d.message}`).join('\n'));
  return tests;
};
const differences = async (yaml: string): Promise<string[]> =>
  (await testWithPipeline(POLICY, testsOf(yaml))).flatMap(result => [...result.differences]);
const one = (expectation: string): string =>
  `tests:\n  - name: one\n    record: { id: user-1001, name: 张三, n: 7, extra: x }\n    expect: ${expectation}`;

describe('a passing test', () => {
  it.each([
    '{ fields: { id: token, name: 张*, n: 7 } }',
    '{ fields: { id: { matches: "^p1-" }, name: { equals: 张* }, n: { equals: 7 }, extra: absent } }',
    '{ fields: { id: token }, others: allowed }',
    '{ fields: { id: { differs from: name }, name: { same as: name }, n: 7 } }',
    '{}',
  ])('%s', async expectation => {
    expect(await differences(one(expectation))).toEqual([]);
  });
});

describe('a failing test says what differs', () => {
  it.each([
    ['{ fields: { id: token, name: 张三, n: 7 } }', 'name: expected string 张三, got "张*"'],
    ['{ fields: { id: token, name: token, n: 7 } }', 'name: expected a token, got "张*"'],
    ['{ fields: { id: token, name: 张*, n: "7" } }', 'n: expected string 7, got 7'],
    ['{ fields: { id: token, name: 张* } }', 'n: expected nothing (not listed), got a value'],
    ['{ fields: { id: token, name: 张*, n: 7, extra: x } }', 'extra: expected a value, got nothing'],
    ['{ fields: { id: token, name: absent, n: 7 } }', 'name: expected nothing, got "张*"'],
    ['{ fields: { id: token, name: { matches: ^x }, n: 7 } }', 'name: expected to match ^x, got "张*"'],
    [
      '{ fields: { id: token, name: { differs from: name }, n: 7 } }',
      'name: expected to differ from name, got the same',
    ],
    ['{ fields: { id: token, name: { same as: gone }, n: 7 } }', 'name: refers to gone, which has no output'],
    ['{ outcome: drop }', 'outcome: expected drop, got forward'],
  ])('%s', async (expectation, difference) => {
    expect(await differences(one(expectation))).toEqual([difference]);
  });

  it('compares code and path of a refusal', async () => {
    const refused = (expectation: string): string =>
      `tests:\n  - name: one\n    record: { id: user-1001, name: "" }\n    expect: { outcome: quarantine, ${expectation} }`;
    expect(await differences(refused('code: VALUE_EMPTY, path: name'))).toEqual([]);
    expect(await differences(refused('code: VALUE_TYPE, path: id'))).toEqual([
      'code: expected VALUE_TYPE, got VALUE_EMPTY',
      'path: expected id, got name',
    ]);
  });
});

describe('not_contains_input', () => {
  const leaky = async (records: SourceRecord[]): Promise<Outcome[]> =>
    records.map(({ value }) => ({
      kind: 'forward',
      key: null,
      value: utf8(`{"n":"see ${textOf(value ?? utf8('')).slice(7, 16)}"}`),
      headers: [],
      timestamp: 0,
    }));

  it('finds a direct identifier anywhere in the output, without repeating it', async () => {
    const [result] = await runTests(POLICY, testsOf(one('{}')), leaky);
    expect(result).toMatchObject({ passed: false, differences: ['n: holds the input of id'] });
  });

  it('can be turned off for one test', async () => {
    const [result] = await runTests(POLICY, testsOf(one('{ not_contains_input: false }')), leaky);
    expect(result?.passed).toBe(true);
  });
});

describe('findings of test files', () => {
  const found = (yaml: string): string[] =>
    loadTests('t.yaml', utf8(yaml)).diagnostics.map(d => `${d.line}:${d.col} ${d.code}`);

  it.each<[string, string, string[]]>([
    ['no tests', 'tests: []', ['1:8 POLICY_BOUNDS']],
    ['an unknown entry', 'tests:\n  - { name: a, recrd: {}, expect: {} }', ['2:16 POLICY_UNKNOWN_WORD']],
    ['no record', 'tests:\n  - { name: a, expect: {} }', ['2:5 CONFIG_CONFLICT']],
    ['two records', 'tests:\n  - { name: a, record: {}, value: "{}", expect: {} }', ['2:5 CONFIG_CONFLICT']],
    [
      'an unknown code',
      'tests:\n  - { name: a, record: {}, expect: { code: VALUE_INVALD } }',
      ['2:44 POLICY_UNKNOWN_WORD'],
    ],
    ['a bad path', 'tests:\n  - { name: a, record: {}, expect: { fields: { a..b: 1 } } }', ['2:48 PATH_SYNTAX']],
    [
      'a bad pattern',
      'tests:\n  - { name: a, record: {}, expect: { fields: { a: { matches: "(" } } } }',
      ['2:62 POLICY_BOUNDS'],
    ],
    [
      'a number that loses digits',
      'tests:\n  - { name: a, record: { id: 123456789012345678 }, expect: {} }',
      ['2:30 POLICY_NUMERIC_SCALAR'],
    ],
    [
      'two tests of one name',
      'tests:\n  - { name: a, record: {}, expect: {} }\n  - { name: a, record: {}, expect: {} }',
      ['1:1 POLICY_DUPLICATE_KEY'],
    ],
  ])('%s', (_what, yaml, expected) => {
    expect(found(yaml)).toEqual(expected);
  });
});
