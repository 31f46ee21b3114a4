import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openKafkaAdmin } from '../../src/adapters/kafkajs-admin.js';
import { ownBroker, sharedBroker } from '../testkit/broker.js';
import { deploymentOf } from '../testkit/kafka.js';

const TOPIC = { type: 'topic', name: 'raw' } as const;

test('a broker without authorizer says so', { timeout: 180_000 }, async () => {
  const admin = await openKafkaAdmin(deploymentOf(await sharedBroker()));
  expect(await admin.accessRules(TOPIC)).toBe('no-authorizer');
  await admin.close();
});

test('a broker with an authorizer shows its rules to whoever may read them, and to nobody else', {
  timeout: 180_000,
}, async () => {
  const dir = await mkdtemp(join(tmpdir(), 'veil-acl-'));
  const users = { admin: 'admin-pw', veil: 'veil-pw' };
  const listed = Object.entries(users).map(([user, password]) => `user_${user}="${password}"`);
  const jaas = `org.apache.kafka.common.security.plain.PlainLoginModule required ${listed.join(' ')};`;
  const broker = await ownBroker({
    listeners: [{ name: 'USERS', protocol: 'SASL_PLAINTEXT' }],
    properties: {
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:ANONYMOUS;User:admin',
      'listener.name.users.sasl.enabled.mechanisms': 'PLAIN',
      'listener.name.users.plain.sasl.jaas.config': jaas,
    },
  });
  try {
    const as = async (user: keyof typeof users) => {
      const password = { file: join(dir, user) };
      await writeFile(password.file, users[user], { mode: 0o600 });
      const sasl = { mechanism: 'PLAIN', username: user, password } as const;
      return openKafkaAdmin({ ...deploymentOf(broker.endpoints.USERS ?? ''), sasl });
    };
    const [admin, veil] = [await as('admin'), await as('veil')];
    expect(await admin.accessRules(TOPIC)).toEqual([]);
    expect(await veil.accessRules(TOPIC)).toBe('denied');
    await Promise.all([admin.close(), veil.close()]);
  } finally {
    await broker.stop();
    await rm(dir, { recursive: true, force: true });
  }
});
