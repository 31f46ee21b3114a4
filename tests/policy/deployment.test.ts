import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { textOf, utf8 } from '../../src/core/bytes.js';
import { DEFAULT_LIMITS } from '../../src/core/limits.js';
import { EMBEDDED } from '../../src/policy/deployment.js';
import { defaultDeployment, loadDeployment, readDeployment } from '../../src/policy/load-deployment.js';
import { starterDeployment } from '../../src/policy/starter.js';

const found = (text: string, env = {}): string[] =>
  loadDeployment('/etc/veil/veil.yaml', utf8(text), env).diagnostics.map(d => `${d.line}:${d.col} ${d.code}`);
const deploymentOf = (text: string, env = {}) => {
  const { deployment, diagnostics } = loadDeployment('/etc/veil/veil.yaml', utf8(text), env);
  if (deployment === undefined)
    throw new Error(diagnostics.map(d => `${d.line}:${d.col} ${d.code} ${d.message}`).join('\n'));
  return deployment;
};
const SASL = 'kafka:\n  brokers: [b:9092]\n  sasl: ';

describe('findings of veil.yaml', () => {
  it.each<[string, string, string[]]>([
    ['an unknown entry', 'kafk: {}', ['1:1 POLICY_UNKNOWN_WORD']],
    ['a broker without port', 'kafka: { brokers: [localhost] }', ['1:20 POLICY_BOUNDS']],
    ['no brokers', 'kafka: {}', ['1:8 POLICY_MISSING']],
    ['an unknown tunable', 'kafka: { brokers: [b:1], properties: { acks: 0 } }', ['1:40 POLICY_UNKNOWN_WORD']],
    [
      'a tunable that could weaken security',
      'kafka: { brokers: [b:1], properties: { enable.ssl.certificate.verification: false } }',
      ['1:40 POLICY_UNKNOWN_WORD'],
    ],
    ['a map as a tunable', 'kafka: { brokers: [b:1], properties: { linger.ms: {} } }', ['1:51 POLICY_TYPE']],
    ['a certificate without key', 'kafka: { brokers: [b:1], tls: { cert: a.pem } }', ['1:31 POLICY_MISSING']],
    ['a password in clear', `${SASL}{ mechanism: PLAIN, username: u, password: hunter2 }`, ['3:52 POLICY_SECRET']],
    [
      'a password as a default',
      `${SASL}{ mechanism: PLAIN, username: u, password: "\${P:hunter2}" }`,
      ['3:52 POLICY_SECRET'],
    ],
    ['a mechanism without password', `${SASL}{ mechanism: SCRAM-SHA-512, username: u }`, ['3:9 POLICY_MISSING']],
    [
      'two passwords',
      `${SASL}{ mechanism: PLAIN, username: u, passwordFile: a, password: "\${P}" }`,
      ['3:56 CONFIG_CONFLICT'],
    ],
    [
      'OAuth without endpoint',
      `${SASL}{ mechanism: OAUTHBEARER, clientId: c, clientSecretFile: s }`,
      ['3:9 POLICY_MISSING'],
    ],
    [
      'an unknown mechanism',
      `${SASL}{ mechanism: SCRAM-SHA-1, username: u, passwordFile: p }`,
      ['3:22 POLICY_UNKNOWN_WORD'],
    ],
    [
      'two key providers',
      'keys: { provider: { file: a, vaultTransit: { url: "https://v", keyName: k, tokenFile: t } } }',
      ['1:44 CONFIG_CONFLICT'],
    ],
    [
      'a transit engine without token',
      'keys: { provider: { vaultTransit: { url: "https://v", keyName: k } } }',
      ['1:35 POLICY_MISSING'],
    ],
    [
      'a URL with a password',
      'keys: { provider: { vaultTransit: { url: "https://u:p@v", keyName: k, tokenFile: t } } }',
      ['1:42 POLICY_BOUNDS', '1:42 POLICY_SECRET'].sort(),
    ],
    [
      'a transit engine in clear on another machine',
      'keys: { provider: { vaultTransit: { url: "http://vault:8200", keyName: k, tokenFile: t } } }',
      ['1:42 ROUTE_PLAINTEXT'],
    ],
    [
      'a transit engine in clear on what only looks like this machine',
      'keys: { provider: { vaultTransit: { url: "http://127.0.0.1.example", keyName: k, tokenFile: t } } }',
      ['1:42 ROUTE_PLAINTEXT'],
    ],
    [
      'a transit engine in clear on this machine',
      'keys: { provider: { vaultTransit: { url: "http://[::1]:8200", keyName: k, tokenFile: t } } }',
      [],
    ],
    [
      'a token endpoint in clear on another machine',
      `${SASL}{ mechanism: OAUTHBEARER, clientId: c, clientSecretFile: s, tokenEndpoint: "\${Q:http://id.example/token}" }`,
      ['3:84 ROUTE_PLAINTEXT'],
    ],
    [
      'a token endpoint in clear on this machine',
      `${SASL}{ mechanism: OAUTHBEARER, clientId: c, clientSecretFile: s, tokenEndpoint: "http://localhost:8080/token" }`,
      [],
    ],
    [
      'two key stores',
      'keys: { store: { sqlite: a, postgres: { host: h, database: d, user: u } } }',
      ['1:39 CONFIG_CONFLICT'],
    ],
    ['a port out of range', 'metrics: { port: 70000 }', ['1:18 POLICY_BOUNDS']],
    ['a limit out of range', 'limits: { failureRate: 2 }', ['1:24 POLICY_BOUNDS']],
    ['an unset variable', 'desk: { publicKey: "${NO_SUCH}/a" }', ['1:21 POLICY_ENV']],
  ])('%s', (_what, text, expected) => {
    expect(found(text, { P: 'x' }).sort()).toEqual(expected);
  });
});

describe('what veil.yaml means', () => {
  it('fills in defaults and resolves paths from its own directory', () => {
    const deployment = deploymentOf('kafka: { brokers: ["127.0.0.1:9092"] }');
    expect(deployment.kafka).toMatchObject({
      clientId: 'veilstream',
      instanceId: 'veil-1',
      commitIntervalMs: 200,
    });
    expect(deployment.keys.store).toEqual({ type: 'sqlite', file: `/etc/veil/${EMBEDDED.keyStore}` });
    expect(deployment.desk.publicKey).toBe(`/etc/veil/${EMBEDDED.deskPublicKey}`);
    expect(deployment.limits).toEqual(DEFAULT_LIMITS);
    expect(deployment.metrics).toBeUndefined();
  });

  it('takes lists, numbers and secrets from the environment', () => {
    const text =
      'kafka:\n  brokers: "${BROKERS}"\n  sasl: { mechanism: SCRAM-SHA-256, username: u, password: "${PW}" }\nmetrics: { port: "${PORT:9500}" }';
    const { kafka, metrics } = deploymentOf(text, { BROKERS: 'a:9092, b:9092', PW: 'hunter2' });
    expect(kafka?.brokers).toEqual(['a:9092', 'b:9092']);
    expect(metrics).toEqual({ host: '127.0.0.1', port: 9500 });
    const sasl = kafka?.sasl;
    if (sasl?.mechanism !== 'SCRAM-SHA-256' || !('secret' in sasl.password)) throw new Error('no secret');
    expect(sasl.password.secret.use(bytes => textOf(bytes))).toBe('hunter2');
    expect(inspect(kafka, { depth: 9 }) + JSON.stringify(kafka)).not.toContain('hunter2');
  });

  it('names a transit engine and a PostgreSQL store', () => {
    const text = `keys:
  provider: { vaultTransit: { url: "https://vault:8200", keyName: veil, tokenFile: token } }
  store: { postgres: { host: db, database: keys, user: veil_worker, passwordFile: pw, ca: ca.pem } }`;
    expect(deploymentOf(text).keys).toEqual({
      provider: {
        type: 'vault-transit',
        url: 'https://vault:8200',
        keyName: 'veil',
        mount: undefined,
        namespace: undefined,
        derived: false,
        token: { file: '/etc/veil/token' },
      },
      store: {
        type: 'postgres',
        host: 'db',
        port: 5432,
        database: 'keys',
        user: 'veil_worker',
        password: { file: '/etc/veil/pw' },
        caFile: '/etc/veil/ca.pem',
      },
    });
  });

  it('accepts what veil init writes, with the places of the embedded defaults', () => {
    const deployment = deploymentOf(starterDeployment());
    const { keys, desk } = defaultDeployment('/etc/veil', {});
    expect(deployment.keys).toEqual(keys);
    expect(deployment.desk).toEqual(desk);
    expect(deployment.kafka?.brokers).toEqual(['127.0.0.1:9092']);
  });

  it('falls back to the embedded defaults only when no file was named', () => {
    const directory = mkdtempSync(join(tmpdir(), 'veil-deployment-'));
    try {
      expect(readDeployment(undefined, directory, {}).deployment?.file).toBeUndefined();
      expect(() => readDeployment(join(directory, 'other.yaml'), directory, {})).toThrow('FILE_UNREADABLE');
      writeFileSync(join(directory, 'veil.yaml'), 'log: { level: loud }');
      expect(readDeployment(undefined, directory, {}).deployment).toBeUndefined();
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
