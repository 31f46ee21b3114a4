import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VeilError } from '../../src/core/errors.js';
import { NO_METRICS, SILENT_LOG } from '../../src/core/ports.js';
import { KafkaProcessor } from '../../src/pipeline/kafka-processor.js';
import {
  PROCESSOR_DEFAULTS,
  type ProcessorSettings,
  type RecordProcessor,
} from '../../src/pipeline/processor-parts.js';
import { FakeConsumer, FakeKafka, type Fault } from '../testkit/fake-kafka.js';
import { COPY } from '../testkit/processor.js';

const TOPIC = 'source';
const ROUTE = {
  sink: 'sink',
  sinkPartitions: 4,
  sinkMaxBytes: 10_000,
  quarantine: 'quarantine',
  quarantinePartitions: 1,
  quarantineMaxBytes: 10_000,
  partition: 'same',
  lineage: true,
  policy: 'orders',
  policyHash: 'c0ffee',
  headerValues: 'bytes',
} as const;

interface Bench {
  readonly kafka: FakeKafka;
  readonly consumer: FakeConsumer;
  readonly processor: KafkaProcessor;
  readonly stop: AbortController;
  readonly clock: { now(): number; offset: number };
}

function bench(kafka: FakeKafka, settings: Partial<ProcessorSettings> = {}, records: RecordProcessor = COPY): Bench {
  const consumer = new FakeConsumer(kafka, TOPIC);
  const clock = { offset: 0, now: () => Date.now() + clock.offset };
  const fast = {
    batchRecords: 7,
    commitIntervalMs: 0,
    retryFirstMs: 1,
    retryLongestMs: 4,
    finishMs: 500,
    untilDrained: true,
  };
  const processor = new KafkaProcessor({
    settings: { ...PROCESSOR_DEFAULTS, policy: 'orders', source: TOPIC, route: ROUTE, ...fast, ...settings },
    consumer,
    producer: () => kafka.producer(),
    records,
    clock,
    log: SILENT_LOG,
    metrics: NO_METRICS,
  });
  return { kafka, consumer, processor, stop: new AbortController(), clock };
}

/** Every source record visible exactly once, in order inside its partition. */
function expectExactlyOnce(kafka: FakeKafka): void {
  for (const [partition, records] of kafka.source.entries()) {
    const seen = kafka.visible
      .filter(record => record.partition === partition)
      .map(({ value }) => Buffer.from(value ?? []).toString());
    expect(seen).toEqual(records.map((_, offset) => `${partition}/${offset}`));
    expect(kafka.offsets.get(partition) ?? 0).toBe(records.length);
  }
}

const fault = (point: Fault['point'], code: Fault['code'], skip = 0): Fault => ({ point, code, skip });

describe('failures that pass', () => {
  it.each([
    ['a commit that did not happen', fault('commit-lost', 'TXN_UNKNOWN')],
    ['a commit that happened, with a lost answer', fault('commit-unknown', 'TXN_UNKNOWN', 1)],
    ['an abortable commit', fault('commit-lost', 'TXN_ABORTABLE', 1)],
    ['an abortable record', fault('send', 'TXN_ABORTABLE', 9)],
    ['offsets that were refused', fault('offsets', 'TXN_ABORTABLE')],
    ['a begin in doubt', fault('begin', 'TXN_UNKNOWN', 1)],
    ['a poll that failed', fault('poll', 'BROKER_DOWN', 2)],
  ])('%s: every record once, in order', async (_name, planned) => {
    const { kafka, processor, stop } = bench(new FakeKafka(TOPIC, 2, 40));
    kafka.plan(planned);
    await processor.run(stop.signal);
    expectExactlyOnce(kafka);
  });

  it('any sequence of failures: every record once, in order', async () => {
    const failure = fc.oneof(
      fc.record({
        point: fc.constantFrom('begin', 'send', 'offsets', 'commit-lost', 'commit-unknown', 'abort'),
        code: fc.constantFrom('TXN_UNKNOWN', 'TXN_ABORTABLE'),
        skip: fc.nat(6),
      }),
      fc.record({
        point: fc.constantFrom('poll', 'committed', 'seek'),
        code: fc.constant('BROKER_DOWN'),
        skip: fc.nat(6),
      }),
    ) as fc.Arbitrary<Fault>;
    // An abort that fails, or a commit that happened, leaves doubt: the port never calls that abortable.
    const honest = failure.map(
      (one): Fault => (one.point === 'commit-unknown' || one.point === 'abort' ? { ...one, code: 'TXN_UNKNOWN' } : one),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(honest, { maxLength: 12 }), async faults => {
        const { kafka, processor, stop } = bench(new FakeKafka(TOPIC, 3, 20));
        kafka.plan(...faults);
        await processor.run(stop.signal);
        expectExactlyOnce(kafka);
      }),
      { numRuns: 40 },
    );
  });

  it('an abortable failure keeps the producer; doubt replaces it', async () => {
    const { kafka, processor, stop } = bench(new FakeKafka(TOPIC, 1, 20));
    kafka.plan(fault('commit-lost', 'TXN_ABORTABLE'));
    await processor.run(stop.signal);
    expect(kafka.trace.filter(word => word === 'open')).toHaveLength(1);
    expect(kafka.trace).toContain('abort');
    const doubtful = bench(new FakeKafka(TOPIC, 1, 20));
    doubtful.kafka.plan(fault('commit-lost', 'TXN_UNKNOWN'));
    await doubtful.processor.run(doubtful.stop.signal);
    expect(doubtful.kafka.trace.filter(word => word === 'open')).toHaveLength(2);
    expect(doubtful.kafka.trace).not.toContain('abort');
  });

  it('a key store that is away: partitions pause, polls go on, and nothing is lost', async () => {
    let away = 3;
    const records: RecordProcessor = {
      ...COPY,
      process(batch) {
        if (away-- > 0) throw new VeilError('KEY_PROVIDER_DOWN');
        return COPY.process(batch);
      },
    };
    const { kafka, consumer, processor, stop } = bench(new FakeKafka(TOPIC, 2, 30), {}, records);
    let polledWhilePaused = 0;
    consumer.onPoll = () => {
      if (consumer.paused.size > 0) polledWhilePaused++;
    };
    await processor.run(stop.signal);
    expectExactlyOnce(kafka);
    expect(polledWhilePaused).toBeGreaterThanOrEqual(3);
  });
});

describe('failures that do not pass', () => {
  it('a fenced producer stops the run with exit status 4', async () => {
    const { kafka, processor, stop } = bench(new FakeKafka(TOPIC, 1, 50));
    kafka.plan(fault('commit-lost', 'TXN_FENCED', 1));
    await expect(processor.run(stop.signal)).rejects.toMatchObject({ code: 'TXN_FENCED', exitStatus: 4 });
    expect(kafka.trace.filter(word => word === 'open')).toHaveLength(1);
  });

  it('another process with the same id stops the run, also when an abort finds it out', async () => {
    const { kafka, processor, stop, consumer } = bench(new FakeKafka(TOPIC, 1, 500), { commitIntervalMs: 60_000 });
    consumer.onPoll = () => {
      if (consumer.polls !== 5) return;
      kafka.nextEpoch();
      kafka.plan(fault('send', 'TXN_ABORTABLE'));
    };
    await expect(processor.run(stop.signal)).rejects.toMatchObject({ code: 'TXN_FENCED' });
  });

  it('a fence after the transaction timed out is our own slowness: a new producer goes on', async () => {
    const { kafka, processor, stop, clock, consumer } = bench(new FakeKafka(TOPIC, 1, 50), {
      commitIntervalMs: 60_000,
    });
    kafka.plan(fault('commit-lost', 'TXN_FENCED'));
    consumer.onPoll = () => {
      clock.offset += PROCESSOR_DEFAULTS.transactionTimeoutMs / 4;
    };
    await processor.run(stop.signal);
    expectExactlyOnce(kafka);
  });

  it('too many failed records stop the run, and the open transaction is not published', async () => {
    const records: RecordProcessor = {
      ...COPY,
      process(batch) {
        if (batch.some(({ at }) => at.offset >= 20)) throw new VeilError('FAILURE_RATE');
        return COPY.process(batch);
      },
    };
    const { kafka, processor, stop } = bench(new FakeKafka(TOPIC, 1, 40), { commitIntervalMs: 60_000 }, records);
    await expect(processor.run(stop.signal)).rejects.toMatchObject({ code: 'FAILURE_RATE', exitStatus: 4 });
    expect(kafka.visible).toEqual([]);
    expect(kafka.trace).toContain('abort');
    expect(kafka.trace.at(-1)).toBe('close');
  });

  it('a pipeline that gives too few outcomes is stopped before anything is written', async () => {
    const records: RecordProcessor = { ...COPY, process: async batch => (await COPY.process(batch)).slice(1) };
    const { kafka, processor, stop } = bench(new FakeKafka(TOPIC, 1, 10), {}, records);
    await expect(processor.run(stop.signal)).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(kafka.visible).toEqual([]);
  });

  it('a broker that stays away ends the run after giveUpMs', async () => {
    const { kafka, processor, stop } = bench(new FakeKafka(TOPIC, 1, 10), { giveUpMs: 5 });
    // More failures than any machine can go through in that time.
    kafka.plan(...Array.from({ length: 50_000 }, () => fault('poll', 'BROKER_DOWN')));
    await expect(processor.run(stop.signal)).rejects.toMatchObject({ code: 'BROKER_DOWN', exitStatus: 3 });
  });

  it('a committed offset outside the partition stops the run', async () => {
    const { kafka, processor, stop } = bench(new FakeKafka(TOPIC, 1, 10));
    kafka.offsets.set(0, 3);
    kafka.first = 5;
    await expect(processor.run(stop.signal)).rejects.toMatchObject({ code: 'OFFSET_LOST' });
    expect(kafka.visible).toEqual([]);
  });
});

describe('rebalances', () => {
  it('a partition is given back only after everything read from it is committed', async () => {
    const { kafka, processor, stop, consumer } = bench(new FakeKafka(TOPIC, 2, 300), {
      commitIntervalMs: 60_000,
      untilDrained: false,
    });
    let offsetAtRelease = -1;
    const release = consumer.release.bind(consumer);
    consumer.release = partitions => {
      offsetAtRelease = kafka.offsets.get(0) ?? 0;
      release(partitions);
      stop.abort();
    };
    consumer.onPoll = () => {
      if (consumer.polls === 12) consumer.want(0);
    };
    await processor.run(stop.signal);
    const written = kafka.visible.filter(({ partition }) => partition === 0).length;
    expect(written).toBeGreaterThan(0);
    expect(offsetAtRelease).toBe(written);
    expect(kafka.trace.slice(0, kafka.trace.indexOf('release')).at(-1)).toBe('commit');
  });

  it('partitions that come and go while records flow: every record once', async () => {
    const { kafka, processor, stop, consumer } = bench(new FakeKafka(TOPIC, 3, 200), { commitIntervalMs: 5 });
    consumer.onPoll = () => {
      if (consumer.polls % 10 === 3) consumer.want(consumer.polls % 3);
      if (consumer.polls % 10 === 7) consumer.give((consumer.polls - 4) % 3);
    };
    await processor.run(stop.signal);
    expectExactlyOnce(kafka);
  });

  it('a lost membership aborts what is open', async () => {
    const { kafka, processor, stop, consumer } = bench(new FakeKafka(TOPIC, 1, 300), {
      commitIntervalMs: 60_000,
      untilDrained: false,
    });
    consumer.onPoll = () => {
      if (consumer.polls === 10) {
        consumer.listener?.lost();
        consumer.want(0);
      }
      if (consumer.polls === 30) stop.abort();
    };
    await processor.run(stop.signal);
    expect(kafka.visible).toEqual([]);
    expect(kafka.offsets.size).toBe(0);
    expect(kafka.trace.slice(0, kafka.trace.indexOf('release'))).toContain('abort');
  });
});

describe('stopping', () => {
  it('commits what was processed and leaves', async () => {
    const { kafka, processor, stop, consumer } = bench(new FakeKafka(TOPIC, 1, 1_000), {
      commitIntervalMs: 60_000,
      untilDrained: false,
    });
    consumer.onPoll = () => {
      if (consumer.polls === 10) stop.abort();
    };
    await processor.run(stop.signal);
    expect(kafka.visible.length).toBeGreaterThan(0);
    expect(kafka.offsets.get(0)).toBe(kafka.visible.length);
    expect(processor.state).toBe('stopped');
    expect(kafka.trace.slice(-2)).toEqual(['left', 'close']);
  });

  it('in the middle of a failure commits no offset of a record that is not visible', async () => {
    const { kafka, processor, stop } = bench(new FakeKafka(TOPIC, 1, 1_000), { commitIntervalMs: 1, retryFirstMs: 50 });
    kafka.plan(fault('commit-lost', 'TXN_UNKNOWN', 2));
    setTimeout(() => stop.abort(), 30);
    await processor.run(stop.signal);
    expect(kafka.offsets.get(0) ?? 0).toBe(kafka.visible.length);
  });
});

it('offsets of dropped records are committed too', async () => {
  const records: RecordProcessor = {
    ...COPY,
    process: batch => batch.map(() => ({ kind: 'drop', code: 'SAMPLED_OUT' })),
  };
  const { kafka, processor, stop } = bench(new FakeKafka(TOPIC, 2, 25), {}, records);
  await processor.run(stop.signal);
  expect(kafka.visible).toEqual([]);
  expect([...kafka.offsets]).toEqual([
    [0, 25],
    [1, 25],
  ]);
  expect(processor.counts).toEqual({ forward: 0, drop: 50, quarantine: 0 });
});
