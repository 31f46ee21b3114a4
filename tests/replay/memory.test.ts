import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runTypeScript } from '../testkit/program.js';
import { ReplayWorkspace } from '../testkit/replay.js';
import { PEOPLE_POLICY, peopleCsv } from './people.js';

const MIB = 1 << 20;
const SIZE = 320 * MIB;

let space: ReplayWorkspace;
beforeAll(async () => {
  space = await new ReplayWorkspace().makeKeys('people');
  // Long notes: what is measured is the way of bytes, not the speed of ciphers.
  space.write('policy.yaml', PEOPLE_POLICY);
  const [header = '', ...rows] = peopleCsv(40).split(/\n(?=user-|id,)/);
  const block = Buffer.from(`${rows.map(row => row.trimEnd().replace('likes', 'likes '.repeat(400))).join('\n')}\n`);
  const file = openSync(space.path('in.csv'), 'w');
  writeSync(file, `${header}\n`);
  const blocks = Buffer.concat(Array.from({ length: Math.ceil((8 * MIB) / block.length) }, () => block));
  for (let size = 0; size < SIZE; size += blocks.length) writeSync(file, blocks);
  closeSync(file);
});
afterAll(() => space.remove());

it('needs the memory of a batch, not of a file', { timeout: 180_000 }, async () => {
  const { size } = statSync(space.path('in.csv'));
  const args = [space.directory, String(50 * MIB)];
  const ended = await runTypeScript('tests/replay/memory-process.ts', args, { cwd: space.directory, input: '' });
  expect(ended).toMatchObject({ status: 0, stderr: '' });
  const { early, peak, records } = JSON.parse(ended.stdout) as Record<'early' | 'peak' | 'records', number>;
  expect(records).toBe(space.lines('out.csv').length - 1);
  expect(size).toBeGreaterThan(SIZE);
  expect(peak).toBeLessThan(size * 0.75);
  expect(peak - early, 'growth after the first 50 MiB').toBeLessThan(32 * MIB);
});
