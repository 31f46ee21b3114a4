import type { ProducerSizes } from '../pipeline/kafka-port.js';
import type { KafkaDeployment, KafkaSasl } from '../policy/deployment.js';
import type { RdKafkaSettings } from './rdkafka-library.js';
import { textOfSecret } from './secret-text.js';

/** Settings that reader and writer share: addresses, TLS and SASL. Reads secret files. Throws FILE_* for unreadable ones. */
export function connectionSettings(kafka: KafkaDeployment): RdKafkaSettings {
  return {
    'bootstrap.servers': kafka.brokers.join(','),
    'client.id': kafka.clientId,
    'security.protocol': securityProtocol(kafka).toLowerCase(),
    'allow.auto.create.topics': false,
    'log.connection.close': false,
    'socket.nagle.disable': true,
    'socket.keepalive.enable': true,
    'reconnect.backoff.max.ms': 2_000,
    ...tlsSettings(kafka),
    ...(kafka.sasl === undefined ? {} : saslSettings(kafka.sasl)),
  };
}

/** The protocol name as Kafka spells it. */
export function securityProtocol({ tls, sasl }: KafkaDeployment): 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL' {
  if (sasl === undefined) return tls === undefined ? 'PLAINTEXT' : 'SSL';
  return tls === undefined ? 'SASL_PLAINTEXT' : 'SASL_SSL';
}

/**
 * Settings of the reader. Delivery hangs on the lower half, so the deployment's tunables cannot change it: nothing is
 * committed by the client, aborted records are not read, an offset out of range is an error, and the member is static, which
 * lets the broker refuse the offsets of a member that was replaced.
 */
export function consumerSettings(kafka: KafkaDeployment, group: string): RdKafkaSettings {
  return {
    'fetch.queue.backoff.ms': 5,
    'fetch.wait.max.ms': 100,
    'fetch.message.max.bytes': 4_194_304,
    'queued.min.messages': 100_000,
    'queued.max.messages.kbytes': 65_536,
    ...connectionSettings(kafka),
    ...kafka.properties,
    'group.id': group,
    'group.instance.id': kafka.instanceId,
    'partition.assignment.strategy': 'cooperative-sticky',
    'isolation.level': 'read_committed',
    'enable.auto.commit': false,
    'enable.auto.offset.store': false,
    'enable.partition.eof': true,
  };
}

/** Settings of the writer: transactional, hence idempotent with acks from all replicas. */
export function producerSettings(
  kafka: KafkaDeployment,
  transactionalId: string,
  sizes: ProducerSizes,
): RdKafkaSettings {
  return {
    'linger.ms': 5,
    'batch.num.messages': 20_000,
    'queue.buffering.max.messages': 500_000,
    'queue.buffering.max.kbytes': 262_144,
    ...connectionSettings(kafka),
    ...kafka.properties,
    'batch.size': Math.min(1_000_000, sizes.batchBytes),
    'message.max.bytes': Math.max(1_000, Math.min(1_000_000_000, sizes.largestRecord)),
    'transactional.id': transactionalId,
  };
}

function tlsSettings({ tls }: KafkaDeployment): RdKafkaSettings {
  if (tls === undefined) return {};
  return {
    'ssl.endpoint.identification.algorithm': 'https',
    ...(tls.caFile === undefined ? {} : { 'ssl.ca.location': tls.caFile }),
    ...(tls.certFile === undefined ? {} : { 'ssl.certificate.location': tls.certFile }),
    ...(tls.keyFile === undefined ? {} : { 'ssl.key.location': tls.keyFile }),
  };
}

function saslSettings(sasl: KafkaSasl): RdKafkaSettings {
  if (sasl.mechanism !== 'OAUTHBEARER') {
    const { mechanism, username, password } = sasl;
    return { 'sasl.mechanism': mechanism, 'sasl.username': username, 'sasl.password': textOfSecret(password) };
  }
  return {
    'sasl.mechanism': 'OAUTHBEARER',
    'sasl.oauthbearer.method': 'oidc',
    'sasl.oauthbearer.token.endpoint.url': sasl.tokenEndpoint,
    'sasl.oauthbearer.client.id': sasl.clientId,
    'sasl.oauthbearer.client.secret': textOfSecret(sasl.clientSecret),
    ...(sasl.scope === undefined ? {} : { 'sasl.oauthbearer.scope': sasl.scope }),
  };
}
