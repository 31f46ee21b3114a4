import type { KafkaRecord, PartitionOffset, TopicPartition } from './kafka-port.js';

interface Position {
  offset: number;
  changed: boolean;
}

/**
 * How far each assigned partition of the source topic was processed. A partition that is not here does not belong to this
 * instance now.
 */
export class Positions {
  readonly #topic: string;
  readonly #positions = new Map<number, Position>();

  constructor(topic: string) {
    this.#topic = topic;
  }

  /** The partitions of this instance with the offset to read next. */
  get all(): readonly PartitionOffset[] {
    return [...this.#positions].map(([partition, { offset }]) => ({ topic: this.#topic, partition, offset }));
  }

  /** Number of partitions. */
  get size(): number {
    return this.#positions.size;
  }

  /** Sets where reading starts, or goes on after a rewind. */
  start(places: readonly PartitionOffset[]): void {
    for (const { partition, offset } of places) this.#positions.set(partition, { offset, changed: false });
  }

  /**
   * Forgets how far the work went, but not which partitions are ours: until `start` is called again no record is due and no
   * offset can be committed.
   */
  invalidate(): void {
    for (const position of this.#positions.values()) {
      position.offset = Number.POSITIVE_INFINITY;
      position.changed = false;
    }
  }

  /** Forgets partitions that were given back. */
  remove(partitions: readonly TopicPartition[]): void {
    for (const { partition } of partitions) this.#positions.delete(partition);
  }

  /** The offset to read next, or undefined when the partition is not assigned. */
  next(partition: number): number | undefined {
    return this.#positions.get(partition)?.offset;
  }

  /** The records that are due: of assigned partitions and not yet processed. Late deliveries of a former assignment are not. */
  due(records: readonly KafkaRecord[]): readonly KafkaRecord[] {
    const isDue = ({ at }: KafkaRecord) => at.offset >= (this.next(at.partition) ?? Number.POSITIVE_INFINITY);
    return records.every(isDue) ? records : records.filter(isDue);
  }

  /** Notes that everything below `offset` was processed. */
  advance(partition: number, offset: number): void {
    const position = this.#positions.get(partition);
    if (position === undefined || offset <= position.offset) return;
    position.offset = offset;
    position.changed = true;
  }

  /** True when an offset has changed since `takeChanged`. */
  get hasChanged(): boolean {
    for (const position of this.#positions.values()) if (position.changed) return true;
    return false;
  }

  /** The offsets for the next transaction. */
  takeChanged(): PartitionOffset[] {
    const changed: PartitionOffset[] = [];
    for (const [partition, position] of this.#positions) {
      if (!position.changed) continue;
      position.changed = false;
      changed.push({ topic: this.#topic, partition, offset: position.offset });
    }
    return changed;
  }
}
