import type { KafkaConsumerPort, PartitionOffset } from './kafka-port.js';

/**
 * The end of a bounded run: every partition of the source committed up to the offsets that were stable when the run began,
 * whichever instance of the group reads it.
 */
export class DrainGoal {
  readonly #consumer: KafkaConsumerPort;
  readonly #ends: readonly PartitionOffset[];

  private constructor(consumer: KafkaConsumerPort, ends: readonly PartitionOffset[]) {
    this.#consumer = consumer;
    this.#ends = ends;
  }

  /** Notes the ends of all partitions of `topic`. */
  static async of(consumer: KafkaConsumerPort, topic: string): Promise<DrainGoal> {
    const count = await consumer.partitionsOf(topic);
    const ends: PartitionOffset[] = [];
    for (let partition = 0; partition < count; partition++) {
      const { first, end } = await consumer.range({ topic, partition });
      if (end > first) ends.push({ topic, partition, offset: end });
    }
    return new DrainGoal(consumer, ends);
  }

  /** True when the group has committed all of it. */
  async isReached(): Promise<boolean> {
    if (this.#ends.length === 0) return true;
    const committed = await this.#consumer.committed(this.#ends);
    const byPartition = new Map(committed.map(({ partition, offset }) => [partition, offset]));
    return this.#ends.every(({ partition, offset }) => (byPartition.get(partition) ?? -1) >= offset);
  }
}
