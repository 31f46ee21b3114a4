import type * as RdKafka from 'node-rdkafka';
import { sealCause, VeilError } from '../core/errors.js';

/** The library's module object. */
export type RdKafkaLibrary = (typeof RdKafka)['default'];
/** Its consumer. */
export type RawConsumer = RdKafka.KafkaConsumer;
/** Its producer. */
export type RawProducer = RdKafka.Producer;
/** One message as it reads it. */
export type RawMessage = RdKafka.Message;
/** What it reports as an error. */
export type RawError = RdKafka.LibrdKafkaError;

/** Settings of librdkafka by name. */
export type RdKafkaSettings = Readonly<Record<string, string | number | boolean>>;

/**
 * Loads node-rdkafka, a native package, on first use: programs that read files only never need it. Throws CONFIG_CONFLICT
 * when it was not built on this machine.
 */
export async function loadRdKafka(): Promise<RdKafkaLibrary> {
  try {
    return (await import('node-rdkafka')).default;
  } catch (error) {
    throw new VeilError('CONFIG_CONFLICT', {
      where: 'node-rdkafka',
      expected: 'the native Kafka client, built on this machine',
      next: 'install a C++ compiler, python3 and libssl-dev, then npm rebuild node-rdkafka',
      cause: sealCause(error),
    });
  }
}
