import { openDeployedPipeline } from '../adapters/open-pipeline.js';
import { openRdKafka } from '../adapters/rdkafka.js';
import { SYSTEM_CLOCK } from '../adapters/system.js';
import { VeilError } from '../core/errors.js';
import { METRICS } from '../core/metric-names.js';
import type { Log, Metrics } from '../core/ports.js';
import { consumerGroup, transactionalId } from '../pipeline/client-names.js';
import type { OutputRoute } from '../pipeline/kafka-output.js';
import type { KafkaDataPlane } from '../pipeline/kafka-port.js';
import { KafkaProcessor } from '../pipeline/kafka-processor.js';
import type { Pipeline } from '../pipeline/pipeline.js';
import { PROCESSOR_DEFAULTS, type ProcessorSettings } from '../pipeline/processor-parts.js';
import { routeTopics } from '../pipeline/route-topics.js';
import { maxMessageBytes, type StartFacts } from '../pipeline/start-checks.js';
import type { Deployment, KafkaDeployment } from '../policy/deployment.js';

/** One policy at work in this process. */
export interface StreamJob {
  readonly policy: string;
  readonly policyHash: string;
  readonly processor: KafkaProcessor;
  /** Keys in use, as `domain/epoch/keyId`. */
  readonly keys: readonly string[];
  /** Overwrites keys. Only after the processor has ended. */
  close(): void;
}

/** What all jobs of a process share. */
export interface StreamShared {
  readonly deployment: Deployment;
  readonly untilDrained: boolean;
  /** Several policies run in this process. */
  readonly several: boolean;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Puts pipeline, data plane and processor of one policy together. The start checks have passed. */
export async function openStreamJob(facts: StartFacts, shared: StreamShared): Promise<StreamJob> {
  const { deployment, log, metrics } = shared;
  const { plan, kafka } = facts;
  const { name: policy, hash: policyHash } = plan.policy;
  const group = groupOf(kafka, policy, shared.several);
  const plane = await openRdKafka(kafka, log);
  const pipeline = await openDeployedPipeline(plan, deployment);
  const consumer = plane.consumer(group);
  const route = routeOf(facts, plane);
  const sizes = {
    largestRecord: Math.max(route.sinkMaxBytes, route.quarantineMaxBytes),
    batchBytes: Math.min(route.sinkMaxBytes, route.quarantineMaxBytes),
  };
  const processor = new KafkaProcessor({
    settings: settingsOf(facts, route, shared.untilDrained),
    consumer,
    producer: () => plane.producer(transactionalId(kafka, policy), sizes, consumer),
    records: withUnlisted(pipeline, policy, metrics),
    clock: SYSTEM_CLOCK,
    log,
    metrics,
  });
  return { policy, policyHash, processor, keys: pipeline.keyIds, close: () => pipeline.close() };
}

/** Two policies in one group would share its static member and fence one another. */
function groupOf(kafka: KafkaDeployment, policy: string, several: boolean): string {
  if (kafka.groupId === undefined || !several) return consumerGroup(kafka, policy);
  throw new VeilError('CONFIG_CONFLICT', {
    where: 'kafka.groupId',
    expected: 'one policy for one group',
    got: 'several policies',
    next: 'remove kafka.groupId, so that each policy has its own group, or run each policy in its own process',
  });
}

function routeOf({ plan, topics }: StartFacts, plane: KafkaDataPlane): OutputRoute {
  const { policy } = plan;
  const names = routeTopics(policy);
  if (names === undefined) throw new VeilError('USAGE', { expected: 'source, sink and quarantine topics' });
  const [sink, quarantine] = [topics.get(names.sink), topics.get(names.quarantine)];
  if (sink === undefined || quarantine === undefined) throw new VeilError('TOPIC_MISSING', { where: names.sink });
  return {
    sink: names.sink,
    sinkPartitions: sink.partitions,
    sinkMaxBytes: maxMessageBytes(sink),
    quarantine: names.quarantine,
    quarantinePartitions: quarantine.partitions,
    quarantineMaxBytes: maxMessageBytes(quarantine),
    partition: policy.partition,
    lineage: policy.lineage,
    policy: policy.name,
    policyHash: policy.hash,
    headerValues: plane.headerValues,
  };
}

function settingsOf({ plan, kafka }: StartFacts, route: OutputRoute, untilDrained: boolean): ProcessorSettings {
  const timeout = Number(kafka.properties['transaction.timeout.ms'] ?? PROCESSOR_DEFAULTS.transactionTimeoutMs);
  return {
    ...PROCESSOR_DEFAULTS,
    policy: plan.policy.name,
    source: routeTopics(plan.policy)?.source ?? '',
    route,
    commitIntervalMs: kafka.commitIntervalMs,
    transactionTimeoutMs: timeout,
    untilDrained,
  };
}

/** The pipeline, telling how many unlisted paths it has seen. */
function withUnlisted(pipeline: Pipeline, policy: string, metrics: Metrics) {
  return {
    process(records: Parameters<Pipeline['process']>[0]) {
      const outcomes = pipeline.process(records);
      metrics.gauge(METRICS.UNLISTED.name, pipeline.unlisted.size, { policy });
      return outcomes;
    },
    withdraw: pipeline.withdraw.bind(pipeline),
  };
}
