import { type Admin, Kafka, logLevel } from 'kafkajs';
import rdkafka from 'node-rdkafka';

/** Partitions of every topic of the bench. */
export const PARTITIONS = 2;

/** A kafkajs client that is silent. */
export function quietKafka(bootstrap: string): Kafka {
  return new Kafka({ clientId: 'bench', brokers: [bootstrap], logLevel: logLevel.NOTHING });
}

/** kafkajs writes everything of one transaction and partition as one batch, which is larger than the broker's default of 1 MiB. */
const LARGE_BATCHES = [{ name: 'max.message.bytes', value: '8388608' }];

/** Creates topics with the bench's number of partitions. */
export async function createTopics(admin: Admin, names: readonly string[]): Promise<void> {
  const topics = names.map(topic => ({
    topic,
    numPartitions: PARTITIONS,
    replicationFactor: 1,
    configEntries: LARGE_BATCHES,
  }));
  await admin.createTopics({ topics, waitForLeaders: true });
}

/** Writes the values to a topic, round robin over its partitions, and waits until all have arrived. */
export async function fillTopic(bootstrap: string, topic: string, values: readonly Uint8Array[]): Promise<void> {
  const producer = new rdkafka.Producer({
    'metadata.broker.list': bootstrap,
    'enable.idempotence': true,
    'linger.ms': 20,
    'batch.size': 1_000_000,
    'queue.buffering.max.messages': 1_000_000,
  });
  await new Promise<void>((resolve, reject) => {
    producer.connect({}, error => (error === null || error === undefined ? resolve() : reject(error)));
  });
  for (const [n, value] of values.entries()) {
    producer.produce(topic, n % PARTITIONS, Buffer.from(value.buffer, value.byteOffset, value.byteLength), null);
    if (n % 50_000 === 49_999) await flush(producer);
  }
  await flush(producer);
  await new Promise<void>(resolve => producer.disconnect(() => resolve()));
}

function flush(producer: rdkafka.Producer): Promise<void> {
  return new Promise((resolve, reject) => {
    producer.flush(60_000, error => (error === null || error === undefined ? resolve() : reject(error)));
  });
}

/** What a read_committed consumer sees of a topic. */
export interface Seen {
  readonly records: number;
  /** Distinct values of `order_id`. */
  readonly orders: number;
  /** Records in which a sensitive original still stands. */
  readonly leaks: number;
}

/** Reads a topic to the end, committed records only, and looks at every record. `leaks` says whether a text still holds an original. */
export async function readTopic(
  bootstrap: string,
  topic: string,
  expected: number,
  leaks: (text: string) => boolean,
): Promise<Seen> {
  const consumer = quietKafka(bootstrap).consumer({ groupId: `check-${topic}`, readUncommitted: false });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const orders = new Set<string>();
  let [records, leaked] = [0, 0];
  let quietSince = Date.now();
  const run = consumer.run({
    eachBatch: async ({ batch }) => {
      for (const { value } of batch.messages) {
        const text = value?.toString() ?? '';
        orders.add(/"order_id":"([^"]+)"/.exec(text)?.[1] ?? '');
        records += 1;
        if (leaks(text)) leaked += 1;
      }
      quietSince = Date.now();
      await Promise.resolve();
    },
  });
  // Two more seconds after the last record, so that duplicates would be seen.
  while (Date.now() - quietSince < (records < expected ? 30_000 : 2_000))
    await new Promise(done => setTimeout(done, 100));
  await run;
  await consumer.disconnect();
  return { records, orders: orders.size, leaks: leaked };
}
