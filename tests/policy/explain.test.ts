import { describe, expect, it } from 'vitest';
import { explainPlan } from '../../src/policy/explain.js';
import { compilePlan } from '../../src/policy/plan.js';
import { policyOf, policyText } from './policy-text.js';

const explained = explainPlan(
  compilePlan(
    policyOf(
      policyText(
        `  id: { is: account-id, do: pseudonymize, domain: customers }
  phone: { is: cn-mobile, do: mask }
  mail: { is: email, do: hash }
  card: { is: bank-card, do: encrypt }
  day: { is: birth-date, do: shift-date, maxDays: 90, domain: customers }
  sku: { do: keep, because: analysts group by product }`,
        'subject: person',
      ),
    ),
  ),
);
const field = (path: string) => explained.fields.find(candidate => candidate.path === path);

describe('explain', () => {
  it('says route, hash and domains, and leaves out the hidden rule of the subject', () => {
    expect(explained).toMatchObject({
      name: 'orders-analytics',
      source: 'topic orders.raw',
      quarantine: 'topic orders.quarantine, encrypted to the desk',
      subject: 'person',
      domains: ['customers', 'orders-analytics'],
    });
    expect(explained.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(explained.fields.map(({ path }) => path)).toEqual(['id', 'phone', 'mail', 'card', 'day', 'sku']);
  });

  it('says where the key lives and what it joins', () => {
    expect(field('id')?.key).toBe(
      'domain key "customers" of the key store; joins equal values of kind account-id inside the domain',
    );
    expect(field('mail')?.key).toContain('for field mail of this policy alone');
    expect(field('day')?.key).toContain('equal for all fields of one subject');
    expect(field('phone')?.key).toBe('no key');
  });

  it('says class, what leaks, reasons and clauses', () => {
    expect(field('card')?.class).toBe('Table A.1 A07; sensitive, Table B.1 B1');
    expect(field('phone')?.attackerLearns).toContain('leaves readable: ');
    expect(field('phone')?.clause).toContain('7.2');
    expect(field('sku')).toMatchObject({
      because: 'analysts group by product',
      clause: '5.2 minimum necessary',
      kind: 'not said',
    });
    expect(field('id')?.identifier).toContain('direct');
  });
});
