import { describe, expect, it } from 'vitest';
import { lookAtRights, neededRights, principalOf } from '../../src/pipeline/access-rights.js';
import type { AccessRule, AclResource } from '../../src/pipeline/kafka-admin-port.js';
import { policyOf, policyText } from '../policy/policy-text.js';
import { deploymentOf } from '../testkit/kafka.js';

const POLICY = policyOf(policyText('  id: { do: drop }'));
const PLAIN = deploymentOf('127.0.0.1:9092', 'i-1');
const KAFKA = { ...PLAIN, sasl: { mechanism: 'PLAIN', username: 'veil', password: { file: '/dev/null' } } } as const;
const TLS = { caFile: undefined, certFile: undefined, keyFile: undefined };

const rule = (more: Partial<AccessRule>): AccessRule => ({
  principal: 'User:veil',
  host: '*',
  operation: 'All',
  allows: true,
  ...more,
});
/** Every resource has the rule that it needs, and `more` on the sink. */
const rulesWith =
  (more: readonly AccessRule[], without = '') =>
  async ({ name, type }: AclResource) => {
    const operation = name === 'orders.raw' || type === 'group' ? 'Read' : 'Write';
    return [...(name === without ? [] : [rule({ operation })]), ...(name === 'orders.analytics' ? more : [])];
  };

describe('access rights', () => {
  it('are those that docs/operations.md lists', () => {
    const named = neededRights(POLICY, KAFKA).map(({ operation, type, name }) => `${operation} ${type} ${name}`);
    expect(named).toEqual([
      'Read topic orders.raw',
      'Write topic orders.analytics',
      'Write topic orders.quarantine',
      'Read group veil-orders-analytics',
      'Write transactional-id veil-orders-analytics-i-1',
    ]);
  });

  it('are seen when each has a rule that allows and none that denies', async () => {
    expect(await lookAtRights(POLICY, KAFKA, rulesWith([]))).toEqual({ seen: true, missing: [] });
    const everybody = async () => [rule({ principal: 'User:*' })];
    expect(await lookAtRights(POLICY, KAFKA, everybody)).toEqual({ seen: true, missing: [] });
    expect(await lookAtRights(POLICY, KAFKA, async () => 'no-authorizer')).toEqual({ seen: true, missing: [] });
  });

  const others = [
    rule({ principal: 'User:other' }),
    rule({ operation: 'Read' }),
    rule({ operation: 'other' }),
    rule({ host: '10.0.0.1' }),
  ];
  it.each([
    ['no rule', rulesWith([], 'orders.analytics')],
    ['only rules of others, of other operations and for single hosts', rulesWith(others, 'orders.analytics')],
    ['a rule that denies', rulesWith([rule({ operation: 'Write', allows: false })])],
    ['a rule that denies everything to everybody', rulesWith([rule({ principal: 'User:*', allows: false })])],
    ['a denial for one host', rulesWith([rule({ host: '10.0.0.1', allows: false })])],
  ])('are missing with %s', async (_what, ask) => {
    const missing = [{ type: 'topic', name: 'orders.analytics', operation: 'Write' }];
    expect(await lookAtRights(POLICY, KAFKA, ask)).toEqual({ seen: true, missing });
  });

  it('are not seen when rules may not be read, or the broker names the principal by other means', async () => {
    expect(await lookAtRights(POLICY, KAFKA, async () => 'denied')).toMatchObject({ seen: false });
    const cert = { ...PLAIN, tls: { ...TLS, certFile: 'a.pem' } };
    expect(await lookAtRights(POLICY, cert, rulesWith([]))).toMatchObject({ seen: false });
    expect([principalOf(KAFKA), principalOf(PLAIN), principalOf({ ...PLAIN, tls: TLS }), principalOf(cert)]).toEqual([
      'User:veil',
      'User:ANONYMOUS',
      'User:ANONYMOUS',
      undefined,
    ]);
  });
});
