import { openRdKafka } from '../../src/adapters/rdkafka.js';
import { SYSTEM_CLOCK } from '../../src/adapters/system.js';
import { utf8 } from '../../src/core/bytes.js';
import type { Outcome } from '../../src/core/outcome.js';
import { type Log, NO_METRICS, SILENT_LOG } from '../../src/core/ports.js';
import type { KafkaRecord } from '../../src/pipeline/kafka-port.js';
import { KafkaProcessor } from '../../src/pipeline/kafka-processor.js';
import {
  PROCESSOR_DEFAULTS,
  type ProcessorSettings,
  type RecordProcessor,
} from '../../src/pipeline/processor-parts.js';
import { deploymentOf, type TestRoute } from './kafka.js';

/** One processor of a test. */
export interface TestJob extends TestRoute {
  readonly partition?: 'by-key' | 'same';
  readonly lineage?: boolean;
  readonly sinkMaxBytes?: number;
  readonly instanceId?: string;
  readonly settings?: Partial<ProcessorSettings>;
  readonly log?: Log;
}

/** Stands in for a pipeline: upper-cases values, quarantines those that start with "bad", drops those that start with "drop". */
export const UPPER_CASE: RecordProcessor = {
  process: records => records.map(upperCase),
  withdraw: (_record, code) => ({ kind: 'quarantine', code, path: '', sealed: utf8('sealed') }),
};

/** Copies everything. */
export const COPY: RecordProcessor = {
  ...UPPER_CASE,
  process: records =>
    records.map(({ key, value, timestamp }) => ({ kind: 'forward', key, value, headers: [], timestamp })),
};

function upperCase({ key, value, headers, timestamp }: KafkaRecord): Outcome {
  const text = value === null ? null : Buffer.from(value).toString();
  if (text?.startsWith('bad') === true)
    return { kind: 'quarantine', code: 'JSON_SYNTAX', path: 'user.name', sealed: utf8('sealed') };
  if (text?.startsWith('drop') === true) return { kind: 'drop', code: 'SAMPLED_OUT' };
  const kept = headers.filter(({ name }) => name === 'kept');
  return { kind: 'forward', key, value: text === null ? null : utf8(text.toUpperCase()), headers: kept, timestamp };
}

/** Makes the processor of a job over the real data plane. */
export async function processorOf(job: TestJob, records: RecordProcessor = UPPER_CASE): Promise<KafkaProcessor> {
  const log = job.log ?? SILENT_LOG;
  const plane = await openRdKafka(deploymentOf(job.bootstrap, job.instanceId), log);
  const consumer = plane.consumer(`veil-${job.policy}`);
  const sizes = { largestRecord: 1_048_588, batchBytes: 1_000_000 };
  const id = `veil-${job.policy}-${job.instanceId ?? 'test-1'}`;
  const settings: ProcessorSettings = {
    ...PROCESSOR_DEFAULTS,
    policy: job.policy,
    source: job.source,
    untilDrained: true,
    ...job.settings,
    route: {
      sink: job.sink,
      sinkPartitions: job.partitions,
      sinkMaxBytes: job.sinkMaxBytes ?? 1_048_588,
      quarantine: job.quarantine,
      quarantinePartitions: 1,
      quarantineMaxBytes: 1_048_588,
      partition: job.partition ?? 'by-key',
      lineage: job.lineage ?? true,
      policy: job.policy,
      policyHash: 'c0ffee',
      headerValues: plane.headerValues,
    },
  };
  const producer = () => plane.producer(id, sizes, consumer);
  return new KafkaProcessor({ settings, consumer, producer, records, clock: SYSTEM_CLOCK, log, metrics: NO_METRICS });
}
