import type { Code } from '../../src/core/codes.js';
import { VeilError } from '../../src/core/errors.js';
import type {
  KafkaConsumerPort,
  KafkaProducerPort,
  KafkaRecord,
  OffsetRange,
  OutgoingRecord,
  PartitionOffset,
  Polled,
  RebalanceListener,
  TopicPartition,
} from '../../src/pipeline/kafka-port.js';

/** Calls that can be made to fail. `commit-lost` = not done; `commit-unknown` = done, but the answer is lost. */
export type FaultPoint =
  | 'open'
  | 'begin'
  | 'send'
  | 'offsets'
  | 'commit-lost'
  | 'commit-unknown'
  | 'abort'
  | 'poll'
  | 'committed'
  | 'seek';

/** A fault: the n-th call from now at this point fails with this code. */
export interface Fault {
  readonly point: FaultPoint;
  readonly skip: number;
  readonly code: Code;
}

/**
 * A broker in memory with the promises the processor builds on: a transaction's records and offsets become visible together;
 * a new producer of a transactional id aborts what the former left open and fences it. One group, one source topic.
 */
export class FakeKafka {
  /** What a read_committed consumer sees, in the order of commits. */
  readonly visible: OutgoingRecord[] = [];
  readonly offsets = new Map<number, number>();
  /** One line per call that matters, for tests of order. */
  readonly trace: string[] = [];
  readonly source: KafkaRecord[][];
  first = 0;
  #faults: { point: FaultPoint; skip: number; code: Code }[] = [];
  #epoch = 0;

  constructor(topic: string, partitions: number, each: number) {
    this.source = Array.from({ length: partitions }, (_, partition) =>
      Array.from({ length: each }, (_, offset) => recordAt(topic, partition, offset)),
    );
  }

  /** Adds faults. */
  plan(...faults: readonly Fault[]): void {
    this.#faults.push(...faults.map(fault => ({ ...fault })));
  }

  /** Throws when a fault is due here. */
  meet(point: FaultPoint): void {
    const fault = this.#faults.find(candidate => candidate.point === point);
    if (fault === undefined || fault.skip-- > 0) return;
    this.#faults.splice(this.#faults.indexOf(fault), 1);
    throw new VeilError(fault.code);
  }

  /** A new producer of the one transactional id. */
  producer(): KafkaProducerPort {
    return new FakeProducer(this);
  }

  /** Fences all producers there are. */
  nextEpoch(): number {
    return ++this.#epoch;
  }

  get epoch(): number {
    return this.#epoch;
  }
}

class FakeProducer implements KafkaProducerPort {
  readonly #kafka: FakeKafka;
  #epoch = 0;
  #records: OutgoingRecord[] = [];
  #offsets: PartitionOffset[] = [];
  #open = false;

  constructor(kafka: FakeKafka) {
    this.#kafka = kafka;
  }

  async open(): Promise<void> {
    this.#kafka.meet('open');
    this.#epoch = this.#kafka.nextEpoch();
    this.#kafka.trace.push('open');
  }

  async begin(): Promise<void> {
    this.#check('begin');
    if (this.#open) throw new Error('a transaction is open already');
    [this.#records, this.#offsets, this.#open] = [[], [], true];
    this.#kafka.trace.push('begin');
  }

  send(record: OutgoingRecord): boolean {
    this.#check('send');
    this.#records.push(record);
    return true;
  }

  async drain(): Promise<void> {}

  async sendOffsets(offsets: readonly PartitionOffset[]): Promise<void> {
    this.#check('offsets');
    this.#offsets.push(...offsets);
  }

  async commit(): Promise<void> {
    this.#check('commit-lost');
    await new Promise(resolve => setImmediate(resolve));
    this.#kafka.visible.push(...this.#records);
    for (const { partition, offset } of this.#offsets) this.#kafka.offsets.set(partition, offset);
    this.#open = false;
    this.#kafka.trace.push('commit');
    this.#kafka.meet('commit-unknown');
  }

  async abort(): Promise<void> {
    this.#check('abort');
    this.#open = false;
    this.#kafka.trace.push('abort');
  }

  async close(): Promise<void> {
    this.#kafka.trace.push('close');
  }

  #check(point: FaultPoint): void {
    this.#kafka.meet(point);
    if (this.#epoch !== this.#kafka.epoch) throw new VeilError('TXN_FENCED');
    if (point !== 'begin' && !this.#open) throw new Error(`${point} outside a transaction`);
  }
}

/** The consumer of `FakeKafka`. The test plays the group: `give` and `want`. */
export class FakeConsumer implements KafkaConsumerPort {
  readonly #kafka: FakeKafka;
  readonly #topic: string;
  readonly positions = new Map<number, number>();
  readonly paused = new Set<number>();
  polls = 0;
  /** Called at the start of each poll. */
  onPoll: () => void = () => {};
  listener: RebalanceListener | undefined;

  constructor(kafka: FakeKafka, topic: string) {
    this.#kafka = kafka;
    this.#topic = topic;
  }

  /** The group gives partitions. */
  give(...partitions: readonly number[]): void {
    this.listener?.assigned(partitions.map(partition => ({ topic: this.#topic, partition })));
  }

  /** The group wants partitions back. */
  want(...partitions: readonly number[]): void {
    this.listener?.revoked(partitions.map(partition => ({ topic: this.#topic, partition })));
  }

  async open(_topic: string, listener: RebalanceListener): Promise<void> {
    this.listener = listener;
    this.give(...this.#kafka.source.keys());
  }

  async poll(max: number): Promise<Polled> {
    this.polls++;
    this.onPoll();
    await new Promise(resolve => setImmediate(resolve));
    this.#kafka.meet('poll');
    const records: KafkaRecord[] = [];
    const ends: PartitionOffset[] = [];
    for (const [partition, position] of this.positions) {
      if (this.paused.has(partition)) continue;
      const all = this.#kafka.source[partition] ?? [];
      const taken = all.slice(position, position + max - records.length);
      records.push(...taken);
      this.positions.set(partition, position + taken.length);
      if (position + taken.length === all.length) ends.push({ topic: this.#topic, partition, offset: all.length });
    }
    return { records, ends };
  }

  async committed(partitions: readonly TopicPartition[]): Promise<PartitionOffset[]> {
    this.#kafka.meet('committed');
    return partitions.map(({ topic, partition }) => ({
      topic,
      partition,
      offset: this.#kafka.offsets.get(partition) ?? -1,
    }));
  }

  async range({ partition }: TopicPartition): Promise<OffsetRange> {
    return { first: this.#kafka.first, end: this.#kafka.source[partition]?.length ?? 0 };
  }

  async partitionsOf(): Promise<number> {
    return this.#kafka.source.length;
  }

  take(partitions: readonly PartitionOffset[]): void {
    for (const { partition, offset } of partitions) this.positions.set(partition, offset);
  }

  release(partitions: readonly TopicPartition[]): void {
    for (const { partition } of partitions) this.positions.delete(partition);
    this.#kafka.trace.push('release');
  }

  pause(partitions: readonly TopicPartition[]): void {
    for (const { partition } of partitions) this.paused.add(partition);
  }

  resume(partitions: readonly TopicPartition[]): void {
    for (const { partition } of partitions) this.paused.delete(partition);
  }

  async seek({ partition, offset }: PartitionOffset): Promise<void> {
    this.#kafka.meet('seek');
    this.positions.set(partition, offset);
  }

  async close(): Promise<void> {
    this.#kafka.trace.push('left');
  }
}

function recordAt(topic: string, partition: number, offset: number): KafkaRecord {
  const text = `${partition}/${offset}`;
  const at = { source: topic, partition, offset };
  return { key: Buffer.from(`k${partition}`), value: Buffer.from(text), headers: [], timestamp: 1_000 + offset, at };
}
