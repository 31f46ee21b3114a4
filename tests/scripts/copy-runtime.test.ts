import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../scripts/broker-jars.js';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veil-runtime-'));
  execFileSync(process.execPath, ['scripts/copy-runtime.mjs', folder], { cwd: projectRoot() });
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const inside = (...args: readonly string[]): string =>
  execFileSync(process.execPath, [...args], { cwd: folder, encoding: 'utf8' });

function bytesBelow(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesBelow(join(path, name)), 0);
}

describe('what the container image holds', () => {
  it('runs', () => {
    expect(inside('dist/src/cli/main.js', '--help')).toContain('replay');
    const policy = join(folder, 'configs/order-events.yaml');
    expect(JSON.parse(inside('dist/src/cli/main.js', 'lint', policy, '--json'))).toEqual([]);
  });

  it('loads both native packages, librdkafka with every feature', () => {
    const program = "new (require('better-sqlite3'))(':memory:'); console.log(require('node-rdkafka').features.join())";
    expect(inside('-e', program)).toMatch(/(?=.*zstd)(?=.*sasl_oauthbearer)(?=.*ssl)/);
  });

  it('holds no build trees, no development packages and nothing that reveals', () => {
    expect(bytesBelow(join(folder, 'node_modules'))).toBeLessThan(100 << 20);
    expect(existsSync(join(folder, 'node_modules/typescript'))).toBe(false);
    expect(existsSync(join(folder, 'dist/src/desk'))).toBe(false);
    const names = readdirSync(join(folder, 'dist'), { recursive: true }).map(String);
    expect(names.filter(name => name.includes('dangerous-'))).toEqual([]);
  });
});
