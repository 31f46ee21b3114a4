import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Broker } from '../../scripts/broker.js';
import { openKafkaAdmin } from '../../src/adapters/kafkajs-admin.js';
import { openRdKafka } from '../../src/adapters/rdkafka.js';
import { SILENT_LOG } from '../../src/core/ports.js';
import { Secret } from '../../src/core/secret.js';
import type { KafkaDeployment, KafkaSasl } from '../../src/policy/deployment.js';
import { ownBroker } from '../testkit/broker.js';
import { deploymentOf } from '../testkit/kafka.js';

let broker: Broker;
let dir: string;

/** A broker whose second listener wants TLS and a password. */
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'veil-secure-'));
  const chain = await certificate();
  const jaas = 'org.apache.kafka.common.security.plain.PlainLoginModule required user_alice="plain-secret";';
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  broker = await ownBroker({
    listeners: [{ name: 'SECURE', protocol: 'SASL_SSL' }],
    formatArguments: ['--add-scram', 'SCRAM-SHA-256=[name=alice,password=scram-secret]'],
    properties: {
      'listener.name.secure.sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256',
      'listener.name.secure.plain.sasl.jaas.config': jaas,
      'listener.name.secure.scram-sha-256.sasl.jaas.config': scram,
      'listener.name.secure.ssl.keystore.type': 'PEM',
      'listener.name.secure.ssl.keystore.location': chain,
    },
  });
}, 180_000);

afterAll(async () => {
  await broker.stop();
  await rm(dir, { recursive: true, force: true });
});

/** A certificate for 127.0.0.1 that is its own authority, and its key, in one PEM file for the broker. */
async function certificate(): Promise<string> {
  const [key, cert, chain] = [join(dir, 'key.pem'), join(dir, 'cert.pem'), join(dir, 'chain.pem')];
  const subject = ['-subj', '/CN=broker', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '1'];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject], {
    stdio: 'ignore',
  });
  await writeFile(chain, (await readFile(key, 'utf8')) + (await readFile(cert, 'utf8')));
  return chain;
}

function secure(sasl: KafkaSasl, caFile: string | undefined = join(dir, 'cert.pem')): KafkaDeployment {
  const plain = deploymentOf(broker.endpoints.SECURE ?? '');
  return { ...plain, tls: { caFile, certFile: undefined, keyFile: undefined }, sasl };
}

function login(mechanism: 'PLAIN' | 'SCRAM-SHA-256', password: string): KafkaSasl {
  return { mechanism, username: 'alice', password: { secret: Secret.fromText(password) } };
}

/** What both clients, reading and writing, say to a deployment. */
async function reach(kafka: KafkaDeployment): Promise<number> {
  const admin = await openKafkaAdmin(kafka);
  const topic = `secure-${process.hrtime.bigint()}`;
  try {
    await admin.create([{ topic, partitions: 3 }]);
  } finally {
    await admin.close();
  }
  const plane = await openRdKafka(kafka, SILENT_LOG);
  const consumer = plane.consumer('veil-secure');
  await consumer.open(topic, { assigned() {}, revoked() {}, lost() {} });
  const producer = plane.producer('veil-secure', { largestRecord: 1_000_000, batchBytes: 1_000_000 }, consumer);
  await producer.open();
  await producer.close();
  const partitions = await consumer.partitionsOf(topic);
  await consumer.close();
  return partitions;
}

describe('TLS and SASL on a real broker', { timeout: 60_000 }, () => {
  test.each([
    ['PLAIN', 'plain-secret'],
    ['SCRAM-SHA-256', 'scram-secret'],
  ] as const)('%s over TLS: both clients connect', async (mechanism, password) => {
    expect(await reach(secure(login(mechanism, password)))).toBe(3);
  });

  test('a wrong password is BROKER_AUTH, and the password is in no message', async () => {
    const failure = await reach(secure(login('SCRAM-SHA-256', 'wrong-password'))).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'BROKER_AUTH' });
    expect(String(failure)).not.toContain('wrong-password');
  });

  test('a broker that the authority does not vouch for is not talked to', async () => {
    const strange = secure(login('PLAIN', 'plain-secret'));
    await expect(
      reach({ ...strange, tls: { caFile: undefined, certFile: undefined, keyFile: undefined } }),
    ).rejects.toMatchObject({
      code: 'BROKER_DOWN',
    });
  });
});
