import { setTimeout as sleep } from 'node:timers/promises';
import { openKafkaAdmin } from '../../src/adapters/kafkajs-admin.js';
import { loadRdKafka, type RawMessage } from '../../src/adapters/rdkafka-library.js';
import type { NewTopic } from '../../src/pipeline/kafka-admin-port.js';
import type { KafkaDeployment } from '../../src/policy/deployment.js';

/** A plain deployment towards a test broker. */
export function deploymentOf(bootstrap: string, instanceId = 'test-1'): KafkaDeployment {
  return {
    brokers: [bootstrap],
    clientId: 'veil-test',
    groupId: undefined,
    instanceId,
    tls: undefined,
    sasl: undefined,
    commitIntervalMs: 100,
    properties: { 'session.timeout.ms': 6_000 },
  };
}

/** Makes topics and waits until the broker serves them. */
export async function makeTopics(bootstrap: string, topics: readonly NewTopic[]): Promise<void> {
  const admin = await openKafkaAdmin(deploymentOf(bootstrap));
  await admin.create(topics);
  await admin.close();
}

/** A record for the source topic of a test. Every part but the value has a default. */
export interface TestRecord {
  readonly value: string | Uint8Array | null;
  readonly key?: string | null;
  readonly partition?: number;
  readonly timestamp?: number;
  readonly headers?: readonly Readonly<Record<string, string>>[];
}

/** The library takes an empty buffer without an address for null. */
const EMPTY = Buffer.alloc(1).subarray(0, 0);

/** Writes records, in order, as any producer would: without transactions. */
export async function produce(bootstrap: string, topic: string, records: readonly TestRecord[]): Promise<void> {
  const library = await loadRdKafka();
  const producer = new library.Producer({ 'bootstrap.servers': bootstrap, 'linger.ms': 5, 'enable.idempotence': true });
  await new Promise<void>((resolve, reject) =>
    producer.connect({ topic }, error => (error ? reject(error) : resolve())),
  );
  producer.setPollInterval(20);
  for (const { value, key = null, partition = 0, timestamp, headers } of records) {
    const [bytes, keyBytes] = [value, key].map(part =>
      part === null ? null : part.length === 0 ? EMPTY : Buffer.from(part),
    );
    const send = () =>
      producer.produce(
        topic,
        partition,
        bytes ?? null,
        keyBytes ?? null,
        timestamp ?? Date.now(),
        undefined,
        headers === undefined ? undefined : [...headers],
      );
    while (!tries(send)) await sleep(5);
  }
  await new Promise<void>((resolve, reject) => producer.flush(60_000, error => (error ? reject(error) : resolve())));
  await new Promise<void>(resolve => producer.disconnect(() => resolve()));
}

function tries(send: () => unknown): boolean {
  try {
    send();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === -184) return false;
    throw error;
  }
}

/** A record as a reader of committed records sees it. */
export interface ReadRecord {
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly value: Uint8Array | null;
  readonly text: string | null;
  readonly timestamp: number;
  /** In order, several may have one name. */
  readonly headers: readonly (readonly [string, string])[];
}

/** What readers may see: committed records, or also those of open and aborted transactions. */
export type Isolation = 'read_committed' | 'read_uncommitted';

/** Everything in a topic, partition by partition, in order. */
export async function readAll(
  bootstrap: string,
  topic: string,
  isolation: Isolation = 'read_committed',
): Promise<ReadRecord[]> {
  const library = await loadRdKafka();
  const settings = { 'bootstrap.servers': bootstrap, 'group.id': 'veil-test-reader', 'enable.auto.commit': false };
  const consumer = new library.KafkaConsumer(
    { ...settings, 'isolation.level': isolation, 'enable.partition.eof': true, 'fetch.queue.backoff.ms': 5 },
    { 'auto.offset.reset': 'error' },
  );
  const metadata = await new Promise<{ topics: { name: string; partitions: { id: number }[] }[] }>((resolve, reject) =>
    consumer.connect({ topic }, (error, found) => (error ? reject(error) : resolve(found))),
  );
  const partitions = metadata.topics.find(({ name }) => name === topic)?.partitions ?? [];
  const open = new Set(partitions.map(({ id }) => id));
  const read: ReadRecord[] = [];
  consumer.on('partition.eof', ({ partition }) => open.delete(partition));
  consumer.setDefaultConsumeTimeout(50);
  consumer.assign([...open].map(partition => ({ topic, partition, offset: 0 })));
  while (open.size > 0) {
    const messages = await new Promise<RawMessage[]>((resolve, reject) =>
      consumer.consume(10_000, (error, found) => (error ? reject(error) : resolve(found))),
    );
    read.push(...messages.map(readRecord));
  }
  await new Promise<void>(resolve => consumer.disconnect(() => resolve()));
  return read.sort((a, b) => a.partition - b.partition || a.offset - b.offset);
}

function readRecord({ partition, offset, key, value, timestamp, headers }: RawMessage): ReadRecord {
  return {
    partition,
    offset,
    key: key === null || key === undefined ? null : key.toString(),
    value,
    text: value === null ? null : value.toString(),
    timestamp: timestamp ?? -1,
    headers: (headers ?? []).flatMap(pair =>
      Object.entries(pair).map(([name, bytes]) => [name, bytes.toString()] as const),
    ),
  };
}

/** Names of the topics of one test. */
export interface TestRoute {
  readonly bootstrap: string;
  readonly policy: string;
  readonly source: string;
  readonly sink: string;
  readonly quarantine: string;
  readonly partitions: number;
}

let routes = 0;

/** Makes three topics with names that no other test has. The quarantine has one partition. */
export async function freshRoute(bootstrap: string, partitions: number): Promise<TestRoute> {
  const policy = `p${process.pid}-${routes++}`;
  const [source, sink, quarantine] = [`${policy}.raw`, `${policy}.out`, `${policy}.quarantine`] as const;
  await makeTopics(bootstrap, [
    { topic: source, partitions },
    { topic: sink, partitions },
    { topic: quarantine, partitions: 1 },
  ]);
  return { bootstrap, policy, source, sink, quarantine, partitions };
}
