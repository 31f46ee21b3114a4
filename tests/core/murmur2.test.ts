import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/core/bytes.js';
import { murmur2, partitionForKey } from '../../src/core/murmur2.js';
import { vectorPath } from '../testkit/vectors.js';

type Vectors = Readonly<Record<string, Readonly<Record<string, number>>>>;

describe('murmur2', () => {
  const vectors: Vectors = JSON.parse(readFileSync(vectorPath('kafka-murmur2', 'vectors.json'), 'utf8'));
  const compatible = Object.entries(vectors).filter(([name]) => !name.includes('NOT java compatible'));

  it('gives what the Java client gives', () => {
    const cases = compatible.flatMap(([, group]) => Object.entries(group));
    for (const [key, hash] of cases) expect(murmur2(utf8(key)), `key of ${key.length} characters`).toBe(hash);
    expect(cases).toHaveLength(23);
    process.stdout.write(`kafka-murmur2: ${cases.length} cases\n`);
  });

  it('places keys on partitions without a sign', () => {
    for (const [, group] of compatible) {
      for (const [key, hash] of Object.entries(group)) {
        const partition = partitionForKey(utf8(key), 7);
        expect(partition).toBe((hash & 0x7fffffff) % 7);
        expect(partition).toBeGreaterThanOrEqual(0);
      }
    }
    expect(partitionForKey(new Uint8Array(0), 1)).toBe(0);
  });
});
