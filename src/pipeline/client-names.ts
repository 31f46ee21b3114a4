import type { KafkaDeployment } from '../policy/deployment.js';

/** The consumer group of a policy. */
export function consumerGroup({ groupId }: Pick<KafkaDeployment, 'groupId'>, policy: string): string {
  return groupId ?? `veil-${policy}`;
}

/** The transactional id of a policy on this instance: the broker fences an older producer of the same id. */
export function transactionalId({ instanceId }: Pick<KafkaDeployment, 'instanceId'>, policy: string): string {
  return `veil-${policy}-${instanceId}`;
}
