import { openKeys } from '../adapters/deployed-keys.js';
import { readDeskPublicKey } from '../adapters/desk-key-files.js';
import { openKafkaAdmin } from '../adapters/kafkajs-admin.js';
import { openRdKafka } from '../adapters/rdkafka.js';
import { asVeilError, VeilError } from '../core/errors.js';
import { SILENT_LOG } from '../core/ports.js';
import type { TopicFacts } from '../pipeline/kafka-admin-port.js';
import { routeTopics, type StartFacts } from '../pipeline/start-checks.js';
import type { Deployment, KafkaDeployment } from '../policy/deployment.js';
import type { Plan } from '../policy/plan.js';
import { planDomains } from '../policy/plan-domains.js';

/** The Kafka part of a deployment. Throws POLICY_MISSING when there is none. */
export function kafkaOf(deployment: Deployment): KafkaDeployment {
  if (deployment.kafka !== undefined) return deployment.kafka;
  const where = deployment.file ?? 'veil.yaml';
  throw new VeilError('POLICY_MISSING', {
    where,
    expected: '"kafka: { brokers: [...] }"',
    next: 'add the brokers, or use `veil replay` for files',
  });
}

/** Looks at everything the start checks ask about. Never throws for what it finds: findings are the answer. */
export async function lookAround(plan: Plan, deployment: Deployment): Promise<StartFacts> {
  const kafka = kafkaOf(deployment);
  const features = await orError(async () => (await openRdKafka(kafka, SILENT_LOG)).features);
  const topics = await orError(() => topicsOf(plan, kafka));
  const keys = await orError(() => keysOf(plan, deployment));
  const desk = await orError(async () => readDeskPublicKey(deployment.desk.publicKey));
  return {
    plan,
    kafka,
    features,
    broker: topics instanceof VeilError ? topics : undefined,
    topics: topics instanceof VeilError ? new Map() : topics,
    isTestStore: keys instanceof VeilError ? false : keys.isTest,
    keys: keys instanceof VeilError ? keys : keys.error,
    desk: desk instanceof VeilError ? desk : undefined,
  };
}

async function topicsOf(plan: Plan, kafka: KafkaDeployment): Promise<Map<string, TopicFacts | undefined>> {
  const admin = await openKafkaAdmin(kafka);
  try {
    const topics = new Map<string, TopicFacts | undefined>();
    for (const topic of Object.values(routeTopics(plan.policy) ?? {})) topics.set(topic, await admin.describe(topic));
    return topics;
  } finally {
    await admin.close();
  }
}

async function keysOf(plan: Plan, deployment: Deployment): Promise<{ isTest: boolean; error: VeilError | undefined }> {
  const keys = await openKeys(deployment.keys);
  try {
    const { isTest } = keys.store;
    const ring = await orError(() => keys.ring(planDomains(plan)));
    if (ring instanceof VeilError) return { isTest, error: ring };
    ring.close();
    return { isTest, error: undefined };
  } finally {
    await keys.close();
  }
}

async function orError<T>(look: () => Promise<T>): Promise<T | VeilError> {
  try {
    return await look();
  } catch (error) {
    return asVeilError(error, 'INTERNAL');
  }
}
