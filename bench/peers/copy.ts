/**
 * Program: a plain copy with node-rdkafka in transactions of about 100 ms, with its best settings: what the client itself costs.
 */
import { promisify } from 'node:util';
import rdkafka, { type Message } from 'node-rdkafka';
import { peerArguments } from './arguments.js';

const { bootstrap, source, sink, group, total } = peerArguments();
const TRANSACTION_MS = 100;
const TIMEOUT_MS = 30_000;

const consumer = new rdkafka.KafkaConsumer(
  {
    'metadata.broker.list': bootstrap,
    'group.id': group,
    'enable.auto.commit': false,
    'isolation.level': 'read_committed',
    'fetch.queue.backoff.ms': 5,
    'queued.min.messages': 100_000,
  },
  { 'auto.offset.reset': 'earliest' },
);
const producer = new rdkafka.Producer({
  'metadata.broker.list': bootstrap,
  'transactional.id': group,
  'linger.ms': 5,
  'batch.size': 1_000_000,
  'batch.num.messages': 20_000,
  'queue.buffering.max.messages': 500_000,
});

const connect = (client: typeof consumer | typeof producer): Promise<void> =>
  new Promise((resolve, reject) => {
    client.connect({}, error => {
      if (error === null || error === undefined) resolve();
      else reject(error);
    });
  });

const consume = (max: number): Promise<Message[]> =>
  new Promise((resolve, reject) => {
    consumer.consume(max, (error, messages) => {
      if (error === null || error === undefined) resolve(messages);
      else reject(error);
    });
  });

const begin = promisify<void>(done => producer.beginTransaction(done));
const commit = promisify<void>(done => producer.commitTransaction(TIMEOUT_MS, done));

async function copyUntil(deadline: number): Promise<number> {
  const next = new Map<number, number>();
  let copied = 0;
  while (Date.now() < deadline) {
    for (const { value, partition, offset, timestamp } of await consume(2000)) {
      producer.produce(sink, partition, value, null, timestamp);
      next.set(partition, offset + 1);
      copied += 1;
    }
  }
  const offsets = [...next].map(([partition, offset]) => ({ topic: source, partition, offset }));
  if (offsets.length > 0) {
    await promisify<void>(done => producer.sendOffsetsToTransaction(offsets, consumer, TIMEOUT_MS, done))();
  }
  return copied;
}

await Promise.all([connect(consumer), connect(producer)]);
await promisify<void>(done => producer.initTransactions(TIMEOUT_MS, done))();
consumer.setDefaultConsumeTimeout(50);
consumer.subscribe([source]);
for (let seen = 0; seen < total; ) {
  await begin();
  seen += await copyUntil(Date.now() + TRANSACTION_MS);
  await commit();
}
await promisify<void>(done => consumer.disconnect(() => done(null)))();
await promisify<void>(done => producer.disconnect(() => done(null)))();
