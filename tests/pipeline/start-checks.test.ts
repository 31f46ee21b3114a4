import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/core/bytes.js';
import { VeilError } from '../../src/core/errors.js';
import type { TopicFacts } from '../../src/pipeline/kafka-admin-port.js';
import { isLoopback, type StartFacts, startChecks } from '../../src/pipeline/start-checks.js';
import { loadPolicy } from '../../src/policy/load.js';
import { compilePlan } from '../../src/policy/plan.js';
import { deploymentOf } from '../testkit/kafka.js';

const TOPIC: TopicFacts = {
  partitions: 3,
  retentionMs: 30 * 86_400_000,
  maxMessageBytes: 1_000_000,
  cleanupPolicy: 'delete',
  compression: 'producer',
};
const FEATURES = new Set([
  'gzip',
  'snappy',
  'lz4',
  'zstd',
  'ssl',
  'sasl_plain',
  'sasl_scram',
  'sasl_oauthbearer',
  'oidc',
]);

function planOf(more = '') {
  const text = `version: 1
name: orders
purpose: analytics
source: { topic: raw }
sink: { topic: out }
quarantine: { topic: refused }
${more}
fields:
  user.mobile: { is: cn-mobile, do: pseudonymize, domain: phones }
`;
  const { policy, diagnostics } = loadPolicy('orders.yaml', utf8(text), {});
  if (policy === undefined) throw new Error(diagnostics.map(({ message }) => message).join());
  return compilePlan(policy);
}

function factsOf(more: Partial<StartFacts> = {}): StartFacts {
  return {
    plan: planOf(),
    kafka: deploymentOf('127.0.0.1:9092'),
    features: FEATURES,
    broker: undefined,
    topics: new Map([
      ['raw', TOPIC],
      ['out', TOPIC],
      ['refused', { ...TOPIC, maxMessageBytes: 2_000_000 }],
    ]),
    rights: { seen: true, missing: [] },
    isTestStore: false,
    keys: undefined,
    desk: undefined,
    ...more,
  };
}

/** Checks that are not green, as `check: status code`. */
function findings(facts: StartFacts): string[] {
  return startChecks(facts).flatMap(({ check, status, code, fix }) => {
    if (status !== 'ok') expect(fix).not.toBe('');
    return status === 'ok' ? [] : [`${check}: ${status} ${code}`];
  });
}

const withTopic = (name: string, facts: Partial<TopicFacts>): StartFacts['topics'] =>
  new Map([...factsOf().topics, [name, { ...TOPIC, ...facts }]]);
const FAR = { ...deploymentOf('127.0.0.1:9092'), brokers: ['127.0.0.1:9092', 'kafka.example:9092'] };
const TLS = { caFile: undefined, certFile: undefined, keyFile: undefined };

describe('start checks', () => {
  it('are green when everything is there', () => {
    expect(findings(factsOf())).toEqual([]);
    expect(startChecks(factsOf()).map(({ check }) => check)).toContain('transport encryption');
  });

  it.each<[string, Partial<StartFacts>, string[]]>([
    ['sensitive fields in clear to another machine', { kafka: FAR }, ['transport encryption: failed ROUTE_PLAINTEXT']],
    [
      'SASL without TLS is in clear too',
      { kafka: { ...FAR, sasl: { mechanism: 'PLAIN', username: 'u', password: { file: '/dev/null' } } } },
      ['transport encryption: failed ROUTE_PLAINTEXT'],
    ],
    ['TLS to another machine', { kafka: { ...FAR, tls: TLS } }, []],
    [
      'in clear with a stated reason',
      { kafka: FAR, plan: planOf('allowPlaintext: a private link between two machines') },
      ['transport encryption: warning ROUTE_PLAINTEXT'],
    ],
    [
      'a test store towards another machine',
      { kafka: { ...FAR, tls: TLS }, isTestStore: true },
      ['key store: failed KEY_STORE_TEST'],
    ],
    ['a key store that could not be opened', { isTestStore: undefined }, ['key store: warning NOT_CHECKED']],
    [
      'access rules that may not be read',
      { rights: { seen: false, why: 'the principal may not read access rules' } },
      ['access rights: warning NOT_CHECKED'],
    ],
    [
      'a right that no access rule gives',
      { rights: { seen: true, missing: [{ type: 'topic', name: 'out', operation: 'Write' }] } },
      ['access rights: warning BROKER_DENIED'],
    ],
    [
      'settings of topics that may not be read',
      {
        plan: planOf('retention: { keep: 60d, then: delete }'),
        topics: withTopic('out', { retentionMs: undefined, maxMessageBytes: undefined, cleanupPolicy: undefined }),
      },
      ['record size: warning NOT_CHECKED', 'retention: warning NOT_CHECKED'],
    ],
    ['a test store on this machine', { isTestStore: true }, []],
    [
      'a codec that was not built in',
      { features: new Set([...FEATURES].filter(feature => feature !== 'zstd')) },
      ['client features: failed ROUTE_CODEC'],
    ],
    [
      'a missing codec that the source does not use',
      { features: new Set(['lz4']), topics: withTopic('raw', { compression: 'lz4' }) },
      [],
    ],
    [
      'TLS that was not built in',
      { kafka: { ...FAR, tls: TLS }, features: new Set(['gzip', 'snappy', 'lz4', 'zstd']) },
      ['client features: failed ROUTE_CODEC'],
    ],
    [
      'a client that was not built',
      { features: new VeilError('CONFIG_CONFLICT') },
      ['client features: failed CONFIG_CONFLICT'],
    ],
    [
      'a broker that is away',
      { broker: new VeilError('BROKER_DOWN'), topics: new Map() },
      [
        'broker: failed BROKER_DOWN',
        'topics: warning NOT_CHECKED',
        'partitions: warning NOT_CHECKED',
        'record size: warning NOT_CHECKED',
      ],
    ],
    [
      'a topic that is absent',
      { topics: new Map([...factsOf().topics, ['refused', undefined]]) },
      ['topics: failed TOPIC_MISSING', 'record size: warning NOT_CHECKED'],
    ],
    [
      'fewer partitions with "partition: same"',
      { plan: planOf('partition: same'), topics: withTopic('out', { partitions: 2 }) },
      ['partitions: failed CONFIG_CONFLICT'],
    ],
    ['fewer partitions by key', { topics: withTopic('out', { partitions: 2 }) }, []],
    [
      'a quarantine that is too small',
      { topics: withTopic('refused', { maxMessageBytes: 1_000_000 }) },
      ['record size: warning QUARANTINE_TOO_SMALL'],
    ],
    [
      'a sink that is smaller than the source',
      { topics: withTopic('out', { maxMessageBytes: 500_000 }) },
      ['record size: warning OUTPUT_TOO_LARGE'],
    ],
    [
      'a sink that keeps longer than the policy',
      { plan: planOf('retention: { keep: 7d, then: delete }') },
      ['retention: failed CONFIG_CONFLICT'],
    ],
    [
      'a sink that keeps for ever',
      {
        plan: planOf('retention: { keep: 60d, then: delete }'),
        topics: withTopic('out', { retentionMs: Number.POSITIVE_INFINITY }),
      },
      ['retention: failed CONFIG_CONFLICT'],
    ],
    [
      'a compacted sink with a retention',
      {
        plan: planOf('retention: { keep: 60d, then: delete }'),
        topics: withTopic('out', { cleanupPolicy: 'compact' }),
      },
      ['retention: failed CONFIG_CONFLICT'],
    ],
    ['a retention that fits', { plan: planOf('retention: { keep: 60d, then: delete }') }, []],
    [
      'a domain without key',
      { keys: new VeilError('KEY_DOMAIN_UNKNOWN', { where: 'domain phones' }) },
      ['keys: failed KEY_DOMAIN_UNKNOWN'],
    ],
    ['no desk key', { desk: new VeilError('DESK_KEY_MISSING') }, ['desk key: failed DESK_KEY_MISSING']],
  ])('%s', (_name, facts, expected) => {
    expect(findings(factsOf(facts))).toEqual(expected);
  });

  it('only this machine is this machine', () => {
    expect(isLoopback(['127.0.0.1:9092', 'localhost:1', '[::1]:9092', '127.8.9.1:9'])).toBe(true);
    for (const broker of ['10.0.0.1:9092', '127.0.0.1.example:9092', 'localhost.example:9092', '0.0.0.0:9092'])
      expect(isLoopback([broker])).toBe(false);
  });
});
