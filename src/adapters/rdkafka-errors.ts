import type { Code } from '../core/codes.js';
import { VeilError } from '../core/errors.js';

/** Error numbers of librdkafka (rdkafka.h, rd_kafka_resp_err_t) that mean something special here. */
export const RDKAFKA = {
  QUEUE_FULL: -184,
  STATE: -172,
  REVOKE_PARTITIONS: -174,
  ASSIGN_PARTITIONS: -175,
  MAX_POLL_EXCEEDED: -147,
} as const;

const READING: Readonly<Record<number, Code>> = {
  [-140]: 'OFFSET_LOST', // ERR__AUTO_OFFSET_RESET
  1: 'OFFSET_LOST', // OFFSET_OUT_OF_RANGE
  [-150]: 'TXN_FENCED', // ERR__FATAL: with static membership only FENCED_INSTANCE_ID is fatal to a consumer
  82: 'TXN_FENCED', // FENCED_INSTANCE_ID
  [-169]: 'BROKER_AUTH', // ERR__AUTHENTICATION
  58: 'BROKER_AUTH', // SASL_AUTHENTICATION_FAILED
  29: 'BROKER_DENIED', // TOPIC_AUTHORIZATION_FAILED
  30: 'BROKER_DENIED', // GROUP_AUTHORIZATION_FAILED
  31: 'BROKER_DENIED', // CLUSTER_AUTHORIZATION_FAILED
  53: 'BROKER_DENIED', // TRANSACTIONAL_ID_AUTHORIZATION_FAILED
  3: 'TOPIC_MISSING', // UNKNOWN_TOPIC_OR_PART
  [-188]: 'TOPIC_MISSING', // ERR__UNKNOWN_TOPIC
  [-190]: 'TOPIC_MISSING', // ERR__UNKNOWN_PARTITION
  [-170]: 'ROUTE_CODEC', // ERR__NOT_IMPLEMENTED: a batch in a codec that was not built in
};

const FENCED: ReadonlySet<number> = new Set([
  -144, // ERR__FENCED
  47, // INVALID_PRODUCER_EPOCH
  82, // FENCED_INSTANCE_ID: two processes with one instance id
  90, // PRODUCER_FENCED
]);

/** The number of an error of the library, or 0. */
export function numberOf(error: unknown): number {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'number'
    ? error.code
    : 0;
}

/** An error of the reading half, or of connecting. `where` is a constant or a name from the policy. */
export function readingError(error: unknown, where: string): VeilError {
  return error instanceof VeilError
    ? error
    : new VeilError(READING[numberOf(error)] ?? 'BROKER_DOWN', seal(error, where));
}

/** An error of the writing half, in the three classes of `KafkaProducerPort`. */
export function writingError(error: unknown, where: string): VeilError {
  if (error instanceof VeilError) return error;
  if (FENCED.has(numberOf(error))) return new VeilError('TXN_FENCED', seal(error, where));
  const abortable = typeof error === 'object' && error !== null && 'isTxnRequiresAbort' in error;
  return new VeilError(
    abortable && error.isTxnRequiresAbort === true ? 'TXN_ABORTABLE' : 'TXN_UNKNOWN',
    seal(error, where),
  );
}

function seal(error: unknown, where: string) {
  return { where, cause: { className: 'LibrdKafkaError', code: String(numberOf(error)), frames: [] } };
}
