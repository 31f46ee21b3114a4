import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../broker-jars.js';

/** Topics of the demo. */
export const TOPICS = {
  orders: 'orders.raw',
  ordersOut: 'orders.analytics',
  ordersRefused: 'orders.quarantine',
  payments: 'payments.raw',
  paymentsOut: 'payments.analytics',
  paymentsRefused: 'payments.quarantine',
} as const;

const PAYMENTS = `# Payments for the same analysts: the domain of user.id is that of the orders, so the two topics join.
version: 1
name: payments-analytics
purpose: order-analytics
source: { topic: ${TOPICS.payments}, format: json }
sink: { topic: ${TOPICS.paymentsOut} }
quarantine: { topic: ${TOPICS.paymentsRefused} }
key: user.id
fields:
  payment_id:     { do: keep, because: analysts count payments }
  paid_at:        { do: keep, because: trends over time }
  user.id:        { is: account-id, do: pseudonymize, domain: customers }
  user.bank_card: { is: bank-card, do: mask }
  amount:         { do: keep, because: revenue }
  method:         { do: keep, because: revenue by method }
`;

/** The policies of the demo by file name. The orders' is the one of configs; for the CSV export only the source differs. */
export function demoPolicies(): Readonly<Record<'orders.yaml' | 'orders-csv.yaml' | 'payments.yaml', string>> {
  const orders = readFileSync(join(projectRoot(), 'configs', 'order-events.yaml'), 'utf8').replace(/^tests:.*\n/m, '');
  return {
    'orders.yaml': orders,
    'orders-csv.yaml': orders
      .replace(/^source:.*$/m, 'source: { file: orders.csv, format: csv }')
      .replace(/^sink:.*$/m, 'sink: { file: orders.analytics.csv }')
      .replace(/^quarantine:.*$/m, 'quarantine: { file: orders.refused.jsonl }')
      .replace(/^ +\$key:.*\n/m, '')
      .replace(/^ +# Tombstones.*\n/m, ''),
    'payments.yaml': PAYMENTS,
  };
}
