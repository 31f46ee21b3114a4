import type { Code } from '../core/codes.js';
import type { Outcome } from '../core/outcome.js';
import type { Clock, Log, Metrics } from '../core/ports.js';
import type { OutputRoute } from './kafka-output.js';
import type { KafkaConsumerPort, KafkaProducerPort, KafkaRecord } from './kafka-port.js';

/** What the processor needs of a pipeline. */
export interface RecordProcessor {
  /** Exactly one outcome for each record, in order. Throws VeilError: category `key` = wait and try again, `safety` = stop. */
  process(records: readonly KafkaRecord[]): readonly Outcome[] | Promise<readonly Outcome[]>;
  /** Quarantines a record that was forwarded and cannot be published. */
  withdraw(record: KafkaRecord, code: Code): Outcome;
}

/** Settings of one processor. Times in milliseconds. */
export interface ProcessorSettings {
  readonly policy: string;
  /** Source topic. */
  readonly source: string;
  readonly route: OutputRoute;
  /** Records of one batch at most. */
  readonly batchRecords: number;
  /** A transaction is committed when it is this old or holds this many records. */
  readonly commitIntervalMs: number;
  readonly commitRecords: number;
  /** transaction.timeout.ms of the producer. */
  readonly transactionTimeoutMs: number;
  /** Waits after failures: the first, doubling up to the longest. */
  readonly retryFirstMs: number;
  readonly retryLongestMs: number;
  /** Failing for this long without one commit in between ends the run with the last error. */
  readonly giveUpMs: number;
  /** How often lag and retention are looked at. */
  readonly checkMs: number;
  /** How long finishing the open transaction may take when stopping. */
  readonly finishMs: number;
  /** End when everything that was there at start is committed. */
  readonly untilDrained: boolean;
}

/** Defaults of everything that does not come from a policy. */
export const PROCESSOR_DEFAULTS = {
  batchRecords: 5_000,
  commitIntervalMs: 200,
  commitRecords: 50_000,
  transactionTimeoutMs: 60_000,
  retryFirstMs: 100,
  retryLongestMs: 10_000,
  giveUpMs: 600_000,
  checkMs: 5_000,
  finishMs: 5_000,
  untilDrained: false,
} as const satisfies Partial<ProcessorSettings>;

/** What a processor works with. It closes `consumer` and the producers; the record processor belongs to the caller. */
export interface ProcessorParts {
  readonly settings: ProcessorSettings;
  readonly consumer: KafkaConsumerPort;
  readonly producer: () => KafkaProducerPort;
  readonly records: RecordProcessor;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}
