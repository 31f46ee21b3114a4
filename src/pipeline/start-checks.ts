import { CODES, type Code } from '../core/codes.js';
import { VeilError } from '../core/errors.js';
import { isLoopbackHost } from '../core/loopback.js';
import type { KafkaDeployment } from '../policy/deployment.js';
import type { Plan } from '../policy/plan.js';
import type { Policy } from '../policy/policy.js';
import type { RightsFacts } from './access-rights.js';
import type { TopicFacts } from './kafka-admin-port.js';
import { FRAMING_BYTES } from './kafka-output.js';
import { routeTopics } from './route-topics.js';

/** What was found about the surroundings of one policy before it starts. Errors are findings here, not failures. */
export interface StartFacts {
  readonly plan: Plan;
  readonly kafka: KafkaDeployment;
  /** What the data plane can do, or why it cannot be loaded. */
  readonly features: ReadonlySet<string> | VeilError;
  /** Why the broker cannot be asked, or undefined. */
  readonly broker: VeilError | undefined;
  /** By topic name; undefined = it does not exist. Empty when the broker cannot be asked. */
  readonly topics: ReadonlyMap<string, TopicFacts | undefined>;
  /** What the broker's access rules say. */
  readonly rights: RightsFacts;
  /** The key store is marked as test; undefined when it could not be opened. */
  readonly isTestStore: boolean | undefined;
  /** Why a key that the plan needs cannot be opened, or undefined. */
  readonly keys: VeilError | undefined;
  /** Why the desk's public key cannot be read, or undefined. */
  readonly desk: VeilError | undefined;
}

/** One check. `ok` only when it was looked at. `failed` refuses to start; `warning` does not. */
export interface CheckResult {
  readonly policy: string;
  readonly check: string;
  readonly status: 'ok' | 'warning' | 'failed';
  readonly code: Code | undefined;
  readonly message: string;
  readonly fix: string;
}

type Verdict = Omit<CheckResult, 'policy' | 'check'>;

const OK: Verdict = { status: 'ok', code: undefined, message: 'fine', fix: '' };
const NO_TOPICS = 'the topics could not be seen';
const NO_SETTINGS = 'the principal may not read the settings of the topics (DescribeConfigs)';
const CODECS = ['gzip', 'snappy', 'lz4', 'zstd'];
const DAY_MS = 86_400_000;
const DEFAULT_MAX_MESSAGE_BYTES = 1_048_588;
/** A sealed record carries its key, its headers and their framing beside the value. */
const SEAL_ROOM_BYTES = FRAMING_BYTES + 4_096;

/** `max.message.bytes` of a topic, or Kafka's default where it may not be read. */
export function maxMessageBytes(facts: TopicFacts | undefined): number {
  return facts?.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES;
}

/** Everything that must hold before records flow: `veil run` refuses to start on a failed one, `veil doctor` shows all of them. */
export function startChecks(facts: StartFacts): CheckResult[] {
  const { policy } = facts.plan;
  const checks: readonly (readonly [string, (facts: StartFacts) => Verdict])[] = [
    ['route', checkRoute],
    ['transport encryption', checkEncryption],
    ['client features', checkFeatures],
    ['broker', ({ broker }) => verdictOf(broker)],
    ['topics', checkTopics],
    ['access rights', checkRights],
    ['partitions', checkPartitions],
    ['record size', checkSizes],
    ['retention', checkRetention],
    ['keys', ({ keys }) => verdictOf(keys)],
    ['key store', checkStore],
    ['desk key', ({ desk }) => verdictOf(desk)],
  ];
  return checks.map(([check, look]) => ({ policy: policy.name, check, ...look(facts) }));
}

/** True when every broker is on this machine. */
export function isLoopback(brokers: readonly string[]): boolean {
  return brokers.every(broker => isLoopbackHost(broker.replace(/:\d+$/, '')));
}

function checkRoute({ plan: { policy } }: StartFacts): Verdict {
  const topics = routeTopics(policy);
  if (topics === undefined)
    return failed(
      'USAGE',
      'source, sink and quarantine must be topics',
      'name three topics, or use `veil replay` for files',
    );
  const { source, sink, quarantine } = topics;
  return new Set([source, sink, quarantine]).size === 3
    ? OK
    : failed('ROUTE_LOOP', 'two of source, sink and quarantine are one topic');
}

function checkEncryption({ plan, kafka }: StartFacts): Verdict {
  if (kafka.tls !== undefined || isLoopback(kafka.brokers) || !plan.sensitive) return OK;
  const { allowPlaintext } = plan.policy;
  if (allowPlaintext !== undefined)
    return warning('ROUTE_PLAINTEXT', 'records cross the network in clear, as the policy allows', 'use TLS');
  return failed('ROUTE_PLAINTEXT', 'sensitive fields would cross the network in clear');
}

function checkFeatures({ features, kafka, topics, plan }: StartFacts): Verdict {
  if (features instanceof VeilError) return verdictOf(features);
  const needed = [...neededCodecs(topics, plan.policy), ...connectionFeatures(kafka)];
  const missing = needed.filter(feature => !features.has(feature));
  return missing.length === 0 ? OK : failed('ROUTE_CODEC', `the Kafka client was built without ${missing.join(', ')}`);
}

/** A topic whose producers choose the codec may hold any of them. */
function neededCodecs(topics: StartFacts['topics'], policy: Policy): readonly string[] {
  const compression = topics.get(routeTopics(policy)?.source ?? '')?.compression;
  if (compression === undefined || compression === 'producer') return CODECS;
  return CODECS.filter(codec => codec === compression);
}

function connectionFeatures({ tls, sasl }: KafkaDeployment): string[] {
  const features = tls === undefined ? [] : ['ssl'];
  if (sasl?.mechanism === 'PLAIN') features.push('sasl_plain');
  else if (sasl?.mechanism === 'OAUTHBEARER') features.push('sasl_oauthbearer', 'oidc');
  else if (sasl !== undefined) features.push('sasl_scram');
  return features;
}

function checkTopics({ plan, topics, broker }: StartFacts): Verdict {
  const route = routeTopics(plan.policy);
  if (route === undefined || broker !== undefined) return notChecked(NO_TOPICS);
  const missing = Object.values(route).filter(topic => topics.get(topic) === undefined);
  if (missing.length === 0) return OK;
  const commands = missing.map(topic => `kafka-topics.sh --create --topic ${topic}`);
  return failed('TOPIC_MISSING', `absent: ${missing.join(', ')}`, commands.join(' && '));
}

function checkRights({ rights }: StartFacts): Verdict {
  if (!rights.seen) return notChecked(rights.why);
  if (rights.missing.length === 0) return OK;
  const named = rights.missing.map(({ type, name, operation }) => `${operation} on ${type} ${name}`);
  // Super users need no rules, and other authorizers have rules of their own: the broker decides.
  return warning('BROKER_DENIED', `no access rule gives this principal ${named.join(', ')}`);
}

function checkPartitions({ plan: { policy }, topics }: StartFacts): Verdict {
  const route = routeTopics(policy);
  const [source, sink] = [topics.get(route?.source ?? ''), topics.get(route?.sink ?? '')];
  if (source === undefined || sink === undefined) return notChecked(NO_TOPICS);
  if (policy.partition === 'by-key' || sink.partitions >= source.partitions) return OK;
  const counts = `the source has ${source.partitions} partitions and the sink ${sink.partitions}`;
  return failed(
    'CONFIG_CONFLICT',
    `"partition: same" needs as many partitions: ${counts}`,
    'add partitions to the sink, or use "partition: by-key"',
  );
}

function checkSizes({ plan: { policy }, topics }: StartFacts): Verdict {
  const route = routeTopics(policy);
  const [source, sink, quarantine] = [route?.source, route?.sink, route?.quarantine].map(topic =>
    topics.get(topic ?? ''),
  );
  if (source === undefined || sink === undefined || quarantine === undefined) return notChecked(NO_TOPICS);
  if ([source, sink, quarantine].some(({ maxMessageBytes }) => maxMessageBytes === undefined))
    return notChecked(NO_SETTINGS);
  const needed = maxMessageBytes(source) + SEAL_ROOM_BYTES;
  if (maxMessageBytes(quarantine) < needed) {
    const message =
      'a record as large as the source accepts would not fit into the quarantine, and the job would stop at it';
    return warning('QUARANTINE_TOO_SMALL', message, `set max.message.bytes of the quarantine to ${needed} or more`);
  }
  if (maxMessageBytes(sink) >= maxMessageBytes(source)) return OK;
  return warning('OUTPUT_TOO_LARGE', 'the sink accepts smaller records than the source: larger ones go to quarantine');
}

function checkRetention({ plan: { policy }, topics }: StartFacts): Verdict {
  if (policy.retention === undefined) return OK;
  const sink = topics.get(routeTopics(policy)?.sink ?? '');
  if (sink === undefined) return notChecked(NO_TOPICS);
  if (sink.retentionMs === undefined) return notChecked(NO_SETTINGS);
  const keepMs = policy.retention.keepDays * DAY_MS;
  const isCompacted = sink.cleanupPolicy?.includes('delete') === false;
  if (sink.retentionMs <= keepMs && !isCompacted) return OK;
  return failed(
    'CONFIG_CONFLICT',
    'the sink keeps records longer than the policy says',
    `set cleanup.policy=delete and retention.ms=${keepMs} on the sink`,
  );
}

function checkStore({ isTestStore, kafka }: StartFacts): Verdict {
  if (isTestStore === undefined) return notChecked('the key store could not be opened');
  return isTestStore && !isLoopback(kafka.brokers) ? failed('KEY_STORE_TEST', CODES.KEY_STORE_TEST.means) : OK;
}

function verdictOf(error: VeilError | undefined): Verdict {
  if (error === undefined) return OK;
  const { code, where, detail } = error;
  const about = where === undefined ? '' : `${where}: `;
  return failed(code, `${about}${CODES[code].means}`, detail.next ?? CODES[code].next);
}

/** Never green: nobody has looked. */
function notChecked(why: string): Verdict {
  return warning('NOT_CHECKED', `not checked: ${why}`);
}

function failed(code: Code, message: string, fix: string = CODES[code].next): Verdict {
  return { status: 'failed', code, message, fix };
}

function warning(code: Code, message: string, fix: string = CODES[code].next): Verdict {
  return { status: 'warning', code, message, fix };
}
