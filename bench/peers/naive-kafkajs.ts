/**
 * Program: the naive job on kafkajs, with transactions as its documentation shows them (one for each batch it hands out).
 */
import { createSecretKey } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { peerArguments } from './arguments.js';
import { naiveTransform } from './naive.js';

const { bootstrap, source, sink, group, total } = peerArguments();
const key = createSecretKey(Buffer.alloc(32, 7));
const kafka = new Kafka({ clientId: 'naive', brokers: [bootstrap], logLevel: logLevel.ERROR });
const consumer = kafka.consumer({ groupId: group, readUncommitted: false });
const producer = kafka.producer({ transactionalId: group, idempotent: true, maxInFlightRequests: 1 });
await Promise.all([consumer.connect(), producer.connect()]);
await consumer.subscribe({ topic: source, fromBeginning: true });

let seen = 0;
const drained = new Promise<void>((resolve, reject) => {
  consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
  const run = consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    eachBatch: async ({ batch, resolveOffset, heartbeat }) => {
      const messages = batch.messages.map(({ value, timestamp }) => {
        if (value === null) throw new Error('a tombstone');
        return { ...naiveTransform(value, key, 'small'), timestamp };
      });
      const transaction = await producer.transaction();
      await transaction.send({ topic: sink, messages });
      const offset = String(BigInt(batch.lastOffset()) + 1n);
      const topics = [{ topic: source, partitions: [{ partition: batch.partition, offset }] }];
      await transaction.sendOffsets({ consumerGroupId: group, topics });
      await transaction.commit();
      resolveOffset(batch.lastOffset());
      await heartbeat();
      seen += messages.length;
      if (seen >= total) resolve();
    },
  });
  run.catch(reject);
});
await drained;
await consumer.disconnect();
await producer.disconnect();
