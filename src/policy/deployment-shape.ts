import { z } from 'zod';
import { DEFAULT_LIMITS } from '../core/limits.js';

const path = z.string().min(1).max(4096);
const word = z
  .string()
  .min(1)
  .max(249)
  .regex(/^[A-Za-z0-9._-]+$/, 'letters, digits, ".", "_" or "-"');
const secret = z.string().max(4096).optional();
const host = z.string().min(1).max(255);
const url = z.string().regex(/^https?:\/\/[^\s@]+$/, 'a URL with http or https and without user name');
const tunable = z.union([z.number(), z.string().max(200), z.boolean()]).optional();

/** Tunables of librdkafka that may be set: none of them can lose, repeat or expose a record. */
const TUNABLES = [
  'batch.num.messages',
  'batch.size',
  'broker.address.family',
  'broker.address.ttl',
  'client.rack',
  'compression.level',
  'compression.type',
  'fetch.error.backoff.ms',
  'fetch.max.bytes',
  'fetch.min.bytes',
  'fetch.queue.backoff.ms',
  'fetch.wait.max.ms',
  'heartbeat.interval.ms',
  'linger.ms',
  'max.partition.fetch.bytes',
  'max.poll.interval.ms',
  'message.max.bytes',
  'metadata.max.age.ms',
  'queue.buffering.max.kbytes',
  'queue.buffering.max.messages',
  'queued.max.messages.kbytes',
  'queued.min.messages',
  'receive.message.max.bytes',
  'reconnect.backoff.max.ms',
  'reconnect.backoff.ms',
  'session.timeout.ms',
  'socket.connection.setup.timeout.ms',
  'socket.keepalive.enable',
  'socket.nagle.disable',
  'socket.receive.buffer.bytes',
  'socket.send.buffer.bytes',
  'socket.timeout.ms',
  'topic.metadata.refresh.interval.ms',
  'transaction.timeout.ms',
] as const;

const saslShape = z.strictObject({
  mechanism: z
    .enum(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'])
    .describe('how the broker wants it; use PLAIN with tls only'),
  username: z.string().min(1).optional().describe('PLAIN, SCRAM'),
  password: secret.describe('PLAIN, SCRAM: ${NAME} of an environment variable'),
  passwordFile: path.optional().describe('PLAIN, SCRAM: file whose first line is the password'),
  tokenEndpoint: url.optional().describe('OAUTHBEARER: OpenID Connect token endpoint'),
  clientId: z.string().min(1).optional().describe('OAUTHBEARER: client id at that endpoint'),
  clientSecret: secret.describe('OAUTHBEARER: ${NAME} of an environment variable'),
  clientSecretFile: path.optional().describe('OAUTHBEARER: file whose first line is the client secret'),
  scope: z.string().min(1).optional().describe('OAUTHBEARER: scope asked for'),
});

const kafkaShape = z.strictObject({
  brokers: z
    .array(z.string().regex(/^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):\d{1,5}$/, 'host:port'))
    .min(1)
    .max(100)
    .describe('bootstrap brokers, host:port'),
  clientId: word.default('veilstream').describe('client id shown in broker logs and quotas'),
  groupId: word.optional().describe('consumer group; default: veil-<name of the policy>'),
  instanceId: word.default('veil-1').describe('unique and stable for each running instance'),
  tls: z
    .strictObject({
      ca: path.optional().describe('PEM file of the authority; default: those of the system'),
      cert: path.optional().describe('PEM file of the client certificate'),
      key: path.optional().describe('PEM file of the client key'),
    })
    .optional()
    .describe('encrypt the connection; {} uses the authorities of the system'),
  sasl: saslShape.optional().describe('how the broker knows us'),
  commitIntervalMs: z.int().min(10).max(60_000).default(200).describe('longest time of one transaction, milliseconds'),
  properties: z
    .strictObject(Object.fromEntries(TUNABLES.map(name => [name, tunable])))
    .default({})
    .describe('tunables of librdkafka'),
});

const providerShape = z.strictObject({
  file: path.optional().describe('key ring file'),
  passphrase: secret.describe('${NAME} of an environment variable'),
  passphraseFile: path.optional().describe('file whose first line is the passphrase of the key ring'),
  vaultTransit: z
    .strictObject({
      url: url.describe('address of HashiCorp Vault or OpenBao'),
      keyName: word.describe('name of the transit key'),
      mount: z.string().min(1).max(128).optional().describe('path of the engine, default transit'),
      namespace: z.string().min(1).max(255).optional().describe('namespace of the engine'),
      derived: z.boolean().default(false).describe('the transit key is derived'),
      token: secret.describe('${NAME} of an environment variable'),
      tokenFile: path.optional().describe('file that holds the token, read before each use'),
    })
    .optional()
    .describe('keys wrapped by a transit engine'),
});

const storeShape = z.strictObject({
  sqlite: path.optional().describe('file of the embedded key store'),
  postgres: z
    .strictObject({
      host: host.describe('name, address, or directory of a Unix socket'),
      port: z.int().min(1).max(65_535).default(5432).describe('port of the server'),
      database: z.string().min(1).max(63).describe('a database apart from every one that holds outputs'),
      user: z.string().min(1).max(63).describe('role; see docs/keys.md'),
      password: secret.describe('${NAME} of an environment variable'),
      passwordFile: path.optional().describe('file whose first line is the password'),
      ca: path.optional().describe('PEM file of the authority'),
    })
    .optional()
    .describe('key store in its own PostgreSQL database'),
});

const limitsShape = z.strictObject({
  recordBytes: z
    .int()
    .min(1024)
    .max(1024 ** 3)
    .default(DEFAULT_LIMITS.recordBytes)
    .describe('bytes of one record'),
  valueBytes: z
    .int()
    .min(16)
    .max(1024 ** 3)
    .default(DEFAULT_LIMITS.valueBytes)
    .describe('bytes of one value that a transform reads'),
  depth: z.int().min(1).max(1000).default(DEFAULT_LIMITS.depth).describe('depth of nested objects and arrays'),
  members: z
    .int()
    .min(1)
    .max(10_000_000)
    .default(DEFAULT_LIMITS.members)
    .describe('members and elements of one record'),
  headers: z.int().min(0).max(100_000).default(DEFAULT_LIMITS.headers).describe('headers of one record'),
  unlistedNames: z
    .int()
    .min(0)
    .max(100_000)
    .default(DEFAULT_LIMITS.unlistedNames)
    .describe('unlisted paths remembered by name'),
  failureRate: z
    .number()
    .min(0)
    .max(1)
    .default(DEFAULT_LIMITS.failureRate)
    .describe('share of failed records that stops the job'),
  failureWindow: z
    .int()
    .min(1)
    .max(10_000_000)
    .default(DEFAULT_LIMITS.failureWindow)
    .describe('records over which it is taken'),
});

/** Everything that veil.yaml may hold. */
export const deploymentShape = z.strictObject({
  version: z.literal(1).default(1).describe('version of this file'),
  kafka: kafkaShape.optional().describe('how to reach Kafka; leave out for files only'),
  keys: z
    .strictObject({
      provider: providerShape.optional().describe('what wraps domain keys; default: the key ring file of `veil init`'),
      store: storeShape.optional().describe('where they live; default: the SQLite file of `veil init`'),
    })
    .default({})
    .describe('what wraps domain keys, and where they live'),
  desk: z
    .strictObject({ publicKey: path.optional().describe('file; default: keys/desk.pub') })
    .default({})
    .describe('public key to which failed records are encrypted'),
  limits: limitsShape.prefault({}).describe('upper bounds on everything that comes from outside'),
  metrics: z
    .strictObject({
      host: host.default('127.0.0.1').describe('address to listen on'),
      port: z.int().min(0).max(65_535).default(9404).describe('0 takes a free one, which is logged'),
    })
    .optional()
    .describe('where /metrics, /healthz and /readyz are served'),
  log: z
    .strictObject({
      level: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('least level that is written'),
    })
    .prefault({})
    .describe('JSON lines on standard error'),
});

/** veil.yaml as checked, before its parts are put together. */
export type DeploymentEntries = z.output<typeof deploymentShape>;
