import type { PartitionOffset } from './kafka-port.js';

/** What the start checks ask about a topic. */
export interface TopicFacts {
  readonly partitions: number;
  /** `retention.ms`, or undefined when the principal may not read it; Infinity when records are kept for ever. */
  readonly retentionMs: number | undefined;
  /** `max.message.bytes`, or undefined when the principal may not read it. */
  readonly maxMessageBytes: number | undefined;
  /** `compression.type`; `producer` = whatever its producers chose; undefined when the principal may not read it. */
  readonly compression: string | undefined;
  /** `cleanup.policy`, or undefined when the principal may not read it. */
  readonly cleanupPolicy: string | undefined;
}

/** What access rules are about. */
export interface AclResource {
  readonly type: 'topic' | 'group' | 'transactional-id';
  readonly name: string;
}

/** One access rule of the broker (an ACL). */
export interface AccessRule {
  /** `User:name`, or `User:*` for everybody. */
  readonly principal: string;
  /** Address of the client, or `*`. */
  readonly host: string;
  readonly operation: 'Read' | 'Write' | 'All' | 'other';
  readonly allows: boolean;
}

/** Rules that apply to a resource, by its name, a prefix or a wildcard; or why there are none to see. */
export type AclAnswer = readonly AccessRule[] | 'no-authorizer' | 'denied';

/** A topic to be made. */
export interface NewTopic {
  readonly topic: string;
  readonly partitions: number;
  readonly replication?: number;
  readonly settings?: Readonly<Record<string, string>>;
}

/** Questions about the cluster, and topics for demo and tests. Never on the way of a record. Throws VeilError BROKER_* or TOPIC_MISSING. */
export interface KafkaAdminPort {
  /** Facts of a topic, or undefined when it does not exist. */
  describe(topic: string): Promise<TopicFacts | undefined>;
  /** Access rules of a resource. `no-authorizer`: the cluster has none and allows everything; `denied`: they may not be read. */
  accessRules(resource: AclResource): Promise<AclAnswer>;
  /** End offsets (high watermarks). */
  ends(topic: string): Promise<PartitionOffset[]>;
  /** Makes topics that do not exist yet. */
  create(topics: readonly NewTopic[]): Promise<void>;
  /** Removes topics. */
  remove(topics: readonly string[]): Promise<void>;
  /** Deletes the records of partitions below these offsets. */
  deleteRecords(topic: string, below: readonly Omit<PartitionOffset, 'topic'>[]): Promise<void>;
  /** Members of a consumer group: 0 when it is empty or unknown. */
  members(group: string): Promise<number>;
  close(): Promise<void>;
}
