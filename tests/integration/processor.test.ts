import { beforeAll, describe, expect, test } from 'vitest';
import { openKafkaAdmin } from '../../src/adapters/kafkajs-admin.js';
import { utf8 } from '../../src/core/bytes.js';
import { partitionForKey } from '../../src/core/murmur2.js';
import { sharedBroker } from '../testkit/broker.js';
import { deploymentOf, freshRoute, produce, readAll, type TestRoute } from '../testkit/kafka.js';
import { processorOf, type TestJob, UPPER_CASE } from '../testkit/processor.js';

let bootstrap: string;

beforeAll(async () => {
  bootstrap = await sharedBroker();
}, 120_000);

async function runDrained(job: TestJob): Promise<Awaited<ReturnType<typeof processorOf>>> {
  const processor = await processorOf(job);
  await processor.run(new AbortController().signal);
  return processor;
}

describe('one policy on a real broker', { timeout: 90_000 }, () => {
  test('every record has its outcome once: output, quarantine, or nothing', async () => {
    const route = await freshRoute(bootstrap, 3);
    const kinds = ['good', 'bad', 'drop'] as const;
    const records = Array.from({ length: 3_000 }, (_, i) => ({
      value: `${kinds[i % 3]} ${i}`,
      key: `k${i % 50}`,
      partition: i % 3,
    }));
    await produce(bootstrap, route.source, records);
    const processor = await runDrained({ ...route, settings: { batchRecords: 100, commitIntervalMs: 20 } });
    expect(processor.counts).toEqual({ forward: 1_000, quarantine: 1_000, drop: 1_000 });
    const out = await readAll(bootstrap, route.sink);
    expect(out.map(({ text }) => text).sort()).toEqual(
      records
        .filter(({ value }) => value.startsWith('good'))
        .map(({ value }) => value.toUpperCase())
        .sort(),
    );
    const quarantined = await readAll(bootstrap, route.quarantine);
    expect(new Set(quarantined.map(({ headers }) => headers[2]?.[1])).size).toBe(1_000);
    expect(await readAll(bootstrap, route.source)).toHaveLength(3_000);
  });

  test('keys, timestamps, kept headers and tombstones go over; other headers do not; lineage is added', async () => {
    const route = await freshRoute(bootstrap, 2);
    const headers = [{ kept: 'one' }, { secret: 'x' }, { kept: '二' }, { kept: '' }];
    await produce(bootstrap, route.source, [
      { value: 'first', key: 'a', partition: 1, timestamp: 1_600_000_000_123, headers },
      { value: null, key: 'b', partition: 1, timestamp: 1_500_000_000_000 },
      { value: '', key: '', partition: 1, timestamp: 1_400_000_000_000 },
      { value: 'no key', key: null, partition: 0, timestamp: 1_300_000_000_000 },
    ]);
    await runDrained(route);
    const out = await readAll(bootstrap, route.sink);
    const byLineage = new Map(out.map(record => [record.headers.at(-1)?.[1], record]));
    const at = (offset: number, partition = 1) => byLineage.get(`${route.source}/${partition}/${offset}`);
    expect(at(0)).toMatchObject({ key: 'a', text: 'FIRST', timestamp: 1_600_000_000_123 });
    expect(at(0)?.headers).toEqual([
      ['kept', 'one'],
      ['kept', '二'],
      ['kept', ''],
      ['veil-source', `${route.source}/1/0`],
    ]);
    expect(at(1)).toMatchObject({ key: 'b', value: null, text: null, timestamp: 1_500_000_000_000 });
    expect(at(2)).toMatchObject({ key: '', text: '', timestamp: 1_400_000_000_000 });
    expect(at(0, 0)).toMatchObject({ key: null, text: 'NO KEY', partition: 0, timestamp: 1_300_000_000_000 });
  });

  test('lineage can be turned off', async () => {
    const route = await freshRoute(bootstrap, 1);
    await produce(bootstrap, route.source, [{ value: 'x', key: 'a' }]);
    await runDrained({ ...route, lineage: false });
    expect((await readAll(bootstrap, route.sink)).map(({ headers }) => headers)).toEqual([[]]);
  });

  test('partitions are those of the Java client, and the order of each key is kept', async () => {
    const route = await freshRoute(bootstrap, 5);
    const records = Array.from({ length: 2_000 }, (_, i) => ({
      value: `v${i}`,
      key: `客户-${i % 97}`,
      partition: (i % 97) % 5,
    }));
    await produce(bootstrap, route.source, records);
    await runDrained({ ...route, settings: { batchRecords: 64, commitIntervalMs: 10 } });
    const out = await readAll(bootstrap, route.sink);
    for (const { key, partition } of out) expect(partition).toBe(partitionForKey(utf8(key ?? ''), 5));
    for (let k = 0; k < 97; k++) {
      const key = `客户-${k}`;
      const numbers = out.filter(record => record.key === key).map(({ text }) => Number(text?.slice(1)));
      expect(numbers).toEqual(records.flatMap((record, i) => (record.key === key ? [i] : [])));
    }
  });

  test('"partition: same" keeps the partition and the order inside it', async () => {
    const route = await freshRoute(bootstrap, 3);
    await produce(
      bootstrap,
      route.source,
      Array.from({ length: 300 }, (_, i) => ({ value: `v${i}`, key: `k${i}`, partition: i % 3 })),
    );
    await runDrained({ ...route, partition: 'same' });
    const out = await readAll(bootstrap, route.sink);
    for (let p = 0; p < 3; p++) {
      const texts = out.filter(({ partition }) => partition === p).map(({ text }) => text);
      expect(texts).toEqual(Array.from({ length: 100 }, (_, i) => `V${3 * i + p}`));
    }
  });

  test('a quarantined record carries code, path, source and policy, and no key', async () => {
    const route = await freshRoute(bootstrap, 2);
    await produce(bootstrap, route.source, [
      { value: 'bad one', key: '13800138000', partition: 1, timestamp: 1_700_000_000_000 },
    ]);
    await runDrained(route);
    const [record] = await readAll(bootstrap, route.quarantine);
    expect(record).toMatchObject({ key: null, text: 'sealed', timestamp: 1_700_000_000_000 });
    expect(record?.headers).toEqual([
      ['veil-code', 'JSON_SYNTAX'],
      ['veil-path', 'user.name'],
      ['veil-source', `${route.source}/1/0`],
      ['veil-policy', `${route.policy}@c0ffee`],
    ]);
    expect(await readAll(bootstrap, route.sink)).toEqual([]);
  });

  test('an output that the sink would not take goes to quarantine, and the rest goes on', async () => {
    const route = await freshRoute(bootstrap, 1);
    await produce(bootstrap, route.source, [{ value: 'small' }, { value: 'x'.repeat(2_000) }, { value: 'small too' }]);
    await runDrained({ ...route, sinkMaxBytes: 1_000 });
    expect((await readAll(bootstrap, route.sink)).map(({ text }) => text)).toEqual(['SMALL', 'SMALL TOO']);
    const [refused] = await readAll(bootstrap, route.quarantine);
    expect(refused?.headers[0]).toEqual(['veil-code', 'OUTPUT_TOO_LARGE']);
  });

  test('a second run reads nothing again; a third reads only what came in between', async () => {
    const route = await freshRoute(bootstrap, 2);
    await produce(
      bootstrap,
      route.source,
      Array.from({ length: 100 }, (_, i) => ({ value: `a${i}`, key: `k${i}`, partition: i % 2 })),
    );
    await runDrained(route);
    expect((await runDrained(route)).counts.forward).toBe(0);
    await produce(bootstrap, route.source, [{ value: 'new', key: 'k', partition: 0 }]);
    expect((await runDrained(route)).counts.forward).toBe(1);
    expect(await readAll(bootstrap, route.sink)).toHaveLength(101);
  });

  test('two policies read one topic in one process, each with its own outputs', async () => {
    const first = await freshRoute(bootstrap, 2);
    const second: TestRoute = { ...(await freshRoute(bootstrap, 2)), source: first.source };
    await produce(
      bootstrap,
      first.source,
      Array.from({ length: 500 }, (_, i) => ({ value: `v${i}`, key: `k${i}`, partition: i % 2 })),
    );
    await Promise.all([runDrained(first), runDrained(second)]);
    expect(await readAll(bootstrap, first.sink)).toHaveLength(500);
    expect(await readAll(bootstrap, second.sink)).toHaveLength(500);
  });

  test('an empty topic is drained at once', async () => {
    const processor = await runDrained(await freshRoute(bootstrap, 2));
    expect(processor.counts).toEqual({ forward: 0, drop: 0, quarantine: 0 });
  });

  test('the output of this processor is a source like any other: aborted records and markers are passed over', async () => {
    const first = await freshRoute(bootstrap, 1);
    await produce(
      bootstrap,
      first.source,
      Array.from({ length: 50 }, (_, i) => ({ value: `v${i}`, key: 'k' })),
    );
    let calls = 0;
    const flaky = {
      ...UPPER_CASE,
      process: (records: Parameters<typeof UPPER_CASE.process>[0]) => {
        if (++calls === 3) throw new (class extends Error {})();
        return UPPER_CASE.process(records);
      },
    };
    const broken = await processorOf({ ...first, settings: { batchRecords: 10, commitIntervalMs: 60_000 } }, flaky);
    await expect(broken.run(new AbortController().signal)).rejects.toMatchObject({ code: 'INTERNAL' });
    await runDrained({ ...first, settings: { batchRecords: 10, commitIntervalMs: 1 } });
    const second = { ...(await freshRoute(bootstrap, 1)), source: first.sink };
    await runDrained(second);
    expect((await readAll(bootstrap, second.sink)).map(({ text }) => text)).toEqual(
      Array.from({ length: 50 }, (_, i) => `V${i}`),
    );
    expect((await runDrained(second)).counts.forward).toBe(0);
  });

  test('a partition whose next record was deleted stops the run', async () => {
    const route = await freshRoute(bootstrap, 1);
    await produce(
      bootstrap,
      route.source,
      Array.from({ length: 10 }, (_, i) => ({ value: `v${i}` })),
    );
    await runDrained(route);
    await produce(
      bootstrap,
      route.source,
      Array.from({ length: 10 }, (_, i) => ({ value: `w${i}` })),
    );
    const admin = await openKafkaAdmin(deploymentOf(bootstrap));
    await admin.deleteRecords(route.source, [{ partition: 0, offset: 15 }]);
    await admin.close();
    await expect(runDrained(route)).rejects.toMatchObject({ code: 'OFFSET_LOST', exitStatus: 4 });
    expect(await readAll(bootstrap, route.sink)).toHaveLength(10);
  });
});
