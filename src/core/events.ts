/**
 * The closed vocabulary of the log: every line carries one of these as `event`. Names are never changed or reused, because
 * alerts depend on them. docs/operations.md says what to do about each.
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
