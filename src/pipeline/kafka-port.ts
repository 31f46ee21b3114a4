import type { Coordinates, Header, SourceRecord } from '../core/outcome.js';

/** One partition of one topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** A place in a partition: the offset of the next record. */
export interface PartitionOffset extends TopicPartition {
  readonly offset: number;
}

/** A record read from Kafka: it always knows its place. */
export type KafkaRecord = SourceRecord & { readonly at: Coordinates };

/** A record to be written, its partition already chosen. */
export interface OutgoingRecord extends TopicPartition {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly Header[];
  /** Milliseconds since 1970-01-01T00:00Z. */
  readonly timestamp: number;
}

/** What one poll brought. */
export interface Polled {
  readonly records: readonly KafkaRecord[];
  /** Partitions whose end was reached, with the offset that will be read next: behind any transaction markers. */
  readonly ends: readonly PartitionOffset[];
}

/** The stable part of a partition: [first, end), where `end` is the last stable offset. */
export interface OffsetRange {
  readonly first: number;
  readonly end: number;
}

/** Told about rebalances while `poll` runs. Nothing moves until the processor answers with `take` or `release`. */
export interface RebalanceListener {
  /** The group gives these partitions to this member. Answer: `take`. */
  assigned(partitions: readonly TopicPartition[]): void;
  /** The group wants these partitions back. Answer: finish or abort the open transaction, then `release`. */
  revoked(partitions: readonly TopicPartition[]): void;
  /** The membership ended: whatever is open must be aborted. `revoked` for the same partitions follows or came before. */
  lost(): void;
}

/**
 * The reading half of the data plane. Reads committed records only, never commits offsets by itself, and never moves to
 * another offset by itself. Every method throws VeilError: BROKER_* or TOPIC_MISSING when the broker refuses or is away,
 * OFFSET_LOST when the next record was deleted, TXN_FENCED when another process has the same instance id.
 */
export interface KafkaConsumerPort {
  /** Connects and joins the group as a static member. */
  open(topic: string, listener: RebalanceListener): Promise<void>;
  /** What has arrived, at most `max` records, without waiting longer than about 20 ms. Also keeps the membership alive. */
  poll(max: number): Promise<Polled>;
  /** Committed offsets of the group, pending transactions awaited; offset -1 where there is none. */
  committed(partitions: readonly TopicPartition[]): Promise<PartitionOffset[]>;
  range(partition: TopicPartition): Promise<OffsetRange>;
  /** Number of partitions of a topic. Throws TOPIC_MISSING. */
  partitionsOf(topic: string): Promise<number>;
  /** Answers `assigned`: start reading here. */
  take(partitions: readonly PartitionOffset[]): void;
  /** Answers `revoked`: another member may have them now. */
  release(partitions: readonly TopicPartition[]): void;
  pause(partitions: readonly TopicPartition[]): void;
  resume(partitions: readonly TopicPartition[]): void;
  /** Reads on from here. Records fetched before are not delivered any more. No poll may be under way. */
  seek(place: PartitionOffset): Promise<void>;
  /** Disconnects. No poll and no transaction may be under way. Answers a last revocation by itself. */
  close(): Promise<void>;
}

/**
 * The writing half: one transactional producer. Methods throw VeilError with one of three meanings:
 * TXN_ABORTABLE = call `abort`, then try again; TXN_FENCED = another producer has this transactional id, stop;
 * any other code = the state is not known, `close` this producer and make a new one with the same id.
 */
export interface KafkaProducerPort {
  /** Connects and registers the transactional id, which ends whatever an earlier producer of this id left open. */
  open(): Promise<void>;
  begin(): Promise<void>;
  /** Queues one record of the open transaction; false = the queue is full, `drain` and try again. */
  send(record: OutgoingRecord): boolean;
  /** Lets the queue empty a little. */
  drain(): Promise<void>;
  /** Adds the group's offsets to the open transaction, together with the consumer's group metadata (KIP-447). */
  sendOffsets(offsets: readonly PartitionOffset[]): Promise<void>;
  commit(): Promise<void>;
  abort(): Promise<void>;
  /** Ends the producer without finishing anything. Never throws. */
  close(): Promise<void>;
}

/** Sizes that a producer must keep to. */
export interface ProducerSizes {
  /** The largest record that some target topic accepts. */
  readonly largestRecord: number;
  /** A batch that every target topic accepts. */
  readonly batchBytes: number;
}

/** Makes the two halves. One implementation per client library. */
export interface KafkaDataPlane {
  /** What this build can do, by librdkafka's names: codecs `gzip`, `snappy`, `lz4`, `zstd`; `ssl`, `sasl_scram`, `oidc` ... */
  readonly features: ReadonlySet<string>;
  /** `text`: only header values that are UTF-8 without NUL can be written exactly; `bytes`: any, null included. */
  readonly headerValues: 'text' | 'bytes';
  /** A static member of `group` with the deployment's instance id. */
  consumer(group: string): KafkaConsumerPort;
  /** `consumer` is the one whose offsets go into the transactions. */
  producer(transactionalId: string, sizes: ProducerSizes, consumer: KafkaConsumerPort): KafkaProducerPort;
}
