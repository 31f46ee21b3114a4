/** A metric as data: the exporter registers it, docs/operations.md is made from it. Label values are policy names, codes, topics or outcomes. */
export interface MetricDefinition {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds in seconds, for histograms. */
  readonly buckets?: readonly number[];
}

const SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30];

/** Every metric of the product. */
export const METRICS = {
  RECORDS: {
    name: 'veil_records_total',
    type: 'counter',
    help: 'Records by outcome, counted when their transaction is committed',
    labels: ['policy', 'outcome'],
  },
  REFUSED: {
    name: 'veil_records_refused_total',
    type: 'counter',
    help: 'Quarantined or dropped records by code, counted when they are processed',
    labels: ['policy', 'code'],
  },
  TRANSACTIONS: {
    name: 'veil_transactions_total',
    type: 'counter',
    help: 'Kafka transactions by result: committed, aborted, or unknown (the producer was made anew)',
    labels: ['policy', 'result'],
  },
  COMMIT_SECONDS: {
    name: 'veil_transaction_commit_seconds',
    type: 'histogram',
    help: 'Time from sending the offsets to the end of the commit',
    labels: ['policy'],
    buckets: SECONDS,
  },
  BATCH_SECONDS: {
    name: 'veil_batch_process_seconds',
    type: 'histogram',
    help: 'Time to de-identify one batch',
    labels: ['policy'],
    buckets: SECONDS,
  },
  LAG: {
    name: 'veil_consumer_lag_records',
    type: 'gauge',
    help: 'Records of the source that are stable and not yet processed, over the partitions of this instance',
    labels: ['policy'],
  },
  PARTITIONS: {
    name: 'veil_assigned_partitions',
    type: 'gauge',
    help: 'Source partitions that this instance reads',
    labels: ['policy'],
  },
  RUNNING: {
    name: 'veil_running',
    type: 'gauge',
    help: '1 while records flow, 0 while the processor starts, recovers or stops',
    labels: ['policy'],
  },
  FAILURES: {
    name: 'veil_failures_total',
    type: 'counter',
    help: 'Failures that led to an abort and a rewind, by code',
    labels: ['policy', 'code'],
  },
  UNLISTED: {
    name: 'veil_unlisted_paths',
    type: 'gauge',
    help: 'Distinct field paths seen in records that the policy does not list',
    labels: ['policy'],
  },
} as const satisfies Record<string, MetricDefinition>;
