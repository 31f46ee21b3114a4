import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { KINDS } from '../../src/kinds/index.js';
import { policyJsonSchema } from '../../src/policy/json-schema.js';
import { policyReference } from '../../src/policy/reference.js';
import { COMMON_ENTRIES } from '../../src/policy/rule-shape.js';
import { TRANSFORMS } from '../../transforms/index.js';
import { policyText } from './policy-text.js';

const ROOT = resolve(import.meta.dirname, '../..');

describe('generated files', () => {
  it('veil.schema.json is what the source makes (npm run generate)', () => {
    expect(JSON.parse(readFileSync(join(ROOT, 'veil.schema.json'), 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(policyJsonSchema())),
    );
  });

  it('docs/policy-reference.md is what the source makes (npm run generate)', () => {
    expect(readFileSync(join(ROOT, 'docs/policy-reference.md'), 'utf8')).toBe(policyReference());
  });

  it('the reference names every transform, parameter and kind', () => {
    const page = policyReference();
    for (const { spec } of TRANSFORMS.values()) {
      expect(page).toContain(`### ${spec.name}\n`);
      for (const name of Object.keys(spec.parameters)) expect(page).toContain(`| \`${name}\` |`);
    }
    for (const name of KINDS.keys()) expect(page).toContain(`| \`${name}\` |`);
  });

  it('no transform calls a parameter like a common entry', () => {
    const names = [...TRANSFORMS.values()].flatMap(({ spec }) => Object.keys(spec.parameters));
    expect(names.filter(name => COMMON_ENTRIES.has(name))).toEqual([]);
  });
});

describe('veil.schema.json as an editor uses it', () => {
  const validate = new Ajv({ strict: false, allErrors: true }).compile(policyJsonSchema());
  const accepts = (text: string): boolean => validate(parse(text));

  it('accepts every policy of configs', () => {
    const files = readdirSync(join(ROOT, 'configs')).filter(
      name => name.endsWith('.yaml') && !name.endsWith('.test.yaml'),
    );
    expect(files.length).toBeGreaterThan(4);
    for (const file of files)
      expect([file, accepts(readFileSync(join(ROOT, 'configs', file), 'utf8'))]).toEqual([file, true]);
  });

  it.each([
    ['an unknown entry', policyText('  id: { do: drop }', 'colour: red')],
    ['an unknown transform', policyText('  id: { do: masK }')],
    ['an unknown kind', policyText('  id: { is: cn-moble, do: drop }')],
    ['an unknown parameter', policyText('  id: { is: email, do: mask, from: 3 }')],
    ['a parameter out of bounds', policyText('  id: { do: truncate, characters: 0 }')],
    ['a missing purpose', policyText('  id: { do: drop }').replace(/purpose: .*\n/, '')],
  ])('refuses %s', (_what, text) => {
    expect(accepts(text)).toBe(false);
  });
});
