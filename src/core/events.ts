/**
 * The closed vocabulary of the log: every line carries one of these as `event`. Names are never changed or reused, because
 * alerts depend on them. `EVENT_NOTES` says what each one means.
 */
export const EVENTS = {
  STARTED: 'started',
  STOPPING: 'stopping',
  STOPPED: 'stopped',
  FAILED: 'failed',
  DRAINED: 'drained',
  CHECK_FAILED: 'check-failed',
  PARTITIONS_ASSIGNED: 'partitions-assigned',
  PARTITIONS_REVOKED: 'partitions-revoked',
  PARTITIONS_LOST: 'partitions-lost',
  RECOVERING: 'recovering',
  RECOVERED: 'recovered',
  PRODUCER_RENEWED: 'producer-renewed',
  CLIENT_ERROR: 'client-error',
  PROBES_LISTENING: 'probes-listening',
} as const;

/** A name of the vocabulary. */
export type EventName = (typeof EVENTS)[keyof typeof EVENTS];

/** What an event means for whoever reads the log; docs/operations.md is made from it. */
export interface EventNote {
  readonly level: 'info' | 'warn' | 'error';
  /** Fields beside `level`, `time` and `event`. */
  readonly fields: readonly string[];
  readonly means: string;
  readonly next: string;
}

/** The note of every event. */
export const EVENT_NOTES: Readonly<Record<EventName, EventNote>> = {
  started: { level: 'info', fields: ['policy', 'source'], means: 'reading of the source begins', next: 'nothing' },
  stopping: { level: 'info', fields: ['policy'], means: 'a signal ends the run', next: 'nothing' },
  stopped: {
    level: 'info',
    fields: ['policy', 'forward', 'drop', 'quarantine'],
    means: 'the processor has ended, for whatever reason; outcomes of its committed transactions',
    next: 'nothing',
  },
  failed: {
    level: 'error',
    fields: ['policy', 'code', 'message'],
    means: 'the processor ends with this code; every other policy of the process stops too',
    next: 'look up the code, then start again',
  },
  drained: { level: 'info', fields: ['policy'], means: 'everything that was there at start is done', next: 'nothing' },
  'check-failed': {
    level: 'error',
    fields: ['policy', 'check', 'code'],
    means: 'a start check refuses to start',
    next: 'run `veil doctor`',
  },
  'partitions-assigned': {
    level: 'info',
    fields: ['policy', 'partitions'],
    means: 'this instance reads these partitions from now on',
    next: 'nothing',
  },
  'partitions-revoked': {
    level: 'info',
    fields: ['policy', 'partitions'],
    means: 'these partitions were given back after all that was read from them was committed',
    next: 'nothing',
  },
  'partitions-lost': {
    level: 'warn',
    fields: ['policy'],
    means: 'the membership ended without a chance to commit; the open transaction is aborted',
    next: 'when it repeats: give the process more CPU, or raise max.poll.interval.ms or session.timeout.ms',
  },
  recovering: {
    level: 'warn',
    fields: ['policy', 'code', 'failures'],
    means: 'a failure that may pass: nothing of the open transaction is published, and it is tried again',
    next: 'look up the code when it lasts',
  },
  recovered: { level: 'info', fields: ['policy'], means: 'records flow again', next: 'nothing' },
  'producer-renewed': {
    level: 'warn',
    fields: ['policy'],
    means: 'the end of a transaction was not known; a new producer fenced the old one',
    next: 'when it repeats: look at the health of the transaction coordinator',
  },
  'client-error': {
    level: 'warn',
    fields: ['client', 'code'],
    means: 'the Kafka client reports an error; a number is one of librdkafka (rdkafka.h)',
    next: 'nothing unless `recovering` follows; BROKER_AUTH: check sasl and tls settings',
  },
  'probes-listening': {
    level: 'info',
    fields: ['host', 'port'],
    means: '/metrics, /healthz and /readyz are served here',
    next: 'nothing',
  },
};
