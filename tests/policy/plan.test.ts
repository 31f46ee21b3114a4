import { describe, expect, it } from 'vitest';
import { compilePlan } from '../../src/policy/plan.js';
import { policyOf, policyText } from './policy-text.js';

const plan = (fields: string, header = '') => compilePlan(policyOf(policyText(fields, header)));
const scanOf = (fields: string, header = '') =>
  plan(fields, header).scan.rules.map(({ path, action, output, field }) => [path.text, action, output, field]);

describe('scan rules', () => {
  it('copies what is kept, captures what is changed, omits what is dropped', () => {
    expect(scanOf('  a: { do: keep, because: x }\n  b: { is: email, do: mask }\n  c: { do: drop }')).toEqual([
      ['a', 'copy', true, 0],
      ['b', 'capture', true, 1],
      ['c', 'omit', false, 2],
    ]);
  });

  it('captures a subject that nobody listed without writing it', () => {
    const compiled = plan('  a: { do: keep, because: x }', 'subject: user.id');
    expect(compiled.scan.rules.at(-1)).toMatchObject({
      path: { text: 'user.id' },
      action: 'capture',
      output: false,
      field: 1,
    });
    expect(compiled.subjectField).toBe(1);
    expect(compiled.rules.every((rule, index) => rule.field === index)).toBe(true);
  });

  it('captures a kept subject and key to write them as they are, and a dropped subject to read it only', () => {
    expect(scanOf('  a: { do: keep, because: x }', 'subject: a\nkey: a')).toEqual([['a', 'capture', true, 0]]);
    expect(scanOf('  a: { do: drop }', 'subject: a')).toEqual([['a', 'capture', false, 0]]);
  });

  it('leaves key and header rules to the envelope', () => {
    const compiled = plan(
      '  $key: { do: drop }\n  $headers.trace: { do: keep, because: x }'.replace('do: drop', 'do: hash'),
    );
    expect(compiled.scan.rules).toEqual([]);
    expect(compiled.keyRule?.path.text).toBe('$key');
    expect([...compiled.headerRules.keys()]).toEqual(['trace']);
  });

  it('faults on unlisted fields when the policy says so', () => {
    expect(plan('  a: { do: drop }').scan.unlisted).toBe('omit');
    expect(plan('  a: { do: drop }', 'unlisted: quarantine').scan.unlisted).toBe('fault');
  });
});

describe('key scopes', () => {
  const scopes = (fields: string, header = '') => plan(fields, header).rules.map(({ keyScope }) => keyScope);

  it('separates by policy and path unless a domain is named', () => {
    expect(
      scopes('  a: { is: email, do: hash }\n  b: { is: email, do: hash, domain: d }\n  c: { do: encrypt }'),
    ).toEqual([
      { domain: 'orders-analytics', transform: 'hash', kind: 'email', path: 'a' },
      { domain: 'd', transform: 'hash', kind: 'email', path: '' },
      { domain: 'orders-analytics', transform: 'encrypt', kind: '-', path: 'c' },
    ]);
  });

  it('joins pseudonyms of one kind and domain across paths, and never across kinds', () => {
    expect(
      scopes('  a: { is: email, do: pseudonymize, domain: d }\n  b: { is: phone, do: pseudonymize, domain: d }'),
    ).toEqual([
      { domain: 'd', transform: 'pseudonymize', kind: 'email', path: '' },
      { domain: 'd', transform: 'pseudonymize', kind: 'phone', path: '' },
    ]);
  });

  it('gives all dates of a subject one key, and unkeyed transforms none', () => {
    expect(
      scopes(
        '  s: { do: drop }\n  a: { is: birth-date, do: shift-date, maxDays: 90, domain: d }\n  b: { do: shift-date, maxDays: 90, domain: d }',
        'subject: s',
      ),
    ).toEqual([
      undefined,
      { domain: 'd', transform: 'shift-date', kind: '-', path: '' },
      { domain: 'd', transform: 'shift-date', kind: '-', path: '' },
    ]);
  });

  it('samples by the subject', () => {
    const compiled = plan('  s: { is: account-id, do: drop }', 'subject: s\nsample: { rate: 0.25, domain: cohort }');
    expect(compiled.sample).toMatchObject({
      field: 0,
      way: 'column',
      params: { rate: 0.25 },
      keyScope: { domain: 'cohort', transform: 'sample', kind: 'account-id', path: '' },
    });
  });
});

describe('sensitivity', () => {
  it.each([
    ['email', true],
    ['coordinate', true],
    ['birth-date', false],
  ])('%s', (kind, sensitive) => {
    expect(plan(`  a: { is: ${kind}, do: drop }`).sensitive).toBe(sensitive);
  });
});
