import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kindNamed } from '../../src/kinds/index.js';
import { TRANSFORMS, transformNamed } from '../../transforms/index.js';

const FOLDER = join(import.meta.dirname, '../../transforms');
const filesOf = (folder: string): readonly string[] =>
  readdirSync(folder).flatMap(name => (name.endsWith('.ts') ? [name.slice(0, -3)] : []));

describe('the registry of transforms', () => {
  it('holds every file of the folder under its name, and every one has a test', () => {
    const files = filesOf(FOLDER).filter(name => name !== 'index');
    expect([...TRANSFORMS.keys()].sort()).toEqual([...files].sort());
    const tests = readdirSync(import.meta.dirname);
    expect(files.filter(name => !tests.includes(`${name}.test.ts`))).toEqual([]);
  });

  it.each([...TRANSFORMS])('%s has a complete spec', (name, { spec }) => {
    expect(spec.name).toBe(name);
    expect(transformNamed(name)?.spec).toBe(spec);
    for (const text of [spec.summary, spec.analystCan, spec.attackerLearns, spec.whenNotToUse])
      expect(text).not.toBe('');
    for (const kind of spec.kinds ?? []) expect(kindNamed(kind), kind).toBeDefined();
    expect(spec.keyed).toBe(spec.linking !== 'none');
    for (const parameter of Object.values(spec.parameters)) {
      expect(parameter.about).not.toBe('');
      if ('min' in parameter) expect(parameter.min).toBeLessThan(parameter.max);
      if ('unit' in parameter) expect(parameter.unit).not.toBe('');
    }
  });

  it('knows no other', () => {
    expect(transformNamed('rot13')).toBeUndefined();
  });
});
