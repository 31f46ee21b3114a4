import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Acl, type Admin, type KafkaConfig, type SASLOptions } from 'kafkajs';
import type { Code } from '../core/codes.js';
import { asVeilError, sealCause, VeilError } from '../core/errors.js';
import type {
  AccessRule,
  AclAnswer,
  AclResource,
  KafkaAdminPort,
  NewTopic,
  TopicFacts,
} from '../pipeline/kafka-admin-port.js';
import type { PartitionOffset } from '../pipeline/kafka-port.js';
import type { KafkaDeployment, KafkaSasl, KafkaTls } from '../policy/deployment.js';
import { fetchOauthToken } from './oauth-token.js';
import { textOfSecret } from './secret-text.js';

const {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  ConfigResourceTypes,
  Kafka,
  logLevel,
  ResourcePatternTypes,
} = kafkajs;

const CODES_BY_TYPE: Readonly<Record<string, Code>> = {
  UNKNOWN_TOPIC_OR_PARTITION: 'TOPIC_MISSING',
  TOPIC_AUTHORIZATION_FAILED: 'BROKER_DENIED',
  GROUP_AUTHORIZATION_FAILED: 'BROKER_DENIED',
  CLUSTER_AUTHORIZATION_FAILED: 'BROKER_DENIED',
};

const ACL_TYPES = {
  topic: AclResourceTypes.TOPIC,
  group: AclResourceTypes.GROUP,
  'transactional-id': AclResourceTypes.TRANSACTIONAL_ID,
};
const ACL_OPERATIONS = new Map<number, AccessRule['operation']>([
  [AclOperationTypes.ALL, 'All'],
  [AclOperationTypes.READ, 'Read'],
  [AclOperationTypes.WRITE, 'Write'],
]);

const SERVED_TRIES = 100;
const SERVED_WAIT_MS = 100;

/** Connects an administration client. Throws BROKER_DOWN, BROKER_AUTH, or FILE_* for certificates and secrets. */
export async function openKafkaAdmin(kafka: KafkaDeployment): Promise<KafkaAdminPort> {
  const admin = new Kafka(clientConfig(kafka)).admin();
  await asked('broker', () => admin.connect());
  return new KafkaJsAdmin(admin);
}

class KafkaJsAdmin implements KafkaAdminPort {
  readonly #admin: Admin;

  constructor(admin: Admin) {
    this.#admin = admin;
  }

  async describe(topic: string): Promise<TopicFacts | undefined> {
    const names = await asked(topic, () => this.#admin.listTopics());
    if (!names.includes(topic)) return undefined;
    const { topics } = await asked(topic, () => this.#admin.fetchTopicMetadata({ topics: [topic] }));
    const partitions = topics[0]?.partitions.length ?? 0;
    const settings = await this.#settings(topic);
    const retention = numberFrom(settings?.get('retention.ms'));
    return {
      partitions,
      retentionMs: retention === -1 ? Number.POSITIVE_INFINITY : retention,
      maxMessageBytes: numberFrom(settings?.get('max.message.bytes')),
      compression: settings?.get('compression.type'),
      cleanupPolicy: settings?.get('cleanup.policy'),
    };
  }

  async accessRules({ type, name }: AclResource): Promise<AclAnswer> {
    const filter = {
      resourceType: ACL_TYPES[type],
      resourceName: name,
      resourcePatternType: ResourcePatternTypes.MATCH,
      operation: AclOperationTypes.ANY,
      permissionType: AclPermissionTypes.ANY,
    };
    try {
      const { resources } = await this.#admin.describeAcls(filter);
      return resources.flatMap(({ acls }) => acls.map(accessRuleOf));
    } catch (error) {
      if (typeOf(error) === 'SECURITY_DISABLED') return 'no-authorizer';
      if (typeOf(error) === 'CLUSTER_AUTHORIZATION_FAILED') return 'denied';
      throw asVeilError(error, 'BROKER_DOWN', { where: 'access rules' });
    }
  }

  async ends(topic: string): Promise<PartitionOffset[]> {
    const offsets = await asked(topic, () => this.#admin.fetchTopicOffsets(topic));
    return offsets.map(({ partition, high }) => ({ topic, partition, offset: Number(high) }));
  }

  async create(topics: readonly NewTopic[]): Promise<void> {
    const wanted = topics.map(({ topic, partitions, replication = 1, settings = {} }) => ({
      topic,
      numPartitions: partitions,
      replicationFactor: replication,
      configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })),
    }));
    await asked('topics', () => this.#admin.createTopics({ topics: wanted, waitForLeaders: false }));
    for (const { topic, partitions } of topics) await this.#untilServed(topic, partitions);
  }

  async remove(topics: readonly string[]): Promise<void> {
    await asked('topics', () => this.#admin.deleteTopics({ topics: [...topics] }));
  }

  async deleteRecords(topic: string, below: readonly Omit<PartitionOffset, 'topic'>[]): Promise<void> {
    const partitions = below.map(({ partition, offset }) => ({ partition, offset: String(offset) }));
    // The library finds the leaders only of topics it was asked about before.
    await this.ends(topic);
    await asked(topic, () => this.#admin.deleteTopicRecords({ topic, partitions }));
  }

  async members(group: string): Promise<number> {
    const { groups } = await asked(group, () => this.#admin.describeGroups([group]));
    return groups[0]?.members.length ?? 0;
  }

  async close(): Promise<void> {
    await this.#admin.disconnect();
  }

  /** The broker answers for a new topic only when every partition has a leader. */
  async #untilServed(topic: string, partitions: number): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        const { topics } = await this.#admin.fetchTopicMetadata({ topics: [topic] });
        if (topics[0]?.partitions.filter(({ leader }) => leader >= 0).length === partitions) return;
      } catch (error) {
        if (tries === SERVED_TRIES) throw asVeilError(error, 'BROKER_DOWN', { where: topic });
      }
      if (tries === SERVED_TRIES) throw new VeilError('TOPIC_MISSING', { where: topic });
      await sleep(SERVED_WAIT_MS);
    }
  }

  /** Undefined when the principal may not read them. */
  async #settings(topic: string): Promise<ReadonlyMap<string, string> | undefined> {
    try {
      const asking = { includeSynonyms: false, resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }] };
      const { resources } = await asked(topic, () => this.#admin.describeConfigs(asking));
      return new Map(resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]));
    } catch (error) {
      if (error instanceof VeilError && error.code === 'BROKER_DENIED') return undefined;
      throw error;
    }
  }
}

function accessRuleOf({ principal, host, operation, permissionType }: Acl): AccessRule {
  const allows = permissionType === AclPermissionTypes.ALLOW;
  return { principal, host, operation: ACL_OPERATIONS.get(operation) ?? 'other', allows };
}

/** Name of the protocol's error, or an empty text. */
function typeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'type' in error ? String(error.type) : '';
}

function clientConfig(kafka: KafkaDeployment): KafkaConfig {
  return {
    brokers: [...kafka.brokers],
    clientId: kafka.clientId,
    logLevel: logLevel.NOTHING,
    connectionTimeout: 5_000,
    requestTimeout: 15_000,
    retry: { retries: 3, initialRetryTime: 200 },
    ...(kafka.tls === undefined ? {} : { ssl: tlsOptions(kafka.tls) }),
    ...(kafka.sasl === undefined ? {} : { sasl: saslOptions(kafka.sasl) }),
  };
}

function tlsOptions({ caFile, certFile, keyFile }: KafkaTls) {
  return {
    ...(caFile === undefined ? {} : { ca: pem(caFile) }),
    ...(certFile === undefined ? {} : { cert: pem(certFile) }),
    ...(keyFile === undefined ? {} : { key: pem(keyFile) }),
  };
}

function pem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw asVeilError(error, 'FILE_UNREADABLE', { where: file });
  }
}

function saslOptions(sasl: KafkaSasl): SASLOptions {
  if (sasl.mechanism === 'OAUTHBEARER') {
    const { tokenEndpoint, clientId, clientSecret, scope } = sasl;
    const request = { tokenEndpoint, clientId, clientSecret: textOfSecret(clientSecret), scope };
    return { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: await fetchOauthToken(request) }) };
  }
  const credentials = { username: sasl.username, password: textOfSecret(sasl.password) };
  if (sasl.mechanism === 'PLAIN') return { mechanism: 'plain', ...credentials };
  return { mechanism: sasl.mechanism === 'SCRAM-SHA-256' ? 'scram-sha-256' : 'scram-sha-512', ...credentials };
}

function numberFrom(text: string | undefined): number | undefined {
  return text === undefined || text === '' ? undefined : Number(text);
}

async function asked<T>(where: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const cause = sealCause(error);
    const isAuth = cause.className === 'KafkaJSSASLAuthenticationError';
    throw asVeilError(error, isAuth ? 'BROKER_AUTH' : (CODES_BY_TYPE[typeOf(error)] ?? 'BROKER_DOWN'), { where });
  }
}
