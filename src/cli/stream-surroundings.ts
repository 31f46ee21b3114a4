import { openKeys } from '../adapters/deployed-keys.js';
import { readDeskPublicKey } from '../adapters/desk-key-files.js';
import { openKafkaAdmin } from '../adapters/kafkajs-admin.js';
import { openRdKafka } from '../adapters/rdkafka.js';
import { asVeilError, VeilError } from '../core/errors.js';
import { SILENT_LOG } from '../core/ports.js';
import { lookAtRights, type RightsFacts } from '../pipeline/access-rights.js';
import type { TopicFacts } from '../pipeline/kafka-admin-port.js';
import { routeTopics } from '../pipeline/route-topics.js';
import type { StartFacts } from '../pipeline/start-checks.js';
import type { Deployment, KafkaDeployment } from '../policy/deployment.js';
import type { Plan } from '../policy/plan.js';
import { planDomains } from '../policy/plan-domains.js';
import { kafkaOf } from './deployment-input.js';

interface BrokerFacts {
  readonly topics: Map<string, TopicFacts | undefined>;
  readonly rights: RightsFacts;
}

/** Looks at everything the start checks ask about. Never throws for what it finds: findings are the answer. */
export async function lookAround(plan: Plan, deployment: Deployment): Promise<StartFacts> {
  const kafka = kafkaOf(deployment);
  const features = await orError(async () => (await openRdKafka(kafka, SILENT_LOG)).features);
  const broker = await orError(() => askBroker(plan, kafka));
  const keys = await orError(() => keysOf(plan, deployment));
  const desk = await orError(async () => readDeskPublicKey(deployment.desk.publicKey));
  return {
    plan,
    kafka,
    features,
    broker: broker instanceof VeilError ? broker : undefined,
    topics: broker instanceof VeilError ? new Map() : broker.topics,
    rights: broker instanceof VeilError ? { seen: false, why: 'the broker cannot be asked' } : broker.rights,
    isTestStore: keys instanceof VeilError ? undefined : keys.isTest,
    keys: keys instanceof VeilError ? keys : keys.error,
    desk: desk instanceof VeilError ? desk : undefined,
  };
}

async function askBroker(plan: Plan, kafka: KafkaDeployment): Promise<BrokerFacts> {
  const admin = await openKafkaAdmin(kafka);
  try {
    const topics = new Map<string, TopicFacts | undefined>();
    for (const topic of Object.values(routeTopics(plan.policy) ?? {})) topics.set(topic, await admin.describe(topic));
    const rights = await orError(() => lookAtRights(plan.policy, kafka, resource => admin.accessRules(resource)));
    const unseen = { seen: false, why: 'the broker did not answer the question for access rules' } as const;
    return { topics, rights: rights instanceof VeilError ? unseen : rights };
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
