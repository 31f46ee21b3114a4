import { VeilError } from '../core/errors.js';
import { SILENT_LOG } from '../core/ports.js';
import type { KafkaRecord, PartitionOffset } from '../pipeline/kafka-port.js';
import type { KafkaDeployment } from '../policy/deployment.js';
import { RdKafkaConsumer } from './rdkafka-consumer.js';
import { loadRdKafka } from './rdkafka-library.js';
import { consumerSettings } from './rdkafka-settings.js';

const POLL_RECORDS = 1_000;
/** Waiting for the next record of a partition that has more. */
const SILENCE_MS = 60_000;

/**
 * Every committed record that a topic holds now, each partition from its beginning to its end. Joins no group and commits nothing;
 * `group` is only the name under which the client asks the broker. Throws BROKER_*, TOPIC_MISSING, and CONFIG_CONFLICT when the
 * native client is not built.
 */
export async function* readTopic(kafka: KafkaDeployment, topic: string, group: string): AsyncGenerator<KafkaRecord> {
  const consumer = new RdKafkaConsumer(await loadRdKafka(), consumerSettings(kafka, group), SILENT_LOG);
  try {
    await consumer.connect(topic);
    const starts = await startsOf(consumer, topic);
    consumer.raw.assign([...starts]);
    const unfinished = new Set(starts.map(({ partition }) => partition));
    let heard = performance.now();
    while (unfinished.size > 0) {
      const { records, ends } = await consumer.poll(POLL_RECORDS);
      yield* records;
      for (const { partition } of ends) unfinished.delete(partition);
      if (records.length > 0 || ends.length > 0) heard = performance.now();
      else if (performance.now() - heard > SILENCE_MS) throw new VeilError('BROKER_DOWN', { where: topic });
    }
  } finally {
    await consumer.close();
  }
}

async function startsOf(consumer: RdKafkaConsumer, topic: string): Promise<PartitionOffset[]> {
  const count = await consumer.partitionsOf(topic);
  const starts: PartitionOffset[] = [];
  for (let partition = 0; partition < count; partition++) {
    const { first } = await consumer.range({ topic, partition });
    starts.push({ topic, partition, offset: first });
  }
  return starts;
}
