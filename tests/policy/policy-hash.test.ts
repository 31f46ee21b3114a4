import { describe, expect, it } from 'vitest';
import { policyOf, policyText } from './policy-text.js';

const RULES = '  a: { is: email, do: hash }\n  b: { do: keep, because: x }';
const BASE = policyText(RULES);
const hash = (text: string, env = {}): string => policyOf(text, env).hash;

describe('the hash of a policy', () => {
  it('is SHA-256 in hex', () => {
    expect(hash(BASE)).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['a comment', `# hello\n${BASE}`],
    ['the order of rules', policyText(RULES.split('\n').reverse().join('\n'))],
    ['another spelling of a path', BASE.replace('  a:', '  \'"a"\':')],
    ['a default written out', policyText(RULES, 'unlisted: drop\nlineage: true')],
    ['a default of a rule written out', BASE.replace('do: hash', 'do: hash, onInvalid: quarantine')],
    ['a description', policyText(RULES, 'description: prose')],
    ['the test file', policyText(RULES, 'tests: ./t.yaml')],
    ['block style', BASE.replace('sink: { topic: orders.analytics }', 'sink:\n  topic: orders.analytics')],
  ])('does not change with %s', (_what, text) => {
    expect(hash(text)).toBe(hash(BASE));
  });

  it('does not change when a text comes from the environment', () => {
    expect(hash(BASE.replace('orders.raw', '"${T}"'), { T: 'orders.raw' })).toBe(hash(BASE));
  });

  it.each([
    ['the name', BASE.replace('name: orders-analytics', 'name: other')],
    ['the purpose', BASE.replace('order-analytics', 'other')],
    ['the source', BASE.replace('orders.raw', 'other')],
    ['the sink', BASE.replace('orders.analytics', 'other')],
    ['a transform', BASE.replace('do: hash', 'do: mask')],
    ['a kind', BASE.replace('is: email', 'is: phone')],
    ['a domain', BASE.replace('do: hash', 'do: hash, domain: d')],
    ['onInvalid', BASE.replace('do: hash', 'do: hash, onInvalid: redact')],
    ['a reason', BASE.replace('because: x', 'because: y')],
    ['unlisted', policyText(RULES, 'unlisted: quarantine')],
    ['lineage', policyText(RULES, 'lineage: false')],
    ['the subject', policyText(RULES, 'subject: s')],
    ['the retention', policyText(RULES, 'retention: { keep: 1d, then: delete }')],
    ['a rule more', policyText(`${RULES}\n  c: { do: drop }`)],
  ])('changes with %s', (_what, text) => {
    expect(hash(text)).not.toBe(hash(BASE));
  });
});
