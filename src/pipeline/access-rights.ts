import type { KafkaDeployment } from '../policy/deployment.js';
import type { Policy } from '../policy/policy.js';
import { consumerGroup, transactionalId } from './client-names.js';
import type { AccessRule, AclAnswer, AclResource } from './kafka-admin-port.js';
import { routeTopics } from './route-topics.js';

/** A right that the processor needs, as docs/operations.md lists them. */
export interface NeededRight extends AclResource {
  readonly operation: 'Read' | 'Write';
}

/** What the broker's rules say about the rights of one policy. */
export type RightsFacts =
  /** Looked at: these are missing by the rules that can be seen. */
  | { readonly seen: true; readonly missing: readonly NeededRight[] }
  /** Could not be looked at, and why: words for people, never a name from data. */
  | { readonly seen: false; readonly why: string };

/** The rights of `veil run` for one policy; none when its route is not three topics. */
export function neededRights(policy: Policy, kafka: KafkaDeployment): NeededRight[] {
  const topics = routeTopics(policy);
  if (topics === undefined) return [];
  return [
    { type: 'topic', name: topics.source, operation: 'Read' },
    { type: 'topic', name: topics.sink, operation: 'Write' },
    { type: 'topic', name: topics.quarantine, operation: 'Write' },
    { type: 'group', name: consumerGroup(kafka, policy.name), operation: 'Read' },
    { type: 'transactional-id', name: transactionalId(kafka, policy.name), operation: 'Write' },
  ];
}

/**
 * The name that the broker gives this client by its default rules: the SASL user, or ANONYMOUS. Undefined where the broker derives it
 * from a certificate or token.
 */
export function principalOf({ tls, sasl }: KafkaDeployment): string | undefined {
  if (sasl !== undefined) return 'username' in sasl ? `User:${sasl.username}` : undefined;
  return tls?.certFile === undefined ? 'User:ANONYMOUS' : undefined;
}

/** Looks at the rules of every needed right. `ask` is the administration client's. */
export async function lookAtRights(
  policy: Policy,
  kafka: KafkaDeployment,
  ask: (resource: AclResource) => Promise<AclAnswer>,
): Promise<RightsFacts> {
  const principal = principalOf(kafka);
  const missing: NeededRight[] = [];
  for (const right of neededRights(policy, kafka)) {
    const answer = await ask(right);
    if (answer === 'no-authorizer') return { seen: true, missing: [] };
    if (answer === 'denied')
      return { seen: false, why: 'the principal may not read access rules (Describe on the cluster)' };
    if (principal === undefined)
      return { seen: false, why: 'the broker derives the principal from a certificate or token' };
    if (!isGranted(answer, principal, right.operation)) missing.push(right);
  }
  return { seen: true, missing };
}

/**
 * True when a rule allows and none denies, as the broker's own authorizer decides. Rules for single hosts are not taken as a grant,
 * and as a denial: which address the broker sees is not known here.
 */
function isGranted(rules: readonly AccessRule[], principal: string, operation: string): boolean {
  const ours = rules.filter(
    rule =>
      (rule.principal === principal || rule.principal === 'User:*') && [operation, 'All'].includes(rule.operation),
  );
  return ours.some(({ allows, host }) => allows && host === '*') && ours.every(({ allows }) => allows);
}
