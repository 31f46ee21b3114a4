import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, type JsonValue } from '../../src/core/canonical-json.js';
import { VeilError } from '../../src/core/errors.js';
import { vectorPath } from '../testkit/vectors.js';

describe('canonical JSON (RFC 8785)', () => {
  const pack = vectorPath('jcs', 'testdata');
  const names = readdirSync(join(pack, 'input')).filter(name => name.endsWith('.json'));

  it('has the six published cases', () => {
    expect(names).toHaveLength(6);
  });

  it.each(names)('%s', name => {
    const input: JsonValue = JSON.parse(readFileSync(join(pack, 'input', name), 'utf8'));
    const bytes = Buffer.from(canonicalJson(input), 'utf8');
    expect(bytes.toString('utf8')).toBe(readFileSync(join(pack, 'output', name), 'utf8'));
    const hex = readFileSync(join(pack, 'outhex', name.replace('.json', '.txt')), 'utf8').replace(/\s+/g, '');
    expect(bytes.toString('hex')).toBe(hex);
  });

  it('gives equal values equal texts, and its text means the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const json = value as JsonValue;
        const text = canonicalJson(json);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(json)));
        expect(canonicalJson(JSON.parse(text) as JsonValue)).toBe(text);
      }),
    );
  });

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], ['\ud800'], [{ a: '\udc00' }]])(
    'refuses what JSON cannot carry',
    value => {
      expect(() => canonicalJson(value)).toThrow(VeilError);
    },
  );
});
