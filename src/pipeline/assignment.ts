import { VeilError } from '../core/errors.js';
import { EVENTS } from '../core/events.js';
import { METRICS } from '../core/metric-names.js';
import type { Log, Metrics } from '../core/ports.js';
import type {
  KafkaConsumerPort,
  OffsetRange,
  PartitionOffset,
  RebalanceListener,
  TopicPartition,
} from './kafka-port.js';
import type { Positions } from './kafka-positions.js';

interface Rebalance {
  readonly kind: 'assigned' | 'revoked';
  readonly partitions: readonly TopicPartition[];
}

/** Parts of an assignment. */
export interface AssignmentParts {
  readonly consumer: KafkaConsumerPort;
  readonly positions: Positions;
  readonly policy: string;
  readonly log: Log;
  readonly metrics: Metrics;
}

/**
 * Which partitions are ours. Rebalances are only noted while polling; the processor answers them with `answer` once nothing is
 * open: a revocation acknowledged before the pipeline is drained would let records in flight commit under a later generation.
 */
export class Assignment implements RebalanceListener {
  readonly #parts: AssignmentParts;
  readonly #waiting: Rebalance[] = [];
  #lost = false;

  constructor(parts: AssignmentParts) {
    this.#parts = parts;
  }

  assigned(partitions: readonly TopicPartition[]): void {
    this.#waiting.push({ kind: 'assigned', partitions });
  }

  revoked(partitions: readonly TopicPartition[]): void {
    this.#waiting.push({ kind: 'revoked', partitions });
  }

  lost(): void {
    this.#lost = true;
  }

  /** True when the group waits for an answer. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Throws ASSIGNMENT_LOST once when the membership ended since the last call. */
  checkLost(): void {
    if (!this.#lost) return;
    this.#lost = false;
    this.#parts.log.warn(EVENTS.PARTITIONS_LOST, { policy: this.#parts.policy });
    throw new VeilError('ASSIGNMENT_LOST');
  }

  /** Answers what the group waits for. No transaction may be open. Throws OFFSET_LOST or BROKER_*; then it can be called again. */
  async answer(): Promise<void> {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (next.kind === 'assigned') await this.#take(next.partitions);
      else this.#release(next.partitions);
      this.#waiting.shift();
      this.#parts.metrics.gauge(METRICS.PARTITIONS.name, this.#parts.positions.size, { policy: this.#parts.policy });
    }
  }

  /** Goes back to the committed offsets. No transaction and no poll may be open. */
  async rewind(): Promise<void> {
    const { consumer, positions } = this.#parts;
    const places = await this.#startsOf(positions.all);
    for (const place of places) await consumer.seek(place);
    positions.start(places);
  }

  /** Throws OFFSET_LOST when records of a partition were deleted before they were read. Returns the records still to be read. */
  async checkRetention(): Promise<number> {
    const { consumer, positions } = this.#parts;
    let lag = 0;
    for (const place of positions.all) {
      const range = await consumer.range(place);
      if (place.offset < range.first) throw lostOffset(place, range);
      lag += Math.max(0, range.end - place.offset);
    }
    return lag;
  }

  async #take(partitions: readonly TopicPartition[]): Promise<void> {
    const { consumer, positions, log, policy } = this.#parts;
    const places = await this.#startsOf(partitions);
    consumer.take(places);
    positions.start(places);
    if (places.length === 0) return;
    log.info(EVENTS.PARTITIONS_ASSIGNED, { policy, partitions: places.map(({ partition }) => String(partition)) });
  }

  #release(partitions: readonly TopicPartition[]): void {
    const { consumer, positions, log, policy } = this.#parts;
    positions.remove(partitions);
    consumer.release(partitions);
    log.info(EVENTS.PARTITIONS_REVOKED, { policy, partitions: partitions.map(({ partition }) => String(partition)) });
  }

  async #startsOf(partitions: readonly TopicPartition[]): Promise<PartitionOffset[]> {
    if (partitions.length === 0) return [];
    const committed = await this.#parts.consumer.committed(partitions);
    return Promise.all(committed.map(async place => startOf(place, await this.#parts.consumer.range(place))));
  }
}

function lostOffset({ topic, partition, offset }: PartitionOffset, range: OffsetRange): VeilError {
  return new VeilError('OFFSET_LOST', {
    where: `${topic}/${partition}`,
    expected: `offset ${offset}`,
    got: `${range.first} to ${range.end}`,
  });
}

/** A group without an offset starts at the first record; an offset outside the partition is never passed over silently. */
function startOf(committed: PartitionOffset, range: OffsetRange): PartitionOffset {
  const { topic, partition, offset } = committed;
  const first = { topic, partition, offset: range.first };
  if (offset < 0) return first;
  // The last stable offset may lie before a committed offset only when the partition was truncated or made anew.
  if (offset >= range.first && offset <= range.end) return committed;
  throw lostOffset(committed, range);
}
