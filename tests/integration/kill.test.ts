import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { sharedBroker } from '../testkit/broker.js';
import { freshRoute, produce, type ReadRecord, readAll, type TestRoute } from '../testkit/kafka.js';
import type { WorkerJob } from '../testkit/processor-worker.js';
import { startWorker } from '../testkit/worker.js';

let bootstrap: string;

beforeAll(async () => {
  bootstrap = await sharedBroker();
}, 120_000);

const RECORDS = 6_000;
const PARTITIONS = 3;
const KEYS = 37;

/** Numbered records; every tenth is one that goes to quarantine. Record i of a key stands before record i + KEYS. */
function numbered(): { value: string; key: string; partition: number }[] {
  return Array.from({ length: RECORDS }, (_, i) => ({
    value: `${i % 10 === 9 ? 'bad' : 'v'}${i}`,
    key: `k${i % KEYS}`,
    partition: (i % KEYS) % PARTITIONS,
  }));
}

function slowJob(route: TestRoute, instanceId: string, settings: WorkerJob['settings'] = {}, batchMs = 15): WorkerJob {
  return { ...route, instanceId, batchMs, settings: { batchRecords: 50, commitIntervalMs: 40, ...settings } };
}

const sourceOf = ({ headers }: ReadRecord) => headers.find(([name]) => name === 'veil-source')?.[1];

/** Exactly one visible outcome for each source record, with the right value, and the order of each key. */
async function expectExactlyOnce(route: TestRoute): Promise<void> {
  const [source, out, quarantined] = await Promise.all(
    [route.source, route.sink, route.quarantine].map(topic => readAll(bootstrap, topic)),
  );
  const expected = new Map(
    source?.map(({ partition, offset, text }) => [`${route.source}/${partition}/${offset}`, text]),
  );
  expect(expected.size).toBe(RECORDS);
  const outcomes = [...(out ?? []), ...(quarantined ?? [])];
  expect(new Set(outcomes.map(sourceOf))).toEqual(new Set(expected.keys()));
  expect(outcomes).toHaveLength(RECORDS);
  for (const record of out ?? []) expect(record.text).toBe(expected.get(sourceOf(record) ?? '')?.toUpperCase());
  expect(quarantined).toHaveLength(RECORDS / 10);
  const last = new Map<string | null, number>();
  for (const { key, text } of out ?? []) {
    const number = Number(text?.slice(1));
    expect(number).toBeGreaterThan(last.get(key) ?? -1);
    last.set(key, number);
  }
}

describe('processes that die', () => {
  test('killed without warning at random moments: nothing lost, nothing twice, order kept', {
    timeout: 90_000,
  }, async () => {
    const route = await freshRoute(bootstrap, PARTITIONS);
    await produce(bootstrap, route.source, numbered());
    for (let kills = 0; kills < 12; kills++) {
      const worker = startWorker(slowJob(route, 'killed-1'));
      await worker.said('partitions-assigned');
      await sleep(Math.random() * 120);
      worker.signal('SIGKILL');
      expect(await worker.ended).toBe(null);
    }
    const halfway = (await readAll(bootstrap, route.sink)).length;
    expect(halfway).toBeLessThan(RECORDS * 0.9);
    expect(await startWorker(slowJob(route, 'killed-1')).ended).toBe(0);
    await expectExactlyOnce(route);
  });

  test('two instances, one killed and back: partitions move, nothing lost, nothing twice', {
    timeout: 90_000,
  }, async () => {
    const route = await freshRoute(bootstrap, PARTITIONS);
    await produce(bootstrap, route.source, numbered());
    // Slow enough that there is work left for the second one, however long it takes to start.
    const first = startWorker(slowJob(route, 'pair-1', {}, 100));
    await first.said('partitions-assigned');
    const second = startWorker(slowJob(route, 'pair-2', {}, 100));
    await first.said('partitions-revoked');
    await second.said('partitions-assigned');
    second.signal('SIGKILL');
    await second.ended;
    const again = startWorker(slowJob(route, 'pair-2'));
    expect(await Promise.all([first.ended, again.ended])).toEqual([0, 0]);
    await expectExactlyOnce(route);
  });

  test('SIGTERM ends within ten seconds, commits what was done, and the next run goes on', {
    timeout: 90_000,
  }, async () => {
    const route = await freshRoute(bootstrap, PARTITIONS);
    await produce(bootstrap, route.source, numbered());
    const worker = startWorker(slowJob(route, 'ended-1', { commitIntervalMs: 60_000, untilDrained: false }));
    await worker.said('partitions-assigned');
    await sleep(300);
    worker.signal('SIGTERM');
    const tooLate = setTimeout(() => worker.signal('SIGKILL'), 10_000);
    expect(await worker.ended).toBe(0);
    clearTimeout(tooLate);
    const done = (await readAll(bootstrap, route.sink)).length;
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(RECORDS * 0.9);
    expect(await startWorker(slowJob(route, 'ended-1')).ended).toBe(0);
    await expectExactlyOnce(route);
  });

  test('a second process with the same instance id takes over; the first stops with a safety code', {
    timeout: 90_000,
  }, async () => {
    const route = await freshRoute(bootstrap, PARTITIONS);
    await produce(bootstrap, route.source, numbered());
    const first = startWorker(slowJob(route, 'twin-1'));
    await first.said('partitions-assigned');
    const second = startWorker(slowJob(route, 'twin-1'));
    expect(await first.ended).toBe(1);
    expect(await second.ended).toBe(0);
    await expectExactlyOnce(route);
  });
});
