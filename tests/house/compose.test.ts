import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { KAFKA_VERSION } from '../../scripts/broker-jars.js';
import { ROOT } from './tree.js';

interface Service {
  readonly image: string;
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly ports?: readonly string[];
  readonly command?: readonly string[];
  readonly healthcheck?: object;
  readonly read_only?: boolean;
  readonly user?: string;
  readonly cap_drop?: readonly string[];
  readonly network_mode?: string;
  readonly volumes?: readonly string[];
}

const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const yamlOf = (path: string): unknown => parse(textOf(path), { merge: true });
const compose = yamlOf('docker-compose.yml') as { services: Record<string, Service> };
const deployment = yamlOf('configs/deployments/compose.yaml') as {
  kafka: { brokers: string[] };
  keys: { store: { postgres: { host: string; database: string } } };
  metrics: { port: number };
};

function service(name: string): Service {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`no service ${name}`);
  return found;
}

describe('docker-compose.yml', () => {
  it('runs the Kafka version that tests, demo and bench run against', () => {
    expect(service('kafka').image).toBe(`apache/kafka:${KAFKA_VERSION}`);
    expect(service('topics').image).toBe(service('kafka').image);
    for (const pom of ['scripts/broker/pom.xml', 'bench/peers/streams/pom.xml']) {
      const versions = [
        ...textOf(pom).matchAll(
          /<groupId>org\.apache\.kafka<\/groupId>\s*<artifactId>[^<]+<\/artifactId>\s*<version>([^<]+)/g,
        ),
      ];
      expect(versions.length).toBeGreaterThan(0);
      for (const [, version] of versions) expect(version).toBe(KAFKA_VERSION);
    }
  });

  it('gives the broker the settings of the broker in tests', () => {
    const settings = service('kafka').environment ?? {};
    const tests = textOf('scripts/broker.ts');
    for (const name of ['auto.create.topics.enable', 'group.initial.rebalance.delay.ms', 'controller.listener.names']) {
      const value = new RegExp(`'${name.replaceAll('.', '\\.')}': '([^']+)'`).exec(tests)?.[1];
      expect(String(settings[`KAFKA_${name.toUpperCase().replaceAll('.', '_')}`]), name).toBe(value);
    }
  });

  it('publishes on the loopback interface only, at the ports that the deployment names', () => {
    for (const { ports } of Object.values(compose.services)) {
      for (const port of ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
    const [broker] = deployment.kafka.brokers;
    expect(service('kafka').environment?.KAFKA_ADVERTISED_LISTENERS).toBe(`PLAINTEXT://${broker}`);
    expect(service('kafka').ports).toContain(`${broker}:9092`);
    const { port } = deployment.metrics;
    expect(service('kafka').ports).toContain(`127.0.0.1:${port}:${port}`);
    expect(JSON.stringify(service('veil').healthcheck)).toContain(`127.0.0.1:${port}/healthz`);
    expect(textOf('src/policy/deployment-shape.ts')).toContain(`default(${port})`);
  });

  it('keeps the key store off every network', () => {
    const { host, database } = deployment.keys.store.postgres;
    expect(service('postgres').image).toBe('postgres:15');
    expect(service('postgres').network_mode).toBe('none');
    expect(service('postgres').environment?.POSTGRES_DB).toBe(database);
    expect(service('postgres').volumes).toContain(`postgres-socket:${host}`);
    expect(service('veil').volumes).toContain(`postgres-socket:${host}`);
  });

  it('checks the health of everything that stays up', () => {
    for (const name of ['kafka', 'postgres', 'registry', 'veil']) expect(service(name).healthcheck, name).toBeDefined();
  });

  it('runs veil as another user than root, without capabilities, on a read-only root', () => {
    for (const name of ['veil', 'keys']) {
      expect(service(name).read_only).toBe(true);
      expect(service(name).user).toBe('10001:10001');
      expect(service(name).cap_drop).toEqual(['ALL']);
    }
    expect(textOf('Dockerfile')).toMatch(/^USER 10001:10001$/m);
  });

  it('names policies and topics that exist', () => {
    const [, policy] = service('veil').command ?? [];
    const text = textOf((policy ?? '').replace('/etc/veil/', 'configs/'));
    const topics = [...text.matchAll(/topic: ([\w.-]+)/g)].map(match => match[1] ?? '');
    expect(topics.length).toBeGreaterThanOrEqual(2);
    for (const topic of topics) expect(JSON.stringify(service('topics').command)).toContain(topic);
    expect(service('keys').command).toContain(policy);
  });

  it('is accepted by docker compose where it is installed', () => {
    const installed = spawnSync('docker', ['compose', 'version']).status === 0;
    const status = installed ? spawnSync('docker', ['compose', 'config', '--quiet'], { cwd: ROOT }).status : 0;
    expect(status).toBe(0);
  });
});

describe('Dockerfile', () => {
  it('builds with the libraries that the set-up installs, on a supported Node', () => {
    const dockerfile = textOf('Dockerfile');
    const libraries = [...textOf('scripts/setup.mjs').matchAll(/'([a-z0-9-]+-dev)'/g)].map(match => match[1] ?? '');
    expect(libraries.length).toBeGreaterThanOrEqual(5);
    for (const library of libraries) expect(dockerfile).toContain(library);
    const majors = [...dockerfile.matchAll(/^FROM node:(\d+)-/gm)].map(match => match[1]);
    expect(majors).toEqual(['22', '22']);
  });

  it('has the version of the package as image tag', () => {
    const { version } = JSON.parse(textOf('package.json')) as { version: string };
    expect(service('veil').image).toBe(`veilstream:${version}`);
  });
});
