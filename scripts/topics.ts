import { type Admin, Kafka, logLevel } from 'kafkajs';
import rdkafka from 'node-rdkafka';

/** Partitions of every topic of demo and bench. */
export const PARTITIONS = 2;

/** kafkajs writes everything of one transaction and partition as one batch, which is larger than the broker's default of 1 MiB. */
const LARGE_BATCHES = [{ name: 'max.message.bytes', value: '8388608' }];
/** Records between two waits for the producer. */
const FLUSH_EVERY = 50_000;
const FLUSH_MS = 60_000;
const READ_AT_ONCE = 10_000;

/** A record to produce. */
export interface NewRecord {
  readonly key: string | null;
  readonly value: Uint8Array;
}

/** A kafkajs client that is silent. */
export function quietKafka(bootstrap: string): Kafka {
  return new Kafka({ clientId: 'veil-scripts', brokers: [bootstrap], logLevel: logLevel.NOTHING });
}

/** Creates topics. */
export async function createTopics(admin: Admin, names: readonly string[]): Promise<void> {
  const settings = { numPartitions: PARTITIONS, replicationFactor: 1, configEntries: LARGE_BATCHES };
  await admin.createTopics({ topics: names.map(topic => ({ topic, ...settings })), waitForLeaders: true });
}

/** Writes records to a topic and waits until all have arrived. Records without key go round robin. */
export async function fillTopic(
  bootstrap: string,
  topic: string,
  records: Iterable<NewRecord>,
  onProgress: (done: number) => void = () => undefined,
): Promise<void> {
  const settings = {
    'metadata.broker.list': bootstrap,
    'enable.idempotence': true,
    'linger.ms': 20,
    'batch.size': 1_000_000,
    'queue.buffering.max.messages': 2 * FLUSH_EVERY,
  };
  const producer = new rdkafka.Producer(settings, { partitioner: 'murmur2_random' });
  await connected(producer);
  let done = 0;
  for (const { key, value } of records) {
    const partition = key === null ? done % PARTITIONS : null;
    producer.produce(topic, partition, Buffer.from(value.buffer, value.byteOffset, value.byteLength), key);
    done += 1;
    if (done % FLUSH_EVERY === 0) await flushed(producer);
    if (done % 1000 === 0) onProgress(done);
  }
  await flushed(producer);
  onProgress(done);
  await disconnected(producer);
}

/** Reads a topic as a read_committed consumer from its beginning to its present end. */
export async function readTopic(bootstrap: string, topic: string, onValue: (value: Uint8Array) => void): Promise<void> {
  const settings = {
    'metadata.broker.list': bootstrap,
    'group.id': `read-${topic}`,
    'enable.auto.commit': false,
    'enable.partition.eof': true,
    'isolation.level': 'read_committed' as const,
    'fetch.queue.backoff.ms': 5,
  };
  const consumer = new rdkafka.KafkaConsumer(settings, { 'auto.offset.reset': 'earliest' });
  const ended = new Set<number>();
  consumer.on('partition.eof', ({ partition }) => ended.add(partition));
  await connected(consumer);
  consumer.setDefaultConsumeTimeout(100);
  consumer.assign(Array.from({ length: PARTITIONS }, (_, partition) => ({ topic, partition, offset: 0 })));
  while (ended.size < PARTITIONS) {
    for (const { value } of await consumed(consumer)) if (value !== null) onValue(value);
  }
  await disconnected(consumer);
}

function connected(client: rdkafka.Producer | rdkafka.KafkaConsumer): Promise<void> {
  return new Promise((resolve, reject) => {
    client.connect({}, error => (error === null || error === undefined ? resolve() : reject(error)));
  });
}

function disconnected(client: rdkafka.Producer | rdkafka.KafkaConsumer): Promise<void> {
  return new Promise(resolve => {
    client.disconnect(() => resolve());
  });
}

function flushed(producer: rdkafka.Producer): Promise<void> {
  return new Promise((resolve, reject) => {
    producer.flush(FLUSH_MS, error => (error === null || error === undefined ? resolve() : reject(error)));
  });
}

function consumed(consumer: rdkafka.KafkaConsumer): Promise<rdkafka.Message[]> {
  return new Promise((resolve, reject) => {
    consumer.consume(READ_AT_ONCE, (error, messages) =>
      error === null || error === undefined ? resolve(messages) : reject(error),
    );
  });
}
