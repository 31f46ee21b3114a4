import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../scripts/broker-jars.js';

const WITHIN_MS = 300_000;

/** Runs a built program as the two commands do, without a terminal and without standard input, and returns what it printed. */
async function built(file: string, ...args: readonly string[]): Promise<string> {
  const path = join(projectRoot(), 'dist', file);
  if (!existsSync(path)) throw new Error('NOT PROVEN: run `npm run build` first');
  const run = promisify(execFile)(process.execPath, [path, ...args], { cwd: projectRoot(), maxBuffer: 64 << 20 });
  run.child.stdin?.end();
  return (await run).stdout;
}

describe('npm run demo', () => {
  it('shows 100,000 orders by topic and by CSV with equal pseudonyms and an equal join', {
    timeout: WITHIN_MS,
  }, async () => {
    const printed = await built('scripts/demo.js');
    for (const field of ['user.id', 'user.mobile', 'user.email']) {
      expect(printed).toContain(`${field}: equal in 100,000 of 100,000 orders`);
    }
    const join = /join payments on user\.id: ([\d,]+) rows on the originals, ([\d,]+) on the pseudonyms/.exec(printed);
    expect(join?.[1]).toBe(join?.[2]);
    expect(printed).toContain('100,025 records: 100,000 forwarded, 0 dropped, 25 quarantined');
    const stream = readFileSync('.veil-demo/orders.analytics.jsonl', 'utf8');
    const original = readFileSync('.veil-demo/orders.whole.jsonl', 'utf8').slice(0, 100_000);
    for (const [, id] of original.matchAll(/"id_card":"([^"]+)"/g)) expect(stream).not.toContain(id);
  });
});

describe('npm run bench', () => {
  it('does the same work in every job of every question', { timeout: WITHIN_MS }, async () => {
    const printed = await built('bench/main.js', '--short');
    expect(printed).toContain('## In one process');
    expect(printed).toContain('## Broker to broker, exactly once');
    expect(printed).toContain('Kafka Streams, exactly_once_v2');
  });
});
