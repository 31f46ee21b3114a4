import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { cachedKernel, compileKernel } from '../../../scripts/build-kernel.mjs';

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

it('two builds of the same sources are the same module, and the one that tests use', { timeout: 180_000 }, async () => {
  const built = digest(await compileKernel());
  expect(digest(await compileKernel())).toBe(built);
  expect(digest(readFileSync(await cachedKernel()))).toBe(built);
});
